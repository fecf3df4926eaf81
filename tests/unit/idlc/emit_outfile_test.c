/*
 * Files that change on disk only if their text does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "emit/outfile.h"

typedef struct fixture {
    idl_arena arena;
    char folder[64];
    char path[96];
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    snprintf(f->folder, sizeof f->folder, "/tmp/coax-outfile-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    snprintf(f->path, sizeof f->path, "%s/out.h", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    (void)unlink(f->path);
    (void)rmdir(f->path);
    int result = rmdir(f->folder); /* nothing else is left behind */
    idl_arena_deinit(&f->arena);
    free(f);
    return result;
}

static bool write_file(fixture *f, idl_outfile *file, const char *text, bool is_check)
{
    idl_outfile_open(file, &f->arena, f->path, is_check);
    for (const char *line = text; *line != '\0';) { /* line by line, as a printer may */
        size_t len = (size_t)(strchr(line, '\n') - line) + 1;
        idl_outfile_write(file, line, len);
        line += len;
    }
    return idl_outfile_close(file);
}

static void assert_content(const fixture *f, const char *text)
{
    char found[256] = { 0 };
    FILE *file = fopen(f->path, "r");
    assert_non_null(file);
    (void)fread(found, 1, sizeof found - 1, file);
    fclose(file);
    assert_string_equal(found, text);
}

static ino_t inode_of(const fixture *f)
{
    struct stat status;
    assert_int_equal(stat(f->path, &status), 0);
    return status.st_ino;
}

static void a_new_file_is_written(void **state)
{
    fixture *f = *state;
    idl_outfile file;
    assert_true(write_file(f, &file, "one\ntwo\n", false));
    assert_true(file.differs);
    assert_content(f, "one\ntwo\n");
}

static void an_equal_file_stays_the_same_file(void **state)
{
    fixture *f = *state;
    idl_outfile file;
    assert_true(write_file(f, &file, "one\ntwo\n", false));
    ino_t before = inode_of(f);
    assert_true(write_file(f, &file, "one\ntwo\n", false));
    assert_false(file.differs);
    assert_int_equal(inode_of(f), before);
}

static void any_difference_replaces_the_file(void **state)
{
    static const char *const others[] = { "one\nTwo\n", "one\n", "one\ntwo\nthree\n", "Xne\ntwo\n",
                                          "" };
    fixture *f = *state;
    idl_outfile file;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_true(write_file(f, &file, "one\ntwo\n", false));
        assert_true(write_file(f, &file, others[i], false));
        assert_true(file.differs);
        assert_content(f, others[i]);
    }
}

static void check_mode_names_the_first_line_that_differs(void **state)
{
    fixture *f = *state;
    idl_outfile file;
    assert_true(write_file(f, &file, "one\ntwo\nthree\n", false));
    assert_true(write_file(f, &file, "one\nTWO\nthree\n", true));
    assert_true(file.differs);
    assert_int_equal(file.line, 2);
    assert_string_equal(file.there, "two");
    assert_string_equal(file.wanted, "TWO");
    assert_content(f, "one\ntwo\nthree\n");
    assert_true(write_file(f, &file, "one\ntwo\n", true));
    assert_int_equal(file.line, 3);
    assert_string_equal(file.there, "three");
}

static void check_mode_finds_a_missing_file_and_makes_none(void **state)
{
    fixture *f = *state;
    idl_outfile file;
    assert_true(write_file(f, &file, "one\n", true));
    assert_true(file.is_missing);
    assert_int_equal(access(f->path, F_OK), -1);
}

static void a_folder_in_the_way_is_an_error_and_leaves_nothing_behind(void **state)
{
    fixture *f = *state;
    idl_outfile file;
    assert_int_equal(mkdir(f->path, 0777), 0);
    assert_false(write_file(f, &file, "one\n", false));
    assert_int_equal(file.error, EISDIR);
}

static void folders_are_made_with_those_above_them(void **state)
{
    fixture *f = *state;
    char deep[160];
    snprintf(deep, sizeof deep, "%s/a/b//c", f->folder);
    assert_true(idl_make_folders(&f->arena, deep));
    assert_true(idl_make_folders(&f->arena, deep));
    idl_outfile file;
    assert_true(write_file(f, &file, "one\n", false));
    snprintf(deep, sizeof deep, "%s/x", f->path);
    assert_false(idl_make_folders(&f->arena, deep));
    assert_int_equal(errno, ENOTDIR);
    snprintf(deep, sizeof deep, "%s/a/b/c", f->folder);
    assert_int_equal(rmdir(deep), 0);
    deep[strlen(deep) - 2] = '\0';
    assert_int_equal(rmdir(deep), 0);
    deep[strlen(deep) - 2] = '\0';
    assert_int_equal(rmdir(deep), 0);
}

static void a_pipe_or_device_is_written_and_stays_what_it_is(void **state)
{
    fixture *f = *state;
    idl_outfile file;
    struct stat status;
    char found[16] = { 0 };
    assert_int_equal(mkfifo(f->path, 0600), 0);
    int reader = open(f->path, O_RDONLY | O_NONBLOCK);

    assert_true(write_file(f, &file, "one\n", false));
    assert_int_equal(read(reader, found, sizeof found - 1), 4);
    assert_string_equal(found, "one\n");
    assert_int_equal(stat(f->path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));

    assert_false(write_file(f, &file, "one\n", true));
    assert_int_equal(file.error, EINVAL);
    close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_file_is_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_equal_file_stays_the_same_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_difference_replaces_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(check_mode_names_the_first_line_that_differs, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(check_mode_finds_a_missing_file_and_makes_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_folder_in_the_way_is_an_error_and_leaves_nothing_behind,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pipe_or_device_is_written_and_stays_what_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(folders_are_made_with_those_above_them, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
