/*
 * The table of patterns. Each row reads as the paper prints it.
 *
 * Read next: handshake_state.c.
 */
#include <string.h>

#include "secure/channel.h"
#include "secure/pattern.h"

#define E CX_TOKEN_E
#define S CX_TOKEN_S
#define EE CX_TOKEN_EE
#define ES CX_TOKEN_ES
#define SE CX_TOKEN_SE
#define SS CX_TOKEN_SS
#define PSK CX_TOKEN_PSK

static const cx_pattern patterns[] = {
    { "NN", false, false, false, 2, { { E }, { E, EE } } },
    { "NNpsk0", false, false, true, 2, { { PSK, E }, { E, EE } } },
    { "NK", false, true, false, 2, { { E, ES }, { E, EE } } },
    { "KK", true, true, false, 2, { { E, ES, SS }, { E, EE, SE } } },
    { "XK", false, true, false, 3, { { E, ES }, { E, EE }, { S, SE } } },
    { "IK", false, true, false, 2, { { E, ES, S, SS }, { E, EE, SE } } },
    { "IKpsk2", false, true, true, 2, { { E, ES, S, SS }, { E, EE, SE, PSK } } },
    { "XX", false, false, false, 3, { { E }, { E, EE, S, ES }, { S, SE } } },
    { "XXpsk3", false, false, true, 3, { { E }, { E, EE, S, ES }, { S, SE, PSK } } },
};

const cx_pattern *cx_pattern_named(const char *name)
{
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        if (strcmp(patterns[i].name, name) == 0)
            return &patterns[i];
    }
    return NULL;
}

const cx_pattern *cx_pattern_find(unsigned id)
{
    switch (id) {
    case CX_PATTERN_XX: return cx_pattern_named("XX");
    case CX_PATTERN_IK: return cx_pattern_named("IK");
    case CX_PATTERN_XXPSK3: return cx_pattern_named("XXpsk3");
    default: return NULL;
    }
}

/* Bytes a token adds; whether there is a key from then on goes into `has_key`. */
static size_t token_len(const cx_pattern *pattern, uint8_t token, size_t tag, bool *has_key)
{
    const bool was_sealed = *has_key;
    if (token == CX_TOKEN_S)
        return 32 + (was_sealed ? tag : 0);
    if (token != CX_TOKEN_E || pattern->is_psk)
        *has_key = true;
    return token == CX_TOKEN_E ? 32 : 0;
}

size_t cx_pattern_message_len(const cx_pattern *pattern, unsigned index, size_t tag)
{
    bool has_key = false;
    size_t len = 0;
    for (unsigned i = 0; i <= index; i++) {
        len = 0;
        for (const uint8_t *token = pattern->tokens[i]; *token != CX_TOKEN_END; token++)
            len += token_len(pattern, *token, tag, &has_key);
        len += has_key ? tag : 0;
    }
    return len;
}
