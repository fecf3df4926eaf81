/*
 * The throttle's three tables: users, addresses, and users at addresses they have logged in from.
 *
 * Each is a fixed number of sets of eight places, found by a keyed hash, so that nobody can choose who shares his set.
 * Where a set is full the entry with the fewest failures goes, the oldest of several. So to be forgotten an attacker
 * has to make as many failures in the name of every other entry of his set as he has himself, and, because he can't
 * tell which names meet there, of most names in the table: thousands of failures for the few guesses he gets back. A newcomer
 * begins with none, so that filling the table locks nobody out.
 *
 * Who knows a password may be kept out by somebody who guesses wrong in his name: a throttle by name alone
 * can't help that. So whoever has logged in from an address is judged, there, by his own failures there only.
 * Such places are made by logging in and by nothing else. Who has no name has no such place: whoever has one token, or sits
 * behind one address with others who log in, would be forgiven his guesses by every login from there.
 */
#include <string.h>

#include "base/siphash.h"
#include "session/throttle.h"

#define WAYS 8u
#define USERS 4096u
#define ADDRESSES 4096u
#define PAIRS 2048u

#define FIRST_DELAY_MS 1000u
#define NS_PER_MS 1000000u
#define NS_PER_MINUTE (UINT64_C(60) * 1000u * NS_PER_MS)
/* A ticket older than that is forgotten: longer than any login takes. */
#define PENDING_MINUTES 60u
/* Logins of one name that may be under way at once: each is a guess that may yet turn out wrong. */
#define PENDING_UNKNOWN 64u
/* And of one name at a place it is known at, or of one address. */
#define PENDING_KNOWN 1024u

typedef struct entry {
    uint64_t tag; /* 0: free */
    uint64_t until_ns;
    uint64_t last_ns; /* of the last failure; of a pair, of the last success as well */
    uint32_t failures;
    uint16_t pending;
    uint16_t asked_minute; /* of the last ticket, of the clock's minutes */
} entry;

typedef struct table {
    entry *entries;
    uint32_t n_sets;
    uint32_t free_failures; /* before waiting begins */
    uint32_t max_pending;
    uint16_t *asked; /* of each entry: logins a program is deciding; NULL: not counted */
} table;

struct cx_throttle {
    cx_throttle_config config;
    uint8_t key[CX_SIPHASH_KEY];
    uint64_t forgive_ns; /* one failure is forgotten in this time */
    uint32_t most_doublings;
    table users;
    table addresses;
    table pairs;
    entry entries[USERS + ADDRESSES + PAIRS];
    uint16_t asked[ADDRESSES];
};

static uint64_t tag_of(const cx_throttle *throttle, char kind, coax_str user,
                       const cx_origin *origin)
{
    uint8_t text[1 + sizeof *origin + 256];
    size_t len = 0;
    text[len++] = (uint8_t)kind;
    if (origin != NULL) {
        text[len++] = origin->kind;
        memcpy(text + len, origin->bytes, sizeof origin->bytes);
        len += sizeof origin->bytes;
    }
    size_t n = user.len < 256 ? user.len : 256; /* names are at most 255 bytes long */
    if (user.data != NULL && n > 0) {
        memcpy(text + len, user.data, n);
        len += n;
    }
    uint64_t tag = cx_siphash(throttle->key, text, len);
    return tag != 0 ? tag : 1;
}

/* Forgets what time has healed. */
static void heal(const cx_throttle *throttle, entry *e, uint64_t now)
{
    uint64_t healed = now > e->last_ns ? (now - e->last_ns) / throttle->forgive_ns : 0;
    uint16_t minute = (uint16_t)(now / NS_PER_MINUTE);
    if (e->pending > 0 && (uint16_t)(minute - e->asked_minute) > PENDING_MINUTES)
        e->pending = 0;
    if (e->failures == 0 || healed == 0)
        return;
    e->failures = healed < e->failures ? e->failures - (uint32_t)healed : 0;
    e->last_ns += healed * throttle->forgive_ns;
}

static entry *set_of(const table *t, uint64_t tag)
{
    return &t->entries[(size_t)(tag % t->n_sets) * WAYS];
}

static entry *find(const cx_throttle *throttle, const table *t, uint64_t tag, uint64_t now)
{
    entry *set = set_of(t, tag);
    for (uint32_t i = 0; i < WAYS; i++) {
        if (set[i].tag == tag) {
            heal(throttle, &set[i], now);
            return &set[i];
        }
    }
    return NULL;
}

/* Whether `a` is to go rather than `b`. */
static bool is_less(const entry *a, const entry *b)
{
    uint64_t of_a = (uint64_t)a->failures + a->pending;
    uint64_t of_b = (uint64_t)b->failures + b->pending;
    return of_a != of_b ? of_a < of_b : a->last_ns < b->last_ns;
}

