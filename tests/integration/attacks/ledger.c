/*
 * The ledger: coins whose contents follow from their numbers, the questions that carry them, and the handlers that look at
 * each. Whatever does not fit is remembered as wrong, in words.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trio.h"

#define BODY_MAX 300u
#define FACE_BACK 0x80000000u
/* Tickets of the items of one question. */
#define ITEMS 100u

void ledger_wrong(trio *t, const char *format, ...)
{
    va_list args;
    if (t->now.wrong[0] != '\0')
        return;
    va_start(args, format);
    (void)vsnprintf(t->now.wrong, sizeof t->now.wrong, format, args);
    va_end(args);
}

/* The only body a coin of these numbers has. */
static coax_bytes body_of(uint32_t client, uint32_t ticket, uint8_t body[BODY_MAX])
{
    uint64_t x = ((uint64_t)client << 32 | ticket) * UINT64_C(0x9e3779b97f4a7c15) + 1;
    size_t len =
        1 + ticket * (size_t)2654435761u % 1000003 % (BODY_MAX - 1); /* of every client's */
    for (size_t i = 0; i < len; i++) {
        x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        body[i] = (uint8_t)(x >> 56);
    }
    return (coax_bytes){ body, len };
}

static vault_coin coin_of(uint32_t client, uint32_t ticket, uint8_t body[BODY_MAX])
{
    return (
        vault_coin){ .client = client, .ticket = ticket, .body = body_of(client, ticket, body) };
}

static bool is_genuine(const vault_coin *coin)
{
    uint8_t body[BODY_MAX];
    coax_bytes want = body_of(coin->client, coin->ticket, body);
    return coin->body.len == want.len && memcmp(coin->body.data, want.data, want.len) == 0;
}

/* The question a coin belongs to, when it is one of the client of now; else NULL. */
static trio_ask *ask_of(trio *t, const vault_coin *coin, const char *where)
{
    uint32_t number = (coin->ticket & ~FACE_BACK) / ITEMS;
    if (!is_genuine(coin)) {
        ledger_wrong(t, "%s: a changed coin, client %u, ticket %u", where, (unsigned)coin->client,
                     (unsigned)coin->ticket);
        return NULL;
    }
    if (coin->client != t->n_clients || number >= t->now.n_asked) {
        ledger_wrong(t, "%s: a coin of client %u, ticket %u, while client %u has asked %u times",
                     where, (unsigned)coin->client, (unsigned)coin->ticket, (unsigned)t->n_clients,
                     (unsigned)t->now.n_asked);
        return NULL;
    }
    return &t->asks[number];
}

/* At the server. */

/* @return whether the coin may be taken; `ret_back` is its other face. */
static bool take(trio *t, const vault_coin *coin, trio_ask_kind kind, uint8_t body[BODY_MAX],
                 vault_coin *ret_back)
{
    trio_ask *ask = ask_of(t, coin, "a handler");
    if (ask == NULL)
        return false;
    if (ask->kind != kind)
        ledger_wrong(t, "ticket %u reached a handler of kind %d", (unsigned)coin->ticket, kind);
    if (coin->ticket % ITEMS != ask->n_heard)
        ledger_wrong(t, "ticket %u came to a handler as number %u", (unsigned)coin->ticket,
                     (unsigned)ask->n_heard);
    ask->n_heard++;
    t->now.n_heard++;
    *ret_back = coin_of(coin->client, coin->ticket | FACE_BACK, body);
    return true;
}

static void on_put(void *self, coax_call call, const vault_coin *request)
{
    uint8_t body[BODY_MAX];
    vault_coin back;
    if (take(self, request, TRIO_PUT, body, &back))
        (void)vault_vault_put_reply(call, &back);
    else
        (void)coax_call_fail(call, COAX_ERR_DATA_LOSS, "a false coin");
}

static void on_drop(void *self, coax_call call, const vault_coin *request)
{
    uint8_t body[BODY_MAX];
    vault_coin back;
    (void)call;
    (void)take(self, request, TRIO_DROP, body, &back);
}

static void on_turn_item(void *self, coax_call call, const vault_coin *item)
{
    uint8_t body[BODY_MAX];
    vault_coin back;
    if (take(self, item, TRIO_TURN, body, &back) &&
        vault_vault_turn_push(call, &back) == COAX_ERR_WOULD_BLOCK)
        ledger_wrong(self, "a few coins fill the queue");
}

static void on_turn_end(void *self, coax_call call)
{
    (void)self;
    (void)coax_call_end(call);
}

static void on_turn(void *self, coax_call call, const vault_vault_turn_request *request)
{
    (void)request;
    (void)vault_vault_turn_receive(call, on_turn_item, on_turn_end, self);
}

static const vault_vault_handlers vault_handlers = { .put = on_put,
                                                     .drop = on_drop,
                                                     .turn = on_turn };

coax_err ledger_serve(trio *t)
{
    return vault_vault_serve(t->server, &vault_handlers, t);
}

/* At the client. */

