/* The arena, interned names, and sources with their lines. */
#include "front_support.h"

#include "grammar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void the_arena_hands_out_cleared_memory_of_any_size(void **state)
{
    (void)state;
    idl_arena arena;
    idl_arena_init(&arena);
    for (size_t size = 0; size < 5000000; size = size * 3 + 1) {
        unsigned char *memory = idl_arena_alloc(&arena, size);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xaa, size);
    }
    idl_arena_deinit(&arena);
    idl_arena_deinit(&arena); /* a second time is harmless */
}

static void an_array_in_the_arena_grows_and_keeps_its_items(void **state)
{
    (void)state;
    idl_arena arena;
    idl_arena_init(&arena);
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        items = idl_arena_grow(&arena, items, (size_t)i, &capacity, sizeof *items);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    idl_arena_deinit(&arena);
}

static void equal_words_are_one_pointer(void **state)
{
    (void)state;
    bed *b = bed_empty();
    const char *first = idl_names_intern(&b->sources.names, "amount and more", 6);
    assert_string_equal(first, "amount");
    for (int i = 0; i < 5000; i++) {
        char word[16];
        int len = snprintf(word, sizeof word, "w%d", i);
        idl_names_intern(&b->sources.names, word, (size_t)len);
    }
    assert_ptr_equal(idl_names_intern(&b->sources.names, "amount", 6), first);
    assert_ptr_not_equal(idl_names_intern(&b->sources.names, "Amount", 6), first);
    bed_done(b);
}

static void a_keyword_is_told_by_the_same_look_up(void **state)
{
    (void)state;
    bed *b = bed_empty();
    int token;
    idl_names_intern_word(&b->sources.names, "struct", 6, &token);
    assert_int_equal(token, TOK_STRUCT);
    idl_names_intern_word(&b->sources.names, "structs", 7, &token);
    assert_int_equal(token, 0);
    bed_done(b);
}

static idl_place place_at(bed *b, uint32_t offset)
{
    return idl_source_locate(&b->sources, b->sources.items[0], offset);
}

static void columns_count_characters_and_lines_count_newlines(void **state)
{
    (void)state;
    bed *b = bed_empty();
    idl_source *source;
    const char text[] = "ab\n\xC3\xA4x\r\n\ny";
    assert_int_equal(idl_source_from_memory(&b->sources, "t", text, sizeof text - 1, &source), 0);
    assert_int_equal(place_at(b, 0).line, 1);
    assert_int_equal(place_at(b, 2).column, 3); /* the newline belongs to its line */
    assert_int_equal(place_at(b, 3).line, 2);
    assert_int_equal(place_at(b, 5).column, 2); /* behind a character of two bytes */
    assert_int_equal(place_at(b, 9).line, 4);
    assert_int_equal(place_at(b, 1000).line, 4);
    uint32_t len;
    const char *line = idl_source_line(&b->sources, source, 2, &len);
    assert_int_equal(len, 3); /* without the line end, \r included */
    assert_memory_equal(line, "\xC3\xA4x", 3);
    idl_source_line(&b->sources, source, 5, &len);
    assert_int_equal(len, 0);
    bed_done(b);
}

static void a_span_knows_its_file(void **state)
{
    (void)state;
    bed *b = bed_empty();
    idl_source *sources[3];
    const char *const texts[] = { "namespace a;\n", "", "const u32 = 1;\n" };
    for (size_t i = 0; i < 3; i++) {
        idl_source_from_memory(&b->sources, "t", texts[i], strlen(texts[i]), &sources[i]);
        idl_parse(&b->sources, sources[i], &b->diag);
    }
    for (size_t i = 0; i < 3; i++) {
        idl_span start = idl_source_start(sources[i]);
        idl_span end = { .start = start.start + sources[i]->len, .end = start.start };
        assert_ptr_equal(idl_source_of(&b->sources, start), sources[i]);
        assert_ptr_equal(idl_source_of(&b->sources, end), sources[i]);
        assert_int_equal(idl_source_locate(&b->sources, sources[i], start.start).column, 1);
    }
    assert_null(idl_source_of(&b->sources, IDL_SPAN_NONE));
    assert_int_equal(b->diag.count, 1);
    const idl_report *report = b->diag.reports[0];
    assert_ptr_equal(idl_source_of(&b->sources, report->span), sources[2]);
    assert_memory_equal(idl_source_text(sources[2], report->span), "= 1;", 4);
    bed_done(b);
}

static void make_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void a_file_named_by_two_paths_is_one_source(void **state)
{
    (void)state;
    char folder[] = "/tmp/idlc_front_XXXXXX";
    assert_non_null(mkdtemp(folder));
    char plain[64];
    char detour[64];
    snprintf(plain, sizeof plain, "%s/a.idl", folder);
    snprintf(detour, sizeof detour, "%s/./a.idl", folder);
    make_file(plain, "namespace a;\n");
    bed *b = bed_empty();
    idl_source *first;
    idl_source *second;
    assert_int_equal(idl_source_open(&b->sources, plain, &first), IDL_OPEN_OK);
    assert_int_equal(idl_source_open(&b->sources, detour, &second), IDL_OPEN_OK);
    assert_ptr_equal(first, second);
    assert_string_equal(first->text, "namespace a;\n");
    unlink(plain);
    assert_int_equal(idl_source_open(&b->sources, plain, &first), IDL_OPEN_MISSING);
    assert_int_equal(idl_source_open(&b->sources, folder, &first), IDL_OPEN_UNREADABLE);
    rmdir(folder);
    bed_done(b);
}

static void a_file_over_four_mebibytes_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/idlc_front_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    bed *b = bed_empty();
    idl_source *source;
    assert_int_equal(ftruncate(fd, IDL_SOURCE_MAX_BYTES), 0);
    assert_int_equal(idl_source_open(&b->sources, path, &source), IDL_OPEN_OK);
    assert_int_equal(source->len, IDL_SOURCE_MAX_BYTES);
    bed_done(b);
    b = bed_empty();
    assert_int_equal(ftruncate(fd, IDL_SOURCE_MAX_BYTES + 1), 0);
    assert_int_equal(idl_source_open(&b->sources, path, &source), IDL_OPEN_TOO_LARGE);
    /* A device says it is empty, and never ends. */
    assert_int_equal(idl_source_open(&b->sources, "/dev/zero", &source), IDL_OPEN_TOO_LARGE);
    close(fd);
    unlink(path);
    bed_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_arena_hands_out_cleared_memory_of_any_size),
        cmocka_unit_test(an_array_in_the_arena_grows_and_keeps_its_items),
        cmocka_unit_test(equal_words_are_one_pointer),
        cmocka_unit_test(a_keyword_is_told_by_the_same_look_up),
        cmocka_unit_test(columns_count_characters_and_lines_count_newlines),
        cmocka_unit_test(a_span_knows_its_file),
        cmocka_unit_test(a_file_named_by_two_paths_is_one_source),
        cmocka_unit_test(a_file_over_four_mebibytes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
