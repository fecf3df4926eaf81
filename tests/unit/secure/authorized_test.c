/*
 * Authorized keys: what a text grants, what is refused with its line, and files that change under a
 * server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/env_system.h"
#include "scratch.h"
#include "secure/authorized.h"
#include "secure/files.h"

static void make_key(uint32_t number, uint8_t ret_key[COAX_KEY_BYTES])
{
    memset(ret_key, 0, COAX_KEY_BYTES);
    memcpy(ret_key + 20, &number, sizeof number);
}

static const char *id_of(uint32_t number)
{
    static char ids[4][COAX_ID_SIZE];
    uint8_t key[COAX_KEY_BYTES];
    char *id = ids[number % 4];
    make_key(number, key);
    coax_id_print(key, id);
    return id;
}

static coax_err parse(const char *text, cx_authorized_table **ret_table, coax_error *error)
{
    return cx_authorized_parse(NULL, "/etc/keys", text, strlen(text), ret_table, error);
}

static const cx_authorized_key *look_up(const cx_authorized_table *table, uint32_t number)
{
    uint8_t key[COAX_KEY_BYTES];
    make_key(number, key);
    return cx_authorized_table_find(table, key);
}

/* ---------------------------------------------------------------- text */

static void a_line_gives_a_key_its_principal_and_roles(void **state)
{
    char text[1024];
    cx_authorized_table *table = NULL;
    (void)state;
    (void)snprintf(text, sizeof text,
                   "# who may come in\n\n%s alice admin,billing # laptop\n"
                   "\t%s  b\xc3\xb6rk\t\r\n%s carol #none\n%s dave one#two",
                   id_of(1), id_of(2), id_of(3), id_of(0));
    assert_int_equal(parse(text, &table, NULL), COAX_OK);
    assert_int_equal(cx_authorized_table_count(table), 4);
    const cx_authorized_key *found = look_up(table, 1);
    assert_string_equal(found->principal, "alice");
    assert_int_equal(found->n_roles, 2);
    assert_string_equal(found->roles[0], "admin");
    assert_string_equal(found->roles[1], "billing");
    assert_null(found->roles[2]);
    assert_int_equal(found->line, 3);
    found = look_up(table, 2);
    assert_string_equal(found->principal, "b\xc3\xb6rk");
    assert_null(found->roles[0]);
    found = look_up(table, 3);
    assert_string_equal(found->principal, "carol");
    assert_int_equal(found->n_roles, 0);
    found = look_up(table, 0);
    assert_string_equal(found->roles[0], "one#two");
    assert_null(look_up(table, 4));
    cx_authorized_table_free(table);
}

static void an_empty_text_lets_nobody_in(void **state)
{
    cx_authorized_table *table = NULL;
    (void)state;
    assert_int_equal(parse("# nobody yet", &table, NULL), COAX_OK);
    assert_int_equal(cx_authorized_table_count(table), 0);
    assert_null(look_up(table, 0));
    cx_authorized_table_free(table);
    cx_authorized_table_free(NULL);
}

