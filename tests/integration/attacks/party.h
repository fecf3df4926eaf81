/*
 * A server, a good client that must notice nothing, and a stranger who does what the test wants.
 *
 * The good client goes through the man in the middle, who counts what it gets.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_PARTY_H
#define TESTS_INTEGRATION_ATTACKS_PARTY_H

#include "stranger.h"
#include "trio.h"

typedef struct party {
    trio trio;
    stranger stranger;
    uint32_t n_pings;
} party;

/* In the simulator. The good client is open when it returns. */
void party_open(party *p, trio_way way, const coax_server_options *server);
/* The good client has noticed nothing, and nothing is left behind. */
void party_close(party *p);

/*
 * A stranger who speaks as the server expects (NULL) or otherwise, as far as the handshake, and with `is_let_in` as far as
 * WELCOME.
 */
void party_stranger(party *p, const stranger_look *look, bool is_let_in);
/* The same without waiting for anything. */
void party_stranger_start(party *p, const stranger_look *look);
/* He is gone, and the server has noticed. */
void party_dismiss(party *p);
/* Until he is answered to a PING, or over. */
void party_ping(party *p);
/* Until nothing more happens at once: 50 ms. */
void party_settle(party *p);
/* Until his connection is over, for 2 s at most: no heartbeat and no deadline is that short. */
void party_hear_out(party *p);
/* Bytes the good client was ever sent. */
uint64_t party_good_bytes(const party *p);
/* How the server wants to be spoken to. */
stranger_look party_look(const party *p);

/* The same test without encryption and in all patterns. */
#define PARTY_OF_EACH_WAY(state, p)                                                                \
    (void)(state);                                                                                 \
    for (trio_way way = TRIO_PLAIN; way < TRIO_WAYS && (party_open(&(p), way, NULL), true); way++)

#endif
