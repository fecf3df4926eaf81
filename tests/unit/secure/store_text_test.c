/*
 * The store's text, damaged in every way: cut anywhere, every bit turned, lines lost, doubled and exchanged. What is damaged is refused
 * with the number of its line, or it is a role, which anybody may edit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "secure/store_text.h"
#include "store_people.h"

enum { TEXT_MAX = 4096 };

static const uint8_t check_key[CX_STORE_CHECK_KEY] = { 7, 7, 7 };
static const uint8_t hash_key[CX_SIPHASH_KEY] = { 1 };
static const char *const names[] = { "alice", "bob of \xc3\x85rhus", "carol" };
static const char *const of_alice[] = { "reader", "writer", NULL };
static const char *const *const roles[] = { of_alice, NULL, of_alice + 1 };

/* A file of three users. */
typedef struct sample {
    char text[TEXT_MAX];
    size_t len;
} sample;

static void put(cx_user_table *table, const coax_user *user)
{
    coax_str list[8];
    size_t n = 0;
    for (; user->roles != NULL && user->roles[n] != NULL; n++)
        list[n] = (coax_str){ user->roles[n], strlen(user->roles[n]) };
    const cx_user_text text = { { user->name, strlen(user->name) }, list, n, user->record };
    cx_user_entry *entry = cx_user_entry_create(NULL, &text);
    assert_non_null(entry);
    assert_int_equal(cx_user_table_reserve(table), COAX_OK);
    cx_user_table_put(table, entry);
}

static sample print_three(void)
{
    const cx_store_change nothing = { NULL, NULL };
    sample s = { { 0 }, 0 };
    cx_user_table table;
    char *text = NULL;
    cx_user_table_init(&table, NULL, hash_key);
    for (unsigned i = 0; i < 3; i++) {
        coax_user user = people_made_up(names[i], roles[i], i);
        put(&table, &user);
    }
    assert_int_equal(
        cx_store_text_print(&table, &nothing, &people_cost, check_key, NULL, &text, &s.len, NULL),
        COAX_OK);
    assert_true(s.len < TEXT_MAX);
    memcpy(s.text, text, s.len);
    free(text);
    cx_user_table_deinit(&table);
    return s;
}

/* Read from a block of exactly its size, so that a byte too many is seen. */
static coax_err read_text(const char *text, size_t len, cx_user_table *table, coax_error *error)
{
    coax_password_cost cost;
    char *exact = malloc(len > 0 ? len : 1);
    assert_non_null(exact);
    memcpy(exact, text, len);
    *error = (coax_error)COAX_ERROR_INIT;
    cx_user_table_init(table, NULL, hash_key);
    coax_err err = cx_store_text_read("a/path", exact, len, check_key, table, &cost, error);
    free(exact);
    if (err == COAX_OK) {
        assert_int_equal(cost.memory_kib, people_cost.memory_kib);
        assert_int_equal(cost.passes, people_cost.passes);
    }
    return err;
}

static unsigned line_of(const sample *s, size_t at)
{
    unsigned line = 1;
    for (size_t i = 0; i < at; i++)
        line += s->text[i] == '\n';
    return line;
}

static void names_line(const coax_error *error, unsigned line)
{
    char wanted[32];
    (void)snprintf(wanted, sizeof wanted, "a/path:%u: ", line);
    if (strncmp(error->text, wanted, strlen(wanted)) != 0)
        fail_msg("wanted %s and got %s", wanted, error->text);
}

static void must_refuse(const char *text, size_t len, unsigned line)
{
    cx_user_table table;
    coax_error error;
    coax_err err = read_text(text, len, &table, &error);
    cx_user_table_deinit(&table);
    if (err != COAX_ERR_BAD_MESSAGE)
        fail_msg("not refused: %.*s", (int)len, text);
    names_line(&error, line);
}

/* All users are there with their records, whatever their roles. */
static void has_three(const cx_user_table *table)
{
    assert_int_equal(table->n_list, 3);
    for (unsigned i = 0; i < 3; i++) {
        const coax_str name = { names[i], strlen(names[i]) };
        const cx_user_entry *entry = cx_user_table_find(table, name);
        coax_user wanted = people_made_up(names[i], NULL, i);
        assert_non_null(entry);
        assert_memory_equal(entry->user.record, wanted.record, COAX_RECORD_BYTES);
    }
}

