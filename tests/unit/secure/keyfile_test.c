/*
 * Key files: what is written, what is refused, and who wins when many make one.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"
#include "secure/key.h"
#include "secure/keyfile.h"

/* A key file that is as it should be. Returns the length of its text, in `text`. */
static size_t write_good(const char *path, char text[CX_KEYFILE_SIZE])
{
    coax_key *key = NULL;
    assert_int_equal(coax_key_generate(&key, NULL), COAX_OK);
    size_t len = cx_keyfile_print(key, text);
    scratch_write(path, text, len, 0600);
    coax_key_free(key);
    return len;
}

static void expect_refused(const char *path, coax_err code, const char *words)
{
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    coax_err err = coax_key_load(path, &key, &error);
    if (err != code || strstr(error.text, words) == NULL)
        print_error("%s: %s\n", coax_err_name(err), error.text);
    assert_int_equal(err, code);
    assert_int_equal(error.code, code);
    assert_non_null(strstr(error.text, words));
    assert_null(key);
}

static void a_key_file_explains_itself_and_reads_back(void **state)
{
    const char *path = scratch_path(state, "key");
    coax_key *key = NULL;
    coax_key *again = NULL;
    char text[1024];
    char id[COAX_ID_SIZE];
    (void)umask(0);
    assert_int_equal(coax_key_generate(&key, NULL), COAX_OK);
    assert_int_equal(coax_key_save(key, path, NULL), COAX_OK);
    assert_int_equal(scratch_mode(path), 0600);
    (void)scratch_read(path, text, sizeof text);
    assert_int_equal(
        strncmp(text, "coax-key 1 secret: who can read this file can pass as the id", 60), 0);
    coax_key_id(key, id);
    assert_non_null(strstr(text, id));
    assert_int_equal(coax_key_load(path, &again, NULL), COAX_OK);
    assert_true(cx_key_same(cx_key_secret(key), cx_key_secret(again)));
    assert_int_equal(scratch_count(*state), 1);
    coax_key_free(key);
    coax_key_free(again);
}

static void a_key_is_saved_whatever_the_umask(void **state)
{
    const char *path = scratch_path(state, "key");
    coax_key *key = NULL;
    mode_t before = umask(0777);
    assert_int_equal(coax_key_generate(&key, NULL), COAX_OK);
    assert_int_equal(coax_key_save(key, path, NULL), COAX_OK);
    (void)umask(before);
    assert_int_equal(scratch_mode(path), 0600);
    coax_key_free(key);
}

static void nothing_is_ever_written_over(void **state)
{
    const char *taken = scratch_path(state, "taken");
    const char *link_name = scratch_path(state, "link");
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    char text[64];
    scratch_write(taken, "mine", 4, 0644);
    assert_int_equal(symlink(scratch_path(state, "elsewhere"), link_name), 0);
    assert_int_equal(coax_key_generate(&key, NULL), COAX_OK);
    assert_int_equal(coax_key_save(key, taken, &error), COAX_ERR_ALREADY_EXISTS);
    assert_non_null(strstr(error.text, "taken: exists already"));
    assert_int_equal(scratch_read(taken, text, sizeof text), 4);
    /* A link that somebody laid there does not lead the key elsewhere. */
    assert_int_equal(coax_key_save(key, link_name, &error), COAX_ERR_ALREADY_EXISTS);
    assert_int_equal(coax_key_save(key, *state, &error), COAX_ERR_ALREADY_EXISTS);
    assert_int_equal(scratch_count(*state), 2);
    coax_key_free(key);
}

static void a_file_that_others_may_touch_is_refused(void **state)
{
    static const unsigned modes[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666, 0777 };
    const char *path = scratch_path(state, "key");
    char text[CX_KEYFILE_SIZE];
    (void)write_good(path, text);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(path, (mode_t)modes[i]), 0);
        expect_refused(path, COAX_ERR_BAD_KEY, "chmod 600");
    }
    coax_key *key = NULL;
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(coax_key_load(path, &key, NULL), COAX_OK);
    coax_key_free(key);
}

