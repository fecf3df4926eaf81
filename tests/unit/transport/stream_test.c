/*
 * What transport.h promises, held against every transport: the address is the program's argument.
 *
 *     test_stream unix | abstract | sim | an address to listen on, as tcp://[::1]:0 or inproc://x
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bed.h"

static const char *kind;
static char listen_url[CX_URL_PRINT_MAX];
static char folder[64];

static bool simulated(void)
{
    return strcmp(kind, "sim") == 0;
}

static void close_stream(ear *e)
{
    if (e->stream == NULL)
        return;
    e->is_inside = true;
    e->stream->ops->close(e->stream);
    e->stream->ops->close(e->stream);
    e->is_inside = false;
}

/* Closes what is open and checks that all of it ends, once. */
static void end(bed *b, door *d, ear *client, ear *server)
{
    close_stream(client);
    close_stream(server);
    d->listener->ops->close(d->listener);
    bed_clear(b);
    assert_int_equal(client->n_closed, 1);
    assert_int_equal(server->n_closed, 1);
    assert_int_equal(d->n_closed, 1);
    ear_clear(client);
    ear_clear(server);
}

static void bytes_arrive_in_order_both_ways(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    bed_make(&b, simulated());
    bed_connect(&b, listen_url, &d, &client, &server);
    bed_write_all(&b, &client, (const uint8_t *)"hello", 5);
    bed_run_until_heard(&b, &server, 5);
    assert_memory_equal(server.heard, "hello", 5);
    bed_write_all(&b, &server, (const uint8_t *)"world!", 6);
    bed_run_until_heard(&b, &client, 6);
    assert_memory_equal(client.heard, "world!", 6);
    end(&b, &d, &client, &server);
}

static void pieces_arrive_as_one_sequence(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    uint8_t letters[CX_STREAM_PIECES_MAX];
    coax_bytes pieces[CX_STREAM_PIECES_MAX];
    size_t written = 0;
    bed_make(&b, simulated());
    bed_connect(&b, listen_url, &d, &client, &server);
    for (size_t i = 0; i < CX_STREAM_PIECES_MAX; i++) {
        letters[i] = (uint8_t)('A' + i % 26);
        pieces[i] = (coax_bytes){ &letters[i], 1 };
    }
    assert_int_equal(
        client.stream->ops->try_write(client.stream, pieces, CX_STREAM_PIECES_MAX, &written),
        COAX_OK);
    assert_int_equal(written, CX_STREAM_PIECES_MAX);
    bed_run_until_heard(&b, &server, CX_STREAM_PIECES_MAX);
    assert_memory_equal(server.heard, letters, sizeof letters);
    end(&b, &d, &client, &server);
}

static void a_full_stream_takes_part_and_says_when_there_is_room(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    size_t len = 6u * 1024u * 1024u;
    uint8_t *data = malloc(len);
    assert_non_null(data);
    for (size_t i = 0; i < len; i++)
        data[i] = (uint8_t)(i * 31u >> 3);
    bed_make(&b, simulated());
    bed_connect(&b, listen_url, &d, &client, &server);
    server.stream->ops->read(server.stream, false);
    coax_bytes piece = { data, len };
    size_t written = 0;
    assert_int_equal(client.stream->ops->try_write(client.stream, &piece, 1, &written), COAX_OK);
    assert_true(written < len);
    bed_run_some(&b);
    assert_int_equal(server.n_heard, 0);
    server.stream->ops->read(server.stream, true);
    bed_run_until(&b, &client.n_writable, 1);
    bed_write_all(&b, &client, data + written, len - written);
    bed_run_until_heard(&b, &server, len);
    assert_memory_equal(server.heard, data, len);
    end(&b, &d, &client, &server);
    free(data);
}

static void the_other_end_hears_of_a_close_once_and_after_the_bytes(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    bed_make(&b, simulated());
    bed_connect(&b, listen_url, &d, &client, &server);
    bed_write_all(&b, &client, (const uint8_t *)"last words", 10);
    close_stream(&client);
    bed_run_until(&b, &server.n_closed, 1);
    assert_int_equal(server.n_heard, 10);
    assert_int_equal(server.why.code, COAX_ERR_UNAVAILABLE);
    assert_string_equal(server.why.text, "the peer closed the connection");
    bed_run_until(&b, &client.n_closed, 1);
    assert_int_equal(client.why.code, COAX_OK);
    end(&b, &d, &client, &server);
}