static void what_is_printed_reads_as_it_was(void **state)
{
    sample s = print_three();
    cx_user_table table;
    coax_error error;
    (void)state;
    assert_int_equal(read_text(s.text, s.len, &table, &error), COAX_OK);
    has_three(&table);
    const cx_user_entry *alice = table.list[0];
    assert_string_equal(alice->user.roles[0], "reader");
    assert_string_equal(alice->user.roles[1], "writer");
    assert_null(alice->user.roles[2]);
    assert_null(table.list[1]->user.roles[0]);
    cx_user_table_deinit(&table);
}

static void a_file_cut_anywhere_is_refused_with_the_line(void **state)
{
    sample s = print_three();
    (void)state;
    for (size_t len = 0; len < s.len; len++)
        must_refuse(s.text, len, line_of(&s, len));
}

static void every_line_cut_anywhere_is_refused_with_its_number(void **state)
{
    sample s = print_three(), cut;
    (void)state;
    for (size_t from = 0; from < s.len; from++) {
        size_t end = from;
        while (s.text[end] != '\n')
            end++;
        if (end == from)
            continue;
        memcpy(cut.text, s.text, from);
        memcpy(cut.text + from, s.text + end, s.len - end);
        cut.len = s.len - (end - from);
        must_refuse(cut.text, cut.len, line_of(&s, from));
    }
}

/* Whether a byte belongs to a role: behind two tabs of a user's line, with two more to come. */
static bool is_role(const sample *s, size_t at)
{
    size_t before = 0, behind = 0;
    for (size_t i = at; i > 0 && s->text[i - 1] != '\n'; i--)
        before += s->text[i - 1] == '\t';
    for (size_t i = at; s->text[i] != '\n'; i++)
        behind += s->text[i] == '\t';
    return before >= 2 && behind >= 2;
}

static void every_turned_bit_is_refused_with_its_line_unless_it_is_a_roles(void **state)
{
    sample s = print_three();
    size_t n_read = 0;
    (void)state;
    for (size_t bit = 0; bit < 8 * s.len; bit++) {
        cx_user_table table;
        coax_error error;
        s.text[bit / 8] ^= (char)(1 << (bit % 8));
        coax_err err = read_text(s.text, s.len, &table, &error);
        s.text[bit / 8] ^= (char)(1 << (bit % 8));
        if (err == COAX_OK) {
            if (!is_role(&s, bit / 8))
                fail_msg("byte %zu may be changed: %.20s", bit / 8, s.text + bit / 8);
            has_three(&table);
            n_read++;
        } else {
            assert_true(err == COAX_ERR_BAD_MESSAGE ||
                        (err == COAX_ERR_NOT_SUPPORTED && bit < 8 * 12));
            names_line(&error, line_of(&s, bit / 8));
        }
        cx_user_table_deinit(&table);
    }
    assert_true(n_read > 0);
}

/* Puts the lines of the sample together in another order; 0 ends it. */
static sample compose(const sample *s, const unsigned *order)
{
    sample out = { { 0 }, 0 };
    for (; *order != 0; order++) {
        const char *at = s->text;
        for (unsigned line = 1; line < *order; line++)
            at = strchr(at, '\n') + 1;
        size_t len = (size_t)(strchr(at, '\n') - at) + 1;
        memcpy(out.text + out.len, at, len);
        out.len += len;
    }
    return out;
}