static void damaged_lines_are_named(void **state)
{
    static const struct {
        const char *rest; /* behind a good id */
        const char *words;
    } rows[] = {
        { "", "has no principal" },
        { " # alice", "has no principal" },
        { " alice ,admin", "has an empty role" },
        { " alice admin,", "has an empty role" },
        { " alice a,,b", "has an empty role" },
        { " alice admin, billing", "has an empty role" },
        { " alice admin billing", "something behind the roles" },
        { " al\x01ice admin", "principal that is no name" },
        { " \xff\xfe", "principal that is no name" },
        { " alice ad\x7fmin", "role that is no name" },
        { "x alice", "does not begin with an id of 52" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        cx_authorized_table *table = NULL;
        coax_error error = COAX_ERROR_INIT;
        (void)snprintf(text, sizeof text, "# one\n%s bob\n%s%s\n", id_of(1), id_of(2),
                       rows[i].rest);
        assert_int_equal(parse(text, &table, &error), COAX_ERR_BAD_MESSAGE);
        if (strstr(error.text, rows[i].words) == NULL)
            fail_msg("%s", error.text);
        assert_int_equal(strncmp(error.text, "/etc/keys: line 3 ", 18), 0);
        assert_null(table);
    }
}

static void one_key_has_one_line(void **state)
{
    char text[512];
    cx_authorized_table *table = NULL;
    coax_error error = COAX_ERROR_INIT;
    (void)state;
    (void)snprintf(text, sizeof text, "%s alice admin\n\n%s alice\n", id_of(1), id_of(1));
    assert_int_equal(parse(text, &table, &error), COAX_ERR_BAD_MESSAGE);
    assert_non_null(strstr(error.text, "line 3 has the id of line 1 once more"));
}

static void names_and_their_number_are_bounded(void **state)
{
    char name[300];
    char text[40000];
    cx_authorized_table *table = NULL;
    (void)state;
    memset(name, 'n', sizeof name);
    name[255] = '\0';
    (void)snprintf(text, sizeof text, "%s %s %s", id_of(1), name, name);
    assert_int_equal(parse(text, &table, NULL), COAX_OK);
    cx_authorized_table_free(table);
    (void)snprintf(text, sizeof text, "%s %sn", id_of(1), name);
    assert_int_equal(parse(text, &table, NULL), COAX_ERR_BAD_MESSAGE);
    for (size_t n = 64; n <= 65; n++) {
        int at = snprintf(text, sizeof text, "%s alice r0", id_of(1));
        for (size_t i = 1; i < n; i++)
            at += snprintf(text + at, sizeof text - (size_t)at, ",r%zu", i);
        table = NULL;
        assert_int_equal(parse(text, &table, NULL), n == 64 ? COAX_OK : COAX_ERR_BAD_MESSAGE);
        if (table != NULL)
            assert_string_equal(look_up(table, 1)->roles[63], "r63");
        cx_authorized_table_free(table);
    }
}

static void a_large_file_is_an_index(void **state)
{
    enum { N = 20000 };
    char *text = malloc(N * 80u);
    size_t len = 0;
    cx_authorized_table *table = NULL;
    (void)state;
    assert_non_null(text);
    for (uint32_t i = 0; i < N; i++)
        len += (size_t)snprintf(text + len, N * 80u - len, "%s u%u r\n", id_of(i), (unsigned)i);
    assert_int_equal(cx_authorized_parse(NULL, "f", text, len, &table, NULL), COAX_OK);
    free(text);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(look_up(table, i)->line, i + 1);
        assert_null(look_up(table, N + i));
    }
    cx_authorized_table_free(table);
}

/* Memory that ends after so many requests. */
typedef struct purse {
    unsigned left;
    unsigned held;
} purse;

static void *purse_resize(void *self, void *old, size_t size)
{
    purse *p = self;
    if (p->left == 0)
        return NULL;
    p->left--;
    p->held += old == NULL;
    return realloc(old, size);
}

static void purse_release(void *self, void *memory)
{
    ((purse *)self)->held -= memory != NULL;
    free(memory);
}

static void missing_memory_is_an_error_at_every_step(void **state)
{
    char text[256];
    purse p = { 0, 0 };
    coax_env env = *cx_env_system();
    (void)state;
    env.allocator = (coax_allocator){ &p, purse_resize, purse_release };
    (void)snprintf(text, sizeof text, "%s alice admin\n", id_of(1));
    for (unsigned n = 0;; n++) {
        cx_authorized_table *table = NULL;
        p = (purse){ n, 0 };
        coax_err err = cx_authorized_parse(&env, "f", text, strlen(text), &table, NULL);
        cx_authorized_table_free(table);
        assert_int_equal(p.held, 0);
        if (err == COAX_OK)
            break;
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
        assert_true(n < 10);
    }
}

/* ---------------------------------------------------------------- file */

