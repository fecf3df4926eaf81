/*
 * The rows, made of the generated stubs of each method.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "talk_rows.h"

static void on_item(void *self, coax_call call, const interop_chunk *item)
{
    talk_note_item(self, call, item);
}

static void on_writable(void *self, coax_call call)
{
    talk *t = self;
    (void)call;
    t->is_writable = true;
}

/* What results hold besides the status: nothing, the error, the error and the sum. */
#define NOTE_STATUS(m)                                                                             \
    static void note_##m(ending *e, const m##_result *result)                                      \
    {                                                                                              \
        assert_int_equal(result->err, result->status.code);                                        \
        ending_note(e, &result->status);                                                           \
    }
#define NOTE_ERROR(m)                                                                              \
    static void note_##m(ending *e, const m##_result *result)                                      \
    {                                                                                              \
        assert_int_equal(result->err, result->status.code);                                        \
        ending_note(e, &result->status);                                                           \
        e->is_bad_chunk = result->bad_chunk != NULL;                                               \
        e->bad_index = e->is_bad_chunk ? result->bad_chunk->index : 0;                             \
    }
#define NOTE_SUM(m)                                                                                \
    static void note_##m(ending *e, const m##_result *result)                                      \
    {                                                                                              \
        assert_int_equal(result->err, result->status.code);                                        \
        ending_note(e, &result->status);                                                           \
        e->is_bad_chunk = result->bad_chunk != NULL;                                               \
        e->bad_index = e->is_bad_chunk ? result->bad_chunk->index : 0;                             \
        e->n_chunks = result->reply != NULL ? result->reply->n_chunks : 0;                         \
        e->n_bytes = result->reply != NULL ? result->reply->n_bytes : 0;                           \
    }

/* What every streaming method has. */
#define CALLS(m, request_type, NOTE)                                                               \
    NOTE(m)                                                                                        \
    static const request_type nothing_##m;                                                         \
    static void end_##m(void *self, const m##_result *result)                                      \
    {                                                                                              \
        talk *t = self;                                                                            \
        note_##m(&t->ending, result);                                                              \
        talk_note_end(t);                                                                          \
    }                                                                                              \
    static coax_err start_##m(talk *t, coax_client *client, const void *request,                   \
                              const coax_call_options *options)                                    \
    {                                                                                              \
        return m(client, request, options, &events_##m, t, &t->call);                              \
    }                                                                                              \
    static coax_err open_##m(coax_client *client, const void *request,                             \
                             const coax_call_options *options, coax_stream **ret_stream)           \
    {                                                                                              \
        return m##_open(client, request, options, ret_stream);                                     \
    }                                                                                              \
    static void finish_##m(coax_stream *stream, ending *ret_ending)                                \
    {                                                                                              \
        m##_result result;                                                                         \
        coax_err rc = m##_finish(stream, &result);                                                 \
        assert_int_equal(rc, result.err);                                                          \
        note_##m(ret_ending, &result);                                                             \
        m##_result_free(&result);                                                                  \
    }
#define SENDS(m)                                                                                   \
    static coax_err send_##m(coax_call call, const void *item)                                     \
    {                                                                                              \
        return m##_send(call, item);                                                               \
    }                                                                                              \
    static coax_err put_##m(coax_stream *stream, const void *item)                                 \
    {                                                                                              \
        return m##_put(stream, item);                                                              \
    }

/* The host streams, the caller does, both do. */
#define HEARS(m, request_type, NOTE)                                                               \
    static void end_##m(void *self, const m##_result *result);                                     \
    static const m##_events events_##m = { .on_item = on_item, .on_end = end_##m };                \
    CALLS(m, request_type, NOTE)
#define SAYS(m, request_type, NOTE)                                                                \
    static void end_##m(void *self, const m##_result *result);                                     \
    static const m##_events events_##m = { .on_writable = on_writable, .on_end = end_##m };        \
    CALLS(m, request_type, NOTE)                                                                   \
    SENDS(m)
#define TALKS(m, request_type, NOTE)                                                               \
    static void end_##m(void *self, const m##_result *result);                                     \
    static const m##_events events_##m = { .on_item = on_item,                                     \
                                           .on_writable = on_writable,                             \
                                           .on_end = end_##m };                                    \
    CALLS(m, request_type, NOTE)                                                                   \
    SENDS(m)

HEARS(interop_interop_output, interop_order, NOTE_ERROR)
HEARS(interop_interop_unserved, interop_order, NOTE_STATUS)
HEARS(interop_worked_output, interop_order, NOTE_ERROR)
HEARS(interop_unserved_output, interop_order, NOTE_STATUS)
SAYS(interop_interop_input, interop_interop_input_request, NOTE_SUM)
SAYS(interop_interop_stare, interop_interop_stare_request, NOTE_STATUS)
SAYS(interop_worked_input, interop_worked_input_request, NOTE_SUM)
SAYS(interop_unserved_input, interop_unserved_input_request, NOTE_STATUS)
TALKS(interop_interop_duplex, interop_interop_duplex_request, NOTE_ERROR)
TALKS(interop_interop_half_duplex, interop_interop_half_duplex_request, NOTE_ERROR)
TALKS(interop_interop_hang, interop_interop_hang_request, NOTE_STATUS)
TALKS(interop_worked_duplex, interop_worked_duplex_request, NOTE_ERROR)
TALKS(interop_unserved_duplex, interop_unserved_duplex_request, NOTE_STATUS)

#define HEARS_ROW(m)                                                                               \
    {                                                                                              \
#m, &nothing_##m, start_##m, NULL, open_##m, m##_next, NULL, finish_##m                    \
    }
#define SAYS_ROW(m)                                                                                \
    {                                                                                              \
#m, &nothing_##m, start_##m, send_##m, open_##m, NULL, put_##m, finish_##m                 \
    }
#define TALKS_ROW(m)                                                                               \
    {                                                                                              \
#m, &nothing_##m, start_##m, send_##m, open_##m, m##_next, put_##m, finish_##m             \
    }

const talk_row *talk_row_of(kind which)
{
    static const talk_row rows[] = {
        [OUTPUT] = HEARS_ROW(interop_interop_output),
        [INPUT] = SAYS_ROW(interop_interop_input),
        [DUPLEX] = TALKS_ROW(interop_interop_duplex),
        [HALF_DUPLEX] = TALKS_ROW(interop_interop_half_duplex),
        [HANG] = TALKS_ROW(interop_interop_hang),
        [STARE] = SAYS_ROW(interop_interop_stare),
        [UNSERVED] = HEARS_ROW(interop_interop_unserved),
        [WORKED_OUTPUT] = HEARS_ROW(interop_worked_output),
        [WORKED_INPUT] = SAYS_ROW(interop_worked_input),
        [WORKED_DUPLEX] = TALKS_ROW(interop_worked_duplex),
        [ABSENT_OUTPUT] = HEARS_ROW(interop_unserved_output),
        [ABSENT_INPUT] = SAYS_ROW(interop_unserved_input),
        [ABSENT_DUPLEX] = TALKS_ROW(interop_unserved_duplex),
    };
    return &rows[which];
}
