/* See stranger.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stranger.h"

int stranger_set_up(void **state)
{
    static pair two;
    pair_init(&two);
    two.client.is_held = true;
    two.server.is_held = true;
    *state = &two;
    return pair_make(&two) == COAX_OK ? 0 : -1;
}

raw in, out;

/* What a side has to send. */
void collect(pair_side *side, raw *ret)
{
    raw_clear(ret);
    for (size_t n = 1; n > 0; ret->len += n)
        n = pair_take(side, ret->bytes + ret->len, sizeof ret->bytes - ret->len);
}

/* Gives the server the bytes of `in` and takes its answer. */
void feed(pair *two)
{
    pair_feed(two, &two->server, in.bytes, in.len, two->chunk);
    collect(&two->server, &out);
}

/* The server closed with this code and words that hold `words`, and said so if `is_told`. */
void assert_ended(pair *two, coax_err code, const char *words, bool is_told)
{
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->server.reason.code, code);
    if (strstr(two->server.reason.text, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, two->server.reason.text);
    assert_true(cx_endpoint_is_closed(&two->server.endpoint));
    cx_frame frame;
    assert_int_equal(raw_find(&out, CX_FRAME_GOAWAY, &frame, NULL), is_told);
    if (is_told)
        assert_int_equal(frame.aux, coax_err_to_wire(code));
}

/* An open connection whose first bytes have been taken. */
pair *opened(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_hello(&in);
    feed(two);
    assert_int_equal(two->server.n_open, 1);
    raw_clear(&in);
    return two;
}