/* Writes a file of another age than those before it, so that no two states look alike. */
static void write_keys(const char *path, const char *text)
{
    static time_t age = 1000000;
    struct timespec times[2] = { { age, 0 }, { age, 0 } };
    age++;
    scratch_write(path, text, strlen(text), 0644);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static const char *principal_of(const cx_authorized *keys, uint32_t number)
{
    uint8_t key[COAX_KEY_BYTES];
    make_key(number, key);
    const cx_authorized_key *found = cx_authorized_find(keys, key);
    return found != NULL ? found->principal : "";
}

static void a_changed_file_is_read_again(void **state)
{
    const char *path = scratch_path(state, "keys");
    char text[256];
    cx_authorized *keys = NULL;
    bool is_new = true;
    (void)snprintf(text, sizeof text, "%s alice\n", id_of(1));
    write_keys(path, text);
    assert_int_equal(cx_authorized_open(NULL, path, &keys, NULL), COAX_OK);
    assert_int_equal(cx_authorized_refresh(keys, &is_new, NULL), COAX_OK);
    assert_false(is_new);
    (void)snprintf(text, sizeof text, "%s bobby\n", id_of(1)); /* as long as the other */
    write_keys(path, text);
    assert_int_equal(cx_authorized_refresh(keys, &is_new, NULL), COAX_OK);
    assert_true(is_new);
    assert_string_equal(principal_of(keys, 1), "bobby");
    assert_int_equal(cx_authorized_refresh(keys, NULL, NULL), COAX_OK);
    write_keys(path, "");
    assert_int_equal(cx_authorized_refresh(keys, &is_new, NULL), COAX_OK);
    assert_true(is_new);
    assert_int_equal(cx_authorized_count(keys), 0);
    cx_authorized_close(keys);
    cx_authorized_close(NULL);
}

/* Two writes within one tick of the file system's clock, of one length: only reading tells them apart. */
static void two_quick_changes_are_both_seen(void **state)
{
    const char *path = scratch_path(state, "keys");
    char text[256];
    cx_authorized *keys = NULL;
    for (uint32_t i = 0; i < 50; i++) {
        (void)snprintf(text, sizeof text, "%s user%02u\n", id_of(1), (unsigned)i);
        scratch_write(path, text, strlen(text), 0644);
        if (i == 0)
            assert_int_equal(cx_authorized_open(NULL, path, &keys, NULL), COAX_OK);
        assert_int_equal(cx_authorized_refresh(keys, NULL, NULL), COAX_OK);
        assert_memory_equal(principal_of(keys, 1), text + COAX_ID_SIZE, 6);
    }
    cx_authorized_close(keys);
}

/* Shows that a bad state keeps the table, is told once, and that a good one ends it. */
static void expect_kept(cx_authorized *keys, coax_err code, const char *words)
{
    coax_error error = COAX_ERROR_INIT;
    bool is_new = true;
    coax_err err = cx_authorized_refresh(keys, &is_new, &error);
    if (err != code || strstr(error.text, words) == NULL)
        fail_msg("%s: %s", coax_err_name(err), error.text);
    assert_non_null(strstr(error.text, "the keys read before stay in force"));
    assert_false(is_new);
    assert_string_equal(principal_of(keys, 1), "alice");
    for (int i = 0; i < 3; i++)
        assert_int_equal(cx_authorized_refresh(keys, NULL, &error), COAX_OK);
    assert_string_equal(principal_of(keys, 1), "alice");
}

static void a_bad_file_keeps_the_table_and_is_told_once(void **state)
{
    const char *path = scratch_path(state, "keys");
    char good[256];
    cx_authorized *keys = NULL;
    (void)snprintf(good, sizeof good, "%s alice\n", id_of(1));
    write_keys(path, good);
    assert_int_equal(cx_authorized_open(NULL, path, &keys, NULL), COAX_OK);
    write_keys(path, "# x\nnonsense\n");
    expect_kept(keys, COAX_ERR_BAD_MESSAGE, "keys: line 2 does not begin with an id");
    write_keys(path, "nonsense\n");
    expect_kept(keys, COAX_ERR_BAD_MESSAGE, "keys: line 1 ");
    assert_int_equal(chmod(path, 0666), 0);
    expect_kept(keys, COAX_ERR_BAD_KEY, "others may write it");
    assert_int_equal(unlink(path), 0);
    expect_kept(keys, COAX_ERR_NOT_FOUND, "No such file");
    write_keys(path, "nonsense\n");
    expect_kept(keys, COAX_ERR_BAD_MESSAGE, "keys: line 1 ");
    (void)snprintf(good, sizeof good, "%s carol\n", id_of(1));
    write_keys(path, good);
    assert_int_equal(cx_authorized_refresh(keys, NULL, NULL), COAX_OK);
    assert_string_equal(principal_of(keys, 1), "carol");
    cx_authorized_close(keys);
}

/* Waits until the file's time is long enough ago that another write would show in it. */
static void settle(const char *path)
{
    cx_file_stamp stamp;
    do {
        (void)poll(NULL, 0, 5);
        assert_int_equal(cx_file_stamp_read(path, &stamp, NULL), COAX_OK);
    } while (cx_file_stamp_is_recent(&stamp));
}

static void a_folder_put_right_is_noticed_without_a_new_file(void **state)
{
    const char *folder = scratch_path(state, "open");
    const char *path = scratch_path(state, "open/keys");
    char text[256];
    cx_authorized *keys = NULL;
    assert_int_equal(mkdir(folder, 0755), 0);
    (void)snprintf(text, sizeof text, "%s alice\n", id_of(1));
    write_keys(path, text);
    assert_int_equal(cx_authorized_open(NULL, path, &keys, NULL), COAX_OK);
    (void)snprintf(text, sizeof text, "%s bobby\n", id_of(1));
    write_keys(path, text);
    assert_int_equal(chmod(folder, 0777), 0);
    expect_kept(keys, COAX_ERR_BAD_KEY, "everybody may put files into its folder");
    settle(path);
    assert_int_equal(cx_authorized_refresh(keys, NULL, NULL), COAX_OK);
    assert_string_equal(principal_of(keys, 1), "alice");
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(cx_authorized_refresh(keys, NULL, NULL), COAX_OK);
    assert_string_equal(principal_of(keys, 1), "bobby");
    cx_authorized_close(keys);
}

static void a_relative_path_is_kept_when_the_process_moves(void **state)
{
    char before[1000];
    char text[256];
    cx_authorized *keys = NULL;
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(*state), 0);
    (void)snprintf(text, sizeof text, "%s alice\n", id_of(1));
    write_keys("keys", text);
    assert_int_equal(cx_authorized_open(NULL, "keys", &keys, NULL), COAX_OK);
    (void)snprintf(text, sizeof text, "%s bobby\n", id_of(1));
    write_keys("keys", text);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(cx_authorized_refresh(keys, NULL, NULL), COAX_OK);
    assert_string_equal(principal_of(keys, 1), "bobby");
    assert_int_equal(chdir(before), 0);
    cx_authorized_close(keys);
}

