/*
 * How long one record takes to encode, and to decode and touch: coax beside msgpack-c and memcpy.
 *
 * The contestants take turns in short rounds, and the median round of each counts, so that what else the machine does
 * hits all alike. msgpack-c writes the array form, which is the fastest it has, into a kept buffer, and reads into a kept
 * zone. Decoding ends with a sum over every field, so that nothing is left undone. Read next: record.idl.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "record.h"
#include "record_msgpack.h"

enum { ROUNDS = 301, QUICK_ROUNDS = 31, LAPS = 1000, BUFFER = 512 };

/* The record with all its bytes inside: what memcpy would send. */
typedef struct flat_record {
    uint64_t id;
    int32_t delta;
    double price;
    bool live;
    uint8_t side;
    char name[24];
    char city[24];
    uint8_t payload[64];
    uint32_t n_levels;
    uint32_t levels[8];
    bench_point origin;
    bool has_note;
    uint32_t note;
} flat_record;

typedef struct bench_state {
    bench_record record;
    flat_record flat;
    uint8_t coax_bytes[BUFFER];
    size_t coax_len;
    uint8_t flat_bytes[sizeof(flat_record)];
    msgpack_sbuffer packed;
    msgpack_zone zone;
    coax_arena arena;
    uint64_t sum; /* of everything touched: one lap's must equal the other contestants' */
} bench_state;

static const uint32_t levels[8] = { 1, 200, 70000, 3, 1000, 5, 60, 90000 };

static void fill(bench_state *state)
{
    static uint8_t payload[64];
    bench_record *record = &state->record;
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 7);
    record->id = 0x123456789abcu;
    record->delta = -123456;
    record->price = 1234.5678;
    record->live = true;
    record->side = BENCH_SIDE_SELL;
    record->name = coax_str_from("sensor-17");
    record->city = coax_str_from("Amsterdam");
    record->payload.data = payload;
    record->payload.len = sizeof payload;
    record->levels.items = levels;
    record->levels.count = 8;
    record->origin.x = 100;
    record->origin.y = -2000;
    record->origin.z = 30000;
    record->has_note = true;
    record->note = 4711;
    flat_record *flat = &state->flat;
    flat->id = record->id;
    flat->delta = record->delta;
    flat->price = record->price;
    flat->live = record->live;
    flat->side = (uint8_t)record->side;
    snprintf(flat->name, sizeof flat->name, "%s", record->name.data);
    snprintf(flat->city, sizeof flat->city, "%s", record->city.data);
    memcpy(flat->payload, payload, sizeof payload);
    flat->n_levels = 8;
    memcpy(flat->levels, levels, sizeof levels);
    flat->origin = record->origin;
    flat->has_note = true;
    flat->note = record->note;
}

static uint64_t touch(const bench_record *record)
{
    uint64_t sum = record->id + (uint64_t)record->delta + record_bits(record->price) +
                   record->live + (uint64_t)record->side;
    sum += record_sample(record->name.data, record->name.len) +
           record_sample(record->city.data, record->city.len);
    sum += record_sample(record->payload.data, record->payload.len);
    for (size_t i = 0; i < record->levels.count; i++)
        sum += record->levels.items[i];
    sum += (uint64_t)record->origin.x + (uint64_t)record->origin.y + (uint64_t)record->origin.z;
    return sum + (record->has_note ? record->note : 0);
}

static void coax_encode(bench_state *state)
{
    coax_writer out;
    coax_writer_init(&out, state->coax_bytes, sizeof state->coax_bytes);
    bench_record_encode(&out, &state->record);
    if (coax_writer_finish(&out, &state->coax_len) != COAX_OK)
        state->coax_len = 0;
}

static void coax_decode(bench_state *state)
{
    coax_reader in;
    bench_record record;
    coax_arena_reset(&state->arena);
    coax_reader_init(&in, state->coax_bytes, state->coax_len, &state->arena);
    bench_record_decode(&in, &record);
    if (coax_reader_finish(&in, NULL) == COAX_OK)
        state->sum += touch(&record);
}

static void msgpack_encode(bench_state *state)
{
    msgpack_packer out;
    msgpack_sbuffer_clear(&state->packed);
    msgpack_packer_init(&out, &state->packed, msgpack_sbuffer_write);
    record_msgpack_pack(&out, &state->record);
}

static void msgpack_decode(bench_state *state)
{
    msgpack_object object;
    size_t offset = 0;
    msgpack_zone_clear(&state->zone);
    if (msgpack_unpack(state->packed.data, state->packed.size, &offset, &state->zone, &object) ==
        MSGPACK_UNPACK_SUCCESS)
        state->sum += record_msgpack_touch(&object);
}

static void flat_encode(bench_state *state)
{
    memcpy(state->flat_bytes, &state->flat, sizeof state->flat);
}

