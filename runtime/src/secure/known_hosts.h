/*
 * Known hosts: which key answered at which address, as ssh keeps it.
 *
 *     # comments and empty lines stay where they are
 *     tcp://calc.example:7000 abc...                     an address as it is dialled, and an id
 *     unix:///run/calc.sock abc... # first seen 2025-01-31
 *
 * Several lines may name one address: while its owner changes keys, both are right. Hosts of tcp://
 * are compared without regard to case. Blanks, '#', '%' and control characters of an address are
 * written %20. A line that can't be understood hides nothing silently: it makes every address unknown
 * that no good line names (COAX_ERR_BAD_MESSAGE, with its number), because it may have been theirs.
 *
 * The first half is pure text; the second works on files, through files.h. Any thread.
 */
#ifndef CX_SECURE_KNOWN_HOSTS_H
#define CX_SECURE_KNOWN_HOSTS_H

#include <coax/key.h>

/* No file is longer. */
#define CX_KNOWN_HOSTS_MAX (4u << 20)
/* More keys of one address are not looked at. */
#define CX_KNOWN_KEYS_MAX 8u
/* The longest address, in bytes before %. */
#define CX_KNOWN_ADDRESS_MAX 1024u

/* What is known of one address. */
typedef struct cx_known_host {
    uint32_t n_keys; /* 0: nothing */
    struct {
        uint8_t key[COAX_KEY_BYTES];
        uint32_t line; /* 1 is the first */
    } keys[CX_KNOWN_KEYS_MAX];
} cx_known_host;

/* Whether `key` is one of them. */
bool cx_known_host_has(const cx_known_host *host, const uint8_t key[COAX_KEY_BYTES]);

/* --- text --- */

/*
 * Finds an address in the text of a file. `path` is for the words.
 * @return COAX_OK (also if nothing is known); COAX_ERR_BAD_MESSAGE: nothing is known, and a line is damaged.
 */
coax_err cx_known_hosts_search(const char *path, const char *text, size_t len, const char *address,
                               cx_known_host *ret_host, coax_error *error);

/*
 * The text with `address` having `key`, behind the other lines; `replaces`: in the place of the address's
 * first line, whose comment it keeps, and without its others. All other bytes stay.
 * @param note  What stands behind '#'; NULL: nothing.
 * @param ret_text  To be freed with free().
 * @return COAX_OK, COAX_ERR_INVALID_ARGUMENT (address too long or empty), COAX_ERR_TOO_LARGE,
 * COAX_ERR_NO_MEMORY.
 */
coax_err cx_known_hosts_edit(const char *text, size_t len, const char *address,
                             const uint8_t key[COAX_KEY_BYTES], const char *note, bool replaces,
                             char **ret_text, size_t *ret_len, coax_error *error);

/*
 * The words for a server that shows another key than was recorded: where it stands, both ids, what to
 * check and what to remove. @return COAX_ERR_KEY_CHANGED, always.
 */
coax_err cx_known_hosts_changed(const char *path, const char *address, const cx_known_host *host,
                                const uint8_t shown[COAX_KEY_BYTES], coax_error *error);

/*
 * The words for a server of which nothing is known, where only known ones are trusted.
 * @return COAX_ERR_KEY_UNKNOWN, always.
 */
coax_err cx_known_hosts_unknown(const char *path, const char *address,
                                const uint8_t shown[COAX_KEY_BYTES], coax_error *error);

/* --- files --- */

/*
 * What the file says of an address; a file that is not there says nothing.
 * @return as cx_known_hosts_search; COAX_ERR_BAD_KEY (others may write it); COAX_ERR_SYSTEM; COAX_ERR_NO_MEMORY.
 */
coax_err cx_known_hosts_find(const char *path, const char *address, cx_known_host *ret_host,
                             coax_error *error);

/*
 * Records the key of a new server, making the file (0600) and its folder (0700) if they are not there. Looks again
 * first, under a lock: if another process recorded the same key, fine; if it recorded another, nothing is
 * written. @return COAX_OK; COAX_ERR_KEY_CHANGED with words; else as cx_known_hosts_find and _edit;
 * COAX_ERR_UNAVAILABLE: somebody holds the file.
 */
coax_err cx_known_hosts_add(const char *path, const char *address,
                            const uint8_t key[COAX_KEY_BYTES], const char *note, coax_error *error);

/* Records the key in the place of what was recorded. @return as cx_known_hosts_add, but KEY_CHANGED. */
coax_err cx_known_hosts_replace(const char *path, const char *address,
                                const uint8_t key[COAX_KEY_BYTES], const char *note,
                                coax_error *error);

#endif
