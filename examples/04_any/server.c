/*
 * Keeps one value of whatever shape. It never looks inside, so it needs no msgpack-c.
 *
 *     server [ADDRESS]        tcp://127.0.0.1:4412 when there is none
 *
 * Read first: attic.idl. Read next: client.c.
 */
#include <stdio.h>
#include <string.h>

#include <coax/coax.h>

#include "attic_server.h"

typedef struct attic {
    char key[65];
    uint8_t bytes[1024];
    size_t len;
} attic;

/* A request ends with its call, so what is kept is copied. */
static void on_put(void *self, coax_call call, const attic_attic_put_request *request)
{
    attic *a = self;
    if (request->value.len > sizeof a->bytes) {
        coax_call_fail(call, COAX_ERR_RESOURCE_EXHAUSTED, "there is room for %zu bytes",
                       sizeof a->bytes);
        return;
    }
    memcpy(a->key, request->key.data,
           request->key.len + 1); /* decoded text ends in a NUL; @len keeps it short */
    memcpy(a->bytes, request->value.data, request->value.len);
    a->len = request->value.len;
    attic_attic_put_reply(call, &(attic_attic_put_response){ 0 });
}

static void on_get(void *self, coax_call call, const attic_attic_get_request *request)
{
    attic *a = self;
    if (!coax_str_equal(coax_str_from(a->key), request->key)) {
        attic_attic_get_throw_no_such_key(call, &(attic_no_such_key){ .key = request->key });
        return;
    }
    attic_attic_get_reply(call, &(attic_attic_get_response){ .value = { a->bytes, a->len } });
}

int main(int argc, char **argv)
{
    attic a = { 0 };
    coax_error error = COAX_ERROR_INIT;
    coax_server *server = NULL;
    coax_loop *loop = coax_loop_create(NULL);
    if (loop == NULL)
        return 1;
    coax_err rc = coax_server_create(loop, NULL, &server, &error);
    if (rc == COAX_OK)
        rc = attic_attic_serve(server, &(attic_attic_handlers){ .put = on_put, .get = on_get }, &a);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, argc > 1 ? argv[1] : "tcp://127.0.0.1:4412", &error);
    if (rc == COAX_OK) {
        char address[128];
        coax_server_address(server, 0, address, sizeof address);
        printf("%s\n", address);
        fflush(stdout);
        rc = coax_loop_run(loop);
    }
    if (rc != COAX_OK)
        fprintf(stderr, "server: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return rc == COAX_OK ? 0 : 1;
}
