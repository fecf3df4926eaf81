/*
 * A small service for tests of the rpc layer, in the shape that idlc gives, but by hand, so that
 * these tests build without the compiler:
 *
 *     struct Note {
 *         1: string text @len(..100); 2: u64 id; 3: bytes? body;
 *         4: string? secret @sensitive @len(..8);
 *     }
 *     error Broken @status(failed_precondition) { 1: u64 id  @range(..1000); }
 *     service Echo {
 *         rpc echo(Note) -> Note throws Broken;
 *         oneway hint(Note);
 *         rpc quick(Note) -> Note @timeout(50ms);
 *         rpc small(Note) -> Note @max_request(64) @max_reply(64);
 *     }
 */
#ifndef TEST_ECHO_H
#define TEST_ECHO_H

#include <coax/gen.h>
#include <coax/gen_client.h>
#include <coax/gen_server.h>

typedef struct echo_note {
    coax_str text;
    uint64_t id;
    coax_bytes body;
    coax_str secret;
} echo_note;

typedef struct echo_broken {
    uint64_t id;
} echo_broken;

extern const coax_type echo_note_type, echo_broken_type;
extern const coax_method echo_echo, echo_hint, echo_quick, echo_small;
extern const coax_service echo_service;

typedef struct echo_handlers {
    void (*echo)(void *self, coax_call call, const echo_note *request);
    void (*hint)(void *self, coax_call call, const echo_note *request);
    void (*quick)(void *self, coax_call call, const echo_note *request);
    void (*small)(void *self, coax_call call, const echo_note *request);
} echo_handlers;

extern const coax_gen_service echo_gen_service;

/* A note with short text. `text` is borrowed. */
echo_note echo_make(uint64_t id, const char *text);

#endif
