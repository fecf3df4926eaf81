/*
 * A bed for streams: the least a transport needs of a loop, and recorders for what streams say.
 *
 * On libuv it runs tasks in prepare, as a loop does; in the simulator behind every event. Each
 * transport's stream test uses the same bed, so that all are held to the same promises.
 */
#ifndef TESTS_TRANSPORT_BED_H
#define TESTS_TRANSPORT_BED_H

#include <uv.h>

#include "transport/sim.h"
#include "transport/transport.h"

#define BED_SLAB 4096u
#define BED_HEARD_MAX (8u * 1024u * 1024u)

typedef struct bed {
    cx_net net;
    uv_loop_t uv;
    uv_prepare_t prepare;
    uv_idle_t idle;
    cx_sim *sim; /* NULL: libuv */
    cx_sim_node node;
    cx_sim_event awake;
    cx_task *first;
    cx_task *last;
    uint8_t slab[BED_SLAB];
    size_t n_taken; /* blocks of memory out */
} bed;

/** What one stream has said. */
typedef struct ear {
    cx_stream *stream;
    uint32_t n_open;
    uint32_t n_writable;
    uint32_t n_closed;
    coax_error why;
    uint8_t *heard;
    size_t n_heard;
    bool closes_on_data;
    bool is_inside; /* in a function of the stream: no event may come */
} ear;

/** What a listener has brought; the first connection goes to `accepted`. */
typedef struct door {
    cx_listener *listener;
    ear *accepted;
    uint32_t n_accepted;
    uint32_t n_closed;
} door;

void bed_make(bed *b, bool simulated);
/** Everything must have been freed by now. */
void bed_clear(bed *b);
/** Runs until `*counter` is at least `wanted`, or nothing is left to happen. */
void bed_run_until(bed *b, const uint32_t *counter, uint32_t wanted);
/** Runs until the ear has heard `wanted` bytes. */
void bed_run_until_heard(bed *b, const ear *e, size_t wanted);
/** Runs what is ready, a few turns. */
void bed_run_some(bed *b);

coax_err bed_listen(bed *b, const char *url, door *d, coax_error *error);
/** Dials `url`, or where `d` listens when `url` is NULL. */
coax_err bed_dial(bed *b, const char *url, const door *d, ear *e, coax_error *error);
/** Both ends of a connection, open. */
void bed_connect(bed *b, const char *listen_url, door *d, ear *client, ear *server);
/** Writes all of it, waiting for room. */
void bed_write_all(bed *b, ear *e, const uint8_t *data, size_t len);
void ear_clear(ear *e);

#endif
