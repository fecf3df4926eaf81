/*
 * A scene: a host on a stage, a client, and what the cases of interop.idl assert with.
 *
 * The client serves Interop too (`guest`), so that the host may call it. Read next: talk.h (streams), then a case_ file.
 */
#ifndef TESTS_CONFORMANCE_SCENE_H
#define TESTS_CONFORMANCE_SCENE_H

#include "host.h"
#include "stage.h"

enum { SCENE_PAIRS = 4, SCENE_VALUE = 600 };

typedef struct scene {
    stage stage;
    host host;
    host guest;
} scene;

/** How many metadata pairs of each kind came, and what the first ones were. */
typedef struct pairs {
    size_t n;
    struct {
        char name[80];
        uint8_t value[SCENE_VALUE];
        size_t len;
    } items[SCENE_PAIRS];
} pairs;

/** How a call ended at its caller, of whatever kind it was. */
typedef struct ending {
    coax_err err;
    char words[1100];
    uint32_t n_chunks; /* as the reply says; a chunk for a reply is 1 */
    uint64_t n_bytes;
    bool is_bad_chunk; /* thrown */
    uint32_t bad_index;
    pairs initial;
    pairs trailing;
} ending;

/** `server` and `client` NULL: defaults. Hooks for counting and `loops` are added to the server's. */
void scene_open(scene *s, const coax_server_options *server, const coax_client_options *client);
/** After the server was closed: another one at the same address. On the loop. */
void scene_open_again(scene *s);
/** Ends everything, and sees that every handler was done with its call or told. */
void scene_close(scene *s);
/** Not in the simulator, which has no threads. */
bool scene_has_workers(void);
/** Waits until the host's counter is at least `wanted` (exactly 0 when that is 0). */
void scene_wait(scene *s, const uint32_t *counter, uint32_t wanted);
/** Runs `fn(self)` on the loop, and waits for it. */
void scene_on_loop(scene *s, void (*fn)(void *self), void *self);
/** A round trip: nothing else on the connection hinders it. */
void scene_assert_alive(scene *s);

/** A request with a body of the pattern. */
interop_unary unary_of(uint32_t reply_len, size_t body_len);
/** Calls with one answer, in the stage's style. */
typedef enum one { ONE_UNARY, ONE_PATIENT, ONE_WORKED, ONE_ABSENT } one;
ending ask(scene *s, one which, const interop_unary *request, const coax_call_options *options);
ending ask_small_len(scene *s, size_t len);
ending ask_empty(scene *s, const coax_call_options *options);
/** How the call that the host made ended. */
ending ask_turn(scene *s, interop_kind which, const uint32_t *lens, size_t n,
                const interop_ending *wanted);

void ending_note(ending *e, const coax_status *status);
/** Fails the case where the call has not ended so; `words` NULL: any. */
void assert_ends(const ending *e, coax_err err, const char *words);
void assert_says(const char *text, const char *words);

#endif
