/*
 * A throng: very many sockets that speak bytes, before a siege, and good clients that come beside them.
 */
#ifndef TESTS_INTEGRATION_THRONG_H
#define TESTS_INTEGRATION_THRONG_H

#include "siege.h"

typedef struct throng {
    siege *siege;
    int *fds; /* -1: over */
    uint32_t n;
    uint64_t slowest_call_us;   /* of the good client, since throng_open */
    uint64_t slowest_coming_us; /* from dialling to an answered call, of those who came later */
    uint32_t n_came;
    size_t n_heard; /* bytes, of all of them */
    uint32_t n_in;  /* of the herd: let in, */
    uint32_t n_out; /* and turned away */
} throng;

/* So many as descriptors allow for, at most `n`, and says so where it is fewer. */
uint32_t throng_most(uint32_t n);
void throng_open(throng *t, siege *s, uint32_t most);
void throng_close(throng *t);
uint64_t throng_now_us(void);
/* One more, from the address 127.0.0.1 + `from`, or from wherever the system likes (0). Without waiting. */
int throng_connect(throng *t, uint32_t from);
/* What the socket takes without waiting. */
void throng_say(int fd, const void *bytes, size_t len);
/* Reads what has come; false: the other side has closed. */
bool throng_hear(throng *t, int fd);
/* How many of them the server has closed by now. */
uint32_t throng_n_over(throng *t);
/* The good client calls, and is timed. */
void throng_good_call(throng *t);
/* A new good client dials, calls, and goes. It is timed, and more than `most_us` fails. */
void throng_good_comes(throng *t, uint64_t most_us);
/* With the good client a thousand, dialled in one moment: all get in, and go. Once for each throng. */
void throng_herd(throng *t);

#endif
