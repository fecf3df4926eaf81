/*
 * Talks: what waiting and calling back have in common. The methods are in talk_rows.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "talk.h"
#include "talk_rows.h"

size_t talk_kinds(kind of_loop, kind of_workers, kind *ret_kinds)
{
    ret_kinds[0] = of_loop;
    ret_kinds[1] = of_workers;
    return scene_has_workers() ? 2 : 1;
}

coax_err talk_open(talk *t, scene *s, kind which, const void *request,
                   const coax_call_options *options)
{
    memset(t, 0, sizeof *t);
    t->scene = s;
    t->row = talk_row_of(which);
    if (request == NULL)
        request = t->row->nothing;
    if (s->stage.style != STYLE_CALLBACK)
        return t->row->open(s->stage.client, request, options, &t->stream);
    return t->row->start(t, s->stage.client, request, options);
}

void talk_note_item(talk *t, coax_call call, const interop_chunk *item)
{
    if (!chunk_is_right(item, t->n_came))
        fail_msg("item %u of %s is not what was asked for", (unsigned)t->n_came, t->row->name);
    assert_true(t->n_kept < TALK_ROOM);
    assert_false(t->is_over);
    t->lens[t->n_came % TALK_ROOM] = (uint32_t)item->body.len;
    t->n_came++;
    t->n_kept++;
    if (t->n_kept == TALK_KEPT) {
        assert_int_equal(coax_call_pause(call), COAX_OK);
        t->is_paused = true;
    }
}

void talk_note_end(talk *t)
{
    assert_false(t->is_over);
    t->is_over = true;
}

/* The next of the items that were kept. */
static long take(talk *t)
{
    long len = (long)t->lens[t->n_taken % TALK_ROOM];
    t->n_taken++;
    t->n_kept--;
    if (t->is_paused)
        (void)coax_call_resume(t->call); /* COAX_ERR_STALE: it has ended meanwhile */
    t->is_paused = false;
    return len;
}

long talk_next(talk *t)
{
    const interop_chunk *chunk;
    if (t->scene->stage.style == STYLE_CALLBACK) {
        while (t->n_kept == 0 && !t->is_over)
            stage_step(&t->scene->stage, -1);
        return t->n_kept > 0 ? take(t) : -1;
    }
    if (!t->row->next(t->stream, &chunk))
        return -1;
    if (!chunk_is_right(chunk, t->n_taken))
        fail_msg("item %u of %s is not what was asked for", (unsigned)t->n_taken, t->row->name);
    t->n_taken++;
    return (long)chunk->body.len;
}

coax_err talk_put(talk *t, const void *item)
{
    if (t->scene->stage.style != STYLE_CALLBACK)
        return t->row->put(t->stream, item);
    for (;;) {
        t->is_writable = false;
        coax_err rc = t->row->send(t->call, item);
        if (rc == COAX_ERR_STALE) { /* why, as x_put says */
            assert_true(t->is_over);
            return t->ending.err != COAX_OK ? t->ending.err : COAX_ERR_CLOSED;
        }
        if (rc != COAX_ERR_WOULD_BLOCK)
            return rc;
        while (!t->is_writable && !t->is_over)
            stage_step(&t->scene->stage, -1);
    }
}

coax_err talk_put_chunk(talk *t, uint32_t index, size_t len)
{
    const interop_chunk chunk = chunk_make(index, len);
    return talk_put(t, &chunk);
}

coax_err talk_put_wish(talk *t, uint32_t len)
{
    interop_wish wish;
    const interop_order order = order_of(&wish, &len, 1);
    return talk_put(t, &order);
}

coax_err talk_end(talk *t)
{
    if (t->scene->stage.style != STYLE_CALLBACK)
        return coax_stream_end(t->stream);
    return coax_call_end(t->call);
}

coax_err talk_cancel(talk *t)
{
    if (t->scene->stage.style != STYLE_CALLBACK)
        return coax_stream_cancel(t->stream);
    return coax_call_cancel(t->call);
}

ending talk_finish(talk *t)
{
    if (t->scene->stage.style != STYLE_CALLBACK) {
        t->row->finish(t->stream, &t->ending);
    } else {
        if (t->row->send != NULL && !t->is_over)
            (void)coax_call_end(t->call); /* COAX_ERR_CLOSED: it was said already */
        while (!t->is_over || t->n_kept > 0) {
            if (t->n_kept > 0)
                (void)take(t);
            else
                stage_step(&t->scene->stage, -1);
        }
    }
    return t->ending;
}

interop_order order_of(interop_wish *wishes, const uint32_t *lens, size_t n)
{
    for (size_t i = 0; i < n; i++)
        wishes[i] = (interop_wish){ .len = lens[i] };
    interop_order order = { .wishes = { wishes, n } };
    return order;
}