static void take_back(trio_ask *ask, const vault_coin *coin)
{
    trio *t = ask->trio;
    if (ask->n_ends > 0 || ask_of(t, coin, "an answer") != ask || (coin->ticket & FACE_BACK) == 0 ||
        (coin->ticket & ~FACE_BACK) % ITEMS != ask->n_back)
        ledger_wrong(t, "question %u was answered with ticket %u of client %u",
                     (unsigned)ask->ticket, (unsigned)coin->ticket, (unsigned)coin->client);
    ask->n_back++;
}

static void end(trio_ask *ask, const coax_status *status)
{
    trio *t = ask->trio;
    uint32_t all = ask->kind == TRIO_TURN ? ask->n_items : 1;
    if (ask->client != t->n_clients || ask->n_ends++ > 0)
        ledger_wrong(t, "question %u ended twice, or late", (unsigned)ask->ticket);
    if (status->code == COAX_OK && (ask->n_back != all || ask->n_heard != all))
        ledger_wrong(t, "question %u ended well with %u of %u coins", (unsigned)ask->ticket,
                     (unsigned)ask->n_back, (unsigned)all);
    ask->err = status->code;
    if (status->code == COAX_OK) {
        t->now.n_good++;
    } else {
        t->now.n_failed++;
        t->now.last_err = status->code;
    }
}

static void on_put_done(void *self, const vault_vault_put_result *result)
{
    if (result->err == COAX_OK)
        take_back(self, result->reply);
    end(self, &result->status);
}

static void on_turned(void *self, coax_call call, const vault_coin *item)
{
    (void)call;
    take_back(self, item);
}

static void on_turn_done(void *self, const vault_vault_turn_result *result)
{
    end(self, &result->status);
}

/* Sends what is left; there may be no room yet, before the connection is open. */
static void go_on(void *self, coax_call call)
{
    trio_ask *ask = self;
    uint8_t body[BODY_MAX];
    coax_err err = COAX_OK;
    while (ask->n_sent < ask->n_items && err == COAX_OK) {
        const vault_coin coin = coin_of(ask->client, ask->ticket + ask->n_sent, body);
        err = vault_vault_turn_send(call, &coin);
        ask->n_sent += err == COAX_OK ? 1 : 0;
    }
    if (err == COAX_OK && ask->n_sent == ask->n_items)
        (void)coax_call_end(call);
}

static const vault_vault_turn_events turn_events = { .on_item = on_turned,
                                                     .on_writable = go_on,
                                                     .on_end = on_turn_done };

static coax_err start_turn(trio *t, trio_ask *ask)
{
    const vault_vault_turn_request request = { 0 };
    coax_call call;
    coax_err err = vault_vault_turn(t->client, &request, NULL, &turn_events, ask, &call);
    if (err == COAX_OK)
        go_on(ask, call);
    else
        ask->n_ends = 1; /* refused at once: no callback follows */
    return err;
}

/* A one-way message has no end that anybody sees. */
static coax_err start_drop(trio *t, trio_ask *ask, const vault_coin *coin)
{
    coax_err err = vault_vault_drop(t->client, coin, NULL);
    ask->n_ends = 1;
    return err;
}

bool trio_ask_one(trio *t, trio_ask_kind kind, uint32_t n_items)
{
    uint8_t body[BODY_MAX];
    if (t->now.n_asked == TRIO_ASKS_MAX || t->client == NULL)
        return false;
    trio_ask *ask = &t->asks[t->now.n_asked];
    *ask = (trio_ask){ .trio = t,
                       .kind = kind,
                       .client = t->n_clients,
                       .ticket = t->now.n_asked * ITEMS,
                       .n_items = n_items };
    const vault_coin coin = coin_of(ask->client, ask->ticket, body);
    t->now.n_asked++;
    coax_err err = kind == TRIO_PUT    ? vault_vault_put(t->client, &coin, NULL, on_put_done, ask)
                   : kind == TRIO_TURN ? start_turn(t, ask)
                                       : start_drop(t, ask, &coin);
    if (err != COAX_OK && ask->n_ends == 0 && kind != TRIO_TURN)
        ask->n_ends = 1;
    return err == COAX_OK;
}

void trio_talk(trio *t, uint32_t n, bool at_once)
{
    for (uint32_t i = 0; i < n; i++) {
        bool is_asked = trio_ask_one(t, (trio_ask_kind)(i % 3), 1 + i % 5);
        if (!at_once && is_asked)
            (void)trio_until(t, trio_is_answered, 60000);
    }
}

void ledger_begin(trio *t)
{
    memset(t->asks, 0, sizeof t->asks);
    memset(&t->now, 0, sizeof t->now);
    t->n_clients++;
}

void ledger_check(trio *t)
{
    for (uint32_t i = 0; i < t->now.n_asked; i++) {
        if (t->asks[i].n_ends != 1)
            ledger_wrong(t, "question %u has ended %u times", (unsigned)i,
                         (unsigned)t->asks[i].n_ends);
    }
}
