/*
 * A key as the library holds it: counted, so that who borrowed one for an option may keep it.
 *
 * The secret half lies alone in locked, guarded, read-only memory; the public half and the id are
 * in the open. Read next: key.c, keyfile.h.
 */
#ifndef CX_SECURE_KEY_H
#define CX_SECURE_KEY_H

#include <coax/key.h>

/* The same key once more, for a second owner; each releases with coax_key_free. Any thread. */
coax_key *cx_key_ref(const coax_key *key);

/* COAX_KEY_BYTES secret bytes, while the key lives. Never copy them to where nobody wipes. */
const uint8_t *cx_key_secret(const coax_key *key);

/* COAX_KEY_BYTES bytes, while the key lives. */
const uint8_t *cx_key_public(const coax_key *key);

/* In time that does not depend on where they differ. */
bool cx_key_same(const uint8_t a[COAX_KEY_BYTES], const uint8_t b[COAX_KEY_BYTES]);

/* Nothing but zeros: memory that nobody filled. */
bool cx_key_is_zero(const uint8_t bytes[COAX_KEY_BYTES]);

#endif
