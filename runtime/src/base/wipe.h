/*
 * Overwriting memory that nobody will read again.
 *
 * A compiler may leave out a memset whose result is not used, and does so before free. The empty statement behind it
 * claims to read the memory, so the stores must have happened; where there are no such statements a volatile pointer
 * hides which function is called. Read next: link/pool.h, for who decides what is wiped.
 */
#ifndef CX_BASE_WIPE_H
#define CX_BASE_WIPE_H

#include <stddef.h>
#include <string.h>

/* `memory` NULL is fine with `len` 0. */
static inline void cx_wipe(void *memory, size_t len)
{
    if (len == 0)
        return;
#if defined(__GNUC__) || defined(__clang__)
    memset(memory, 0, len);
    __asm__ __volatile__("" : : "r"(memory) : "memory");
#else
    void *(*const volatile hidden)(void *, int, size_t) = memset;
    (void)hidden(memory, 0, len);
#endif
}

#endif
