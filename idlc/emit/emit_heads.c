/*
 * The comments that bank_client.h and bank_server.h begin with: a line for each generated function, and only for those
 * that the schema has.
 */
#include "emit/stubs.h"

/* What the methods of a file are like. */
typedef struct census {
    bool has_unary;
    bool has_oneway;
    bool has_events;
    bool has_streams;
    bool has_put; /* a caller streams */
    bool has_got; /* a server streams */
    bool has_receive;
    bool has_take; /* a caller streams to a @blocking handler */
    bool has_reply;
    bool has_throw;
} census;

static void count_method(census *c, const idl_plan_method *method)
{
    bool is_stream = idl_is_stream(method);
    c->has_events |= idl_is_event(method);
    c->has_oneway |= idl_is_oneway(method);
    c->has_unary |= method->model->kind == IDL_METHOD_UNARY;
    c->has_streams |= is_stream;
    c->has_put |= idl_takes_items(method);
    c->has_got |= idl_gives_items(method);
    c->has_receive |= idl_takes_items(method) && !method->is_blocking;
    c->has_take |= idl_takes_items(method) && method->is_blocking;
    c->has_reply |= method->response != NULL;
    c->has_throw |= method->model->n_errors > 0;
}

static census count_methods(const idl_plan_file *file)
{
    census c = { 0 };
    for (size_t i = 0; i < file->n_decls; i++)
        for (size_t k = 0; k < file->decls[i].model->n_methods; k++)
            count_method(&c, &file->decls[i].methods[k]);
    return c;
}

static void line(idl_emit *e, bool is_there, const char *text)
{
    if (is_there)
        idl_print_text(e->p, text);
}

static void client_unary(idl_emit *e, const census *c)
{
    line(e, c->has_unary,
         " *\n"
         " * Of a method x that is answered once:\n"
         " *     x()       starts a call; its callback comes from the loop\n"
         " *     x_to()    the same towards a peer\n"
         " *     x_wait()  waits; its result goes to x_result_free()\n");
    line(e, c->has_oneway,
         " *\n"
         " * Of a one-way method x:\n"
         " *     x()       sends it, and nothing comes back\n"
         " *     x_to()    the same towards a peer\n");
}

static void client_streams(idl_emit *e, const census *c)
{
    if (!c->has_streams)
        return;
    line(e, true,
         " *\n"
         " * Of a method x that streams:\n"
         " *     x()         starts a call; what x_events names comes from the loop\n"
         " *     x_to()      the same towards a peer\n");
    line(e, c->has_put,
         " *     x_send()    queues an item; coax_call_end() says that there are no more\n");
    line(e, true, " *     x_open()    starts a call for a thread that waits\n");
    line(e, c->has_got,
         " *     x_next()    waits for the server's next item; false: there is none any more\n");
    line(
        e, c->has_put,
        " *     x_put()     waits for room and sends an item; coax_stream_end() says that was all\n");
    line(e, true, " *     x_finish()  ends and frees it; its result goes to x_result_free()\n");
}

static void client_events(idl_emit *e, const census *c)
{
    line(e, c->has_events,
         " *\n"
         " * Of an event x:\n"
         " *     x_subscribe()       has a function called for every event, from the loop\n"
         " *     x_subscribe_wait()  the same, and waits until the server has it or refused\n");
}

void idl_emit_client_head(idl_emit *e)
{
    census c = count_methods(e->file);
    idl_print(
        e->p,
        "/*\n"
        " * Calls the services of $stem$.idl.\n"
        " *\n"
        " * What is sent is checked first, and borrowed for the call; `options` may be NULL.\n"
        " * <coax/gen_client.h> says what the functions return.\n");
    client_unary(e, &c);
    client_streams(e, &c);
    client_events(e, &c);
    idl_print(e->p, " *\n"
                    " * Made by idlc from $stem$.idl: change the schema, not this file.\n"
                    " */\n");
}

static void server_answers(idl_emit *e, const census *c)
{
    if (!c->has_reply && !c->has_streams)
        return;
    line(e, true,
         " *\n"
         " * Of a method x, as long as the call lives, in its handler or later:\n");
    line(e, c->has_receive,
         " *     x_receive()       has the caller's items given to a function, from now on\n");
    line(
        e, c->has_take,
        " *     x_take()          waits for the caller's next item; false: there is none any more\n");
    line(e, c->has_got, " *     x_push()          sends an item; coax_call_end() after the last\n");
    line(e, c->has_reply, " *     x_reply()         answers\n");
    line(e, c->has_throw, " *     x_throw_y()       answers with the error y\n");
    line(e, true, " *     coax_call_fail()  answers with any other error\n");
}

void idl_emit_server_head(idl_emit *e)
{
    census c = count_methods(e->file);
    bool is_handled = c.has_unary || c.has_oneway || c.has_streams;
    idl_print(e->p, "/*\n"
                    " * Serves the services of $stem$.idl.\n");
    line(
        e, is_handled,
        " *\n"
        " * Fill the handlers of a service and give them to its _serve(), or to _serve_client() where the\n"
        " * server is to call. They are copied; `self` is borrowed. What is sent is checked first, and\n"
        " * borrowed for the call.\n");
    server_answers(e, &c);
    line(e, c.has_events,
         " *\n"
         " * Of an event x:\n"
         " *     x_emit()          tells everyone who subscribed, or whom `options` name\n");
    idl_print(e->p, " *\n"
                    " * Made by idlc from $stem$.idl: change the schema, not this file.\n"
                    " */\n");
}
