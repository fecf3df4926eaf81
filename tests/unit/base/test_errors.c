/*
 * Errors, the log and the system's environment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <coax/error.h>
#include <coax/version.h>

#include "base/env_system.h"
#include "base/log.h"

static void every_error_has_its_own_name_and_a_meaning(void **state)
{
    static const coax_err all[] = {
#define COAX_ERR_ROW(symbol, number, name, meaning) symbol,
#include <coax/error.def>
#undef COAX_ERR_ROW
    };
    enum { N = sizeof all / sizeof all[0] };
    (void)state;
    for (size_t i = 0; i < N; i++) {
        assert_true(strlen(coax_err_meaning(all[i])) > 3);
        assert_true((int)coax_err_to_wire(all[i]) <= (int)COAX_ERR_UNAUTHENTICATED);
        assert_true((coax_err_to_wire(all[i]) == COAX_OK) == (all[i] == COAX_OK));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(coax_err_name(all[i]), coax_err_name(all[k]));
    }
    assert_string_equal(coax_err_name(COAX_ERR_DEADLINE_EXCEEDED), "deadline_exceeded");
    assert_string_equal(coax_err_name((coax_err)999), "unassigned");
    assert_non_null(coax_err_meaning((coax_err)999));
    assert_int_equal(coax_err_to_wire((coax_err)999), COAX_ERR_UNKNOWN);
}

static void canonical_codes_cross_the_wire_as_they_are(void **state)
{
    (void)state;
    for (int code = 0; code <= 16; code++)
        assert_int_equal(coax_err_to_wire((coax_err)code), code);
    assert_int_equal(coax_err_to_wire(COAX_ERR_TOO_LARGE), COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(coax_err_to_wire(COAX_ERR_BAD_MESSAGE), COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_err_to_wire(COAX_ERR_TAMPERED), COAX_ERR_DATA_LOSS);
    assert_int_equal(coax_err_to_wire(COAX_ERR_INSECURE), COAX_ERR_FAILED_PRECONDITION);
}

static void an_error_keeps_its_words_and_returns_its_code(void **state)
{
    coax_error error = COAX_ERROR_INIT;
    (void)state;
    assert_int_equal(coax_error_set(&error, COAX_ERR_STALE, "call %d", 7), COAX_ERR_STALE);
    assert_int_equal(error.code, COAX_ERR_STALE);
    assert_string_equal(error.text, "call 7");
    assert_int_equal(coax_error_set(NULL, COAX_ERR_CLOSED, "nobody reads this"), COAX_ERR_CLOSED);
}

static void long_words_are_cut_between_characters(void **state)
{
    static const char *const letters[] = { "a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80" };
    (void)state;
    for (size_t kind = 0; kind < 4; kind++) {
        for (size_t shift = 0; shift < 4; shift++) {
            coax_error error;
            char text[600] = "xxx";
            size_t width = strlen(letters[kind]), len = shift;
            while (len + width < sizeof text) {
                memcpy(text + len, letters[kind], width);
                len += width;
            }
            text[len] = '\0';
            (void)coax_error_set(&error, COAX_ERR_SYSTEM, "%s", text);
            size_t kept = strlen(error.text);
            assert_true(kept <= COAX_ERROR_TEXT_MAX - 1 && kept > COAX_ERROR_TEXT_MAX - 1 - width);
            assert_int_equal((kept - shift) % width, 0);
        }
    }
}

static void the_linked_version_is_the_headers(void **state)
{
    (void)state;
    assert_string_equal(coax_version(), COAX_VERSION);
}

typedef struct heard {
    int n;
    char line[512];
} heard;

static void hear(void *self, coax_log_level level, const char *event, const coax_log_pair *pairs,
                 size_t n_pairs)
{
    heard *to = self;
    to->n++;
    snprintf(to->line, sizeof to->line, "%s %s %s=%s", coax_log_level_name(level), event,
             n_pairs > 0 ? pairs[0].key : "", n_pairs > 0 ? pairs[0].value : "");
}

static void the_log_passes_on_what_is_urgent_enough(void **state)
{
    heard to = { 0 };
    const cx_log log = { hear, &to, COAX_LOG_WARN }, silent = { NULL, NULL, COAX_LOG_DEBUG };
    const coax_log_pair pair = { "reason", "tired" };
    (void)state;
    cx_log_event(&log, COAX_LOG_INFO, "not_heard", &pair, 1);
    cx_log_event(&silent, COAX_LOG_ERROR, "not_heard", &pair, 1);
    cx_log_event(NULL, COAX_LOG_ERROR, "not_heard", NULL, 0);
    cx_log_fact(NULL, COAX_LOG_ERROR, "not_heard", "k", "v");
    assert_int_equal(to.n, 0);
    cx_log_event(&log, COAX_LOG_WARN, "closed", &pair, 1);
    assert_string_equal(to.line, "warn closed reason=tired");
    cx_log_fact(&log, COAX_LOG_ERROR, "accept_failed", "code", "%d", 24);
    assert_string_equal(to.line, "error accept_failed code=24");
}

static void the_systems_environment_gives_time_randomness_and_memory(void **state)
{
    const coax_env *env = cx_env_system();
    uint8_t a[600] = { 0 }, b[600] = { 0 };
    (void)state;
    uint64_t now = env->now_ns(env->self);
    assert_true(env->now_ns(env->self) >= now);
    env->random(env->self, a, sizeof a);
    env->random(env->self, b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_not_equal(a + 512, b + 512, 88); /* past what the system gives at once */
    void *memory = env->allocator.resize(env->allocator.self, NULL, 10);
    assert_non_null(memory);
    memory = env->allocator.resize(env->allocator.self, memory, 20);
    env->allocator.release(env->allocator.self, memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_own_name_and_a_meaning),
        cmocka_unit_test(canonical_codes_cross_the_wire_as_they_are),
        cmocka_unit_test(an_error_keeps_its_words_and_returns_its_code),
        cmocka_unit_test(long_words_are_cut_between_characters),
        cmocka_unit_test(the_linked_version_is_the_headers),
        cmocka_unit_test(the_log_passes_on_what_is_urgent_enough),
        cmocka_unit_test(the_systems_environment_gives_time_randomness_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
