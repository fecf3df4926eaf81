#include <stdio.h>

#include "search.h"
#include "search_client.h"
#include "search_server.h"

/* What the back finds goes on to the caller. What it can't take at once is left out here. */
static void on_hit(void *self, coax_call call, const search_hit *hit)
{
    const front *f = self;
    (void)call;
    (void)!search_front_find_push(f->call, hit);
}

static void on_end(void *self, const search_back_look_result *result)
{
    front *f = self;
    printf("front: its call to the back ended with %s\n", coax_err_name(result->err));
    coax_call_fail(f->call, result->err, "the back: %s", result->status.message);
    f->has_stopped = true;
}

static void on_cancel(void *self, coax_call call, coax_err why)
{
    (void)self;
    (void)call;
    printf("front: nobody waits any more (%s)\n", coax_err_name(why));
}

/* The front asks on. `parent` ties the two calls: deadline and cancel go from one to the other. */
static void on_find(void *self, coax_call call, const search_query *request)
{
    front *f = self;
    f->call = call;
    coax_call_on_cancel(call, on_cancel, f);
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.parent = call;
    search_back_look_events events = { .on_item = on_hit, .on_end = on_end };
    coax_err rc = search_back_look(f->to_back, request, &options, &events, f, NULL);
    if (rc != COAX_OK)
        coax_call_fail(call, rc, "the back can't be asked");
}

coax_err front_listen(front *f, coax_loop *loop, const char *url, const char *back_url,
                      coax_error *error)
{
    coax_server *server = NULL;
    coax_err rc = coax_client_create(loop, back_url, NULL, &f->to_back, error);
    if (rc == COAX_OK)
        rc = coax_server_create(loop, NULL, &server, error);
    if (rc == COAX_OK)
        rc = search_front_serve(server, &(search_front_handlers){ .find = on_find }, f);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, url, error);
    return rc;
}
