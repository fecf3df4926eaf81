/*
 * What generated client stubs call. Users call the stubs.
 */
#ifndef COAX_GEN_CLIENT_H
#define COAX_GEN_CLIENT_H

#include <coax/client.h>
#include <coax/gen.h>

COAX_BEGIN_DECLS

/** What a result's pointers point into; reference-counted. */
typedef struct coax_memory coax_memory;

/** The untyped end of a call. Generated results have the typed pointers instead of the last three.
 */
typedef struct coax_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory;  /* NULL when nothing was decoded */
    const void *reply;    /* set when err is COAX_OK */
    uint32_t error_index; /* 1 + index into method->errors of the error thrown; 0: none of them */
    const void *error;
} coax_result;

typedef void (*coax_gen_any_fn)(void);
/** Turns the untyped result into the typed one and calls the user's function. */
typedef void (*coax_gen_done_fn)(void *self, coax_gen_any_fn user_fn, const coax_result *result);

/**
 * Checks, encodes and starts a call. The request is borrowed until it returns.
 * @return COAX_OK: exactly one `done` will come, from the loop. Else none will:
 * COAX_ERR_INVALID_ARGUMENT (a constraint; words in options->error), COAX_ERR_TOO_LARGE,
 * COAX_ERR_WOULD_BLOCK, COAX_ERR_RESOURCE_EXHAUSTED, COAX_ERR_UNAVAILABLE (closed),
 * COAX_ERR_NO_MEMORY, COAX_ERR_STALE.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_call(coax_client *client, const coax_method *method,
                                              const void *request, const coax_call_options *options,
                                              coax_gen_done_fn done, coax_gen_any_fn user_fn,
                                              void *self);
COAX_API COAX_MUST_USE coax_err coax_gen_call_to(coax_peer peer, const coax_method *method,
                                                 const void *request,
                                                 const coax_call_options *options,
                                                 coax_gen_done_fn done, coax_gen_any_fn user_fn,
                                                 void *self);

/**
 * The same, and waits. `ret_result` is always written; release its memory with coax_memory_unref.
 * Any thread but the loop's own (COAX_ERR_DEADLOCK).
 * @return ret_result->err.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_call_wait(coax_client *client, const coax_method *method,
                                                   const void *request,
                                                   const coax_call_options *options,
                                                   coax_result *ret_result);

/** Checks, encodes and queues a one-way message; no callback. Loop's thread, except on a client
 * from coax_dial: any thread. */
COAX_API COAX_MUST_USE coax_err coax_gen_send(coax_client *client, const coax_method *method,
                                              const void *request,
                                              const coax_call_options *options);
COAX_API COAX_MUST_USE coax_err coax_gen_send_to(coax_peer peer, const coax_method *method,
                                                 const void *request,
                                                 const coax_call_options *options);

/** One more owner. NULL is fine. Any thread. */
COAX_API coax_memory *coax_memory_ref(coax_memory *memory);
/** One owner less; the last one frees. NULL is fine. Any thread. */
COAX_API void coax_memory_unref(coax_memory *memory);

COAX_END_DECLS

#endif
