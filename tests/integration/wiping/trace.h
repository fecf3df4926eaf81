/*
 * Markers that are made at run time, and the search for them in this process's own memory.
 *
 * A marker is 16 bytes of text again and again: eight random ones that all markers of the process share, and a number.
 * So every piece of 15 bytes of one is found, and tells which it was. What is looked for is kept multiplied with an odd
 * number, which makes it something else: the program never holds a marker but where it was put. Other secrets (keys) are
 * given to trace_hide, eight bytes at a time. Linux only: /proc/self/maps, /proc/self/mem, /proc/self/pagemap.
 */
#ifndef TESTS_WIPING_TRACE_H
#define TESTS_WIPING_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRACE_UNIT = 16 };

/*
 * Starts the program again with all functions of its libraries bound: binding one when it is first called saves the
 * registers on the stack, and what memcpy has left in them. Signals do the same, and are no business of ours.
 */
void trace_bind_now(char **argv);

/* Chooses the random bytes and forgets what was hidden. False: this system can't be looked at so. */
bool trace_begin(void);
/* Fills `len` bytes with the marker of that number; the last unit is cut. */
void trace_put(void *at, size_t len, uint32_t number);
/* Whether these are `len` bytes of it. */
bool trace_is(const void *at, size_t len, uint32_t number);
/* One more secret of `len` bytes, a multiple of eight, to be found as `number`. The caller wipes it. */
void trace_hide(const void *secret, size_t len, uint32_t number);

/* What was found where, for people; not what it says. */
typedef struct trace_finds {
    uint32_t n;
    uint32_t n_shown;
    struct {
        uint32_t number;
        uint64_t address;
        char place[64]; /* "[heap]", "[stack]", a file, or nothing */
    } shown[16];
    uint64_t n_bytes; /* looked at */
} trace_finds;

/* Looks through all memory that can be written. */
void trace_find(trace_finds *ret);
/* The same, says on stderr what there is, and returns how much. */
uint32_t trace_report(const char *when);

#endif
