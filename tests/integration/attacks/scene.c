/*
 * A server with users, a stranger who logs in at it step by step, and what he is told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

void scene_open(scene *e, coax_server_options *options)
{
    trio_open(&e->trio, TRIO_XX, false, 41, options);
}

coax_server_options scene_with_users(scene *e)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(e, 0, sizeof *e);
    folk_open(&e->folk);
    options.users = e->folk.store;
    return options;
}

void scene_close(scene *e)
{
    trio_close(&e->trio);
    folk_close(&e->folk);
}

void scene_until(scene *e, scene_condition is_so, uint32_t ms)
{
    const uint64_t end = trio_now(&e->trio) + ms * UINT64_C(1000000);
    while (!is_so(e) && trio_now(&e->trio) < end)
        trio_step(&e->trio);
    if (!is_so(e))
        fail_msg("it did not come to that within %u ms", (unsigned)ms);
}

static bool is_ready(const scene *e)
{
    return e->s.is_ready || e->s.is_over;
}

bool scene_is_answered(const scene *e)
{
    return e->s.is_over || stranger_heard(&e->s, CX_FRAME_AUTH) != NULL ||
           stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL ||
           stranger_heard(&e->s, CX_FRAME_GOAWAY) != NULL;
}

static bool is_decided(const scene *e)
{
    return e->s.is_over || stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL;
}

bool scene_is_over(const scene *e)
{
    return e->s.is_over;
}

void scene_come(scene *e)
{
    stranger_dial(&e->s, e->trio.loop, e->trio.url, NULL);
    scene_until(e, is_ready, 10000);
    assert_true(e->s.is_ready);
}

void scene_go(scene *e)
{
    stranger_close(&e->s);
    scene_until(e, scene_is_over, 10000);
    trio_wait(&e->trio, 2000);
    stranger_free(&e->s);
}

void scene_expect_turned_away(scene *e)
{
    scene_until(e, is_decided, 10000);
    const stranger_frame *goaway = stranger_heard(&e->s, CX_FRAME_GOAWAY);
    assert_null(stranger_heard(&e->s, CX_FRAME_WELCOME));
    assert_non_null(goaway);
    assert_int_equal(goaway->frame.aux, COAX_ERR_UNAUTHENTICATED);
    assert_true(stranger_heard_words(&e->s, CX_FRAME_GOAWAY, "login failed"));
    assert_int_equal(e->trio.now.n_connects, 0);
}

void scene_expect_let_in(scene *e)
{
    scene_until(e, is_decided, 10000);
    if (stranger_heard(&e->s, CX_FRAME_WELCOME) == NULL)
        fail_msg("%s", e->trio.log);
    assert_int_equal(e->trio.now.n_connects, 1);
}

void scene_log_in(scene *e, guess *ret, const char *user, const char *password)
{
    ledger_begin(&e->trio);
    scene_come(e);
    guess_start(ret, &e->s, user, password);
    guess_say_ke1(&e->s, user, ret->ke1);
    scene_until(e, scene_is_answered, 10000);
    if (!guess_hear_ke2(ret, &e->s))
        fail_msg("no KE2: %s", e->trio.log);
    if (!guess_finish(ret, e->s.hash, e->s.hash_len))
        memset(ret->ke3, 7, sizeof ret->ke3);
    guess_say_ke3(&e->s, ret->ke3);
}

char *scene_next_word(char **text)
{
    static const char blanks[] = " \t\r\n";
    char *word = *text + strspn(*text, blanks);
    const size_t len = strcspn(word, blanks);
    *text = word + len + (word[len] != '\0' ? 1 : 0);
    word[len] = '\0';
    return len > 0 ? word : NULL;
}
