/*
 * Made by idlc from head.idl: change the schema, not this file.
 *
 * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps
 * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are
 * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's
 * arena.
 */
#ifndef COAX_GEN_CX_CONTROL_HEAD_H
#define COAX_GEN_CX_CONTROL_HEAD_H

/**
 * What travels beside a call's messages: names and values in front of a message,
 * where a frame's META flag says so (docs/wire.md, "In front of a message").
 */

#include <coax/gen.h>

#if COAX_GEN_ABI != 1
#error "head.h was made for another version of coax: run idlc again"
#endif

COAX_BEGIN_DECLS

typedef struct cx_control_pair cx_control_pair;

typedef struct cx_control_pair_list {
    const cx_control_pair *items;
    size_t count;
} cx_control_pair_list;

/** One name and its value. */
typedef struct cx_control_pair {
    /** Letters of `a-z 0-9 - _ .`; a name may stand more than once. 1 to 64 bytes. */
    coax_str name;
    /** Any bytes. */
    coax_bytes value;
} cx_control_pair;

#define CX_CONTROL_PAIR_INIT COAX_INIT(COAX_INIT(NULL, 0), COAX_INIT(NULL, 0))

void cx_control_pair_init(cx_control_pair *ret);
void cx_control_pair_encode(coax_writer *out, const cx_control_pair *value);
void cx_control_pair_decode(coax_reader *in, cx_control_pair *ret);
bool cx_control_pair_check(const cx_control_pair *value, coax_violations *why);
extern const coax_type cx_control_pair_type;

/**
 * One side's metadata of one call, or a part of it.
 * All of it takes at most the receiver's max_metadata.
 */
typedef struct cx_control_metadata {
    /** In front of everything else that side says: the caller's, and the handler's first words. */
    cx_control_pair_list initial;
    /** With what ends the call; from the answering side only. */
    cx_control_pair_list trailing;
} cx_control_metadata;

#define CX_CONTROL_METADATA_INIT COAX_INIT(COAX_INIT(NULL, 0), COAX_INIT(NULL, 0))

void cx_control_metadata_init(cx_control_metadata *ret);
void cx_control_metadata_encode(coax_writer *out, const cx_control_metadata *value);
void cx_control_metadata_decode(coax_reader *in, cx_control_metadata *ret);
bool cx_control_metadata_check(const cx_control_metadata *value, coax_violations *why);
extern const coax_type cx_control_metadata_type;

COAX_END_DECLS

#endif
