/*
 * Addresses: every form, and what is said of every mistake.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "transport/url.h"

static cx_url parsed(const char *text)
{
    cx_url url;
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = cx_url_parse(text, &url, &error);
    if (rc != COAX_OK)
        fail_msg("%s was refused: %s", text, error.text);
    return url;
}

/* `text` is refused, and the words hold `words`. */
static void assert_refused(const char *text, const char *words)
{
    cx_url url;
    coax_error error = COAX_ERROR_INIT;
    memset(&url, 0x5a, sizeof url);
    cx_url before = url;
    assert_int_equal(cx_url_parse(text, &url, &error), COAX_ERR_BAD_ADDRESS);
    assert_int_equal(error.code, COAX_ERR_BAD_ADDRESS);
    if (strstr(error.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, words);
    assert_memory_equal(&url, &before, sizeof url);
}

static void assert_prints_as(const char *text, const char *printed)
{
    char buffer[CX_URL_PRINT_MAX];
    cx_url url = parsed(text);
    assert_int_equal(cx_url_print(&url, buffer, sizeof buffer), strlen(printed));
    assert_string_equal(buffer, printed);
}

static void tcp_takes_ipv4_ipv6_and_names(void **state)
{
    (void)state;
    cx_url v4 = parsed("tcp://127.0.0.1:4410");
    assert_int_equal(v4.scheme, CX_SCHEME_TCP);
    assert_int_equal(v4.host_kind, CX_HOST_IPV4);
    assert_int_equal(v4.port, 4410);
    cx_url v6 = parsed("tcp://[2001:db8::1]:1");
    assert_int_equal(v6.host_kind, CX_HOST_IPV6);
    assert_string_equal(v6.text, "2001:db8::1");
    cx_url name = parsed("tcp://build_host-1.example.:65535");
    assert_int_equal(name.host_kind, CX_HOST_NAME);
    assert_int_equal(name.port, 65535);
    assert_int_equal(parsed("tcp://localhost:0").port, 0);
}

static void unix_takes_paths_and_abstract_names(void **state)
{
    (void)state;
    cx_url path = parsed("unix:///run/a b.sock");
    assert_int_equal(path.scheme, CX_SCHEME_UNIX);
    assert_false(path.is_abstract);
    assert_string_equal(path.text, "/run/a b.sock");
    cx_url name = parsed("unix://@coax/1");
    assert_true(name.is_abstract);
    assert_string_equal(name.text, "coax/1");
}

static void inproc_takes_names(void **state)
{
    (void)state;
    assert_string_equal(parsed("inproc://bank.v1/main_loop-2").text, "bank.v1/main_loop-2");
}

static void a_printed_address_is_the_parsed_one(void **state)
{
    (void)state;
    assert_prints_as("tcp://127.0.0.1:80", "tcp://127.0.0.1:80");
    assert_prints_as("tcp://[::1]:80", "tcp://[::1]:80");
    assert_prints_as("unix:///tmp/x", "unix:///tmp/x");
    assert_prints_as("unix://@x", "unix://@x");
    assert_prints_as("inproc://x", "inproc://x");
    assert_prints_as("plain+tcp://[::1]:80", "plain+tcp://[::1]:80");
    assert_prints_as("plain+unix://@x", "plain+unix://@x");
}

static void plain_is_asked_for_by_name_and_is_no_part_of_the_place(void **state)
{
    (void)state;
    char place[CX_URL_PRINT_MAX];
    cx_url url = parsed("plain+tcp://host:80");
    assert_true(url.is_plain);
    assert_false(parsed("tcp://host:80").is_plain);
    assert_false(parsed("inproc://x").is_plain);
    assert_int_equal(cx_url_print_place(&url, place, sizeof place), 13);
    assert_string_equal(place, "tcp://host:80");
    assert_refused("plain+inproc://x", "inproc:// needs no prefix");
    assert_refused("plain+", "the scheme is missing");
    assert_refused("plain+host:80", "the scheme is missing");
    assert_refused("plain+plain+tcp://host:80", "the scheme is unknown");
    assert_refused("plain+ftp://host", "the scheme is unknown");
    assert_refused("plain+tcp://host", "the port is missing");
}

static void printing_is_cut_to_its_room(void **state)
{
    (void)state;
    char small[6];
    cx_url url = parsed("tcp://127.0.0.1:80");
    assert_int_equal(cx_url_print(&url, small, sizeof small), 18);
    assert_string_equal(small, "tcp:/");
}

static void every_mistake_in_tcp_is_named(void **state)
{
    (void)state;
    assert_refused("tcp://", "the port is missing");
    assert_refused("tcp://host", "the port is missing; write tcp://host:port");
    assert_refused("tcp://:80", "the host is missing");
    assert_refused("tcp://host:", "the port is missing");
    assert_refused("tcp://host:x", "the port is missing");
    assert_refused("tcp://host:80x", "something follows the port");
    assert_refused("tcp://host:80/", "something follows the port");
    assert_refused("tcp://host:65536", "above 65535");
    assert_refused("tcp://host:99999999999999999999", "above 65535");
    assert_refused("tcp://host:-1", "the port is missing");
    assert_refused("tcp://::1:80", "needs brackets");
    assert_refused("tcp://[::1:80", "']' is missing");
    assert_refused("tcp://[]:80", "no IPv6 address");
    assert_refused("tcp://[::g]:80", "no IPv6 address");
    assert_refused("tcp://[::1]80", "the port is missing");
    assert_refused("tcp://[::1]", "the port is missing");
    assert_refused("tcp://256.1.1.1:80", "no IPv4 address");
    assert_refused("tcp://1.2.3:80", "no IPv4 address");
    assert_refused("tcp://user@host:80", "a character no host name has");
    assert_refused("tcp://h\xc3\xb6st:80", "a character no host name has");
}

static void every_mistake_in_unix_and_inproc_is_named(void **state)
{
    (void)state;
    assert_refused("unix://", "the path is missing");
    assert_refused("unix://@", "the path is missing");
    assert_refused("unix://relative", "three slashes");
    assert_refused("inproc://", "the name is missing");
    assert_refused("inproc://a b", "a character that names don't have");
}

static void other_schemes_are_refused_with_the_forms(void **state)
{
    (void)state;
    assert_refused("", "the address is empty");
    assert_refused(NULL, "the address is empty");
    assert_refused("localhost:80", "the scheme is missing; write tcp://host:port");
    assert_refused("http://localhost:80", "the scheme is unknown; write tcp://host:port");
    assert_refused("TCP://localhost:80", "the scheme is unknown");
    assert_refused("tcp:/localhost:80", "the scheme is missing");
}

static void a_host_of_254_characters_never_reaches_the_resolver(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'a', sizeof text);
    memcpy(text, "tcp://", 6);
    memcpy(text + 6 + 253, ":80", 4);
    assert_int_equal(strlen(parsed(text).text), 253);
    memset(text + 6, 'a', 254);
    memcpy(text + 6 + 254, ":80", 4);
    assert_refused(text, "longer than 253");
}

