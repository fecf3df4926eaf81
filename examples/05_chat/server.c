/*
 * A chat server: a group for each room, an event for each line.
 *
 *     server [ADDRESS]        tcp://127.0.0.1:4415 when there is none; Ctrl-C drains it
 *
 * Read first: chat.idl. Read next: client.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include <coax/coax.h>

#include "chat_server.h"

/* Who sits behind a connection. */
typedef struct member {
    char room[33];
    char name[33];
} member;

static uint32_t tell_room(coax_server *server, coax_peer from, const member *m, const char *text)
{
    chat_line line = { coax_str_from(m->room), coax_str_from(m->name), coax_str_from(text) };
    coax_emit_report report = { 0 };
    coax_emit_options options = COAX_EMIT_OPTIONS_INIT;
    options.group = m->room;
    options.except = from;
    options.policy = COAX_SLOW_DROP_OLDEST; /* who is slow misses old lines, not new ones */
    options.ret_report = &report;
    chat_chat_line_emit(server, &line, &options);
    return report.n_queued;
}

static void leave_room(coax_server *server, coax_peer peer, member *m)
{
    if (m->room[0] == '\0')
        return;
    coax_peer_leave(peer, m->room);
    tell_room(server, peer, m, "(has left)");
    m->room[0] = '\0';
}

static void on_enter(void *self, coax_call call, const chat_chat_enter_request *request)
{
    coax_server *server = *(coax_server **)self;
    coax_peer peer = coax_call_peer(call);
    member *m = coax_peer_data(peer);
    leave_room(server, peer, m);
    coax_err rc = coax_peer_join(peer, request->room.data);
    if (rc != COAX_OK) {
        coax_call_fail(call, rc, "no room in %s", request->room.data);
        return;
    }
    snprintf(m->room, sizeof m->room, "%s", request->room.data);
    snprintf(m->name, sizeof m->name, "%s", request->name.data);
    tell_room(server, peer, m, "(has come)");
    uint32_t n_members = (uint32_t)coax_server_group_size(server, m->room);
    chat_chat_enter_reply(call, &(chat_chat_enter_response){ .n_members = n_members });
}

static void on_say(void *self, coax_call call, const chat_chat_say_request *request)
{
    coax_peer peer = coax_call_peer(call);
    const member *m = coax_peer_data(peer);
    if (m->room[0] == '\0') {
        coax_call_fail(call, COAX_ERR_FAILED_PRECONDITION, "enter a room first");
        return;
    }
    uint32_t n_told = tell_room(*(coax_server **)self, peer, m, request->text.data);
    chat_chat_say_reply(call, &(chat_chat_say_response){ .n_told = n_told });
}

static void on_connect(void *self, coax_peer peer)
{
    (void)self;
    member *m = calloc(1, sizeof *m);
    coax_peer_set_data(peer, m);
    if (m == NULL)
        coax_peer_close(peer, COAX_ERR_RESOURCE_EXHAUSTED, "no memory for one more member");
}

/* The group forgets who has gone by itself; the others want to hear of it. */
static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    (void)reason;
    member *m = coax_peer_data(peer);
    if (m != NULL)
        leave_room(*(coax_server **)self, peer, m);
    free(m);
}

int main(int argc, char **argv)
{
    coax_loop *loop = coax_loop_create(NULL);
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.self = &server;
    options.on_connect = on_connect;
    options.on_disconnect = on_disconnect;
    coax_err rc = coax_server_create(loop, &options, &server, &error);
    if (rc == COAX_OK)
        rc = chat_chat_serve(server, &(chat_chat_handlers){ .enter = on_enter, .say = on_say },
                             &server);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, argc > 1 ? argv[1] : "tcp://127.0.0.1:4415", &error);
    if (rc == COAX_OK)
        rc = coax_loop_drain_on_signals(loop, 1000);
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
