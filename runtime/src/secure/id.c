/*
 * Ids: a public half in letters and digits, and back.
 *
 * RFC 4648 section 6 (base32), in lower case and without padding: what people can read out, click on
 * and grep for. One key has one text: capitals, padding and stray bits at the end are refused. Public
 * halves are no secrets, so tables and branches on them are fine. Read next: keyfile.c.
 */
#include <string.h>

#include <coax/key.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";

void coax_id_print(const uint8_t bytes[COAX_KEY_BYTES], char ret_id[COAX_ID_SIZE])
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t at = 0;
    if (ret_id == NULL)
        return;
    for (size_t i = 0; bytes != NULL && i < COAX_KEY_BYTES; i++) {
        bits = bits << 8 | bytes[i];
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            ret_id[at++] = letters[bits >> (n_bits - 5) & 31u];
    }
    if (bytes != NULL)
        ret_id[at++] = letters[bits << (5 - n_bits) & 31u];
    ret_id[at] = '\0';
}

/* 0 to 31, or 32 for what is no letter of an id. */
static uint32_t value_of(char letter)
{
    if (letter >= 'a' && letter <= 'z')
        return (uint32_t)(letter - 'a');
    if (letter >= '2' && letter <= '7')
        return (uint32_t)(letter - '2') + 26u;
    return 32;
}

bool coax_id_parse(const char *id, uint8_t ret_bytes[COAX_KEY_BYTES])
{
    uint8_t bytes[COAX_KEY_BYTES];
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n_bytes = 0;
    if (id == NULL || ret_bytes == NULL)
        return false;
    for (size_t i = 0; i < COAX_ID_SIZE - 1; i++) {
        uint32_t value = value_of(id[i]); /* 32 at the NUL as well */
        if (value > 31)
            return false;
        bits = bits << 5 | value;
        n_bits += 5;
        if (n_bits >= 8 && n_bytes < COAX_KEY_BYTES) {
            n_bits -= 8;
            bytes[n_bytes++] = (uint8_t)(bits >> n_bits);
        }
    }
    /* 260 bits hold 256: what is left over is 0, or two texts would name one key. */
    if (id[COAX_ID_SIZE - 1] != '\0' || (bits & ((1u << n_bits) - 1u)) != 0)
        return false;
    memcpy(ret_bytes, bytes, sizeof bytes);
    return true;
}
