/*
 * An allocator that may be NULL, which means malloc: one place decides.
 */
#ifndef CX_BASE_MEMORY_H
#define CX_BASE_MEMORY_H

#include <stdlib.h>

#include <coax/env.h>

/* Like realloc; `size` is not 0. */
static inline void *cx_resize(const coax_allocator *allocator, void *old, size_t size)
{
    return allocator != NULL ? allocator->resize(allocator->self, old, size) : realloc(old, size);
}

/* Like free. */
static inline void cx_free(const coax_allocator *allocator, void *memory)
{
    if (allocator != NULL)
        allocator->release(allocator->self, memory);
    else
        free(memory);
}

#endif
