/*
 * OPAQUE without the memory that Argon2id takes: an error with a name, never a weaker hash. A program of its own, because neither
 * sanitizers nor valgrind live where memory is limited.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "opaque_pair.h"
#include "scratch.h"

#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED true
#endif
#elif defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define IS_SANITIZED true
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED false
#endif

/* In a process of its own, which is allowed no more memory. */
static int log_in_without_memory(void *argument)
{
    opaque_pair *pair = argument;
    const struct rlimit none = { 1 << 20, 1 << 20 };
    coax_error error = COAX_ERROR_INIT;
    if (setrlimit(RLIMIT_AS, &none) != 0)
        return 100;
    coax_err err = cx_opaque_finish(&pair->login, pair->password, &pair->names, &pair->stretch,
                                    pair->ke2, &pair->result, &error);
    return err == COAX_ERR_NO_MEMORY && strstr(error.text, "1048576 KiB") != NULL ? 0 : 1;
}

static void argon2ids_lack_of_memory_is_an_error(void **state)
{
    opaque_pair pair;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    pair.stretch = (cx_opaque_stretch){ { 1048576, 1 }, false };
    if (IS_SANITIZED) {
        print_message("skipped: sanitizers end a process whose memory is limited\n");
        skip();
    }
    assert_int_equal(scratch_run(log_in_without_memory, &pair), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(argon2ids_lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