static void a_folder_that_everybody_may_write_is_refused(void **state)
{
    const char *folder = scratch_path(state, "open");
    const char *path = scratch_path(state, "open/key");
    char text[CX_KEYFILE_SIZE];
    coax_key *key = NULL;
    assert_int_equal(mkdir(folder, 0700), 0);
    (void)write_good(path, text);
    assert_int_equal(chmod(folder, 0777), 0);
    expect_refused(path, COAX_ERR_BAD_KEY, "everybody may put files into its folder");
    assert_int_equal(chmod(folder, 01777), 0); /* as /tmp */
    assert_int_equal(coax_key_load(path, &key, NULL), COAX_OK);
    coax_key_free(key);
}

static void a_link_into_a_folder_that_everybody_may_write_is_refused(void **state)
{
    const char *folder = scratch_path(state, "open");
    char text[CX_KEYFILE_SIZE];
    assert_int_equal(mkdir(folder, 0700), 0);
    (void)write_good(scratch_path(state, "open/key"), text);
    assert_int_equal(symlink("open/key", scratch_path(state, "key")), 0);
    assert_int_equal(chmod(folder, 0777), 0);
    expect_refused(scratch_path(state, "key"), COAX_ERR_BAD_KEY, "open/key: everybody may put");
}

static void a_file_of_another_user_is_refused(void **state)
{
    const char *path = scratch_path(state, "key");
    char text[CX_KEYFILE_SIZE];
    if (getuid() != 0)
        return; /* only root can give files away */
    (void)write_good(path, text);
    assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
    expect_refused(path, COAX_ERR_BAD_KEY, "belongs to user 12345");
}

