/*
 * The caller's side of a streaming method: by callbacks, and for a thread that waits.
 *
 *     bank_x(client, request, options, &events, self, &call)   and bank_x_to(peer, ...)
 *     bank_x_send(call, item)                                  where the caller streams
 *     bank_x_open(client, request, options, &stream), _next, _put, _finish
 *
 * Functions whose types C can't mix travel through the runtime as coax_gen_any_fn; each is cast back to exactly its own
 * type before it is called (C11 6.3.2.3, 8). Read next: emit_server_stream.c.
 */
#include "emit/stubs.h"

static void events_struct(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_print(p, "/** What a call of $full_name$ is told, from the loop. */\n"
                 "typedef struct $method$_events {\n");
    if (idl_gives_items(method))
        idl_print(p, "    /** The server's next item, borrowed until it returns. NULL: they are "
                     "dropped. */\n"
                     "    void (*on_item)(void *self,~coax_call call,~const $got_item$ *item);\n");
    if (idl_takes_items(method))
        idl_print(p, "    /** There is room again for an item that was refused with "
                     "COAX_ERR_WOULD_BLOCK. May be NULL. */\n"
                     "    void (*on_writable)(void *self, coax_call call);\n");
    idl_print(p, "    /** Once, and last. The result is borrowed until it returns. */\n"
                 "    void (*on_end)(void *self,~const $method$_result *result);\n"
                 "} $method$_events;\n");
}

static void waiting_declarations(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_print(p, "\n"
                 "/** The same for a thread that waits; `ret_stream` goes to _finish(). */\n"
                 "COAX_MUST_USE coax_err\f$method$_open(coax_client *client,~"
                 "const $request$ *request,~const coax_call_options *options,~"
                 "coax_stream **ret_stream);\n");
    if (idl_gives_items(method))
        idl_print(p, "bool $method$_next(coax_stream *stream,~const $got_item$ **ret_item);\n");
    if (idl_takes_items(method))
        idl_print(p, "COAX_MUST_USE coax_err $method$_put(coax_stream *stream,~"
                     "const $put_item$ *item);\n");
    idl_print(p, "coax_err $method$_finish(coax_stream *stream,~$method$_result *ret_result);\n");
}

void idl_emit_stream_declarations(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_emit_result_struct(e, method);
    idl_blank(p);
    events_struct(e, method);
    idl_blank(p);
    idl_print_method_doc(e, method);
    idl_print(p, "COAX_MUST_USE coax_err $method$(coax_client *client,~const $request$ *request,~"
                 "const coax_call_options *options,~const $method$_events *events,~void *self,~"
                 "coax_call *ret_call);\n"
                 "COAX_MUST_USE coax_err $method$_to(coax_peer peer,~const $request$ *request,~"
                 "const coax_call_options *options,~const $method$_events *events,~void *self,~"
                 "coax_call *ret_call);\n");
    if (idl_takes_items(method))
        idl_print(p, "COAX_MUST_USE coax_err $method$_send(coax_call call,~"
                     "const $put_item$ *item);\n");
    waiting_declarations(e, method);
}

/* What calls the user's functions, and gathers them; `events` may be NULL, which the runtime refuses. */
static void glue(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    if (idl_gives_items(method))
        idl_print(p,
                  "\n"
                  "static void $method$_each(void *self,~coax_gen_any_fn user_fn,~coax_call call,~"
                  "const void *item)\n"
                  "{\n"
                  "    if (user_fn != NULL)\n"
                  "        (($method$_next_fn)user_fn)(self,~call,~(const $got_item$ *)item);\n"
                  "}\n");
    idl_print(p, idl_gives_items(method) ? "\nCOAX_STREAM_GLUE($method$,~$method$_each);\n"
                                         : "\nCOAX_STREAM_GLUE($method$,~NULL);\n");
    idl_print(p, "\n"
                 "static coax_gen_stream_fns\f$method$_fns(\vconst $method$_events *events)\n"
                 "{\n"
                 "    coax_gen_stream_fns fns = { NULL, NULL, NULL };\n"
                 "    if (events == NULL)\n"
                 "        return fns;\n");
    if (idl_gives_items(method))
        idl_print(p, "    fns.on_item = (coax_gen_any_fn)events->on_item;\n");
    if (idl_takes_items(method))
        idl_print(p, "    fns.on_writable = events->on_writable;\n");
    idl_print(p, "    fns.on_end = (coax_gen_any_fn)events->on_end;\n"
                 "    return fns;\n"
                 "}\n");
}

