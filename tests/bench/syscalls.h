/*
 * System calls of this process so far, by kind. One thread.
 */
#ifndef BENCH_SYSCALLS_H
#define BENCH_SYSCALLS_H

#include <stdint.h>

typedef struct system_calls {
    uint64_t n_reads;
    uint64_t n_writes;
    uint64_t n_waits;
    uint64_t n_controls; /* of epoll */
} system_calls;

system_calls system_calls_so_far(void);
uint64_t system_calls_sum(const system_calls *calls);

#endif
