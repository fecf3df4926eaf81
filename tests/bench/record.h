/*
 * The types of record.idl, as idlc writes them; by hand, so that the codec can be measured without the compiler.
 */
#ifndef BENCH_RECORD_H
#define BENCH_RECORD_H

#include <coax/gen.h>

COAX_BEGIN_DECLS

typedef enum bench_side {
    BENCH_SIDE_BUY = 1,
    BENCH_SIDE_SELL = 2,
} bench_side;

typedef struct bench_point {
    int32_t x;
    int32_t y;
    int32_t z;
} bench_point;

/** The record that codecs are measured with: one field of each common kind. */
typedef struct bench_record {
    uint64_t id;
    int32_t delta;
    double price;
    bool live;
    bench_side side;
    coax_str name;
    coax_str city;
    coax_bytes payload;
    coax_u32_list levels;
    bench_point origin;
    bool has_note;
    uint32_t note;
} bench_record;

extern const coax_type bench_point_type;
extern const coax_type bench_record_type;

void bench_point_encode(coax_writer *out, const bench_point *value);
void bench_point_decode(coax_reader *in, bench_point *ret);
bool bench_point_check(const bench_point *value, coax_violations *why);

void bench_record_encode(coax_writer *out, const bench_record *value);
void bench_record_decode(coax_reader *in, bench_record *ret);
bool bench_record_check(const bench_record *value, coax_violations *why);

COAX_END_DECLS

#endif
