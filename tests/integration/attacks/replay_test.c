/*
 * S6: whole connections, played again. There is no cache of nonces that could be too small, of one process only or keyed by a
 * port: each handshake has numbers of the server's own, so nothing of one fits another.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "party.h"

/* Another server with the same key, as after a restart, or in another process. */
typedef struct twin {
    coax_server *server;
    uint32_t n_connects;
    uint32_t n_heard;
} twin;

static void twin_connect(void *self, coax_peer peer)
{
    (void)peer;
    ((twin *)self)->n_connects++;
}

static void twin_put(void *self, coax_call call, const vault_coin *request)
{
    (void)call;
    (void)request;
    ((twin *)self)->n_heard++;
}

static void twin_drop(void *self, coax_call call, const vault_coin *request)
{
    twin_put(self, call, request);
}

static void open_twin(twin *w, trio *t)
{
    static const vault_vault_handlers handlers = { .put = twin_put, .drop = twin_drop };
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_key *key = NULL;
    memset(w, 0, sizeof *w);
    assert_int_equal(coax_key_from_bytes(trio_server_secret, &key, NULL), COAX_OK);
    options.key = key;
    options.self = w;
    options.on_connect = twin_connect;
    if (t->way == TRIO_PSK)
        options.psk = (coax_bytes){ trio_psk, 32 };
    assert_int_equal(coax_server_create(t->loop, &options, &w->server, NULL), COAX_OK);
    assert_int_equal(vault_vault_serve(w->server, &handlers, w), COAX_OK);
    assert_int_equal(coax_server_listen(w->server, "tcp://twin:7", NULL), COAX_OK);
    coax_key_free(key);
}

/* Connection 0, from which all is taken. */
static void record(trio *t)
{
    static const deed nothing = { .act = DEED_NOTHING };
    trio_connect_under(t, &nothing);
    assert_true(trio_until(t, trio_is_open, 10000));
    trio_talk(t, 6, false);
    assert_int_equal(t->now.n_good, 4);
    trio_leave(t);
    trio_check(t);
}

/* All that the client said then, instead of what this one says. */
static const deed play_up = { .act = DEED_GRAFT, .way = MITM_UP, .kind = MITM_PREFACE, .from = 0 };
/* All that the server said then. */
static const deed play_down = {
    .act = DEED_GRAFT, .way = MITM_DOWN, .kind = MITM_MESSAGE, .from = 0
};

static void play(trio *t, const deed *one)
{
    trio_connect_under(t, one);
    (void)trio_ask_one(t, TRIO_PUT, 1);
    assert_true(trio_until(t, trio_is_settled, 60000));
    assert_int_equal(t->now.n_opened, 0);
    assert_int_equal(t->now.n_good, 0);
    assert_int_equal(t->now.n_heard, 0);
    assert_int_equal(t->now.n_connects, 0);
    trio_leave(t);
    trio_check(t);
}

static void the_same_server_hears_it_again(void **state)
{
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        trio_open(&t, way, false, 81, NULL);
        record(&t);
        for (int i = 0; i < 3; i++) {
            play(&t, &play_up);
            assert_int_equal(t.now.server.code, COAX_ERR_TAMPERED);
        }
        trio_check_server(&t);
        trio_close(&t);
    }
}

static void another_server_with_the_same_key_hears_it(void **state)
{
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        twin w;
        trio_open(&t, way, false, 82, NULL);
        record(&t);
        open_twin(&w, &t);
        assert_int_equal(cx_url_parse("tcp://twin:7", &t.mitm.target, NULL), COAX_OK);
        play(&t, &play_up);
        assert_int_equal(w.n_connects, 0);
        assert_int_equal(w.n_heard, 0);
        assert_int_equal(t.now.server.code, COAX_ERR_TAMPERED);
        coax_server_close(w.server);
        trio_close(&t);
    }
}

/* The other way: a client hears what the server said to another, or to itself before. */
static void a_client_hears_what_was_said_before(void **state)
{
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        trio_open(&t, way, false, 83, NULL);
        record(&t);
        play(&t, &play_down);
        assert_int_equal(t.now.client.code, COAX_ERR_TAMPERED);
        trio_check_server(&t);
        trio_close(&t);
    }
}

/* Two connections at once, whose ways are exchanged from one record on. */
static void two_connections_at_once_cannot_be_crossed(void **state)
{
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        party p;
        party_open(&p, way, NULL);
        trio *t = &p.trio;
        const stranger_look look = party_look(&p);
        /* The stranger goes through the man in the middle as well: link 1. */
        stranger_dial(&p.stranger, t->loop, t->mitm.url, &look);
        trio_wait(t, 50);
        assert_true(p.stranger.is_ready);
        stranger_hello(&p.stranger, "the other", (coax_bytes){ NULL, 0 });
        trio_wait(t, 50);
        assert_non_null(stranger_heard(&p.stranger, CX_FRAME_WELCOME));
        mitm_link *mine = mitm_last(&t->mitm);
        mitm_link *good = mine->next;
        stranger_send(&p.stranger, (cx_frame){ .type = CX_FRAME_PING }, "eight by", 8);
        trio_wait(t, 50);
        const mitm_unit *ping = mitm_find(mine, MITM_UP, MITM_RECORD, 1);
        assert_non_null(ping);
        /* The good connection's next record comes a moment too late. */
        mitm_send(good, MITM_UP, ping->bytes, ping->len);
        trio_wait(t, 50);
        assert_int_equal(t->now.n_disconnects, 1);
        assert_int_equal(t->now.server.code, COAX_ERR_TAMPERED);
        assert_int_equal(t->now.n_closed, 1);
        assert_false(p.stranger.is_over); /* to whom nothing was done */
        stranger_close(&p.stranger);
        trio_wait(t, 2000);
        stranger_free(&p.stranger);
        trio_leave(t);
        trio_check(t);
        trio_close(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S6: a connection that was recorded is nothing to the same server",
          the_same_server_hears_it_again, NULL, NULL, NULL },
        { "S6: nor to another one with the same key, after a restart or in another process",
          another_server_with_the_same_key_hears_it, NULL, NULL, NULL },
        { "S6: nor what a server said to a client", a_client_hears_what_was_said_before, NULL, NULL,
          NULL },
        { "S5: two connections at once cannot be crossed",
          two_connections_at_once_cannot_be_crossed, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
