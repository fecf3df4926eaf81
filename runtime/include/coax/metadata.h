/*
 * Metadata: names and values that travel beside a call's messages, both ways.
 *
 * A caller's goes with its request (coax_call_options.metadata); a handler's goes back as initial
 * metadata, in front of everything it answers, and as trailing metadata, with the end. A name is 1
 * to 64 bytes of `a-z 0-9 - _ .`; a value is any bytes. Invariants: a name may stand more than
 * once, order is kept; all of one side's metadata of a call takes at most `max_metadata` bytes of
 * limits.h as it is encoded (schemas/coax/head.idl, docs/wire.md "Metadata").
 */
#ifndef COAX_METADATA_H
#define COAX_METADATA_H

#include <stdbool.h>
#include <stddef.h>

#include <coax/bytes.h>
#include <coax/error.h>

COAX_BEGIN_DECLS

/** One name and its value. What arrives is NUL-terminated behind `len`, name and value. */
typedef struct coax_metadata_pair {
    coax_str name;
    coax_str value; /* any bytes, UTF-8 or not */
} coax_metadata_pair;

/** All of them. Zeroed: none. */
typedef struct coax_metadata {
    const coax_metadata_pair *items;
    size_t count;
} coax_metadata;

/**
 * The first value of `name` (NUL-terminated), or an absent string (`.data` NULL). `metadata` NULL
 * is empty, `name` NULL is never found. Borrowed from the metadata. Any thread.
 */
COAX_API coax_str coax_metadata_find(const coax_metadata *metadata, const char *name);

/**
 * Whether names and values may be sent. How much may be is not looked at: that is the connection's
 * max_metadata. @return COAX_OK (NULL too), COAX_ERR_INVALID_ARGUMENT; words in `error` (NULL is
 * fine) name the bad one. Any thread.
 */
COAX_API coax_err coax_metadata_check(const coax_metadata *metadata, coax_error *error);

COAX_END_DECLS

#endif
