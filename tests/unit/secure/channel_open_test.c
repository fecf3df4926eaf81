/*
 * A channel opens: every pattern, every suite, every split of the bytes; what each side knows afterwards; and what stays
 * in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "twins.h"

static const cx_pattern_id patterns[] = { CX_PATTERN_XX, CX_PATTERN_IK, CX_PATTERN_XXPSK3 };
static const coax_suite suites[] = { COAX_SUITE_CHACHAPOLY_BLAKE2B, COAX_SUITE_AESGCM_SHA256,
                                     COAX_SUITE_AEGIS256_SHA512 };
enum { N_PATTERNS = 3, N_SUITES = 3 };

static void both_sides_know_each_other_in_every_pattern_and_suite(void **state)
{
    (void)state;
    for (size_t p = 0; p < N_PATTERNS; p++) {
        for (size_t s = 0; s < N_SUITES; s++) {
            if (!coax_suite_is_available(suites[s]))
                continue;
            twins *it = twins_opened(patterns[p], suites[s]);
            const twin *client = &it->client, *server = &it->server;
            assert_int_equal(client->facts.hash.len, server->facts.hash.len);
            assert_memory_equal(client->hash, server->hash, client->facts.hash.len);
            assert_memory_equal(client->peer_key, server->keys.public_key, 32);
            assert_memory_equal(server->peer_key, client->keys.public_key, 32);
            assert_int_equal(server->facts.pattern, patterns[p]);
            assert_int_equal(server->facts.suite, suites[s]);
            twins_say(it, &it->client, &it->server, "to the server");
            twins_say(it, &it->server, &it->client, "to the client");
            twins_free(it);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_know_each_other_in_every_pattern_and_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
