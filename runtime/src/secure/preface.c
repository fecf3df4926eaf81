/*
 * Eight bytes, written and judged; who speaks something else is named. Read next: channel.h.
 */
#include <string.h>

#include "secure/preface.h"

enum { VERSION = 1 };

static const uint8_t magic[4] = { 'C', 'O', 'A', 'X' };

void cx_preface_print(const cx_preface *preface, uint8_t ret_bytes[CX_PREFACE_LEN])
{
    memcpy(ret_bytes, magic, sizeof magic);
    ret_bytes[4] = VERSION;
    ret_bytes[5] = preface->security;
    ret_bytes[6] = (uint8_t)(preface->pattern << 4 | preface->suite);
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

/* Without encryption no pattern and no suite is named, with it both are. */
static bool is_possible(const uint8_t *bytes)
{
    bool names_both = bytes[6] >> 4 != 0 && (bytes[6] & 0x0fu) != 0;
    if (bytes[7] != 0)
        return false;
    return bytes[5] == CX_SECURITY_NONE ? bytes[6] == 0
                                        : bytes[5] == CX_SECURITY_NOISE && names_both;
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
    if (bytes[4] != VERSION)
        return coax_error_set(why, COAX_ERR_UNIMPLEMENTED,
                              "version %u of the protocol is not spoken here, only version %d",
                              bytes[4], VERSION);
    if (!is_possible(bytes))
        return coax_error_set(why, COAX_ERR_PROTOCOL,
                              "an impossible preface: security %u, suite %u, %u", bytes[5],
                              bytes[6], bytes[7]);
    ret_preface->security = bytes[5];
    ret_preface->pattern = bytes[6] >> 4;
    ret_preface->suite = bytes[6] & 0x0fu;
    return COAX_OK;
}

/* What a log or a terminal may show. */
static uint8_t printable(char c)
{
    return c >= 0x20 && c < 0x7f ? (uint8_t)c : (uint8_t)'?';
}

size_t cx_refusal_print(coax_err code, const char *words, uint8_t ret_bytes[CX_REFUSAL_MAX])
{
    size_t len = strlen(words);
    if (len > CX_REFUSAL_MAX - 6u)
        len = CX_REFUSAL_MAX - 6u;
    const uint16_t wire = (uint16_t)coax_err_to_wire(code);
    ret_bytes[0] = 0xff;
    ret_bytes[1] = 0xff;
    ret_bytes[2] = (uint8_t)wire;
    ret_bytes[3] = (uint8_t)(wire >> 8);
    ret_bytes[4] = (uint8_t)len;
    ret_bytes[5] = (uint8_t)(len >> 8);
    for (size_t i = 0; i < len; i++)
        ret_bytes[6 + i] = printable(words[i]);
    return 6 + len;
}