static void what_is_no_regular_file_is_refused_without_waiting(void **state)
{
    const char *path = scratch_path(state, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_refused(path, COAX_ERR_BAD_KEY, "is no regular file");
    expect_refused(*state, COAX_ERR_BAD_KEY, "is no regular file");
    expect_refused("/dev/zero", COAX_ERR_BAD_KEY, "is no regular file");
    expect_refused(scratch_path(state, "none"), COAX_ERR_NOT_FOUND, "none: can't open it");
    expect_refused("", COAX_ERR_NOT_FOUND, "can't open it");
}

static void a_symbolic_link_to_a_good_file_is_followed(void **state)
{
    char text[CX_KEYFILE_SIZE];
    coax_key *key = NULL;
    (void)write_good(scratch_path(state, "real"), text);
    assert_int_equal(symlink("real", scratch_path(state, "key")), 0);
    assert_int_equal(coax_key_load(scratch_path(state, "key"), &key, NULL), COAX_OK);
    coax_key_free(key);
}

static void damaged_files_are_named_with_line_and_cure(void **state)
{
    const char *path = scratch_path(state, "key");
    static const struct {
        const char *text;
        const char *words;
    } rows[] = {
        { "", "is no key file of coax" },
        { "\n", "is no key file of coax" },
        { "-----BEGIN OPENSSH PRIVATE KEY-----\n", "'coax keygen' makes one" },
        { "coax-key\n", "has format ''" },
        { "coax-key 2 secret\n", "has format '2', and this version of coax reads format 1" },
        { "coax-key 1\n", "line 1: the file ends without an id" },
        { "coax-key 1\nid short\n", "line 2: is no id of 52" },
        { "coax-key 1\n\n# x\nsecret 00\n", "line 4: is no secret of 64 hex digits" },
        { "coax-key 1\nname x\n", "line 2: is neither 'id' nor 'secret'" },
        { "coax-key 1\nid a b\n", "line 2: has more than a name and a value" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        scratch_write(path, rows[i].text, strlen(rows[i].text), 0600);
        expect_refused(path, COAX_ERR_BAD_KEY, rows[i].words);
    }
    char large[CX_KEYFILE_MAX + 1];
    memset(large, '#', sizeof large);
    scratch_write(path, large, sizeof large, 0600);
    expect_refused(path, COAX_ERR_BAD_KEY, "at most 4096 are read");
}

/* Also shows that no part of the secret gets into words. */
static void every_cut_and_every_flipped_bit_is_noticed(void **state)
{
    char text[CX_KEYFILE_SIZE];
    char bad[CX_KEYFILE_SIZE];
    char secret[2 * COAX_KEY_BYTES + 1];
    char id[COAX_ID_SIZE];
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    size_t len = write_good(scratch_path(state, "key"), text);
    memcpy(secret, strstr(text, "\nsecret ") + 8, sizeof secret - 1);
    secret[8] = '\0';
    for (size_t cut = 0; cut + 1 < len; cut++) /* without the last line's end it is whole */
        assert_int_equal(cx_keyfile_parse("f", text, cut, &key, &error), COAX_ERR_BAD_KEY);
    size_t body = (size_t)(strchr(text, '\n') - text) + 1;
    for (size_t bit = body * 8; bit < (len - 1) * 8; bit++) {
        memcpy(bad, text, len);
        bad[bit / 8] = (char)(bad[bit / 8] ^ (1 << bit % 8));
        error.text[0] = '\0';
        if (cx_keyfile_parse("f", bad, len, &key, &error) == COAX_OK) {
            /* A hex digit's case, and bits that X25519 leaves out (RFC 7748, section 5): no other key. */
            assert_true(bit % 8 == 5 || bit / 8 < body + 4 + 52 + 8 + 2 || bit / 8 > len - 5);
            coax_key_id(key, id);
            assert_memory_equal(id, text + body + 3, COAX_ID_SIZE - 1);
            coax_key_free(key);
            key = NULL;
        }
        assert_null(strstr(error.text, secret));
    }
}

static void a_missing_key_is_made_with_its_folders(void **state)
{
    const char *path = scratch_path(state, "a/b//c/key");
    coax_error error = COAX_ERROR_INIT;
    coax_key *first = NULL;
    coax_key *second = NULL;
    bool is_created = false;
    (void)umask(0);
    assert_int_equal(coax_key_load_or_create(path, &first, &is_created, &error), COAX_OK);
    assert_true(is_created);
    assert_string_equal(error.text, "");
    assert_int_equal(scratch_mode(scratch_path(state, "a")), 0700);
    assert_int_equal(scratch_mode(scratch_path(state, "a/b/c")), 0700);
    assert_int_equal(coax_key_load_or_create(path, &second, &is_created, NULL), COAX_OK);
    assert_false(is_created);
    assert_true(cx_key_same(cx_key_secret(first), cx_key_secret(second)));
    coax_key_free(second);
    assert_int_equal(coax_key_load_or_create(path, &second, NULL, NULL), COAX_OK);
    coax_key_free(first);
    coax_key_free(second);
}

static void what_is_in_the_way_is_not_replaced(void **state)
{
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    scratch_write(scratch_path(state, "file"), "x", 1, 0600);
    assert_int_equal(coax_key_load_or_create(scratch_path(state, "file"), &key, NULL, &error),
                     COAX_ERR_BAD_KEY);
    assert_int_equal(coax_key_load_or_create(scratch_path(state, "file/key"), &key, NULL, &error),
                     COAX_ERR_SYSTEM);
    assert_int_equal(symlink("nowhere", scratch_path(state, "link")), 0);
    assert_int_equal(coax_key_load_or_create(scratch_path(state, "link"), &key, NULL, &error),
                     COAX_ERR_SYSTEM);
    assert_non_null(strstr(error.text, "is a symbolic link to nothing"));
    assert_null(key);
}

/* ---------------------------------------------------------------- processes */

typedef struct race {
    const char *path;
    const char *folder;
} race;

/* Writes down the id it got; 1: it made the key. */
static int create_and_tell(void *argument, unsigned number)
{
    const race *r = argument;
    coax_key *key = NULL;
    bool is_created = false;
    char name[600];
    char id[COAX_ID_SIZE];
    if (coax_key_load_or_create(r->path, &key, &is_created, NULL) != COAX_OK)
        return 100;
    coax_key_id(key, id);
    coax_key_free(key);
    (void)snprintf(name, sizeof name, "%s/got-%u", r->folder, number);
    FILE *file = fopen(name, "w");
    if (file == NULL || fputs(id, file) < 0 || fclose(file) != 0)
        return 100;
    return is_created ? 1 : 0;
}

static void processes_that_race_for_a_key_all_get_the_same(void **state)
{
    enum { N = 12, ROUNDS = 10 };
    char name[32];
    char first[COAX_ID_SIZE + 1];
    char id[COAX_ID_SIZE + 1];
    for (int round = 0; round < ROUNDS; round++) {
        (void)snprintf(name, sizeof name, "deep-%d/key", round);
        race r = { scratch_path(state, name), *state };
        assert_int_equal(scratch_race(N, create_and_tell, &r), 1);
        (void)scratch_read(scratch_path(state, "got-0"), first, sizeof first);
        for (int i = 1; i < N; i++) {
            (void)snprintf(name, sizeof name, "got-%d", i);
            (void)scratch_read(scratch_path(state, name), id, sizeof id);
            assert_string_equal(id, first);
        }
        (void)snprintf(name, sizeof name, "deep-%d", round);
        assert_int_equal(scratch_count(scratch_path(state, name)), 1);
    }
}

/* A file may grow to 100 bytes: what a full disk does, without one. */
static int save_on_a_full_disk(void *argument)
{
    const struct rlimit limit = { 100, 100 };
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 100;
    coax_err err = coax_key_load_or_create(argument, &key, NULL, &error);
    return err == COAX_ERR_SYSTEM && strstr(error.text, "can't write it") != NULL && key == NULL
               ? 0
               : 1;
}

static void a_full_disk_leaves_nothing_behind(void **state)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s", scratch_path(state, "key"));
    assert_int_equal(scratch_run(save_on_a_full_disk, path), 0);
    assert_int_equal(scratch_count(*state), 0);
}

static int load_what_may_not_be_read(void *argument)
{
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    coax_err err = coax_key_load_or_create(argument, &key, NULL, &error);
    return err == COAX_ERR_SYSTEM && strstr(error.text, "Permission denied") != NULL ? 0 : 1;
}

static void a_folder_that_may_not_be_entered_is_named(void **state)
{
    char path[600];
    const char *folder = scratch_path(state, "shut");
    (void)snprintf(path, sizeof path, "%s/key", folder);
    assert_int_equal(mkdir(folder, getuid() == 0 ? 0700 : 0), 0);
    assert_true(scratch_run_as_nobody(load_what_may_not_be_read, path) <= 0);
    assert_int_equal(chmod(folder, 0700), 0);
}

/* ---------------------------------------------------------------- where */

static void the_default_path_follows_the_environment(void **state)
{
    char path[64];
    (void)state;
    assert_int_equal(setenv("HOME", "/h", 1), 0);
    assert_int_equal(setenv("XDG_CONFIG_HOME", "/x", 1), 0);
    assert_int_equal(setenv("COAX_HOME", "c", 1), 0);
    assert_int_equal(coax_default_path("k", path, sizeof path), 3);
    assert_string_equal(path, "c/k");
    assert_int_equal(setenv("COAX_HOME", "", 1), 0);
    assert_int_equal(coax_default_path("k", path, sizeof path), 9);
    assert_string_equal(path, "/x/coax/k");
    assert_int_equal(setenv("XDG_CONFIG_HOME", "relative", 1), 0);
    assert_int_equal(coax_default_path("k", path, sizeof path), 17);
    assert_string_equal(path, "/h/.config/coax/k");
    assert_int_equal(coax_default_path("k", path, 4), 17);
    assert_string_equal(path, "/h/");
    assert_int_equal(coax_default_path("k", NULL, 0), 17);
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(coax_default_path("k", path, sizeof path), 0);
    assert_string_equal(path, "");
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_key_file_explains_itself_and_reads_back),
        IN_A_FOLDER(a_key_is_saved_whatever_the_umask),
        IN_A_FOLDER(nothing_is_ever_written_over),
        IN_A_FOLDER(a_file_that_others_may_touch_is_refused),
        IN_A_FOLDER(a_folder_that_everybody_may_write_is_refused),
        IN_A_FOLDER(a_link_into_a_folder_that_everybody_may_write_is_refused),
        IN_A_FOLDER(a_file_of_another_user_is_refused),
        IN_A_FOLDER(what_is_no_regular_file_is_refused_without_waiting),
        IN_A_FOLDER(a_symbolic_link_to_a_good_file_is_followed),
        IN_A_FOLDER(damaged_files_are_named_with_line_and_cure),
        IN_A_FOLDER(every_cut_and_every_flipped_bit_is_noticed),
        IN_A_FOLDER(a_missing_key_is_made_with_its_folders),
        IN_A_FOLDER(what_is_in_the_way_is_not_replaced),
        IN_A_FOLDER(processes_that_race_for_a_key_all_get_the_same),
        IN_A_FOLDER(a_full_disk_leaves_nothing_behind),
        IN_A_FOLDER(a_folder_that_may_not_be_entered_is_named),
        cmocka_unit_test(the_default_path_follows_the_environment),
    };
    return cmocka_run_group_tests_name("key files", tests, NULL, NULL);
}
