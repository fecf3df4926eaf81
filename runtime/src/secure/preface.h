/*
 * The first 8 bytes of every connection: what protocol, and with what security. The one place that reads and writes
 * them, and that tells strangers apart.
 *
 *     "COAX"  u8 version = 1  u8 security (0 none, 1 Noise)  u8 pattern << 4 | suite (0 without security)  u8 0
 *
 * Read next: preface.c, channel.h.
 */
#ifndef CX_SECURE_PREFACE_H
#define CX_SECURE_PREFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/error.h>
#include <coax/export.h>

#define CX_PREFACE_LEN 8u

typedef enum cx_security { CX_SECURITY_NONE = 0, CX_SECURITY_NOISE = 1 } cx_security;

typedef struct cx_preface {
    uint8_t security; /* cx_security */
    uint8_t pattern;  /* cx_pattern_id, or a number not known here; 0 without security */
    uint8_t suite;    /* coax_suite, the same */
} cx_preface;

void cx_preface_print(const cx_preface *preface, uint8_t ret_bytes[CX_PREFACE_LEN]);

/*
 * Reads one from the first `len` bytes of a connection. Returns COAX_OK; COAX_ERR_WOULD_BLOCK: so far fine, but
 * incomplete; COAX_ERR_PROTOCOL: not coax (whoever it is is named as soon as four bytes are there), or impossible;
 * COAX_ERR_UNIMPLEMENTED: another version (`ret_preface` is filled, as far as it can be).
 */
COAX_MUST_USE coax_err cx_preface_parse(const uint8_t *bytes, size_t len, cx_preface *ret_preface,
                                        coax_error *why);

/* Whether the first four bytes are coax's: if not, an answer would not be understood either. */
bool cx_preface_is_coax(const uint8_t bytes[4]);

/* Who begins a connection with these four bytes: "TLS", "HTTP" ...; NULL: not known. */
const char *cx_preface_stranger(const uint8_t bytes[4]);

/*
 * A refusal in clear: u16 0xffff, u16 code, u16 length, words (printable ASCII; others become '?', the rest is cut). Sent
 * by the channel itself, and by plain listeners whose peer wants encryption. Returns its length.
 */
#define CX_REFUSAL_HEAD 6u
#define CX_REFUSAL_WORDS 255u
#define CX_REFUSAL_MAX (CX_REFUSAL_HEAD + CX_REFUSAL_WORDS)
size_t cx_refusal_print(coax_err code, const char *words, uint8_t ret_bytes[CX_REFUSAL_MAX]);
/* What makes words fit to be sent in clear, and to be shown when they came so. */
void cx_refusal_mend(char *to, const uint8_t *words, size_t len);

#endif
