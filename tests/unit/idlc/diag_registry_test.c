/* The registry of diagnostics: complete, in order, and its examples true. */
#include "front_support.h"

#include <string.h>

static const idl_diag_info *info_at(size_t index)
{
    return idl_diag_info_of((idl_diag_id)index);
}

static void ids_are_sorted_and_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        const char *id = info_at(i)->id;
        assert_int_equal(strlen(id), 5);
        assert_int_equal(strspn(id + 1, "0123456789"), 4);
        assert_int_equal(id[0], info_at(i)->severity == IDL_SEVERITY_ERROR ? 'E' : 'W');
        if (i > 0 && strcmp(info_at(i - 1)->id + 1, id + 1) >= 0)
            fail_msg("%s does not come before %s", info_at(i - 1)->id, id);
    }
}

static void slugs_are_unique_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        const char *slug = info_at(i)->slug;
        if (slug[0] == '\0' ||
            strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(slug))
            fail_msg("%s: '%s' is no slug", info_at(i)->id, slug);
        for (size_t k = i + 1; k < IDL_DIAG_COUNT; k++) {
            if (strcmp(slug, info_at(k)->slug) == 0)
                fail_msg("%s and %s are both '%s'", info_at(i)->id, info_at(k)->id, slug);
        }
    }
}

static void every_id_is_explained_with_two_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        const idl_diag_info *info = info_at(i);
        if (idl_diag_is_retired(info))
            continue;
        if (strlen(info->summary) < 10 || strlen(info->explain) < 20)
            fail_msg("%s says too little", info->id);
        if (info->summary[strlen(info->summary) - 1] == '.')
            fail_msg("%s: the summary ends in a full stop", info->id);
        if (info->bad[0] == '\0' || info->good[0] == '\0' || strcmp(info->bad, info->good) == 0)
            fail_msg("%s lacks an example", info->id);
    }
}

static void an_id_is_found_by_number_and_by_name(void **state)
{
    (void)state;
    assert_string_equal(idl_diag_info_find("e0102")->slug, "missing-semicolon");
    assert_string_equal(idl_diag_info_find("missing-semicolon")->id, "E0102");
    assert_null(idl_diag_info_find("E9999"));
    assert_null(idl_diag_info_find(""));
}

/* What the front end alone can say: E0010 to E01xx, and W0501. */
static bool is_ours(const idl_diag_info *info)
{
    bool is_lexical = strcmp(info->id, "E0010") >= 0 && strcmp(info->id, "E0200") < 0;
    return (is_lexical || strcmp(info->id, "W0501") == 0) && info->bad[0] != '$';
}

static void every_bad_example_earns_its_id_and_no_other(void **state)
{
    (void)state;
    size_t n_seen = 0;
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        const idl_diag_info *info = info_at(i);
        if (!is_ours(info))
            continue;
        bed *b = bed_parse(info->bad);
        if (b->diag.count != 1 || bed_report(b, 0)->id != (idl_diag_id)i)
            fail_msg("the bad example of %s earns '%s'", info->id, bed_found(b));
        bed_done(b);
        n_seen++;
    }
    assert_true(n_seen > 20);
}

static void every_good_example_earns_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        const idl_diag_info *info = info_at(i);
        if (!is_ours(info))
            continue;
        bed *b = bed_parse(info->good);
        if (b->diag.count != 0)
            fail_msg("the good example of %s earns '%s'", info->id, bed_found(b));
        bed_done(b);
    }
}

/* The one that needs a NUL, which no C string can hold. */
static void a_nul_byte_earns_its_id(void **state)
{
    (void)state;
    bed *b = bed_parse_bytes("namespace a;\0", 13);
    assert_string_equal(bed_found(b), "E0011 1:13");
    bed_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_sorted_and_unique),
        cmocka_unit_test(slugs_are_unique_words),
        cmocka_unit_test(every_id_is_explained_with_two_examples),
        cmocka_unit_test(an_id_is_found_by_number_and_by_name),
        cmocka_unit_test(every_bad_example_earns_its_id_and_no_other),
        cmocka_unit_test(every_good_example_earns_nothing),
        cmocka_unit_test(a_nul_byte_earns_its_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
