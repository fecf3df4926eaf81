/* See doorstep.h. */
#include "doorstep.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coax/link.h"

static doorstep *of(void *self);

static void find_way(void *self, cx_way_facts *ret)
{
    ret->is_local = !of(self)->is_far;
    ret->has_key = of(self)->has_key;
    memset(ret->key, 9, sizeof ret->key);
}

static bool stretch(void *self, cx_stretch *work)
{
    doorstep *d = of(self);
    if (d->keeps_stretch)
        d->away = work;
    return d->keeps_stretch;
}

static void on_login(void *self, coax_login login, const coax_credential *credential)
{
    doorstep *d = self;
    d->mechanism = credential->mechanism;
    memcpy(d->key_id, credential->key_id, strlen(credential->key_id) + 1);
    d->asked = login;
    d->n_asked++;
}

/* The only one there is at a time: endpoints know their side of the pair. */
static doorstep *here;

static doorstep *of(void *self)
{
    (void)self;
    return here;
}

void doorstep_init(doorstep *d)
{
    static const coax_token tokens[] = { { DOORSTEP_TOKEN, "robot", NULL }, { NULL, NULL, NULL } };
    coax_error error = COAX_ERROR_INIT;
    memset(d, 0, sizeof *d);
    here = d;
    d->store = people_open(&d->users);
    pair_init(&d->two);
    const cx_logins_config config = { .env = &d->two.fake.env,
                                      .tokens = tokens,
                                      .users = d->store,
                                      .on_login = on_login,
                                      .self = d,
                                      .takes_plain_passwords = true,
                                      .lifespan_ms = COAX_NEVER_MS };
    if (cx_logins_create(&config, &d->logins, &error) != COAX_OK)
        fail_msg("%s", error.text);
    d->client_events = *d->two.client.config.events;
    d->client_events.way = find_way;
    d->client_events.stretch = stretch;
    d->server_events = *d->two.server.config.events;
    d->server_events.way = find_way;
    d->two.client.config.events = &d->client_events;
    d->two.server.config.events = &d->server_events;
    d->two.server.config.logins = d->logins;
    d->two.client.config.login_out = &d->shows;
    d->shows.user = "";
}

void doorstep_make(doorstep *d)
{
    assert_int_equal(pair_make(&d->two), COAX_OK);
}

void doorstep_deinit(doorstep *d)
{
    pair_deinit(&d->two);
    cx_logins_destroy(d->logins);
    coax_store_close(d->store);
    assert_int_equal(d->two.fake.n_live, 0);
}

void doorstep_show(doorstep *d, coax_mechanism mechanism, const char *user, const char *secret)
{
    d->shows.mechanism = mechanism;
    d->shows.user = user;
    d->shows.secret = secret;
}

coax_err doorstep_accept(doorstep *d, const char *principal)
{
    coax_identity identity = COAX_IDENTITY_INIT;
    identity.principal = principal;
    return coax_login_accept(d->asked, &identity, NULL);
}

void doorstep_hello(raw *out, const char *mechanism, const char *user, const void *proof,
                    size_t len)
{
    uint8_t bytes[4096];
    size_t n = 0;
    coax_writer writer;
    cx_control_credential credential = { .user = coax_str_from(user), .proof = { proof, len } };
    cx_control_hello value = { .name = coax_str_from("by hand"),
                               .limits = { 32768, 4u << 20, 1024, 262144, 0 } };
    if (mechanism != NULL) {
        credential.mechanism = coax_str_from(mechanism);
        value.credential = &credential;
    }
    coax_writer_init(&writer, bytes, sizeof bytes);
    cx_control_hello_encode(&writer, &value);
    assert_int_equal(coax_writer_finish(&writer, &n), COAX_OK);
    raw_frame(out, (cx_frame){ .type = CX_FRAME_HELLO }, bytes, n);
}

void doorstep_auth(raw *out, const void *proof, size_t len, uint32_t memory_kib, uint32_t passes)
{
    uint8_t bytes[4096];
    size_t n = 0;
    coax_writer writer;
    const cx_control_auth value = { { proof, len }, memory_kib, passes };
    coax_writer_init(&writer, bytes, sizeof bytes);
    cx_control_auth_encode(&writer, &value);
    assert_int_equal(coax_writer_finish(&writer, &n), COAX_OK);
    raw_frame(out, (cx_frame){ .type = CX_FRAME_AUTH }, bytes, n);
}