/* The entry, made where there is none. */
static entry *take(const cx_throttle *throttle, const table *t, uint64_t tag, uint64_t now)
{
    entry *set = set_of(t, tag);
    entry *found = find(throttle, t, tag, now);
    if (found != NULL)
        return found;
    entry *least = &set[0];
    for (uint32_t i = 0; i < WAYS && least->tag != 0; i++) {
        if (set[i].tag != 0)
            heal(throttle, &set[i], now);
        if (set[i].tag == 0 || is_less(&set[i], least))
            least = &set[i];
    }
    *least = (entry){ .tag = tag, .last_ns = now };
    if (t->asked != NULL)
        t->asked[least - t->entries] = 0;
    return least;
}

/* Milliseconds that an entry has to wait; NULL is nobody who has failed yet. */
static uint32_t wait_of(const table *t, const entry *e, uint64_t now)
{
    if (e == NULL)
        return 0;
    if (e->failures < t->free_failures)
        return e->pending < t->max_pending ? 0 : FIRST_DELAY_MS;
    if (now < e->until_ns) {
        uint64_t ms = (e->until_ns - now + NS_PER_MS - 1) / NS_PER_MS;
        return ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
    }
    return e->pending == 0 ? 0 : FIRST_DELAY_MS; /* one guess at a time */
}

static uint64_t delay_ms(const cx_throttle *throttle, uint32_t doublings)
{
    const uint32_t most = throttle->most_doublings;
    uint64_t delay = (uint64_t)FIRST_DELAY_MS << (doublings < most ? doublings : most);
    return delay < throttle->config.delay_max_ms ? delay : throttle->config.delay_max_ms;
}

/*
 * `more`: failures counted beyond those that lead to the longest wait. Guesses under way at once all count, so that many at a
 * time are no cheaper than one after the other; but not those of an address, which others share, who would wait
 * for days.
 */
static void count_failure(const cx_throttle *throttle, const table *t, uint32_t more, entry *e,
                          uint64_t now)
{
    if (e->failures < t->free_failures ||
        e->failures - t->free_failures < throttle->most_doublings + more)
        e->failures++;
    e->last_ns = now;
    if (e->failures >= t->free_failures)
        e->until_ns = now + delay_ms(throttle, e->failures - t->free_failures) * NS_PER_MS;
}

static void charge(entry *e, uint64_t now)
{
    if (e->pending < UINT16_MAX)
        e->pending++;
    e->asked_minute = (uint16_t)(now / NS_PER_MINUTE);
}

/* A ticket is over. Its entry may have made room for another meanwhile: `e` is NULL then. */
static void discharge(entry *e)
{
    if (e != NULL && e->pending > 0)
        e->pending--;
}

static void fail_in(const cx_throttle *throttle, const table *t, uint64_t tag, uint32_t more,
                    uint64_t now)
{
    entry *e = take(throttle, t, tag, now);
    discharge(e);
    count_failure(throttle, t, more, e, now);
}

static void discharge_both(const cx_throttle *throttle, const cx_throttle_ticket *ticket,
                           uint64_t now)
{
    discharge(find(throttle, &throttle->users, ticket->user, now));
    discharge(find(throttle, &throttle->addresses, ticket->address, now));
}

/* The place that the ticket was judged by; NULL: none, or it has made room for another. */
static entry *known_of(const cx_throttle *throttle, const cx_throttle_ticket *ticket, uint64_t now)
{
    return ticket->is_known ? find(throttle, &throttle->pairs, ticket->pair, now) : NULL;
}

/* The count of those a program decides, of the ticket's address; NULL: it is not counted (any more). */
static uint16_t *asked_of(cx_throttle *throttle, const cx_throttle_ticket *ticket, uint64_t now)
{
    const table *t = &throttle->addresses;
    const entry *e = find(throttle, t, ticket->address, now);
    return e != NULL ? &t->asked[e - t->entries] : NULL;
}

static void answered(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now)
{
    uint16_t *asked = ticket->is_asked ? asked_of(throttle, ticket, now) : NULL;
    if (asked != NULL && *asked > 0)
        --*asked;
    ticket->is_asked = false;
}

static void lock(cx_throttle *throttle)
{
    if (throttle->config.lock != NULL)
        throttle->config.lock(throttle->config.self);
}

static void unlock(cx_throttle *throttle)
{
    if (throttle->config.unlock != NULL)
        throttle->config.unlock(throttle->config.self);
}

static uint32_t judge(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now)
{
    entry *known = ticket->pair != 0 ? find(throttle, &throttle->pairs, ticket->pair, now) : NULL;
    uint32_t wait;
    ticket->is_known = known != NULL;
    if (known != NULL) {
        wait = wait_of(&throttle->pairs, known, now);
    } else {
        uint32_t of_user =
            wait_of(&throttle->users, find(throttle, &throttle->users, ticket->user, now), now);
        wait = wait_of(&throttle->addresses,
                       find(throttle, &throttle->addresses, ticket->address, now), now);
        wait = of_user > wait ? of_user : wait;
    }
    if (wait > 0)
        return wait;
    charge(take(throttle, &throttle->users, ticket->user, now), now);
    charge(take(throttle, &throttle->addresses, ticket->address, now), now);
    if (known != NULL)
        charge(known, now);
    return 0;
}

