/*
 * The formats of @format: what each takes and refuses, by its RFC; addresses also against inet_pton.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "base/format.h"

typedef bool (*format_fn)(const char *text, size_t len);

/* Each text is handed over in a block of exactly its size, so that a sanitizer sees a read past it. */
static bool matches(format_fn format, const char *text)
{
    size_t len = strlen(text);
    char *exact = malloc(len > 0 ? len : 1);
    assert_non_null(exact);
    memcpy(exact, text, len);
    bool does = format(exact, len);
    free(exact);
    return does;
}

static void assert_all(format_fn format, bool expected, const char *const *texts)
{
    for (; *texts != NULL; texts++) {
        if (matches(format, *texts) != expected)
            fail_msg("'%s' should%s match", *texts, expected ? "" : " not");
    }
}

#define TAKES(format, ...) assert_all(format, true, (const char *const[]){ __VA_ARGS__, NULL })
#define REFUSES(format, ...) assert_all(format, false, (const char *const[]){ __VA_ARGS__, NULL })

static void uuids_are_thirty_six_characters_of_either_case(void **state)
{
    (void)state;
    TAKES(cx_format_uuid, "00000000-0000-0000-0000-000000000000",
          "f81d4fae-7dec-11d0-A765-00A0C91E6BF6");
    REFUSES(cx_format_uuid, "", "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf60", "f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
            "f81d4fae07dec-11d0-a765-00a0c91e6bf6", "{f81d4fae-7dec-11d0-a765-00a0c91e6b}");
}

static void ipv4_has_four_numbers_without_leading_zeros(void **state)
{
    (void)state;
    TAKES(cx_format_ipv4, "0.0.0.0", "255.255.255.255", "127.0.0.1");
    REFUSES(cx_format_ipv4, "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1..2.3",
            "1.2.3.", "0x1.2.3.4", "1.2.3.99999999999999999999");
}

static void ipv6_has_eight_groups_or_one_gap(void **state)
{
    (void)state;
    TAKES(cx_format_ipv6, "::", "::1", "1::", "1:2:3:4:5:6:7:8", "2001:db8::8a2e:370:7334",
          "::ffff:192.0.2.1", "64:ff9b::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "ABCD::");
    REFUSES(cx_format_ipv6, "", ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
            "1::2::3", "12345::", "g::", "fe80::1%eth0", "::1.2.3", "1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:6:7::8:9", "[::1]");
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Appends to a text of `size` bytes, which has the room. */
static void append(char *text, size_t size, const char *more)
{
    size_t len = strlen(text);
    assert_true(strlen(more) < size - len);
    memcpy(text + len, more, strlen(more) + 1);
}

static void random_addresses_are_judged_as_inet_pton_does(void **state)
{
    static const char *const parts[] = { ":",    "::",    ".",   "0",   "1",  "ab",
                                         "ffff", "12345", "255", "256", "01", "1.2.3.4" };
    uint64_t seed = 7;
    unsigned n_taken = 0;
    (void)state;
    for (int i = 0; i < 300000; i++) {
        char text[128] = "";
        uint8_t address[16];
        for (uint64_t n = 1 + next_random(&seed) % 16; n > 0; n--) {
            /* Mostly a group and a colon in turn, or hardly any address would come out. */
            size_t pick =
                next_random(&seed) % 8 != 0 ? (n % 2 == 0 ? 4 : 0) : next_random(&seed) % 12;
            append(text, sizeof text, parts[pick]);
        }
        bool is_ipv6 = inet_pton(AF_INET6, text, address) == 1;
        assert_int_equal(matches(cx_format_ipv6, text), is_ipv6);
        assert_int_equal(matches(cx_format_ipv4, text), inet_pton(AF_INET, text, address) == 1);
        n_taken += is_ipv6;
    }
    assert_true(n_taken > 1000);
}

static void host_names_are_labels_of_at_most_sixty_three(void **state)
{
    char label[80], name[300] = "";
    (void)state;
    TAKES(cx_format_hostname, "a", "localhost", "example.com", "xn--bcher-kva.example", "3com.com",
          "a-b.c-d");
    REFUSES(cx_format_hostname, "", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a_b", "a b",
            "b\xc3\xbc"
            "cher");
    memset(label, 'a', 64);
    label[64] = '\0';
    REFUSES(cx_format_hostname, label);
    label[63] = '\0';
    TAKES(cx_format_hostname, label);
    for (int i = 0; i < 127; i++)
        append(name, sizeof name, i == 0 ? "a" : ".a");
    TAKES(cx_format_hostname, name); /* 253 */
    append(name, sizeof name, "a");
    REFUSES(cx_format_hostname, name);
}

static void mail_addresses_are_what_html_takes(void **state)
{
    char name[300];
    (void)state;
    TAKES(cx_format_email, "a@b", "first.last+tag@example.com", "!#$%&'*+/=?^_`{|}~-@x.y");
    REFUSES(cx_format_email, "", "@", "a@", "@b", "a b@c", "a@b c", "a@b@c", "a@-b", "\"a b\"@c",
            "a@[1.2.3.4]");
    memset(name, 'a', 252);
    name[252] = '\0';
    append(name, sizeof name, "@b");
    TAKES(cx_format_email, name);
    append(name, sizeof name, "c");
    REFUSES(cx_format_email, name);
}

static void uris_have_a_scheme_and_legal_characters(void **state)
{
    (void)state;
    TAKES(cx_format_uri, "http://example.com", "https://user:pw@example.com:8080/a/b;c?d=e&f=%20#g",
          "mailto:a@b.c", "urn:isbn:0451450523", "file:///etc/hosts", "http://[::1]:80/",
          "x:", "http://", "tel:+1-816-555-1212", "ldap://[2001:db8::7]/c=GB?objectClass?one",
          "a:?", "a:#", "http://a?b/c?d", "http://a#b?c");
    REFUSES(cx_format_uri, "", ":", "http", "//example.com", "/a", "1http://a", "http://a b",
            "http://a/%2", "http://a/%zz", "http://[::1", "http://[::g]/", "http://a:8x/",
            "a:b#c#d", "http://a/<b>", "http://u@v@w/", "a:\xc3\xa4", "http://[::1]x/");
}

static void host_and_port_are_both_there(void **state)
{
    (void)state;
    TAKES(cx_format_host_port, "a:1", "example.com:65535", "127.0.0.1:80", "[::1]:443");
    REFUSES(cx_format_host_port, "", ":", ":80", "a", "a:", "a:0", "a:080", "a:65536", "a:8x",
            "::1:80", "[::1]", "[]:80", "[::g]:80", "a b:80", "[127.0.0.1]:80");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uuids_are_thirty_six_characters_of_either_case),
        cmocka_unit_test(ipv4_has_four_numbers_without_leading_zeros),
        cmocka_unit_test(ipv6_has_eight_groups_or_one_gap),
        cmocka_unit_test(random_addresses_are_judged_as_inet_pton_does),
        cmocka_unit_test(host_names_are_labels_of_at_most_sixty_three),
        cmocka_unit_test(mail_addresses_are_what_html_takes),
        cmocka_unit_test(uris_have_a_scheme_and_legal_characters),
        cmocka_unit_test(host_and_port_are_both_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
