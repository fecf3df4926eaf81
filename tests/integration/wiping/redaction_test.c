/*
 * What is @sensitive is in no words: not those of a broken rule, not those about bytes that can't be read, not the log,
 * not the metrics, not a descriptor.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <coax/coax.h>

#include "safe.h"

/* All values have it, and nothing else does. */
static const char *const secret = "4711";

static void fill(secrets_locked *ret)
{
    static const uint32_t numbers[] = { 47114711, 47114711 };
    static const coax_str words[] = { { "4711-4711", 9 } };
    static const secrets_str_u32_entry entries[] = { { { "4711", 4 }, 47114711 } };
    static const uint8_t any[] = { 0xa4, '4', '7', '1', '1' };
    secrets_locked_init(ret);
    ret->a = 47114711;
    ret->b = 47114711;
    ret->c = 47114711;
    ret->d = ret->e = ret->f = ret->g = ret->q = words[0];
    ret->h.items = numbers;
    ret->h.count = 2;
    ret->i.items = words;
    ret->i.count = 1;
    ret->j.items = entries;
    ret->j.count = 1;
    ret->k = 4711471147;
    ret->l = 47114711;
    ret->m = 47114711;
    ret->n = SECRETS_LEVEL_HIGH;
    ret->o = (coax_any){ any, sizeof any };
    ret->p.word = words[0];
    ret->r = 47114711;
}

/* The value that breaks no rule, but for the field of that index. */
static void spoil(secrets_locked *ret, uint32_t index)
{
    const coax_field *fields = secrets_locked_type.fields;
    const bool is_last = index + 1 == secrets_locked_type.n_fields;
    const size_t at = fields[index].offset;
    const size_t end = is_last ? sizeof *ret : fields[index + 1].offset;
    secrets_locked bad;
    fill(&bad);
    secrets_locked_init(ret);
    ret->d = coax_str_from("x");
    ret->e = coax_str_from("a");
    ret->f = coax_str_from("a@b.example");
    ret->g = coax_str_from("ps");
    ret->n = SECRETS_LEVEL_LOW;
    ret->o = bad.o;
    ret->p.word = ret->q = coax_str_from("");
    memcpy((uint8_t *)ret + at, (const uint8_t *)&bad + at, end - at);
}

static void broken_rules_do_not_repeat_values(void **state)
{
    (void)state;
    unsigned n_broken = 0;
    for (uint32_t i = 0; i < secrets_locked_type.n_fields; i++) {
        secrets_locked value;
        coax_violations why;
        spoil(&value, i);
        coax_violations_init(&why, COAX_CHECK_ALL);
        if (secrets_locked_check(&value, &why))
            continue; /* no rule is about its value */
        n_broken++;
        assert_true(why.count > 0);
        for (uint32_t k = 0; k < why.count; k++) {
            assert_null(strstr(why.items[k].text, secret));
            assert_null(strstr(why.items[k].path, secret));
        }
    }
    assert_int_equal(n_broken, 15);
}

/* Every byte of a message changed in turn. */
static void bytes_that_cannot_be_read_do_not_repeat_values(void **state)
{
    (void)state;
    static const uint8_t others[] = { 0x00, 0x2f, 0x47, 0x81, 0x91, 0xa1, 0xc0, 0xc1,
                                      0xc4, 0xcb, 0xcf, 0xd3, 0xd9, 0xdc, 0xde, 0xff };
    secrets_locked value, decoded;
    uint8_t bytes[1024], changed[1024];
    coax_writer out;
    size_t len;
    unsigned n_refused = 0;
    fill(&value);
    coax_writer_init(&out, bytes, sizeof bytes);
    secrets_locked_encode(&out, &value);
    assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
    for (size_t i = 0; i < len * sizeof others; i++) {
        coax_arena arena = COAX_ARENA_INIT;
        coax_reader in;
        coax_error error = COAX_ERROR_INIT;
        memcpy(changed, bytes, len);
        changed[i / sizeof others] = others[i % sizeof others];
        coax_reader_init(&in, changed, len, &arena);
        secrets_locked_decode(&in, &decoded);
        n_refused += coax_reader_finish(&in, &error) != COAX_OK;
        assert_null(strstr(error.text, secret));
        coax_arena_deinit(&arena);
    }
    assert_true(n_refused > 500);
}

/* A pin that is refused at the caller, and by the server when the caller does not check. */
static void refuse_pins(coax_client *client)
{
    secrets_safe_enter_result result;
    const secrets_safe_enter_request request = { { "4711-4711-4711", 14 }, 47114711 };
    coax_method method =
        *secrets_safe_service.methods; /* as a client of another version sends it */
    for (uint32_t i = 0; i < secrets_safe_service.n_methods; i++) {
        if (secrets_safe_service.methods[i].id == SECRETS_PACKET_SAFE_ENTER)
            method = secrets_safe_service.methods[i];
    }
    assert_int_equal(secrets_safe_enter_wait(client, &request, NULL, &result),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_null(strstr(result.status.message, secret));
    secrets_safe_enter_result_free(&result);
    coax_type unchecked = *method.request;
    unchecked.check = secrets_open_add_request_type.check;
    method.request = &unchecked;
    coax_result raw;
    assert_int_equal(coax_gen_call_wait(client, &method, &request, NULL, &raw),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(raw.status.message, "pin"));
    assert_null(strstr(raw.status.message, secret));
    coax_memory_unref(raw.memory);
}

static void neither_logs_nor_metrics_have_values(void **state)
{
    (void)state;
    static char text[1 << 16];
    size_t len = 0;
    safe s;
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    safe_open(&s, "plain+tcp://127.0.0.1:0", NULL, 1);
    if (coax_dial(s.url, NULL, &client, &error) != COAX_OK)
        fail_msg("%s", error.text);
    refuse_pins(client);
    const coax_metrics_source source = { .server = s.server };
    assert_int_equal(coax_metrics_prometheus_text(&source, 1, text, sizeof text, &len), COAX_OK);
    assert_non_null(strstr(text, "enter"));
    assert_null(strstr(text, secret));
    coax_client_close(client);
    safe_close(&s);
    assert_true(s.log_len > 0 && atomic_load(&s.n_errors) == 1);
    assert_non_null(strstr(s.words, "pin"));
    assert_null(strstr(s.words, secret));
    assert_null(strstr(s.log, secret));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_rules_do_not_repeat_values),
        cmocka_unit_test(bytes_that_cannot_be_read_do_not_repeat_values),
        cmocka_unit_test(neither_logs_nor_metrics_have_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