static void calling_functions(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_print(p, "\n"
                 "coax_err $method$(coax_client *client,~const $request$ *request,~"
                 "const coax_call_options *options,~const $method$_events *events,~void *self,~"
                 "coax_call *ret_call)\n"
                 "{\n"
                 "    coax_gen_stream_fns fns =^$method$_fns(events);\n"
                 "    return coax_gen_stream(client,~$METHOD$,~request,~options,~&$method$_glue,~"
                 "&fns,~self,~ret_call);\n"
                 "}\n"
                 "\n"
                 "coax_err $method$_to(coax_peer peer,~const $request$ *request,~"
                 "const coax_call_options *options,~const $method$_events *events,~void *self,~"
                 "coax_call *ret_call)\n"
                 "{\n"
                 "    coax_gen_stream_fns fns =^$method$_fns(events);\n"
                 "    return coax_gen_stream_to(peer,~$METHOD$,~request,~options,~&$method$_glue,~"
                 "&fns,~self,~ret_call);\n"
                 "}\n");
    if (idl_takes_items(method))
        idl_print(p, "\n"
                     "coax_err $method$_send(coax_call call,~const $put_item$ *item)\n"
                     "{\n"
                     "    return coax_gen_item(call,~$METHOD$,~item);\n"
                     "}\n");
}

static void waiting_functions(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_print(p, "\n"
                 "coax_err $method$_open(coax_client *client,~const $request$ *request,~"
                 "const coax_call_options *options,~coax_stream **ret_stream)\n"
                 "{\n"
                 "    return coax_gen_stream_open(client,~$METHOD$,~request,~options,~"
                 "ret_stream);\n"
                 "}\n");
    if (idl_gives_items(method))
        idl_print(p, "\n"
                     "bool $method$_next(coax_stream *stream,~const $got_item$ **ret_item)\n"
                     "{\n"
                     "    const void *item = NULL;\n"
                     "    if (!coax_gen_stream_next(stream,~$METHOD$,~&item))\n"
                     "        return false;\n"
                     "    *ret_item =^(const $got_item$ *)item;\n"
                     "    return true;\n"
                     "}\n");
    if (idl_takes_items(method))
        idl_print(p, "\n"
                     "coax_err $method$_put(coax_stream *stream,~const $put_item$ *item)\n"
                     "{\n"
                     "    return coax_gen_stream_put(stream,~$METHOD$,~item);\n"
                     "}\n");
    idl_print(p, "\n"
                 "coax_err $method$_finish(coax_stream *stream,~$method$_result *ret_result)\n"
                 "{\n"
                 "    coax_result result;\n"
                 "    coax_err err =^coax_gen_stream_finish(stream,~$METHOD$,~&result);\n"
                 "    *ret_result =^$method$_typed(&result);\n"
                 "    return err;\n"
                 "}\n");
}

void idl_emit_stream_functions(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    if (idl_gives_items(method))
        idl_print(p, "typedef void (*$method$_next_fn)(void *self,~coax_call call,~"
                     "const $got_item$ *item);\n");
    idl_print(p, "typedef void (*$method$_finish_fn)(void *self,~"
                 "const $method$_result *result);\n\n");
    idl_emit_result_functions(e, method, "finish_fn");
    glue(e, method);
    calling_functions(e, method);
    waiting_functions(e, method);
}