uint32_t cx_throttle_ask(cx_throttle *throttle, coax_str user, const cx_origin *origin,
                         uint64_t now_ns, cx_throttle_ticket *ret_ticket)
{
    static const coax_str nobody = { NULL, 0 };
    *ret_ticket = (cx_throttle_ticket){ .address = 0 };
    if (throttle == NULL)
        return 0;
    cx_throttle_ticket ticket = {
        .user = tag_of(throttle, user.data != NULL ? 'u' : 'n', user,
                       user.data != NULL ? NULL : origin),
        .address = tag_of(throttle, 'a', nobody, origin),
        .pair = user.data != NULL ? tag_of(throttle, 'p', user, origin) : 0,
    };
    lock(throttle);
    uint32_t wait = judge(throttle, &ticket, now_ns);
    unlock(throttle);
    if (wait == 0)
        *ret_ticket = ticket;
    return wait;
}

bool cx_throttle_may_ask(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns)
{
    if (throttle == NULL || throttle->config.max_asked == 0 || ticket->address == 0)
        return true;
    lock(throttle);
    uint16_t *asked = asked_of(throttle, ticket, now_ns);
    const bool may = asked == NULL || (*asked < throttle->config.max_asked && *asked < UINT16_MAX);
    if (asked != NULL && may) {
        ++*asked;
        ticket->is_asked = true;
    }
    unlock(throttle);
    return may;
}

void cx_throttle_answered(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns)
{
    if (throttle == NULL || !ticket->is_asked)
        return;
    lock(throttle);
    answered(throttle, ticket, now_ns);
    unlock(throttle);
}

void cx_throttle_failed(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns)
{
    if (throttle == NULL || ticket->address == 0)
        return;
    lock(throttle);
    answered(throttle, ticket, now_ns);
    /* Who has no name is his address. */
    fail_in(throttle, &throttle->users, ticket->user, ticket->pair != 0 ? PENDING_UNKNOWN : 0,
            now_ns);
    fail_in(throttle, &throttle->addresses, ticket->address, 0, now_ns);
    entry *known = known_of(throttle, ticket, now_ns);
    discharge(known);
    if (known != NULL)
        count_failure(throttle, &throttle->pairs, PENDING_KNOWN, known, now_ns);
    unlock(throttle);
    *ticket = (cx_throttle_ticket){ .address = 0 };
}

/* The login is over without a failure; with `forgives` whoever made it is known there from now on. */
static void settle(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now, bool forgives)
{
    if (throttle == NULL || ticket->address == 0)
        return;
    lock(throttle);
    answered(throttle, ticket, now);
    discharge_both(throttle, ticket, now);
    discharge(known_of(throttle, ticket, now));
    if (forgives && ticket->pair != 0) {
        entry *known = take(throttle, &throttle->pairs, ticket->pair, now);
        known->failures = 0;
        known->until_ns = 0;
        known->last_ns = now;
    }
    unlock(throttle);
    *ticket = (cx_throttle_ticket){ .address = 0 };
}

void cx_throttle_succeeded(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns)
{
    settle(throttle, ticket, now_ns, true);
}

void cx_throttle_undecided(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns)
{
    settle(throttle, ticket, now_ns, false);
}

cx_throttle *cx_throttle_create(const cx_throttle_config *config)
{
    const coax_allocator *allocator = &config->env->allocator;
    cx_throttle *made = allocator->resize(allocator->self, NULL, sizeof *made);
    if (made == NULL)
        return NULL;
    memset(made, 0, sizeof *made);
    made->config = *config;
    uint32_t failures = config->failures != 0 ? config->failures : 1;
    uint32_t tenfold = failures < UINT32_MAX / 20 ? failures * 10 : UINT32_MAX / 2;
    made->forgive_ns =
        (uint64_t)(config->delay_max_ms > FIRST_DELAY_MS ? config->delay_max_ms : FIRST_DELAY_MS) *
        NS_PER_MS;
    while ((uint64_t)FIRST_DELAY_MS << made->most_doublings < config->delay_max_ms)
        made->most_doublings++;
    made->users = (table){ made->entries, USERS / WAYS, failures, PENDING_UNKNOWN, NULL };
    made->addresses =
        (table){ made->entries + USERS, ADDRESSES / WAYS, tenfold, PENDING_KNOWN, made->asked };
    made->pairs =
        (table){ made->entries + USERS + ADDRESSES, PAIRS / WAYS, failures, PENDING_KNOWN, NULL };
    config->env->random(config->env->self, made->key, sizeof made->key);
    return made;
}

void cx_throttle_destroy(cx_throttle *throttle)
{
    if (throttle == NULL)
        return;
    const coax_allocator *allocator = &throttle->config.env->allocator;
    allocator->release(allocator->self, throttle);
}
