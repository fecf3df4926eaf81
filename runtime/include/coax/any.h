/*
 * The dynamic side: reading, making and printing a coax_any through msgpack-c.
 *
 * In a library of its own (coax_any), because only programs that look into an `any` need msgpack-c.
 * Bytes from a peer are measured against the limits here before msgpack-c sees them: it allocates
 * what a header declares, and a header of five bytes can declare 96 GB. One thread at a time per
 * zone or packer.
 */
#ifndef COAX_ANY_H
#define COAX_ANY_H

#include <msgpack.h>

#include <coax/arena.h>
#include <coax/bytes.h>
#include <coax/error.h>

COAX_BEGIN_DECLS

/** The deepest nesting msgpack-c's parser can take: less than the COAX_DEPTH_MAX of a message. */
#define COAX_ANY_DEPTH_MAX 32u

/** What reading an `any` may cost. */
typedef struct coax_any_limits {
    uint32_t depth;   /* nesting; at most COAX_ANY_DEPTH_MAX */
    size_t n_objects; /* values of every kind, together */
} coax_any_limits;

/** Depth 32, 65,536 values. */
#define COAX_ANY_LIMITS_INIT                                                                       \
    {                                                                                              \
        COAX_ANY_DEPTH_MAX, 65536                                                                  \
    }

/**
 * Reads `value` into an object tree in `zone` (the caller's). Text and bytes point into `value`,
 * which must outlive the tree. `limits` NULL: COAX_ANY_LIMITS_INIT. Errors, with words in `error`
 * (NULL is fine): COAX_ERR_BAD_MESSAGE (not one whole value, or absent), COAX_ERR_TOO_DEEP,
 * COAX_ERR_TOO_LARGE (too many values), COAX_ERR_NO_MEMORY, COAX_ERR_BAD_OPTION (a depth limit over
 * COAX_DEPTH_MAX).
 */
COAX_API COAX_MUST_USE coax_err coax_any_read(coax_any value, const coax_any_limits *limits,
                                              msgpack_zone *zone, msgpack_object *ret_object,
                                              coax_error *error);

/**
 * Packs `object` into `arena`. Errors: COAX_ERR_TOO_LARGE (the arena's limit), COAX_ERR_NO_MEMORY,
 * COAX_ERR_TOO_DEEP.
 */
COAX_API COAX_MUST_USE coax_err coax_any_make(const msgpack_object *object, coax_arena *arena,
                                              coax_any *ret_value, coax_error *error);

/**
 * Borrows what a msgpack_packer wrote into `buffer`: one whole value, no more. It must outlive the
 * any. Errors: COAX_ERR_BAD_MESSAGE.
 */
COAX_API COAX_MUST_USE coax_err coax_any_from_buffer(const msgpack_sbuffer *buffer,
                                                     coax_any *ret_value, coax_error *error);

/**
 * Prints `value` as JSON where JSON has it, into `buffer` with a NUL, cut to `size`. Bytes are
 * "base16:..." text, extensions {"ext":type,"data":"base16:..."}, timestamps
 * {"seconds":...,"nanoseconds":...}, floats that are not finite null, text that is not UTF-8 has
 * U+FFFD for what is wrong, and a key that is no text is printed in quotes (a container as "...").
 * Returns the length that was needed without the NUL; 0 and an empty text when coax_any_read would
 * refuse `value`.
 */
COAX_API size_t coax_any_text(coax_any value, char *buffer, size_t size);

COAX_END_DECLS

#endif
