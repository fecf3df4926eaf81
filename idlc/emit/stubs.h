/*
 * What the emitters of stubs share: which kinds of methods there are, and the variables that name their parts.
 *
 * A method's stubs are in two files of either side: emit_client.c has what is called once, emit_client_stream.c streams,
 * emit_server.c handlers and answers, emit_server_stream.c items, emit_events.c both ends of events. emit_result.c has
 * how a call ended, emit_heads.c the comments that the headers begin with.
 */
#ifndef IDL_EMIT_STUBS_H
#define IDL_EMIT_STUBS_H

#include "emit/emit.h"

typedef void (*idl_method_fn)(idl_emit *e, const idl_plan_method *method);

/* Calls `fn` for each method of the file, its variables being set: method, METHOD, handler, full_name, request, response,
 * put_item (what the caller streams), got_item (what the server streams). */
void idl_for_each_method(idl_emit *e, idl_method_fn fn);
void idl_set_method(idl_emit *e, const idl_plan_method *method);

/* The schema's words on the method, in e->text. */
const char *idl_method_doc(idl_emit *e, const idl_plan_method *method);
void idl_print_method_doc(idl_emit *e, const idl_plan_method *method);

static inline bool idl_is_event(const idl_plan_method *method)
{
    return method->model->kind == IDL_METHOD_EVENT;
}

static inline bool idl_is_oneway(const idl_plan_method *method)
{
    return method->model->kind == IDL_METHOD_ONEWAY;
}

/* The caller streams. */
static inline bool idl_takes_items(const idl_plan_method *method)
{
    return method->request_item != NULL;
}

/* The server streams. */
static inline bool idl_gives_items(const idl_plan_method *method)
{
    return method->response_item != NULL;
}

static inline bool idl_is_stream(const idl_plan_method *method)
{
    return idl_takes_items(method) || idl_gives_items(method);
}

/* emit_heads.c */
void idl_emit_client_head(idl_emit *e);
void idl_emit_server_head(idl_emit *e);

/* emit_result.c: what a callback or a wait gives. */
void idl_emit_result_struct(idl_emit *e, const idl_plan_method *method);
/* `done_type` is the type of the function that is given the result. */
void idl_emit_result_functions(idl_emit *e, const idl_plan_method *method, const char *done_type);

/* emit_client_stream.c */
void idl_emit_stream_declarations(idl_emit *e, const idl_plan_method *method);
void idl_emit_stream_functions(idl_emit *e, const idl_plan_method *method);

/* emit_server_stream.c */
void idl_emit_item_declarations(idl_emit *e, const idl_plan_method *method);
void idl_emit_item_functions(idl_emit *e, const idl_plan_method *method);

/* emit_events.c */
void idl_emit_subscribe_declarations(idl_emit *e, const idl_plan_method *method);
void idl_emit_subscribe_functions(idl_emit *e, const idl_plan_method *method);
void idl_emit_emit_declarations(idl_emit *e, const idl_plan_method *method);
void idl_emit_emit_functions(idl_emit *e, const idl_plan_method *method);

#endif
