/*
 * A call that is cancelled, and how far that reaches: client -> front -> back.
 *
 * The client has seen enough after three hits and cancels. The front hears of it, and so does the
 * back, whose call the front made as a child of its own. All on one loop over inproc://; with other
 * addresses it would be three programs. Read first: search.idl, front.c, back.c.
 */
#include <stdio.h>

#include "search.h"
#include "search_client.h"

typedef struct seeker {
    int n_seen;
    coax_err outcome;
} seeker;

static void on_hit(void *self, coax_call call, const search_hit *hit)
{
    seeker *s = self;
    printf("client: %s\n", hit->title.data);
    if (++s->n_seen == 3)
        coax_call_cancel(call);
}

static void on_end(void *self, const search_front_find_result *result)
{
    seeker *s = self;
    s->outcome = result->err;
    printf("client: the call ended with %s after %d hits\n", coax_err_name(result->err), s->n_seen);
}

static coax_err seek(coax_loop *loop, seeker *s, coax_error *error)
{
    coax_client *client = NULL;
    search_query query = { coax_str_from("everything") };
    search_front_find_events events = { .on_item = on_hit, .on_end = on_end };
    coax_err rc = coax_client_create(loop, "inproc://front", NULL, &client, error);
    if (rc == COAX_OK)
        rc = search_front_find(client, &query, NULL, &events, s, NULL);
    return rc;
}

int main(void)
{
    coax_loop *loop = coax_loop_create(NULL);
    coax_error error = COAX_ERROR_INIT;
    back b = { .loop = loop };
    front f = { 0 };
    seeker s = { 0 };
    coax_err rc = back_listen(&b, "inproc://back", &error);
    if (rc == COAX_OK)
        rc = front_listen(&f, loop, "inproc://front", "inproc://back", &error);
    if (rc == COAX_OK)
        rc = seek(loop, &s, &error);
    while (rc == COAX_OK && !(b.has_stopped && f.has_stopped))
        rc = coax_loop_process(loop);
    if (rc != COAX_OK)
        fprintf(stderr, "cancel: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return rc == COAX_OK && s.outcome == COAX_ERR_CANCELLED && s.n_seen == 3 ? 0 : 1;
}
