/*
 * A server that asks for logins and a stranger who comes, step by step: what the tests of logins and passwords share.
 *
 * Read next: scene.c, guess.h, folk.h.
 */
#ifndef TESTS_ATTACKS_SCENE_H
#define TESTS_ATTACKS_SCENE_H

#include "folk.h"
#include "guess.h"
#include "trio.h"

/* A server that asks for logins, and whoever comes. */
typedef struct scene {
    folk folk;
    trio trio;
    stranger s;
} scene;

typedef bool (*scene_condition)(const scene *e);

/** Options of a server with the users of `folk`; before scene_open. */
coax_server_options scene_with_users(scene *e);
void scene_open(scene *e, coax_server_options *options);
/** The folk as well. */
void scene_close(scene *e);

void scene_until(scene *e, scene_condition is_so, uint32_t ms);
bool scene_is_answered(const scene *e);
bool scene_is_over(const scene *e);

/** The stranger comes, as far as the handshake; and goes. */
void scene_come(scene *e);
void scene_go(scene *e);
/** A whole login as it should be; `ret` keeps what was said. */
void scene_log_in(scene *e, guess *ret, const char *user, const char *password);
/** He is told that it failed, and nothing else. */
void scene_expect_turned_away(scene *e);
void scene_expect_let_in(scene *e);

/** The next word of a text, cut off with a NUL; NULL: none. */
char *scene_next_word(char **text);

#endif
