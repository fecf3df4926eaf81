/*
 * Known hosts: what a text says of an address, what changing it keeps, and processes that change one file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"
#include "secure/known_hosts.h"

#define TCP "tcp://calc.example:7000"

/* Keys of one repeated byte, and their ids. */
static const uint8_t *key_of(uint8_t byte)
{
    static uint8_t keys[256][COAX_KEY_BYTES];
    memset(keys[byte], byte, COAX_KEY_BYTES);
    return keys[byte];
}

static const char *id_of(uint8_t byte)
{
    static char ids[256][COAX_ID_SIZE];
    coax_id_print(key_of(byte), ids[byte]);
    return ids[byte];
}

/* As snprintf, into what is large enough. */
static void put(char *to, size_t size, const char *format, ...) COAX_PRINTF(3, 4);
static void put(char *to, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(to, size, format, args);
    va_end(args);
    assert_true(len >= 0 && (size_t)len < size);
}

static coax_err search(const char *text, const char *address, cx_known_host *ret_host,
                       coax_error *error)
{
    return cx_known_hosts_search("/h/known_hosts", text, strlen(text), address, ret_host, error);
}

static void expect_edit(const char *before, bool replaces, const char *address, const char *note,
                        const char *after)
{
    char *text = NULL;
    size_t len = 0;
    assert_int_equal(cx_known_hosts_edit(before, strlen(before), address, key_of(9), note, replaces,
                                         &text, &len, NULL),
                     COAX_OK);
    assert_int_equal(len, strlen(after));
    assert_memory_equal(text, after, len);
    free(text);
}

/* ---------------------------------------------------------------- text */

