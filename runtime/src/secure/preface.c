/*
 * The preface and the refusal in clear, read and written.
 *
 * Whoever speaks something else is told apart by the first bytes, and named. Read next: channel_opening.c.
 */
#include <string.h>

#include "secure/preface.h"

enum { PROTOCOL_VERSION = 1 };

static const uint8_t magic[4] = { 'C', 'O', 'A', 'X' };

void cx_preface_print(const cx_preface *preface, uint8_t ret_bytes[CX_PREFACE_LEN])
{
    memcpy(ret_bytes, magic, sizeof magic);
    ret_bytes[4] = PROTOCOL_VERSION;
    ret_bytes[5] = preface->security;
    ret_bytes[6] = (uint8_t)(preface->pattern << 4 | (preface->suite & 15));
    ret_bytes[7] = 0;
}

bool cx_preface_is_coax(const uint8_t bytes[4])
{
    return memcmp(bytes, magic, sizeof magic) == 0;
}

const char *cx_preface_stranger(const uint8_t bytes[4])
{
    static const struct {
        char bytes[5];
        const char *name;
    } known[] = {
        { "GET ", "HTTP" },
        { "POST", "HTTP" },
        { "HEAD", "HTTP" },
        { "PUT ", "HTTP" },
        { "OPTI", "HTTP" },
        { "DELE", "HTTP" },
        { "CONN", "HTTP" },
        { "PRI ", "HTTP/2" },
        { "HTTP", "HTTP" },
        { "SSH-", "SSH" },
        { "PROX", "the PROXY protocol" },
        { "\r\n\r\n", "the PROXY protocol" },
    };
    if ((bytes[0] == 0x16 || bytes[0] == 0x15) && bytes[1] == 0x03)
        return "TLS";
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (memcmp(bytes, known[i].bytes, 4) == 0)
            return known[i].name;
    }
    return NULL;
}

static coax_err refuse_stranger(const uint8_t *bytes, coax_error *why)
{
    const char *name = cx_preface_stranger(bytes);
    if (name != NULL)
        return coax_error_set(why, COAX_ERR_PROTOCOL, "the peer speaks %s, not coax", name);
    return coax_error_set(why, COAX_ERR_PROTOCOL,
                          "the peer does not speak coax: it began with %02x %02x %02x %02x",
                          bytes[0], bytes[1], bytes[2], bytes[3]);
}

coax_err cx_preface_parse(const uint8_t *bytes, size_t len, cx_preface *ret_preface,
                          coax_error *why)
{
    if (len < sizeof magic)
        return COAX_ERR_WOULD_BLOCK;
    if (!cx_preface_is_coax(bytes))
        return refuse_stranger(bytes, why);
    if (len < CX_PREFACE_LEN)
        return COAX_ERR_WOULD_BLOCK;
    ret_preface->security = bytes[5];
    ret_preface->pattern = bytes[6] >> 4;
    ret_preface->suite = bytes[6] & 15;
    if (bytes[4] != PROTOCOL_VERSION)
        return coax_error_set(why, COAX_ERR_UNIMPLEMENTED,
                              "version %u of the protocol is not spoken here, only version %d",
                              bytes[4], PROTOCOL_VERSION);
    const bool is_plain = bytes[5] == CX_SECURITY_NONE && bytes[6] == 0;
    const bool is_noise =
        bytes[5] == CX_SECURITY_NOISE && ret_preface->pattern != 0 && ret_preface->suite != 0;
    if (bytes[7] != 0 || !(is_plain || is_noise))
        return coax_error_set(why, COAX_ERR_PROTOCOL,
                              "an impossible preface: security %u, suite %u, %u", bytes[5],
                              bytes[6], bytes[7]);
    return COAX_OK;
}

size_t cx_refusal_print(coax_err code, const char *words, uint8_t ret_bytes[CX_REFUSAL_MAX])
{
    const unsigned wire = (unsigned)coax_err_to_wire(code);
    size_t len = strlen(words);
    len = len < CX_REFUSAL_WORDS ? len : CX_REFUSAL_WORDS;
    ret_bytes[0] = ret_bytes[1] = 0xff;
    ret_bytes[2] = (uint8_t)wire;
    ret_bytes[3] = (uint8_t)(wire >> 8);
    ret_bytes[4] = (uint8_t)len;
    ret_bytes[5] = 0;
    cx_refusal_mend((char *)ret_bytes + CX_REFUSAL_HEAD, (const uint8_t *)words, len);
    return CX_REFUSAL_HEAD + len;
}

void cx_refusal_mend(char *to, const uint8_t *words, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to[i] = words[i] >= 0x20 && words[i] < 0x7f ? (char)words[i] : '?';
}
