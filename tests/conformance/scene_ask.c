/*
 * Calls with one answer, in the stage's style.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"
#include "ask.h"

#define ASK_HERE(name, stub, request)                                                              \
    stub##_result name(stage *s, const request *asked, const coax_call_options *options);          \
    ASK(name, stub##_result, request, stub)

ASK_HERE(ask_interop_empty, interop_interop_empty, interop_interop_empty_request)
ASK_HERE(ask_interop_unary, interop_interop_unary, interop_unary)
ASK_HERE(ask_interop_patient, interop_interop_patient, interop_unary)
ASK_HERE(ask_interop_small, interop_interop_small, interop_interop_small_request)
ASK_HERE(ask_interop_turn, interop_interop_turn, interop_interop_turn_request)
ASK_HERE(ask_worked_unary, interop_worked_unary, interop_unary)
ASK_HERE(ask_absent_unary, interop_unserved_unary, interop_unary)

/* The one chunk of a reply; the first of its stream. */
static void note_chunk(ending *e, const interop_chunk *chunk)
{
    if (chunk == NULL)
        return;
    assert_true(chunk_is_right(chunk, 0));
    e->n_chunks = 1;
    e->n_bytes = chunk->body.len;
}

static void note_bad(ending *e, const interop_bad_chunk *bad)
{
    e->is_bad_chunk = bad != NULL;
    e->bad_index = bad != NULL ? bad->index : 0;
}

static ending ask_unary(scene *s, const interop_unary *request, const coax_call_options *options)
{
    ending e = { 0 };
    interop_interop_unary_result result = ask_interop_unary(&s->stage, request, options);
    ending_note(&e, &result.status);
    note_chunk(&e, result.reply);
    note_bad(&e, result.bad_chunk);
    interop_interop_unary_result_free(&result);
    return e;
}

static ending ask_patient(scene *s, const interop_unary *request, const coax_call_options *options)
{
    ending e = { 0 };
    interop_interop_patient_result result = ask_interop_patient(&s->stage, request, options);
    ending_note(&e, &result.status);
    note_chunk(&e, result.reply);
    interop_interop_patient_result_free(&result);
    return e;
}

static ending ask_worked(scene *s, const interop_unary *request, const coax_call_options *options)
{
    ending e = { 0 };
    interop_worked_unary_result result = ask_worked_unary(&s->stage, request, options);
    ending_note(&e, &result.status);
    note_chunk(&e, result.reply);
    note_bad(&e, result.bad_chunk);
    interop_worked_unary_result_free(&result);
    return e;
}

static ending ask_unserved(scene *s, const interop_unary *request, const coax_call_options *options)
{
    ending e = { 0 };
    interop_unserved_unary_result result = ask_absent_unary(&s->stage, request, options);
    ending_note(&e, &result.status);
    interop_unserved_unary_result_free(&result);
    return e;
}

ending ask(scene *s, one which, const interop_unary *request, const coax_call_options *options)
{
    switch (which) {
    case ONE_UNARY: return ask_unary(s, request, options);
    case ONE_PATIENT: return ask_patient(s, request, options);
    case ONE_WORKED: return ask_worked(s, request, options);
    case ONE_ABSENT: break;
    }
    return ask_unserved(s, request, options);
}

ending ask_empty(scene *s, const coax_call_options *options)
{
    ending e = { 0 };
    const interop_interop_empty_request request = { 0 };
    interop_interop_empty_result result = ask_interop_empty(&s->stage, &request, options);
    ending_note(&e, &result.status);
    if (result.err == COAX_OK)
        assert_non_null(result.reply);
    interop_interop_empty_result_free(&result);
    return e;
}

ending ask_small_len(scene *s, size_t len)
{
    ending e = { 0 };
    const interop_interop_small_request request = { .body = chunk_make(0, len).body };
    interop_interop_small_result result = ask_interop_small(&s->stage, &request, NULL);
    ending_note(&e, &result.status);
    e.n_bytes = result.reply != NULL ? result.reply->body.len : 0;
    interop_interop_small_result_free(&result);
    return e;
}

ending ask_turn(scene *s, interop_kind which, const uint32_t *lens, size_t n,
                const interop_ending *wanted)
{
    ending e = { 0 };
    interop_interop_turn_request request = { .kind = which, .lens = { lens, n }, .ending = wanted };
    interop_interop_turn_result result = ask_interop_turn(&s->stage, &request, NULL);
    if (result.err != COAX_OK)
        fail_msg("%s: %s", coax_err_name(result.err), result.status.message);
    e.err = (coax_err)result.reply->code;
    e.n_chunks = result.reply->n_chunks;
    e.n_bytes = result.reply->n_bytes;
    (void)snprintf(e.words, sizeof e.words, "%s", result.reply->words.data);
    interop_interop_turn_result_free(&result);
    return e;
}
