/*
 * Who a node is: an X25519 key, its id, and the files that hold keys.
 *
 * A node proves that it holds the secret half of its key in the handshake of every connection; the
 * id is the public half as people write it: 52 letters and digits (RFC 4648 base32, lower case,
 * unpadded). Secret halves lie in locked memory where the system allows it, are wiped when
 * released, and are never printed. All functions here may be called from any thread; NULL where something
 * is needed is COAX_ERR_MISUSE, and an empty id for what is printed.
 */
#ifndef COAX_KEY_H
#define COAX_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/error.h>
#include <coax/export.h>

COAX_BEGIN_DECLS

#define COAX_KEY_BYTES 32u /* of a secret or a public half */
#define COAX_ID_SIZE 53u   /* of an id as text, with its NUL */

/** A secret key. Never changes once made; may be shared between clients, servers and threads. */
typedef struct coax_key coax_key;

/**
 * A new key from the system's random numbers.
 * @param ret_key  Owned by the caller; release with coax_key_free.
 * @return COAX_OK, COAX_ERR_NO_MEMORY.
 */
COAX_API COAX_MUST_USE coax_err coax_key_generate(coax_key **ret_key, coax_error *error);

/** From 32 secret bytes, copied; the caller wipes its own (coax_wipe). @return as coax_key_generate. */
COAX_API COAX_MUST_USE coax_err coax_key_from_bytes(const uint8_t bytes[COAX_KEY_BYTES],
                                                    coax_key **ret_key, coax_error *error);

/**
 * Reads a key file.
 * @return COAX_OK; COAX_ERR_NOT_FOUND; COAX_ERR_BAD_KEY: no key file, damaged, or somebody other
 * than its owner may read or write it (the words say what to do); COAX_ERR_SYSTEM;
 * COAX_ERR_NO_MEMORY.
 */
COAX_API COAX_MUST_USE coax_err coax_key_load(const char *path, coax_key **ret_key,
                                              coax_error *error);

/**
 * Writes a new key file with mode 0600, whole or not at all. Never over an existing one.
 * @return COAX_OK, COAX_ERR_ALREADY_EXISTS, COAX_ERR_SYSTEM.
 */
COAX_API COAX_MUST_USE coax_err coax_key_save(const coax_key *key, const char *path,
                                              coax_error *error);

/**
 * Reads `path`, or makes a key and writes it there if there is none (its directory, mode 0700, as
 * well). Several processes may do so at once: all get the same key. Blocks as file systems do.
 * @param ret_created  NULL, or whether this call made it.
 * @return as coax_key_load, but NOT_FOUND.
 */
COAX_API COAX_MUST_USE coax_err coax_key_load_or_create(const char *path, coax_key **ret_key,
                                                        bool *ret_created, coax_error *error);

/** The public half. */
COAX_API void coax_key_public(const coax_key *key, uint8_t ret_bytes[COAX_KEY_BYTES]);

/** The id. */
COAX_API void coax_key_id(const coax_key *key, char ret_id[COAX_ID_SIZE]);

/** Wipes and frees. NULL is fine. */
COAX_API void coax_key_free(coax_key *key);

/** A public half as an id, and back. @return false: `id` is not 52 letters and digits of base32. */
COAX_API void coax_id_print(const uint8_t bytes[COAX_KEY_BYTES], char ret_id[COAX_ID_SIZE]);
COAX_API COAX_MUST_USE bool coax_id_parse(const char *id, uint8_t ret_bytes[COAX_KEY_BYTES]);

/**
 * Where keys, known hosts and the like lie unless an option says otherwise: the environment's
 * COAX_HOME, else XDG_CONFIG_HOME/coax, else HOME/.config/coax; with `name` behind, cut to `size`.
 * Returns the full length; 0: none of these is set, or the process runs with more rights than its caller
 * has, who might have set them.
 */
COAX_API size_t coax_default_path(const char *name, char *buffer, size_t size);

/** Overwrites secrets, in a way that compilers do not remove. NULL with 0 is fine. */
COAX_API void coax_wipe(void *memory, size_t len);

COAX_END_DECLS

#endif