static void lines_that_are_lost_or_doubled_are_refused_and_their_order_is_free(void **state)
{
    static const struct {
        unsigned order[8];
        unsigned line; /* 0: read */
    } rows[] = {
        { { 1, 4, 2, 3, 5, 0 }, 0 },
        { { 1, 2, 3, 5, 0 }, 4 },
        { { 1, 2, 3, 4, 0 }, 5 },
        { { 1, 2, 3, 3, 4, 5, 0 }, 4 },
        { { 2, 3, 4, 5, 0 }, 1 },
        { { 1, 1, 2, 3, 4, 5, 0 }, 2 },
        { { 1, 2, 3, 4, 5, 5, 0 }, 6 },
        { { 1, 2, 3, 4, 5, 2, 0 }, 6 },
        { { 1, 0 }, 2 },
    };
    sample s = print_three();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sample other = compose(&s, rows[i].order);
        cx_user_table table;
        coax_error error;
        if (rows[i].line != 0) {
            must_refuse(other.text, other.len, rows[i].line);
            continue;
        }
        assert_int_equal(read_text(other.text, other.len, &table, &error), COAX_OK);
        has_three(&table);
        cx_user_table_deinit(&table);
    }
}

/* A record that stands behind another's name would not log in; the check says so at once. */
static void a_record_moved_to_another_name_is_refused(void **state)
{
    sample s = print_three();
    char *name = strstr(s.text, "carol");
    (void)state;
    assert_non_null(name);
    memcpy(name, "carla", 5);
    must_refuse(s.text, s.len, 4);
}

static void other_text_files_are_refused_at_line_1(void **state)
{
    static const char *const texts[] = {
        "alice:x:1000\n",
        "coax-users\n",
        "coax-users 01 argon2id memory_kib=8192 passes=1 check=aaaaaaaaaaaa\nend\t0\n",
        "coax-users 1 argon2id memory_kib=8192 passes=1 check=aaaaaaaaaaaa\nend\t0\n",
        "coax-users 1 argon2id memory_kib=99999999999 passes=1\nend\t0\n",
        "coax-users 1 argon2id memory_kib=1 passes=1\nend\t0\n",
        "coax-users 1 argon2id memory_kib=0 passes=0\nend\t0\n",
        "coax-users 1 scrypt\n",
        "\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        must_refuse(texts[i], strlen(texts[i]), 1);
}

static void a_later_version_is_named(void **state)
{
    static const char text[] = "coax-users 2 whatever\n";
    cx_user_table table;
    coax_error error;
    (void)state;
    assert_int_equal(read_text(text, strlen(text), &table, &error), COAX_ERR_NOT_SUPPORTED);
    names_line(&error, 1);
}

static void every_turned_bit_and_every_cut_of_a_secret_is_refused(void **state)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES], read[COAX_STORE_SECRET_BYTES];
    char text[CX_STORE_SECRET_TEXT];
    coax_error error = COAX_ERROR_INIT;
    (void)state;
    coax_store_secret_generate(secret);
    cx_store_secret_print(secret, text);
    assert_int_equal(cx_store_secret_read("a/path", text, sizeof text, read, NULL), COAX_OK);
    assert_memory_equal(secret, read, sizeof secret);
    for (size_t bit = 0; bit < 8 * sizeof text; bit++) {
        text[bit / 8] ^= (char)(1 << (bit % 8));
        coax_err err = cx_store_secret_read("a/path", text, sizeof text, read, &error);
        text[bit / 8] ^= (char)(1 << (bit % 8));
        assert_true(err == COAX_ERR_BAD_MESSAGE || err == COAX_ERR_NOT_SUPPORTED);
        names_line(&error, 1);
    }
    for (size_t len = 0; len < sizeof text; len++)
        assert_int_equal(cx_store_secret_read("a/path", text, len, read, NULL),
                         COAX_ERR_BAD_MESSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_reads_as_it_was),
        cmocka_unit_test(a_file_cut_anywhere_is_refused_with_the_line),
        cmocka_unit_test(every_line_cut_anywhere_is_refused_with_its_number),
        cmocka_unit_test(every_turned_bit_is_refused_with_its_line_unless_it_is_a_roles),
        cmocka_unit_test(lines_that_are_lost_or_doubled_are_refused_and_their_order_is_free),
        cmocka_unit_test(a_record_moved_to_another_name_is_refused),
        cmocka_unit_test(other_text_files_are_refused_at_line_1),
        cmocka_unit_test(a_later_version_is_named),
        cmocka_unit_test(every_turned_bit_and_every_cut_of_a_secret_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
