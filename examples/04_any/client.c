/*
 * Makes an `any` with msgpack-c, has it kept, gets it back, and looks inside.
 *
 *     client [ADDRESS]        tcp://127.0.0.1:4412 when there is none
 *
 * Read first: attic.idl, server.c.
 */
#include <stdio.h>
#include <string.h>

#include <coax/any.h>
#include <coax/coax.h>

#include "attic_client.h"

static const char *const EXPECTED = "{\"answer\":42,\"primes\":[2,3,5]}";

/* Any msgpack_packer may write the value; coax borrows its buffer for the call. */
static coax_err put_numbers(coax_client *client)
{
    msgpack_sbuffer buffer;
    msgpack_sbuffer_init(&buffer);
    msgpack_packer packer;
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 2);
    msgpack_pack_str_with_body(&packer, "answer", 6);
    msgpack_pack_int(&packer, 42);
    msgpack_pack_str_with_body(&packer, "primes", 6);
    msgpack_pack_array(&packer, 3);
    msgpack_pack_int(&packer, 2);
    msgpack_pack_int(&packer, 3);
    msgpack_pack_int(&packer, 5);
    attic_attic_put_request request = { .key = coax_str_from("numbers") };
    coax_err rc = coax_any_from_buffer(&buffer, &request.value, NULL);
    if (rc == COAX_OK) {
        attic_attic_put_result result;
        rc = attic_attic_put_wait(client, &request, NULL, &result);
        attic_attic_put_result_free(&result);
    }
    msgpack_sbuffer_destroy(&buffer);
    return rc;
}

/* Reads the value into msgpack-c's objects, within limits, and prints it as JSON. */
static bool show(coax_any value)
{
    msgpack_zone zone;
    if (!msgpack_zone_init(&zone, 1024))
        return false;
    msgpack_object object;
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = coax_any_read(value, NULL, &zone, &object, &error);
    if (rc == COAX_OK && object.type == MSGPACK_OBJECT_MAP)
        printf("    a map with %u entries: ", (unsigned)object.via.map.size);
    msgpack_zone_destroy(&zone);
    char text[256];
    coax_any_text(value, text, sizeof text);
    printf("%s\n", rc == COAX_OK ? text : error.text);
    return rc == COAX_OK && strcmp(text, EXPECTED) == 0;
}

int main(int argc, char **argv)
{
    coax_error error = COAX_ERROR_INIT;
    coax_client *client = NULL;
    if (coax_dial(argc > 1 ? argv[1] : "tcp://127.0.0.1:4412", NULL, &client, &error) != COAX_OK) {
        fprintf(stderr, "client: %s\n", error.text);
        return 1;
    }
    bool is_fine = put_numbers(client) == COAX_OK;
    if (is_fine) {
        attic_attic_get_request request = { .key = coax_str_from("numbers") };
        attic_attic_get_result result;
        is_fine = attic_attic_get_wait(client, &request, NULL, &result) == COAX_OK &&
                  show(result.reply->value);
        attic_attic_get_result_free(&result);
    }
    coax_client_close(client);
    return is_fine ? 0 : 1;
}
