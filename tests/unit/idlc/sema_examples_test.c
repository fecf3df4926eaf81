/* The examples of the registry, compiled: each bad one earns its id and no other, each good one nothing. */
#include "sema_support.h"

#include <string.h>

static const char *name_of(size_t index)
{
    return idl_diag_info_of((idl_diag_id)index)->id;
}

/* Those that a command line earns are tried by the tests of the commands. */
static bool is_schema(const char *example)
{
    return example[0] != '$' && example[0] != '\0';
}

static sema_bed *compile(size_t index, const char *example)
{
    if (strcmp(name_of(index), "W0503") != 0)
        return sema_compile(example);
    /* The one that only -W asks for. */
    sema_bed *b = sema_empty();
    b->warn_unbounded = true;
    sema_add_file(b, "t.idl", example);
    sema_run(b);
    return b;
}

static void every_bad_example_earns_its_id_and_no_other(void **state)
{
    (void)state;
    size_t n_seen = 0;
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        const idl_diag_info *info = idl_diag_info_of((idl_diag_id)i);
        if (!is_schema(info->bad))
            continue;
        sema_bed *b = compile(i, info->bad);
        if (b->diag.count != 1 || sema_report(b, 0)->id != (idl_diag_id)i)
            fail_msg("the bad example of %s earns '%s'", info->id, sema_found(b));
        sema_done(b);
        n_seen++;
    }
    assert_true(n_seen > 80); /* so that a slip in is_schema can't empty this test */
}

static void every_good_example_earns_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < IDL_DIAG_COUNT; i++) {
        const idl_diag_info *info = idl_diag_info_of((idl_diag_id)i);
        if (!is_schema(info->good))
            continue;
        sema_bed *b = compile(i, info->good);
        if (b->diag.count != 0)
            fail_msg("the good example of %s earns '%s'", info->id, sema_found(b));
        sema_done(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bad_example_earns_its_id_and_no_other),
        cmocka_unit_test(every_good_example_earns_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