static void after_shutdown_the_other_direction_goes_on(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    bed_make(&b, simulated());
    bed_connect(&b, listen_url, &d, &client, &server);
    server.stream->ops->read(server.stream, false);
    bed_write_all(&b, &client, (const uint8_t *)"bye", 3);
    client.stream->ops->shutdown(client.stream);
    bed_write_all(&b, &server, (const uint8_t *)"still here", 10);
    bed_run_until_heard(&b, &client, 10);
    assert_int_equal(client.n_closed, 0);
    server.stream->ops->read(server.stream, true);
    bed_run_until(&b, &server.n_closed, 1);
    assert_int_equal(server.n_heard, 3);
    end(&b, &d, &client, &server);
}

static void closing_inside_on_data_is_the_last_event_but_on_closed(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    static const uint8_t zeros[100000];
    bed_make(&b, simulated());
    bed_connect(&b, listen_url, &d, &client, &server);
    server.closes_on_data = true;
    coax_bytes piece = { zeros, sizeof zeros };
    size_t written = 0;
    assert_int_equal(client.stream->ops->try_write(client.stream, &piece, 1, &written), COAX_OK);
    bed_run_until(&b, &server.n_closed, 1);
    size_t heard = server.n_heard;
    assert_in_range(heard, 1, sizeof zeros);
    bed_run_until(&b, &client.n_closed, 1);
    assert_int_equal(server.n_heard, heard);
    end(&b, &d, &client, &server);
}

static void writing_to_a_closed_or_unopened_stream_is_refused(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    coax_error error = COAX_ERROR_INIT;
    coax_bytes piece = { (const uint8_t *)"x", 1 };
    size_t written = 77;
    d.accepted = &server;
    bed_make(&b, simulated());
    assert_int_equal(bed_listen(&b, listen_url, &d, &error), COAX_OK);
    assert_int_equal(bed_dial(&b, NULL, &d, &client, &error), COAX_OK);
    assert_int_equal(client.stream->ops->try_write(client.stream, &piece, 1, &written),
                     COAX_ERR_UNAVAILABLE);
    bed_run_until(&b, &client.n_open, 1);
    bed_run_until(&b, &d.n_accepted, 1);
    cx_stream *stream = client.stream;
    close_stream(&client);
    assert_int_equal(stream->ops->try_write(stream, &piece, 1, &written), COAX_ERR_UNAVAILABLE);
    stream->ops->read(stream, true);
    stream->ops->shutdown(stream);
    assert_int_equal(written, 77);
    end(&b, &d, &client, &server);
}

static void a_dial_closed_at_once_ends_without_opening(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    coax_error error = COAX_ERROR_INIT;
    d.accepted = &server;
    bed_make(&b, simulated());
    assert_int_equal(bed_listen(&b, listen_url, &d, &error), COAX_OK);
    assert_int_equal(bed_dial(&b, NULL, &d, &client, &error), COAX_OK);
    close_stream(&client);
    bed_run_until(&b, &client.n_closed, 1);
    assert_int_equal(client.n_open, 0);
    assert_int_equal(client.why.code, COAX_OK);
    bed_run_some(&b);
    close_stream(&server); /* the system may have connected it meanwhile */
    d.listener->ops->close(d.listener);
    bed_clear(&b);
    ear_clear(&client);
    ear_clear(&server);
}

static void dialling_where_nobody_listens_says_so(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    char url[CX_URL_PRINT_MAX];
    coax_error error = COAX_ERROR_INIT;
    d.accepted = &server;
    bed_make(&b, simulated());
    assert_int_equal(bed_listen(&b, listen_url, &d, &error), COAX_OK);
    (void)d.listener->ops->address(d.listener, url, sizeof url);
    d.listener->ops->close(d.listener);
    bed_run_until(&b, &d.n_closed, 1);
    assert_int_equal(bed_dial(&b, url, NULL, &client, &error), COAX_OK);
    bed_run_until(&b, &client.n_closed, 1);
    assert_int_equal(client.n_open, 0);
    assert_int_equal(client.why.code, COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(client.why.text, url));
    bed_clear(&b);
    ear_clear(&client);
}

static void a_taken_address_is_refused_by_name(void **state)
{
    (void)state;
    bed b;
    door first = { 0 };
    door second = { 0 };
    char url[CX_URL_PRINT_MAX];
    coax_error error = COAX_ERROR_INIT;
    bed_make(&b, simulated());
    assert_int_equal(bed_listen(&b, listen_url, &first, &error), COAX_OK);
    (void)first.listener->ops->address(first.listener, url, sizeof url);
    assert_int_equal(bed_listen(&b, url, &second, &error), COAX_ERR_IN_USE);
    assert_int_equal(error.code, COAX_ERR_IN_USE);
    assert_non_null(strstr(error.text, url));
    first.listener->ops->close(first.listener);
    bed_run_until(&b, &first.n_closed, 1);
    assert_int_equal(bed_listen(&b, url, &second, &error), COAX_OK);
    second.listener->ops->close(second.listener);
    second.listener->ops->close(second.listener);
    bed_clear(&b);
    assert_int_equal(second.n_closed, 1);
}

