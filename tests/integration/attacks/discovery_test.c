/*
 * S21: nothing is discovered, and nobody's word leads a client anywhere else. It dials what it was told, and whoever answers there has
 * to show the key.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "stranger.h"
#include "trio.h"

/* No socket that hears strangers' announcements is open, whatever runs. */
static void nothing_listens_for_announcements(void **state)
{
    trio t;
    uint32_t n_streams = 0;
    (void)state;
    trio_open(&t, TRIO_XX, true, 91, NULL);
    trio_connect(&t);
    assert_true(trio_until(&t, trio_is_open, 10000));
    for (int fd = 0; fd < 1024; fd++) {
        int type = 0;
        socklen_t len = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0)
            continue;
        assert_int_equal(type, SOCK_STREAM);
        n_streams++;
    }
    assert_true(n_streams >= 4);
    trio_leave(&t);
    trio_check(&t);
    trio_close(&t);
}

/* Fields that nobody knows, with an address in them. */
static const uint8_t elsewhere[] = { 0x09, 0xaf, 't', 'c', 'p', ':', '/', '/', 'e',
                                     'l',  's',  'e', 'w', 'h', 'e', 'r', 'e' };

static size_t put_welcome(uint8_t *at)
{
    static const uint8_t welcome[] = { 0x84, 0x01, 0xa4, 'c',  'a',  'l',  'c',  0x02, 0x00,
                                       0x03, 0x85, 0x01, 0xcd, 0x80, 0x00, 0x02, 0xce, 0x00,
                                       0x40, 0x00, 0x00, 0x03, 0xcd, 0x04, 0x00, 0x04, 0xce,
                                       0x00, 0x04, 0x00, 0x00, 0x05, 0xcd, 0x03, 0xe8 };
    memcpy(at, welcome, sizeof welcome);
    memcpy(at + sizeof welcome, elsewhere, sizeof elsewhere);
    return sizeof welcome + sizeof elsewhere;
}

/* A server that welcomes, and says where else one could go. */
static void answer(void *self, stranger *s, const cx_frame *frame, const uint8_t *payload)
{
    uint8_t bytes[200] = {
        0x83, 0x01, 0xa9, 't', 'r', 'y', ' ', 't', 'h', 'e', 'r', 'e', 0x02, 0xc3
    };
    (void)self;
    (void)payload;
    if (frame->type != CX_FRAME_HELLO)
        return;
    uint8_t welcome[200];
    stranger_send(s, (cx_frame){ .type = CX_FRAME_WELCOME }, welcome, put_welcome(welcome));
    memcpy(bytes + 14, elsewhere, sizeof elsewhere);
    stranger_send(s, (cx_frame){ .type = CX_FRAME_GOAWAY, .aux = 14 }, bytes,
                  14 + sizeof elsewhere);
}

static void nobodys_word_leads_elsewhere(void **state)
{
    trio t;
    stranger server;
    stranger other;
    (void)state;
    trio_open(&t, TRIO_XX, false, 92, NULL);
    stranger_listen(&server, t.loop, "tcp://known:7", NULL);
    stranger_listen(&other, t.loop, "tcp://elsewhere:7", NULL);
    server.on_frame = answer;
    assert_int_equal(cx_url_parse("tcp://known:7", &t.mitm.target, NULL), COAX_OK);
    t.options.reconnects = true;
    trio_connect(&t);
    trio_wait(&t, 20000);
    assert_int_equal(t.now.n_opened, 1);
    assert_true(t.mitm.n_links > 1); /* the same address, again and again */
    assert_false(other.is_connected);
    assert_int_equal(other.n_bytes, 0);
    stranger_close(&server);
    stranger_close(&other);
    trio_leave(&t);
    trio_wait(&t, 2000);
    stranger_free(&server);
    stranger_free(&other);
    trio_close(&t);
}

/* The first who answers is not believed for being first: trust_test.c, S2 and S14. */

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S21: nothing listens for announcements", nothing_listens_for_announcements, NULL, NULL,
          NULL },
        { "S21: nobody's word leads a client elsewhere", nobodys_word_leads_elsewhere, NULL, NULL,
          NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