static void a_path_of_108_bytes_is_refused(void **state)
{
    (void)state;
    char text[7 + 108 + 1];
    memset(text, 'p', sizeof text);
    memcpy(text, "unix:///", 8);
    text[7 + 107] = '\0';
    assert_int_equal(strlen(parsed(text).text), 107);
    text[7 + 107] = 'p';
    text[7 + 108] = '\0';
    assert_refused(text, "longer than 107");
}

static void an_inproc_name_of_129_characters_is_refused(void **state)
{
    (void)state;
    char text[9 + 129 + 1];
    memset(text, 'n', sizeof text);
    memcpy(text, "inproc://", 9);
    text[9 + 129] = '\0';
    assert_refused(text, "longer than 128");
    text[9 + 128] = '\0';
    assert_int_equal(strlen(parsed(text).text), 128);
}

static void words_about_hostile_text_are_printable_and_short(void **state)
{
    (void)state;
    char text[400];
    cx_url url;
    coax_error error = COAX_ERROR_INIT;
    memset(text, '\xff', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(cx_url_parse(text, &url, &error), COAX_ERR_BAD_ADDRESS);
    for (const char *at = error.text; *at != '\0'; at++)
        assert_in_range((unsigned char)*at, 0x20, 0x7e);
    assert_non_null(strstr(error.text, "..."));
    assert_refused("tcp://a\nb:80", "control character");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp_takes_ipv4_ipv6_and_names),
        cmocka_unit_test(unix_takes_paths_and_abstract_names),
        cmocka_unit_test(inproc_takes_names),
        cmocka_unit_test(a_printed_address_is_the_parsed_one),
        cmocka_unit_test(plain_is_asked_for_by_name_and_is_no_part_of_the_place),
        cmocka_unit_test(printing_is_cut_to_its_room),
        cmocka_unit_test(every_mistake_in_tcp_is_named),
        cmocka_unit_test(every_mistake_in_unix_and_inproc_is_named),
        cmocka_unit_test(other_schemes_are_refused_with_the_forms),
        cmocka_unit_test(a_host_of_254_characters_never_reaches_the_resolver),
        cmocka_unit_test(a_path_of_108_bytes_is_refused),
        cmocka_unit_test(an_inproc_name_of_129_characters_is_refused),
        cmocka_unit_test(words_about_hostile_text_are_printable_and_short),
    };
    return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