static void an_address_is_found_by_its_line(void **state)
{
    char text[512];
    cx_known_host host;
    (void)state;
    put(text, sizeof text, "# first\n\n%s\t%s  # ours\r\n  unix:///run/a%%20b %s\n", TCP, id_of(1),
        id_of(2));
    assert_int_equal(search(text, TCP, &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 1);
    assert_int_equal(host.keys[0].line, 3);
    assert_memory_equal(host.keys[0].key, key_of(1), COAX_KEY_BYTES);
    assert_true(cx_known_host_has(&host, key_of(1)));
    assert_false(cx_known_host_has(&host, key_of(2)));
    assert_int_equal(search(text, "unix:///run/a b", &host, NULL), COAX_OK);
    assert_int_equal(host.keys[0].line, 4);
    assert_int_equal(search(text, "tcp://calc.example:700", &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 0);
    assert_int_equal(search("", TCP, &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 0);
}

static void host_names_have_no_case_and_paths_have(void **state)
{
    char text[256];
    cx_known_host host;
    (void)state;
    put(text, sizeof text, "tcp://Calc.EXAMPLE:7000 %s\nunix:///Run %s", id_of(1), id_of(2));
    assert_int_equal(search(text, TCP, &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 1);
    assert_int_equal(search(text, "unix:///Run", &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 1);
    assert_int_equal(search(text, "unix:///run", &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 0);
}

static void several_lines_of_an_address_are_all_right(void **state)
{
    char text[2048] = "";
    cx_known_host host;
    size_t at = 0;
    (void)state;
    for (uint8_t i = 1; i <= 10; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s %s\n", TCP, id_of(i));
    assert_int_equal(search(text, TCP, &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, CX_KNOWN_KEYS_MAX);
    assert_true(cx_known_host_has(&host, key_of(8)));
}

static void a_damaged_line_is_named_unless_a_good_one_answers(void **state)
{
    char text[512];
    cx_known_host host = { .n_keys = 77 };
    coax_error error = COAX_ERROR_INIT;
    static const struct {
        const char *line;
        const char *words;
    } rows[] = {
        { "tcp://x:1", "line 2 has no id behind the address" },
        { "tcp://x:1 abc", "line 2 has an id that is not of 52" },
        { "tcp://x:1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1a", "characters that ids" },
        { "tcp://x:1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x", "no comment" },
        { "tcp://x%2:1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "can't be read" },
        { "tcp://x%00 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "can't be read" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put(text, sizeof text, "# one\n%s\n%s %s\n", rows[i].line, TCP, id_of(1));
        assert_int_equal(search(text, "tcp://other:1", &host, &error), COAX_ERR_BAD_MESSAGE);
        if (strstr(error.text, rows[i].words) == NULL)
            fail_msg("%s", error.text);
        assert_int_equal(strncmp(error.text, "/h/known_hosts: line 2 ", 23), 0);
        assert_int_equal(host.n_keys, i == 0 ? 77 : 1);
        assert_int_equal(search(text, TCP, &host, &error), COAX_OK);
        assert_int_equal(host.n_keys, 1);
    }
}

static void a_new_address_goes_to_the_end(void **state)
{
    char after[1024];
    (void)state;
    put(after, sizeof after, "# a\n\nnonsense\ntcp://b:1 %s # met 2025\n", id_of(9));
    expect_edit("# a\n\nnonsense", false, "tcp://b:1", "met 2025", after);
    put(after, sizeof after, "x\nunix:///a%%20%%23%%25%%0a\xc3\xa4 %s\n", id_of(9));
    expect_edit("x\n", false, "unix:///a #%\n\xc3\xa4", NULL, after);
    put(after, sizeof after, "x\ntcp://b:1 %s # a b\n", id_of(9));
    expect_edit("x\n", false, "tcp://b:1", "a\nb", after);
}

static void a_replaced_key_keeps_its_place_and_comment(void **state)
{
    char before[1024];
    char after[1024];
    (void)state;
    put(before, sizeof before, "#\r\ntcp://B:1 %s #  mine\nbad\ntcp://c:1 %s\ntcp://b:1 %s",
        id_of(1), id_of(2), id_of(3));
    put(after, sizeof after, "#\r\ntcp://b:1 %s #  mine\nbad\ntcp://c:1 %s\n", id_of(9), id_of(2));
    expect_edit(before, true, "tcp://b:1", NULL, after);
    put(after, sizeof after, "#\r\ntcp://b:1 %s # new\nbad\ntcp://c:1 %s\n", id_of(9), id_of(2));
    expect_edit(before, true, "tcp://b:1", "new", after);
    put(after, sizeof after, "# x\ntcp://b:1 %s\n", id_of(9));
    expect_edit("# x", true, "tcp://b:1", NULL, after);
}

static void what_is_written_is_found_again(void **state)
{
    static const char *const addresses[] = { TCP, "unix:///a b#c%d\t\x7f", "unix://@name", "x" };
    cx_known_host host;
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        char *text = NULL;
        size_t len = 0;
        assert_int_equal(
            cx_known_hosts_edit("", 0, addresses[i], key_of(4), "n", false, &text, &len, NULL),
            COAX_OK);
        assert_int_equal(cx_known_hosts_search("f", text, len, addresses[i], &host, NULL), COAX_OK);
        assert_true(cx_known_host_has(&host, key_of(4)));
        assert_int_equal(text[0], '#'); /* a new file says what it is */
        free(text);
    }
}

static void sizes_are_bounded(void **state)
{
    char long_address[CX_KNOWN_ADDRESS_MAX + 2];
    char *text = NULL;
    size_t len = 0;
    coax_error error = COAX_ERROR_INIT;
    (void)state;
    memset(long_address, ' ', sizeof long_address);
    long_address[sizeof long_address - 1] = '\0';
    assert_int_equal(
        cx_known_hosts_edit("", 0, long_address, key_of(1), NULL, false, &text, &len, &error),
        COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(cx_known_hosts_edit("", 0, "", key_of(1), NULL, false, &text, &len, &error),
                     COAX_ERR_INVALID_ARGUMENT);
    char *full = calloc(1, CX_KNOWN_HOSTS_MAX);
    assert_non_null(full);
    assert_int_equal(cx_known_hosts_edit(full, CX_KNOWN_HOSTS_MAX, TCP, key_of(1), NULL, false,
                                         &text, &len, &error),
                     COAX_ERR_TOO_LARGE);
    free(full);
    long_address[CX_KNOWN_ADDRESS_MAX] = '\0';
    char note[1000];
    memset(note, 'n', sizeof note);
    note[sizeof note - 1] = '\0';
    assert_int_equal(
        cx_known_hosts_edit("", 0, long_address, key_of(1), note, false, &text, &len, &error),
        COAX_OK);
    free(text);
}

/* ---------------------------------------------------------------- words */

static void words_for_a_changed_key_name_everything(void **state)
{
    cx_known_host host = { .n_keys = 1, .keys = { { .line = 12 } } };
    coax_error error = COAX_ERROR_INIT;
    (void)state;
    memcpy(host.keys[0].key, key_of(1), COAX_KEY_BYTES);
    assert_int_equal(cx_known_hosts_changed("/h/kh", "tcp://c:1", &host, key_of(2), &error),
                     COAX_ERR_KEY_CHANGED);
    assert_int_equal(error.code, COAX_ERR_KEY_CHANGED);
    assert_non_null(strstr(error.text, "tcp://c:1 shows id "));
    assert_non_null(strstr(error.text, id_of(2)));
    assert_non_null(strstr(error.text, "line 12 of /h/kh has "));
    assert_non_null(strstr(error.text, id_of(1)));
    assert_non_null(strstr(error.text, "delete that line"));
    assert_int_equal(cx_known_hosts_unknown("/h/kh", "tcp://c:1", key_of(2), &error),
                     COAX_ERR_KEY_UNKNOWN);
    assert_non_null(strstr(error.text, id_of(2)));
    assert_non_null(strstr(error.text, "add a line"));
}

static void long_names_shorten_the_ids_and_never_the_advice(void **state)
{
    cx_known_host host = { .n_keys = 1, .keys = { { .line = 4000000000u } } };
    coax_error error = COAX_ERROR_INIT;
    char path[2000];
    char address[2000];
    (void)state;
    memset(path, 'p', sizeof path);
    memcpy(path + sizeof path - 13, "/known_hosts", 13);
    memset(address, 'a', sizeof address);
    address[sizeof address - 1] = '\0';
    memcpy(host.keys[0].key, key_of(1), COAX_KEY_BYTES);
    assert_int_equal(cx_known_hosts_changed(path, address, &host, key_of(2), &error),
                     COAX_ERR_KEY_CHANGED);
    assert_non_null(strstr(error.text, "/known_hosts has "));
    assert_non_null(strstr(error.text, "line 4000000000 "));
    assert_non_null(strstr(error.text, "delete that line"));
    char start[20];
    (void)snprintf(start, sizeof start, "%.16s...", id_of(2));
    assert_non_null(strstr(error.text, start));
    assert_int_equal(cx_known_hosts_unknown(path, address, key_of(2), &error),
                     COAX_ERR_KEY_UNKNOWN);
    assert_non_null(strstr(error.text, id_of(2)));
    assert_non_null(strstr(error.text, "add a line with that address and id"));
}

/* ---------------------------------------------------------------- files */

static void a_file_that_is_not_there_knows_nobody(void **state)
{
    cx_known_host host = { .n_keys = 3 };
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(cx_known_hosts_find(scratch_path(state, "none/kh"), TCP, &host, &error),
                     COAX_OK);
    assert_int_equal(host.n_keys, 0);
    assert_string_equal(error.text, "");
}

static void a_first_use_makes_file_and_folder(void **state)
{
    const char *path = scratch_path(state, "new/kh");
    cx_known_host host;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(1), "met", &error), COAX_OK);
    assert_int_equal(scratch_mode(path), 0600);
    assert_int_equal(scratch_mode(scratch_path(state, "new")), 0700);
    assert_int_equal(cx_known_hosts_find(path, TCP, &host, NULL), COAX_OK);
    assert_true(cx_known_host_has(&host, key_of(1)));
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(1), "met", &error), COAX_OK); /* again */
    assert_int_equal(cx_known_hosts_find(path, TCP, &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 1);
    assert_int_equal(scratch_count(scratch_path(state, "new")), 1);
}

static void another_key_is_never_added_behind_a_first(void **state)
{
    const char *path = scratch_path(state, "kh");
    coax_error error = COAX_ERROR_INIT;
    cx_known_host host;
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(1), NULL, NULL), COAX_OK);
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(2), NULL, &error), COAX_ERR_KEY_CHANGED);
    assert_non_null(strstr(error.text, "line 3 of "));
    assert_int_equal(cx_known_hosts_replace(path, TCP, key_of(2), NULL, &error), COAX_OK);
    assert_int_equal(cx_known_hosts_find(path, TCP, &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 1);
    assert_true(cx_known_host_has(&host, key_of(2)));
}

static void a_damaged_file_is_not_changed(void **state)
{
    const char *path = scratch_path(state, "kh");
    coax_error error = COAX_ERROR_INIT;
    char text[64];
    scratch_write(path, "tcp://x\n", 8, 0600);
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(1), NULL, &error), COAX_ERR_BAD_MESSAGE);
    assert_non_null(strstr(error.text, "line 1 "));
    assert_int_equal(scratch_read(path, text, sizeof text), 8);
}

static void a_file_that_others_may_write_is_not_believed(void **state)
{
    const char *path = scratch_path(state, "kh");
    coax_error error = COAX_ERROR_INIT;
    cx_known_host host;
    scratch_write(path, "", 0, 0644);
    assert_int_equal(cx_known_hosts_find(path, TCP, &host, &error), COAX_OK);
    scratch_write(path, "", 0, 0664);
    assert_int_equal(cx_known_hosts_find(path, TCP, &host, &error), COAX_ERR_BAD_KEY);
    assert_non_null(strstr(error.text, "chmod go-w"));
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(1), NULL, &error), COAX_ERR_BAD_KEY);
}

