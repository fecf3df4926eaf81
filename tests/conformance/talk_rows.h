/*
 * One row per streaming method: its stubs, by types that have a common shape.
 */
#ifndef TESTS_CONFORMANCE_TALK_ROWS_H
#define TESTS_CONFORMANCE_TALK_ROWS_H

#include "talk.h"

typedef struct talk_row {
    const char *name;
    const void *nothing; /* an empty request */
    coax_err (*start)(talk *t, coax_client *client, const void *request,
                      const coax_call_options *options);
    coax_err (*send)(coax_call call, const void *item); /* NULL: the caller streams nothing */
    coax_err (*open)(coax_client *client, const void *request, const coax_call_options *options,
                     coax_stream **ret_stream);
    bool (*next)(coax_stream *stream, const interop_chunk **ret_item); /* NULL: nor does the host */
    coax_err (*put)(coax_stream *stream, const void *item);
    void (*finish)(coax_stream *stream, ending *ret_ending);
} talk_row;

const talk_row *talk_row_of(kind which);

/* What its callbacks tell the talk. */
void talk_note_item(talk *t, coax_call call, const interop_chunk *item);
void talk_note_end(talk *t);

#endif
