/*
 * Authorized keys: which clients may come in, as whom, with which roles.
 *
 *     # comments and empty lines
 *     abc... alice admin,billing # her laptop
 *     def... bob
 *
 * An id, a principal without blanks, and its roles. One id has one line. The table is an index by key:
 * looking up costs the same for one line and for a hundred thousand, whatever keys strangers show.
 *
 * The file is read again when it changed. One that is damaged, open for others or gone changes nothing:
 * the table stays as it was, and the words name file and line. To let nobody in, empty the file.
 * A table belongs to one thread.
 */
#ifndef CX_SECURE_AUTHORIZED_H
#define CX_SECURE_AUTHORIZED_H

#include <coax/env.h>
#include <coax/key.h>

/* No file is longer. */
#define CX_AUTHORIZED_MAX (16u << 20)
#define CX_AUTHORIZED_NAME_MAX 255u /* of a principal and of a role, in bytes */
#define CX_AUTHORIZED_ROLES_MAX 64u

/* One line. Borrowed until the next refresh. */
typedef struct cx_authorized_key {
    uint8_t key[COAX_KEY_BYTES];
    const char *principal;
    const char *const *roles; /* NULL-terminated, never NULL */
    uint32_t n_roles;
    uint32_t line;
} cx_authorized_key;

/* --- text --- */

/* What a text says. */
typedef struct cx_authorized_table cx_authorized_table;

/*
 * @param env  Memory, and the randomness that keeps the index fair; NULL: the system's.
 * @return COAX_OK; COAX_ERR_BAD_MESSAGE: a line is damaged, with its number; COAX_ERR_NO_MEMORY.
 */
coax_err cx_authorized_parse(const coax_env *env, const char *path, const char *text, size_t len,
                             cx_authorized_table **ret_table, coax_error *error);
const cx_authorized_key *cx_authorized_table_find(const cx_authorized_table *table,
                                                  const uint8_t key[COAX_KEY_BYTES]);
size_t cx_authorized_table_count(const cx_authorized_table *table);
void cx_authorized_table_free(cx_authorized_table *table);

/* --- file --- */

typedef struct cx_authorized cx_authorized;

/*
 * @param ret_authorized  Owned; cx_authorized_close.
 * @return COAX_OK; COAX_ERR_NOT_FOUND, COAX_ERR_BAD_KEY, COAX_ERR_BAD_MESSAGE, COAX_ERR_SYSTEM, each with words;
 * COAX_ERR_NO_MEMORY.
 */
coax_err cx_authorized_open(const coax_env *env, const char *path, cx_authorized **ret_authorized,
                            coax_error *error);

/*
 * Reads the file again if it changed: call before looking up; costs one stat(2) otherwise.
 * @param ret_is_new  NULL, or whether the table is another one now (every cx_authorized_key is stale then).
 * @return COAX_OK; else the table stayed, and `error` says why: once for each state of the file, so it is
 * to be logged as it comes.
 */
coax_err cx_authorized_refresh(cx_authorized *authorized, bool *ret_is_new, coax_error *error);

/* NULL: not authorized. */
const cx_authorized_key *cx_authorized_find(const cx_authorized *authorized,
                                            const uint8_t key[COAX_KEY_BYTES]);
size_t cx_authorized_count(const cx_authorized *authorized);
void cx_authorized_close(cx_authorized *authorized);

#endif