static void flat_decode(bench_state *state)
{
    flat_record flat;
    memcpy(&flat, state->flat_bytes, sizeof flat);
    uint64_t sum = flat.id + (uint64_t)flat.delta + record_bits(flat.price) + flat.live + flat.side;
    sum +=
        record_sample(flat.name, strlen(flat.name)) + record_sample(flat.city, strlen(flat.city));
    sum += record_sample(flat.payload, sizeof flat.payload);
    for (size_t i = 0; i < flat.n_levels; i++)
        sum += flat.levels[i];
    sum += (uint64_t)flat.origin.x + (uint64_t)flat.origin.y + (uint64_t)flat.origin.z;
    state->sum += sum + (flat.has_note ? flat.note : 0);
}

/* Keeps the compiler from moving or dropping what a lap does. */
static void keep(bench_state *state)
{
#ifdef __GNUC__
    __asm__ volatile("" : : "r"(state) : "memory");
#else
    volatile uint64_t seen = state->sum;
    (void)seen;
#endif
}

typedef void (*lap_fn)(bench_state *state);

typedef struct contestant {
    const char *name;
    lap_fn lap;
    double median_ns;
} contestant;

enum {
    COAX_ENCODE,
    MSGPACK_ENCODE,
    FLAT_ENCODE,
    COAX_DECODE,
    MSGPACK_DECODE,
    FLAT_DECODE,
    N_CONTESTANTS
};

static double round_ns(bench_state *state, lap_fn lap)
{
    uint64_t begin = bench_now_ns();
    for (int i = 0; i < LAPS; i++) {
        lap(state);
        keep(state);
    }
    return (double)(bench_now_ns() - begin) / LAPS;
}

/* Everybody decodes the same record, or the figures say nothing. */
static bool sums_agree(bench_state *state)
{
    static const lap_fn decoders[] = { coax_decode, msgpack_decode, flat_decode };
    coax_encode(state);
    msgpack_encode(state);
    flat_encode(state);
    for (unsigned i = 0; i < 3; i++) {
        state->sum = 0;
        decoders[i](state);
        if (state->sum == touch(&state->record))
            continue;
        fprintf(stderr, "codec: contestant %u decodes another record\n", i);
        return false;
    }
    return true;
}

static void compete(bench_state *state, contestant *all, int rounds)
{
    static double figures[N_CONTESTANTS][ROUNDS];
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < N_CONTESTANTS; i++)
            figures[i][round] = round_ns(state, all[i].lap);
    }
    for (int i = 0; i < N_CONTESTANTS; i++)
        all[i].median_ns = bench_median(figures[i], (size_t)rounds);
}

int bench_codec(bench_report *report)
{
    static bench_state state;
    contestant all[N_CONTESTANTS] = {
        [COAX_ENCODE] = { "encode, coax", coax_encode, 0 },
        [MSGPACK_ENCODE] = { "encode, msgpack-c", msgpack_encode, 0 },
        [FLAT_ENCODE] = { "encode, memcpy of the struct", flat_encode, 0 },
        [COAX_DECODE] = { "decode and touch, coax", coax_decode, 0 },
        [MSGPACK_DECODE] = { "decode and touch, msgpack-c", msgpack_decode, 0 },
        [FLAT_DECODE] = { "decode and touch, memcpy of the struct", flat_decode, 0 },
    };
    fill(&state);
    coax_arena_init(&state.arena, NULL, 0);
    msgpack_sbuffer_init(&state.packed);
    msgpack_zone_init(&state.zone, 2048);
    bool agree = sums_agree(&state);
    if (agree) {
        compete(&state, all, report->is_quick ? QUICK_ROUNDS : ROUNDS);
        for (int i = 0; i < N_CONTESTANTS; i++)
            bench_add(report, "codec", all[i].name, all[i].median_ns, "ns");
        bench_add(report, "codec", "encoded, coax", (double)state.coax_len, "bytes");
        bench_add(report, "codec", "encoded, msgpack-c array", (double)state.packed.size, "bytes");
        bench_add_ratio(report, "codec", "encode: msgpack-c / coax",
                        all[MSGPACK_ENCODE].median_ns / all[COAX_ENCODE].median_ns, 4.0);
        bench_add_ratio(report, "codec", "decode: msgpack-c / coax",
                        all[MSGPACK_DECODE].median_ns / all[COAX_DECODE].median_ns, 2.5);
        bench_add_ratio(report, "codec", "encode: coax / memcpy",
                        all[COAX_ENCODE].median_ns / all[FLAT_ENCODE].median_ns, 0);
        bench_add_ratio(report, "codec", "decode: coax / memcpy",
                        all[COAX_DECODE].median_ns / all[FLAT_DECODE].median_ns, 0);
    }
    msgpack_zone_destroy(&state.zone);
    msgpack_sbuffer_destroy(&state.packed);
    coax_arena_deinit(&state.arena);
    return agree ? 0 : 1;
}
