/*
 * Users for the tests of logins: a store in memory that may answer later.
 */
#ifndef TESTS_UNIT_SESSION_PEOPLE_H
#define TESTS_UNIT_SESSION_PEOPLE_H

#include <coax/password.h>

/* A store of users in memory, made cheap: alice (roles admin, staff) and bob, both with the password "right". */
typedef struct people_member {
    char name[64];
    uint8_t record[COAX_RECORD_BYTES];
} people_member;

typedef struct people {
    people_member items[4];
    uint32_t n_users;
    uint32_t n_finds;
    bool answers_later;
    coax_lookup lookup; /* the last */
    char name[256];
    uint8_t secret[COAX_STORE_SECRET_BYTES];
} people;

/** To be closed with coax_store_close. */
coax_store *people_open(people *users);
/** The answer to the last find. */
void people_answer(people *users);

#endif
