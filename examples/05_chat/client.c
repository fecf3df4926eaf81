/*
 * A chat client: what is typed goes out, what others say comes in, both at once.
 *
 *     client ROOM NAME [ADDRESS]
 *
 * When the server goes away it dials again, and enters again. Read first: chat.idl, server.c.
 */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <coax/coax.h>

#include "chat_client.h"

typedef struct talker {
    const char *room;
    const char *name;
    coax_client *client;
    bool is_over;
    bool is_in; /* the room */
} talker;

static void on_line(void *self, coax_peer peer, const chat_line *line)
{
    (void)self;
    (void)peer;
    printf("%s: %s\n", line->from.data, line->text.data);
}

static void on_entered(void *self, const chat_chat_enter_result *result)
{
    talker *t = self;
    t->is_in = result->err == COAX_OK;
    if (t->is_in)
        printf("(%u in %s)\n", result->reply->n_members, t->room);
    else
        fprintf(stderr, "client: %s\n", result->status.message);
}

/* A connection, the first or a later one. The subscription comes back by itself. */
static void on_connect(void *self, coax_peer peer)
{
    talker *t = self;
    (void)peer;
    chat_chat_enter_request request = { coax_str_from(t->room), coax_str_from(t->name) };
    if (chat_chat_enter(t->client, &request, NULL, on_entered, t) != COAX_OK)
        t->is_over = true;
}

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    talker *t = self;
    (void)client;
    if (!t->is_over && (state == COAX_CLIENT_WAITING || state == COAX_CLIENT_CLOSED))
        fprintf(stderr, "client: %s\n", reason->text);
    t->is_over = t->is_over || state == COAX_CLIENT_CLOSED;
}

static void on_said(void *self, const chat_chat_say_result *result)
{
    (void)self;
    if (result->err != COAX_OK)
        fprintf(stderr, "client: not said: %s\n", result->status.message);
}

/* One read of what was typed is one line, as terminals give it. */
static void say_typed(talker *t)
{
    char text[400] = "";
    t->is_over = read(STDIN_FILENO, text, sizeof text - 1) <= 0;
    if (t->is_over)
        return;
    text[strcspn(text, "\n")] = '\0';
    chat_chat_say_request request = { coax_str_from(text) };
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = { .waits_for_ready = true, .error = &error };
    if (chat_chat_say(t->client, &request, &options, on_said, t) != COAX_OK)
        fprintf(stderr, "client: not said: %s\n", error.text);
}

static void talk(talker *t, coax_loop *loop)
{
    while (!t->is_over) {
        struct pollfd fds[] = { { coax_loop_fd(loop), POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
        if (poll(fds, t->is_in ? 2 : 1, coax_loop_timeout_ms(loop)) > 0 && fds[1].revents != 0)
            say_typed(t);
        coax_loop_process(loop);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: client ROOM NAME [ADDRESS]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0); /* into a pipe as well */
    talker t = { .room = argv[1], .name = argv[2] };
    coax_loop *loop = coax_loop_create(NULL);
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = &t;
    options.reconnects = true;
    options.on_state = on_state;
    options.on_connect = on_connect;
    coax_err rc = coax_client_create(loop, argc > 3 ? argv[3] : "tcp://127.0.0.1:4415", &options,
                                     &t.client, &error);
    if (rc == COAX_OK)
        rc = chat_chat_line_subscribe(t.client, on_line, NULL, NULL, NULL);
    if (rc == COAX_OK)
        talk(&t, loop);
    else
        fprintf(stderr, "client: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return rc == COAX_OK ? 0 : 1;
}