static void a_link_stays_a_link_and_the_mode_stays(void **state)
{
    const char *path = scratch_path(state, "kh");
    struct stat what;
    cx_known_host host;
    scratch_write(scratch_path(state, "dotfile"), "# mine\n", 7, 0644);
    assert_int_equal(symlink("dotfile", path), 0);
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(1), NULL, NULL), COAX_OK);
    assert_int_equal(lstat(path, &what), 0);
    assert_true(S_ISLNK(what.st_mode));
    assert_int_equal(scratch_mode(path), 0644);
    assert_int_equal(cx_known_hosts_find(path, TCP, &host, NULL), COAX_OK);
    assert_int_equal(host.keys[0].line, 2);
    /* Nothing is made where a link points: whoever laid it there chose the place. */
    assert_int_equal(symlink("nowhere", scratch_path(state, "lost")), 0);
    assert_int_equal(cx_known_hosts_add(scratch_path(state, "lost"), TCP, key_of(1), NULL, NULL),
                     COAX_ERR_SYSTEM);
}

/* Each adds addresses of its own. */
static int add_some(void *argument, unsigned number)
{
    for (unsigned i = 0; i < 8; i++) {
        char address[64];
        (void)snprintf(address, sizeof address, "tcp://h%u:%u", number, i + 1);
        if (cx_known_hosts_add(argument, address, key_of((uint8_t)number), NULL, NULL) != COAX_OK)
            return 1;
    }
    return 0;
}

