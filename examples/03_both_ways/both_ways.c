/*
 * Both roles on both sides: members call the board, and the board calls its members on the same connections.
 *
 * Everything lives in one process, on one loop, over inproc://. With another address it would be two programs.
 * Read first: board.idl, ../01_calc.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "board_client.h"
#include "board_server.h"

enum { N_MEMBERS = 2 };

typedef struct board {
    coax_peer peers[N_MEMBERS]; /* small values; one that has gone answers `stale`, so nothing has
                                   to be removed */
    uint32_t n_peers;
} board;

static void on_join(void *self, coax_call call, const board_board_join_request *request)
{
    (void)request;
    board *b = self;
    if (b->n_peers == N_MEMBERS) {
        coax_call_fail(call, COAX_ERR_RESOURCE_EXHAUSTED, "the board has room for %d members",
                       (int)N_MEMBERS);
        return;
    }
    b->peers[b->n_peers++] = coax_call_peer(call);
    board_board_join_reply(call, &(board_board_join_response){ 0 });
}

/* Tells everybody. A peer is called as a client is, with `_to` behind the name. */
static void on_say(void *self, coax_call call, const board_line *line)
{
    board *b = self;
    uint32_t n_told = 0;
    for (uint32_t i = 0; i < b->n_peers; i++)
        if (board_member_hear_to(b->peers[i], line, NULL) == COAX_OK)
            n_told++;
    board_board_say_reply(call, &(board_board_say_response){ .n_told = n_told });
}

typedef struct meeting {
    coax_loop *loop;
    int n_joined;
    int n_heard;
} meeting;

typedef struct member {
    const char *name;
    coax_client *client;
    meeting *meeting;
} member;

/* A handler on a client. Nothing goes back: the method is one-way. */
static void on_hear(void *self, coax_call call, const board_line *line)
{
    (void)call;
    member *m = self;
    printf("    %s hears %s say: %s\n", m->name, line->name.data, line->text.data);
    if (++m->meeting->n_heard == N_MEMBERS)
        coax_loop_stop(m->meeting->loop);
}

static void on_said(void *self, const board_board_say_result *result)
{
    member *m = self;
    if (result->status.code != COAX_OK)
        fprintf(stderr, "%s: %s\n", m->name, result->status.message);
}

/* Who joins last speaks, so that all hear it. */
static void on_joined(void *self, const board_board_join_result *result)
{
    member *m = self;
    board_line line = { .name = coax_str_from(m->name), .text = coax_str_from("good morning") };
    coax_err rc = result->status.code;
    if (rc == COAX_OK && ++m->meeting->n_joined == N_MEMBERS)
        rc = board_board_say(m->client, &line, NULL, on_said, m);
    if (rc != COAX_OK)
        coax_loop_stop(m->meeting->loop);
}

static coax_err join(member *m)
{
    coax_err rc = coax_client_create(m->meeting->loop, "inproc://board", NULL, &m->client, NULL);
    if (rc == COAX_OK)
        rc = board_member_serve_client(m->client, &(board_member_handlers){ .hear = on_hear }, m);
    if (rc == COAX_OK)
        rc = board_board_join(m->client, &(board_board_join_request){ 0 }, NULL, on_joined, m);
    return rc;
}

int main(void)
{
    coax_loop *loop = coax_loop_create(NULL);
    if (loop == NULL)
        return 1;
    board b = { 0 };
    meeting shared = { .loop = loop };
    member members[N_MEMBERS] = { { "ada", NULL, &shared }, { "bob", NULL, &shared } };
    coax_server *server = NULL;
    coax_err rc = coax_server_create(loop, NULL, &server, NULL);
    board_board_handlers handlers = { .join = on_join, .say = on_say };
    if (rc == COAX_OK)
        rc = board_board_serve(server, &handlers, &b);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, "inproc://board", NULL);
    for (int i = 0; rc == COAX_OK && i < N_MEMBERS; i++)
        rc = join(&members[i]);
    if (rc == COAX_OK)
        rc = coax_loop_run(loop);
    coax_loop_destroy(loop);
    return rc == COAX_OK && shared.n_heard == N_MEMBERS ? 0 : 1;
}
