/*
 * What travels beside a call, and who looks at calls on their way: metadata and interceptors.
 *
 * Two calls to one desk, over inproc:// on one loop. The first brings no token, and an interceptor sends
 * it away before its request is decoded. The second brings one and a trace id, which the handler
 * reads; it answers with metadata of its own. Read first: desk.idl.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "desk_client.h"
#include "desk_server.h"

/* The interceptor: who may come in. Both sides of a program would more often share a secret. */
static coax_err may_enter(void *self, coax_call_info *info, coax_error *error)
{
    (void)self;
    coax_str token = coax_metadata_find(info->metadata, "token");
    if (token.data == NULL)
        return coax_error_set(error, COAX_ERR_UNAUTHENTICATED, "%s needs a token",
                              info->method_name != NULL ? info->method_name : "this method");
    return COAX_OK;
}

/* Another one: what became of every call, also of those that the one above refused. */
static void note_end(void *self, const coax_call_info *info)
{
    (void)self;
    printf("server: %s ended with %s: %llu bytes in, %llu out\n", info->method_name,
           coax_err_name(info->status->code), (unsigned long long)info->request_bytes,
           (unsigned long long)info->reply_bytes);
}

static void on_ask(void *self, coax_call call, const desk_desk_ask_request *request)
{
    (void)self;
    const coax_metadata_pair first[] = { { coax_str_from("desk"), coax_str_from("7") } };
    const coax_metadata_pair last[] = { { coax_str_from("cost"), coax_str_from("3") } };
    coax_str trace = coax_metadata_find(coax_call_metadata(call), "trace-id");
    printf("server: \"%s\", trace %s\n", request->question.data,
           trace.data != NULL ? trace.data : "without");
    coax_call_send_metadata(call, &(coax_metadata){ first, 1 });
    coax_call_set_trailer(call, &(coax_metadata){ last, 1 });
    desk_desk_ask_reply(call, &(desk_desk_ask_response){ .answer = coax_str_from("soon") });
}

static void print_pairs(const char *when, const coax_metadata *metadata)
{
    for (size_t i = 0; i < metadata->count; i++)
        printf("client: %s: %s = %s\n", when, metadata->items[i].name.data,
               metadata->items[i].value.data);
}

static void on_answer(void *self, const desk_desk_ask_result *result)
{
    int *n_left = self;
    print_pairs("in front", &result->status.initial);
    if (result->err == COAX_OK)
        printf("client: %s\n", result->reply->answer.data);
    else
        printf("client: %s: %s\n", coax_err_name(result->err), result->status.message);
    print_pairs("at the end", &result->status.trailing);
    --*n_left;
}

static coax_err ask_twice(coax_client *client, int *n_left)
{
    const desk_desk_ask_request request = { .question = coax_str_from("when?") };
    const coax_metadata_pair pairs[] = { { coax_str_from("token"), coax_str_from("open sesame") },
                                         { coax_str_from("trace-id"), coax_str_from("5f2c") } };
    const coax_metadata metadata = { pairs, 2 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    coax_err rc = desk_desk_ask(client, &request, &options, on_answer, n_left);
    options.metadata = &metadata;
    if (rc == COAX_OK)
        rc = desk_desk_ask(client, &request, &options, on_answer, n_left);
    return rc;
}

static coax_err serve(coax_loop *loop, coax_error *error)
{
    coax_server *server = NULL;
    const coax_interceptor noter = { sizeof noter, NULL, NULL, note_end };
    const coax_interceptor guard = { sizeof guard, NULL, may_enter, NULL };
    coax_err rc = coax_server_create(loop, NULL, &server, error);
    if (rc == COAX_OK)
        rc = coax_server_intercept(server, &noter);
    if (rc == COAX_OK)
        rc = coax_server_intercept(server, &guard);
    if (rc == COAX_OK)
        rc = desk_desk_serve(server, &(desk_desk_handlers){ .ask = on_ask }, NULL);
    return rc == COAX_OK ? coax_server_listen(server, "inproc://desk", error) : rc;
}

int main(void)
{
    int n_left = 2;
    coax_error error = COAX_ERROR_INIT;
    coax_client *client = NULL;
    coax_loop *loop = coax_loop_create(NULL);
    coax_err rc = serve(loop, &error);
    if (rc == COAX_OK)
        rc = coax_client_create(loop, "inproc://desk", NULL, &client, &error);
    if (rc == COAX_OK)
        rc = ask_twice(client, &n_left);
    while (rc == COAX_OK && n_left > 0)
        rc = coax_loop_process(loop);
    if (rc != COAX_OK)
        fprintf(stderr, "trace: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return rc == COAX_OK ? 0 : 1;
}
