#include <stdio.h>

#include "search.h"
#include "search_server.h"

/* One hit in each turn of the loop, so that everything else goes on meanwhile. */
static void look_on(void *self)
{
    back *b = self;
    char title[32];
    snprintf(title, sizeof title, "hit %d", ++b->n_found);
    coax_err rc = search_back_look_push(b->call, &(search_hit){ coax_str_from(title) });
    if (rc == COAX_OK || rc == COAX_ERR_WOULD_BLOCK)
        rc = coax_loop_post(b->loop, look_on, b);
    if (rc == COAX_OK)
        return;
    /* Stale: nobody waits any more. To answer in vain says that the handler has ended. */
    coax_call_fail(b->call, COAX_ERR_CANCELLED, "stopped");
    b->has_stopped = true;
}

static void on_cancel(void *self, coax_call call, coax_err why)
{
    back *b = self;
    (void)call;
    printf("back: stops looking after %d hits (%s)\n", b->n_found, coax_err_name(why));
}

static void on_look(void *self, coax_call call, const search_query *request)
{
    back *b = self;
    (void)request;
    b->call = call;
    coax_call_on_cancel(call, on_cancel, b);
    look_on(b);
}

coax_err back_listen(back *b, const char *url, coax_error *error)
{
    coax_server *server = NULL;
    coax_err rc = coax_server_create(b->loop, NULL, &server, error);
    if (rc == COAX_OK)
        rc = search_back_serve(server, &(search_back_handlers){ .look = on_look }, b);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, url, error);
    return rc;
}
