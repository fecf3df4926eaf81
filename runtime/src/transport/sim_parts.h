/*
 * What sim.c and sim_stream.c share: the world's insides and one end of a simulated connection.
 */
#ifndef CX_TRANSPORT_SIM_PARTS_H
#define CX_TRANSPORT_SIM_PARTS_H

#include "transport/sim.h"

struct cx_sim {
    uint64_t now_ns;
    uint64_t random;
    uint64_t next_order;
    uint64_t n_steps;
    cx_sim_event **heap;
    uint32_t n_events;
    uint32_t max_events; /* room in the heap; at least n_reserved */
    uint32_t n_reserved;
    uint16_t next_port;
    cx_sim_weather weather;
    cx_list nodes;
    cx_list ends;
};

typedef enum cx_sim_state {
    CX_SIM_DIALING = 1,
    CX_SIM_OPENING, /* the other side has accepted; the answer is on its way */
    CX_SIM_OPEN,
    CX_SIM_CLOSING
} cx_sim_state;

/** Bytes on their way to one end. */
typedef struct cx_sim_packet {
    struct cx_sim_packet *next;
    uint64_t arrives_ns;
    size_t len;
    uint8_t data[];
} cx_sim_packet;

/** Invariants: `other` points back or is NULL; packets arrive in the order of the list. */
typedef struct cx_sim_end {
    cx_stream stream;
    cx_sim *sim;
    struct cx_sim_end *other;
    cx_list links; /* sim->ends */
    cx_sim_event event;
    cx_sim_weather weather;
    cx_sim_state state;
    cx_sim_packet *first;
    cx_sim_packet *last;
    size_t n_inbound;       /* bytes in packets */
    uint64_t acts_ns;       /* while dialling or opening: when it goes on */
    uint64_t not_before_ns; /* a stall */
    uint64_t ended_ns;      /* when the other side's end arrives; UINT64_MAX: it has not ended */
    bool is_reading;
    bool wants_room;
    bool has_room;
    bool has_ended; /* shutdown */
    bool is_broken;
    bool is_lost; /* what is written vanishes */
    int why;
    char url[CX_URL_PRINT_MAX];
} cx_sim_end;

void cx_sim_end_break(cx_sim_end *end);
void cx_sim_end_lose(cx_sim_end *end);
void cx_sim_end_stall(cx_sim_end *end, uint64_t until_ns);

#endif