static void opening_needs_a_good_file(void **state)
{
    coax_error error = COAX_ERROR_INIT;
    cx_authorized *keys = NULL;
    assert_int_equal(cx_authorized_open(NULL, scratch_path(state, "none"), &keys, &error),
                     COAX_ERR_NOT_FOUND);
    write_keys(scratch_path(state, "keys"), "nonsense");
    assert_int_equal(cx_authorized_open(NULL, scratch_path(state, "keys"), &keys, &error),
                     COAX_ERR_BAD_MESSAGE);
    assert_null(keys);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_gives_a_key_its_principal_and_roles),
        cmocka_unit_test(an_empty_text_lets_nobody_in),
        cmocka_unit_test(damaged_lines_are_named),
        cmocka_unit_test(one_key_has_one_line),
        cmocka_unit_test(names_and_their_number_are_bounded),
        cmocka_unit_test(a_large_file_is_an_index),
        cmocka_unit_test(missing_memory_is_an_error_at_every_step),
        IN_A_FOLDER(a_changed_file_is_read_again),
        IN_A_FOLDER(two_quick_changes_are_both_seen),
        IN_A_FOLDER(a_bad_file_keeps_the_table_and_is_told_once),
        IN_A_FOLDER(a_folder_put_right_is_noticed_without_a_new_file),
        IN_A_FOLDER(a_relative_path_is_kept_when_the_process_moves),
        IN_A_FOLDER(opening_needs_a_good_file),
    };
    return cmocka_run_group_tests_name("authorized keys", tests, NULL, NULL);
}
