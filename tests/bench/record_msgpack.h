/*
 * The record through msgpack-c: a function that packs it and one that reads it, in a file of their own as idlc's are.
 */
#ifndef BENCH_RECORD_MSGPACK_H
#define BENCH_RECORD_MSGPACK_H

#include <msgpack.h>

#include "record.h"

/* Packs the array form, the fastest msgpack-c has. */
void record_msgpack_pack(msgpack_packer *out, const bench_record *record);

/* The sum over every field of an unpacked record, as touch() in codec.c makes it; 0 if it isn't one. */
uint64_t record_msgpack_touch(const msgpack_object *object);

/* A sample of a run of bytes that depends on its length and both ends. */
uint64_t record_sample(const void *data, size_t len);

/* The bits of a double, to sum it with integers. */
uint64_t record_bits(double value);

#endif
