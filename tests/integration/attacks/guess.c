/*
 * OPAQUE's client by hand: docs/wire.md, "Logging in".
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guess.h"

static coax_bytes bytes_of(const char *text)
{
    return (coax_bytes){ (const uint8_t *)text, strlen(text) };
}

void guess_start(guess *g, stranger *s, const char *user, const char *password)
{
    cx_opaque_client_random random;
    memset(g, 0, sizeof *g);
    g->user = user;
    g->password = password;
    s->env.random(s->env.self, (uint8_t *)&random, sizeof random);
    assert_int_equal(cx_opaque_start(bytes_of(password), &random, &g->login, g->ke1, NULL),
                     COAX_OK);
}

void guess_say_ke1(stranger *s, const char *user, const uint8_t ke1[CX_OPAQUE_KE1])
{
    uint8_t credential[600];
    size_t len = stranger_credential("opaque", user, (coax_bytes){ ke1, CX_OPAQUE_KE1 }, credential,
                                     sizeof credential);
    stranger_hello(s, "a stranger", (coax_bytes){ credential, len });
}

static uint32_t number_at(const uint8_t *at, size_t *ret_len)
{
    *ret_len = at[0] < 0x80 ? 1 : at[0] == 0xcc ? 2 : at[0] == 0xcd ? 3 : 5;
    if (at[0] < 0x80)
        return at[0];
    if (at[0] == 0xcc)
        return at[1];
    if (at[0] == 0xcd)
        return (uint32_t)at[1] << 8 | at[2];
    return (uint32_t)at[1] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 8 | at[4];
}

bool guess_hear_ke2(guess *g, const stranger *s)
{
    static const uint8_t head[] = { 1, 0xc5, CX_OPAQUE_KE2 >> 8, CX_OPAQUE_KE2 & 255 };
    const stranger_frame *heard = stranger_heard(s, CX_FRAME_AUTH);
    size_t len;
    if (heard == NULL)
        return false;
    const uint8_t *at = heard->payload + 1;
    assert_true(heard->frame.length > 1 + sizeof head + CX_OPAQUE_KE2 + 4);
    assert_memory_equal(at, head, sizeof head);
    memcpy(g->ke2, at + sizeof head, CX_OPAQUE_KE2);
    at += sizeof head + CX_OPAQUE_KE2;
    assert_int_equal(*at, 2);
    g->cost.memory_kib = number_at(at + 1, &len);
    at += 1 + len;
    assert_int_equal(*at, 3);
    g->cost.passes = number_at(at + 1, &len);
    return true;
}

bool guess_finish(guess *g, const uint8_t *hash, size_t hash_len)
{
    uint8_t context[5 + CX_HASH_MAX] = "coax1";
    const cx_opaque_stretch stretch = { .cost = g->cost };
    cx_opaque_login login = g->login; /* may be finished more than once here */
    cx_opaque_result result;
    memcpy(context + 5, hash, hash_len);
    const cx_opaque_names names = { .client = bytes_of(g->user),
                                    .server = { NULL, 0 },
                                    .context = { context, 5 + hash_len } };
    coax_err rc =
        cx_opaque_finish(&login, bytes_of(g->password), &names, &stretch, g->ke2, &result, NULL);
    if (rc == COAX_OK)
        memcpy(g->ke3, result.ke3, sizeof g->ke3);
    return rc == COAX_OK;
}

void guess_say_ke3(stranger *s, const uint8_t ke3[CX_OPAQUE_KE3])
{
    uint8_t auth[4 + CX_OPAQUE_KE3] = { 0x81, 1, 0xc4, CX_OPAQUE_KE3 };
    memcpy(auth + 4, ke3, CX_OPAQUE_KE3);
    stranger_send(s, (cx_frame){ .type = CX_FRAME_AUTH }, auth, sizeof auth);
}
