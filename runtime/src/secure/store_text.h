/*
 * The store file's text, and its secret's: read and printed, without files.
 *
 *     coax-users 1 argon2id memory_kib=65536 passes=3 check=...
 *     user TAB name [TAB role]... TAB record TAB check
 *     end TAB number of users
 *
 *     coax-users-secret 1 secret check
 *
 * Records, secrets and checks are base64. A check is a keyed hash of what stands before it: of line 1 (so
 * that a file beside another's secret is told), and of a user's name and record. Roles are in no check:
 * they may be changed by hand. Every line ends with LF, and nothing else is in a file, so that a cut or a
 * changed one is refused with the number of its line. Pure; any thread. Decision record 0027.
 */
#ifndef CX_SECURE_STORE_TEXT_H
#define CX_SECURE_STORE_TEXT_H

#include <coax/password.h>

#include "secure/store_table.h"

#define CX_STORE_TEXT_MAX ((size_t)256 << 20) /* of a store file, in bytes */
#define CX_STORE_SECRET_TEXT 162u             /* the secret's file, LF included */
#define CX_STORE_CHECK_KEY 32u

/* The key of a store's checks. */
void cx_store_check_key(const uint8_t secret[COAX_STORE_SECRET_BYTES],
                        uint8_t ret_key[CX_STORE_CHECK_KEY]);

/*
 * Reads a whole file into an empty table. `path` is for words: "path:line: ...".
 * @return COAX_OK; COAX_ERR_BAD_MESSAGE; COAX_ERR_NOT_SUPPORTED: of a later version;
 * COAX_ERR_NO_MEMORY. On failure the table may hold some of it.
 */
COAX_MUST_USE coax_err cx_store_text_read(const char *path, const char *text, size_t len,
                                          const uint8_t check_key[CX_STORE_CHECK_KEY],
                                          cx_user_table *table, coax_password_cost *ret_cost,
                                          coax_error *error);

/* A change that a file is printed with: `put` behind the others or in the place of `old`; NULL: none. */
typedef struct cx_store_change {
    const cx_user_entry *old; /* of the table; left out */
    const cx_user_entry *put;
} cx_store_change;

/*
 * The whole file after the change. @param ret_text  Owned; wipe and free with the allocator.
 * @return COAX_OK, COAX_ERR_TOO_LARGE, COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_store_text_print(const cx_user_table *table,
                                           const cx_store_change *change,
                                           const coax_password_cost *cost,
                                           const uint8_t check_key[CX_STORE_CHECK_KEY],
                                           const coax_allocator *allocator, char **ret_text,
                                           size_t *ret_len, coax_error *error);

/* @return COAX_OK; COAX_ERR_BAD_MESSAGE, COAX_ERR_NOT_SUPPORTED, with "path:1: ...". */
COAX_MUST_USE coax_err cx_store_secret_read(const char *path, const char *text, size_t len,
                                            uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                                            coax_error *error);
/* CX_STORE_SECRET_TEXT bytes, with no NUL. */
void cx_store_secret_print(const uint8_t secret[COAX_STORE_SECRET_BYTES],
                           char ret_text[CX_STORE_SECRET_TEXT]);

#endif
