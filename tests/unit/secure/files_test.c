/*
 * Files that are replaced under a lock, beside others that are replaced at the same time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"
#include "secure/files.h"

/* Two files whose long names differ at the end alone. */
typedef struct pair {
    char paths[2][600];
} pair;

static bool is_all(const cx_file_text *text, char letter)
{
    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] != letter)
            return false;
    return true;
}

/* Replaces one of them again and again, and looks whether it has what was written to it. */
static int replace_own(void *argument, unsigned number)
{
    const pair *p = argument;
    const char letter = (char)('a' + number);
    char own[4096];
    bool is_good = true;
    memset(own, letter, sizeof own);
    for (unsigned i = 0; i < 100 && is_good; i++) {
        cx_file_lock lock;
        cx_file_text text;
        if (cx_file_lock_take(p->paths[number], CX_FILE_TRUSTED, true, &lock, NULL) != COAX_OK)
            return 1;
        is_good = cx_file_lock_load(&lock, sizeof own, &text, NULL) == COAX_OK;
        if (is_good) {
            is_good = is_all(&text, letter);
            cx_file_text_deinit(&text);
        }
        is_good = is_good && cx_file_lock_replace(&lock, own, sizeof own, NULL, NULL) == COAX_OK;
        cx_file_lock_release(&lock);
    }
    return is_good ? 0 : 1;
}

static void files_with_long_names_that_begin_alike_do_not_meet(void **state)
{
    pair p;
    char name[101];
    for (unsigned i = 0; i < 2; i++) {
        memset(name, 'x', sizeof name - 1);
        name[sizeof name - 2] = (char)('0' + i);
        name[sizeof name - 1] = '\0';
        (void)snprintf(p.paths[i], sizeof p.paths[i], "%s", scratch_path(state, name));
    }
    assert_int_equal(scratch_race(2, replace_own, &p), 0);
    assert_int_equal(scratch_count(*state), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_with_long_names_that_begin_alike_do_not_meet,
                                        scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
