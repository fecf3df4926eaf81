/*
 * The sinks that write lines: what a value holds can't end the line, and both forms can be read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <coax/log.h>

enum { TIME_LEN = sizeof "2025-01-31T12:00:00.000000Z" - 1 };

/* What a sink writes for one event, read back whole. */
typedef struct written {
    char text[8192];
    size_t len;
} written;

static written write_one(coax_log_fn sink, coax_log_level level, const char *event,
                         const coax_log_pair *pairs, size_t n_pairs)
{
    written ret = { "", 0 };
    FILE *file = tmpfile();
    assert_non_null(file);
    sink(file, level, event, pairs, n_pairs);
    rewind(file);
    ret.len = fread(ret.text, 1, sizeof ret.text - 1, file);
    fclose(file);
    ret.text[ret.len] = '\0';
    return ret;
}

/* Checks the time at `at`, to within a few minutes of now, and gives what follows. */
static const char *skip_time(const char *at)
{
    int year, month, day, hour, minute, second, micros, n = 0;
    assert_int_equal(sscanf(at, "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ%n", &year, &month, &day, &hour,
                            &minute, &second, &micros, &n),
                     7);
    assert_int_equal(n, TIME_LEN);
    time_t now = time(NULL);
    struct tm utc;
    assert_non_null(gmtime_r(&now, &utc));
    int then_s = (hour * 60 + minute) * 60 + second;
    int now_s = (utc.tm_hour * 60 + utc.tm_min) * 60 + utc.tm_sec;
    int apart = (now_s - then_s + 86400) % 86400;
    assert_true(apart < 300 || apart > 86400 - 300);
    assert_true(year >= 2025 && month >= 1 && month <= 12 && day >= 1 && day <= 31);
    return at + n;
}

static void logfmt_begins_with_time_level_and_event(void **state)
{
    const coax_log_pair pairs[] = { { "peer", "1.2.3.4" }, { "n", "5" } };
    (void)state;
    written out = write_one(coax_log_to_file, COAX_LOG_INFO, "opened", pairs, 2);
    assert_memory_equal(out.text, "time=", 5);
    assert_string_equal(skip_time(out.text + 5),
                        " level=info event=opened peer=\"1.2.3.4\" n=\"5\"\n");
}

static void json_is_one_object_a_line(void **state)
{
    const coax_log_pair pairs[] = { { "peer", "1.2.3.4" }, { "n", "5" } };
    (void)state;
    written out = write_one(coax_log_json_to_file, COAX_LOG_ERROR, "opened", pairs, 2);
    assert_memory_equal(out.text, "{\"time\":\"", 9);
    assert_string_equal(
        skip_time(out.text + 9),
        "\",\"level\":\"error\",\"event\":\"opened\",\"peer\":\"1.2.3.4\",\"n\":\"5\"}\n");
    out = write_one(coax_log_json_to_file, COAX_LOG_DEBUG, "alone", NULL, 0);
    assert_string_equal(skip_time(out.text + 9), "\",\"level\":\"debug\",\"event\":\"alone\"}\n");
}

static void check_value(const char *value, const char *quoted)
{
    const coax_log_pair pair = { "v", value };
    char wanted[600];
    written out = write_one(coax_log_to_file, COAX_LOG_WARN, "e", &pair, 1);
    (void)snprintf(wanted, sizeof wanted, " level=warn event=e v=%s\n", quoted);
    assert_string_equal(skip_time(out.text + 5), wanted);
    out = write_one(coax_log_json_to_file, COAX_LOG_WARN, "e", &pair, 1);
    (void)snprintf(wanted, sizeof wanted, "\",\"level\":\"warn\",\"event\":\"e\",\"v\":%s}\n",
                   quoted);
    assert_string_equal(skip_time(out.text + 9), wanted);
}

static void a_value_cannot_forge_a_line_or_move_the_cursor(void **state)
{
    (void)state;
    check_value("a\nlevel=error event=fake \"x\"\\",
                "\"a\\nlevel=error event=fake \\\"x\\\"\\\\\"");
    check_value("\x1b[2J\r\t\x01\x7f", "\"\\u001b[2J\\u000d\\u0009\\u0001\\u007f\"");
    check_value("\xc2\x9b"
                "2J\xc2\xa0",
                "\"\\u009b2J\xc2\xa0\""); /* C1's CSI; a space that breaks nothing stays */
    check_value("", "\"\"");
}

static void text_stays_and_what_is_none_is_replaced(void **state)
{
    (void)state;
    check_value("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80",
                "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"");
    check_value("a\xff"
                "b",
                "\"a\xef\xbf\xbd"
                "b\"");
    check_value("\xc3", "\"\xef\xbf\xbd\"");                 /* cut within a character */
    check_value("\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\""); /* overlong */
    check_value("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""); /* a surrogate */
}

static void long_values_are_written_whole(void **state)
{
    static char value[5000];
    const coax_log_pair pair = { "v", value };
    (void)state;
    memset(value, 'x', sizeof value - 1);
    written out = write_one(coax_log_json_to_file, COAX_LOG_WARN, "e", &pair, 1);
    assert_non_null(strstr(out.text, value));
    assert_string_equal(out.text + out.len - 4, "x\"}\n");
}

static void levels_have_names(void **state)
{
    (void)state;
    assert_string_equal(coax_log_level_name(COAX_LOG_DEBUG), "debug");
    assert_string_equal(coax_log_level_name((coax_log_level)99), "unassigned");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logfmt_begins_with_time_level_and_event),
        cmocka_unit_test(json_is_one_object_a_line),
        cmocka_unit_test(a_value_cannot_forge_a_line_or_move_the_cursor),
        cmocka_unit_test(text_stays_and_what_is_none_is_replaced),
        cmocka_unit_test(long_values_are_written_whole),
        cmocka_unit_test(levels_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
