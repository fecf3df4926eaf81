/*
 * Key files as text.
 *
 *     coax-key 1 secret: who can read this file can pass as the id below, so keep it at mode 0600
 *     id abc...                52 letters and digits, of the public half
 *     secret 0123...           64 hex digits
 *
 * The id is there for people, and proves that the secret is whole. Lines that are empty or begin with
 * # are skipped behind the first. Knows no files; keyfile.c does that for <coax/key.h>.
 */
#ifndef CX_SECURE_KEYFILE_H
#define CX_SECURE_KEYFILE_H

#include <coax/key.h>

/* No key file is longer. */
#define CX_KEYFILE_MAX 4096u
/* Room for what is written, with its NUL. */
#define CX_KEYFILE_SIZE 256u

/* `path` is for the words. @return COAX_OK, COAX_ERR_BAD_KEY, COAX_ERR_NO_MEMORY. */
coax_err cx_keyfile_parse(const char *path, const char *text, size_t len, coax_key **ret_key,
                          coax_error *error);

/* Returns the length. The caller wipes it. */
size_t cx_keyfile_print(const coax_key *key, char ret_text[CX_KEYFILE_SIZE]);

#endif