static void both_ends_know_an_address_of_the_other(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    ear client = { 0 };
    ear server = { 0 };
    char of_client[CX_URL_PRINT_MAX];
    char of_server[CX_URL_PRINT_MAX];
    char of_door[CX_URL_PRINT_MAX];
    bed_make(&b, simulated());
    bed_connect(&b, listen_url, &d, &client, &server);
    size_t full = client.stream->ops->address(client.stream, of_server, sizeof of_server);
    (void)server.stream->ops->address(server.stream, of_client, sizeof of_client);
    (void)d.listener->ops->address(d.listener, of_door, sizeof of_door);
    assert_int_equal(full, strlen(of_server));
    if (strstr(listen_url, "localhost") == NULL)
        assert_string_equal(of_server, of_door);
    cx_url url;
    assert_int_equal(cx_url_parse(of_client, &url, NULL), COAX_OK);
    char cut[8];
    assert_int_equal(client.stream->ops->address(client.stream, cut, sizeof cut), full);
    assert_int_equal(strlen(cut), 7);
    end(&b, &d, &client, &server);
}

static void many_connections_are_accepted(void **state)
{
    (void)state;
    bed b;
    door d = { 0 };
    static ear clients[50];
    static ear servers[50];
    coax_error error = COAX_ERROR_INIT;
    d.accepted = servers;
    bed_make(&b, simulated());
    assert_int_equal(bed_listen(&b, listen_url, &d, &error), COAX_OK);
    for (int i = 0; i < 50; i++)
        assert_int_equal(bed_dial(&b, NULL, &d, &clients[i], &error), COAX_OK);
    bed_run_until(&b, &d.n_accepted, 50);
    for (int i = 0; i < 50; i++) {
        bed_run_until(&b, &clients[i].n_open, 1);
        close_stream(&clients[i]);
    }
    for (int i = 0; i < 50; i++)
        bed_run_until(&b, &servers[i].n_closed, 1);
    d.listener->ops->close(d.listener);
    bed_clear(&b);
    for (int i = 0; i < 50; i++) {
        ear_clear(&clients[i]);
        ear_clear(&servers[i]);
    }
}

/* Turns the argument into an address. @return false: this host can't. */
static bool choose(const char *argument)
{
    kind = argument;
    if (strcmp(kind, "sim") == 0) {
        (void)snprintf(listen_url, sizeof listen_url, "tcp://simulated:0");
    } else if (strcmp(kind, "unix") == 0) {
        (void)snprintf(folder, sizeof folder, "/tmp/coax-stream-XXXXXX");
        if (mkdtemp(folder) == NULL)
            return false;
        (void)snprintf(listen_url, sizeof listen_url, "unix://%s/socket", folder);
    } else if (strcmp(kind, "abstract") == 0) {
        (void)snprintf(listen_url, sizeof listen_url, "unix://@coax-stream-%ld", (long)getpid());
    } else {
        (void)snprintf(listen_url, sizeof listen_url, "%s", kind);
    }
    return true;
}

/* Whether the address family exists here. */
static bool is_there(void)
{
    bed b;
    door d = { 0 };
    coax_error error = COAX_ERROR_INIT;
    bed_make(&b, simulated());
    bool there = bed_listen(&b, listen_url, &d, &error) == COAX_OK;
    if (there)
        d.listener->ops->close(d.listener);
    else
        (void)fprintf(stderr, "skipped: %s\n", error.text);
    bed_clear(&b);
    return there;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_arrive_in_order_both_ways),
        cmocka_unit_test(pieces_arrive_as_one_sequence),
        cmocka_unit_test(a_full_stream_takes_part_and_says_when_there_is_room),
        cmocka_unit_test(the_other_end_hears_of_a_close_once_and_after_the_bytes),
        cmocka_unit_test(after_shutdown_the_other_direction_goes_on),
        cmocka_unit_test(closing_inside_on_data_is_the_last_event_but_on_closed),
        cmocka_unit_test(writing_to_a_closed_or_unopened_stream_is_refused),
        cmocka_unit_test(a_dial_closed_at_once_ends_without_opening),
        cmocka_unit_test(dialling_where_nobody_listens_says_so),
        cmocka_unit_test(a_taken_address_is_refused_by_name),
        cmocka_unit_test(both_ends_know_an_address_of_the_other),
        cmocka_unit_test(many_connections_are_accepted),
    };
    if (argc != 2 || !choose(argv[1]))
        return 2;
    if (!is_there())
        return 77;
    int failed = cmocka_run_group_tests_name(argv[1], tests, NULL, NULL);
    if (folder[0] != '\0' && rmdir(folder) != 0)
        failed++; /* a socket file was left behind */
    return failed;
}