static void processes_that_add_at_once_lose_nothing(void **state)
{
    enum { N = 8 };
    char path[600];
    char address[64];
    cx_known_host host;
    (void)snprintf(path, sizeof path, "%s", scratch_path(state, "kh"));
    assert_int_equal(scratch_race(N, add_some, path), 0);
    for (unsigned number = 0; number < N; number++) {
        for (unsigned i = 0; i < 8; i++) {
            (void)snprintf(address, sizeof address, "tcp://h%u:%u", number, i + 1);
            assert_int_equal(cx_known_hosts_find(path, address, &host, NULL), COAX_OK);
            assert_true(cx_known_host_has(&host, key_of((uint8_t)number)));
        }
    }
    assert_int_equal(scratch_count(*state), 1);
}

/* Meets the server first, with a key of its own: 1 for who was first. */
static int add_another(void *argument, unsigned number)
{
    coax_err err = cx_known_hosts_add(argument, TCP, key_of((uint8_t)number), NULL, NULL);
    return err == COAX_OK ? 1 : err == COAX_ERR_KEY_CHANGED ? 0 : 100;
}

static void only_one_of_many_is_the_first(void **state)
{
    char path[600];
    cx_known_host host;
    (void)snprintf(path, sizeof path, "%s", scratch_path(state, "kh"));
    assert_int_equal(scratch_race(8, add_another, path), 1);
    assert_int_equal(cx_known_hosts_find(path, TCP, &host, NULL), COAX_OK);
    assert_int_equal(host.n_keys, 1);
}

static void a_lock_that_stays_is_not_waited_for_long(void **state)
{
    const char *path = scratch_path(state, "kh");
    coax_error error = COAX_ERROR_INIT;
    scratch_write(path, "", 0, 0600);
    int fd = open(path, O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0); /* another open file: a thread of this process too */
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(1), NULL, &error), COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(error.text, "has it locked"));
    assert_int_equal(close(fd), 0);
    assert_int_equal(cx_known_hosts_add(path, TCP, key_of(1), NULL, &error), COAX_OK);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_found_by_its_line),
        cmocka_unit_test(host_names_have_no_case_and_paths_have),
        cmocka_unit_test(several_lines_of_an_address_are_all_right),
        cmocka_unit_test(a_damaged_line_is_named_unless_a_good_one_answers),
        cmocka_unit_test(a_new_address_goes_to_the_end),
        cmocka_unit_test(a_replaced_key_keeps_its_place_and_comment),
        cmocka_unit_test(what_is_written_is_found_again),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(words_for_a_changed_key_name_everything),
        cmocka_unit_test(long_names_shorten_the_ids_and_never_the_advice),
        IN_A_FOLDER(a_file_that_is_not_there_knows_nobody),
        IN_A_FOLDER(a_first_use_makes_file_and_folder),
        IN_A_FOLDER(another_key_is_never_added_behind_a_first),
        IN_A_FOLDER(a_damaged_file_is_not_changed),
        IN_A_FOLDER(a_file_that_others_may_write_is_not_believed),
        IN_A_FOLDER(a_link_stays_a_link_and_the_mode_stays),
        IN_A_FOLDER(processes_that_add_at_once_lose_nothing),
        IN_A_FOLDER(only_one_of_many_is_the_first),
        IN_A_FOLDER(a_lock_that_stays_is_not_waited_for_long),
    };
    return cmocka_run_group_tests_name("known hosts", tests, NULL, NULL);
}
