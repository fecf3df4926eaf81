/*
 * A schema with every kind of type, and its codec by hand in the shape in which idlc writes it.
 *
 *     enum Side : u8 @strict { buy = 1; sell = 2; }
 *     flags Rights : u32 @strict { read = 1; write = 2; }
 *     struct Inner { 1: i32 a; 2: string? b; }
 *     union Choice { 1: Inner inner; 2: u32 number; 3: string text; }
 *     struct All { ... }    // the fields below, in order; ids 1 to 27, 130 to 133, 300, 301
 */
#ifndef TESTS_WIRE_KINDS_H
#define TESTS_WIRE_KINDS_H

#include <coax/gen.h>

typedef enum kinds_side { KINDS_SIDE_BUY = 1, KINDS_SIDE_SELL = 2 } kinds_side;

typedef struct kinds_inner {
    int32_t a;
    coax_str b; /* optional */
} kinds_inner;

typedef enum kinds_choice_kind {
    KINDS_CHOICE_INNER = 1,
    KINDS_CHOICE_NUMBER = 2,
    KINDS_CHOICE_TEXT = 3
} kinds_choice_kind;

typedef struct kinds_choice {
    kinds_choice_kind kind;
    union {
        const kinds_inner *inner;
        uint32_t number;
        coax_str text;
        coax_any unknown;
    } as;
} kinds_choice;

typedef struct kinds_inner_list {
    const kinds_inner *items;
    size_t count;
} kinds_inner_list;

typedef struct kinds_count_entry {
    coax_str key;
    uint32_t value;
} kinds_count_entry;

typedef struct kinds_count_map {
    const kinds_count_entry *items;
    size_t count;
} kinds_count_map;

typedef struct kinds_inner_entry {
    int32_t key;
    kinds_inner value;
} kinds_inner_entry;

typedef struct kinds_inner_map {
    const kinds_inner_entry *items;
    size_t count;
} kinds_inner_map;

typedef struct kinds_all {
    bool truth;                     /* 1 */
    int8_t i8;                      /* 2 */
    int16_t i16;                    /* 3 */
    int32_t i32;                    /* 4 */
    int64_t i64;                    /* 5 */
    uint8_t u8;                     /* 6 */
    uint16_t u16;                   /* 7 */
    uint32_t u32;                   /* 8 */
    uint64_t u64;                   /* 9 */
    float f32;                      /* 10 */
    double f64;                     /* 11 */
    coax_str text;                  /* 12 */
    coax_bytes bytes;               /* 13 */
    coax_timestamp time;            /* 14 */
    coax_duration span;             /* 15 */
    coax_uuid uuid;                 /* 16 */
    coax_any any;                   /* 17 */
    kinds_side side;                /* 18, strict */
    uint32_t rights;                /* 19, strict */
    kinds_inner inner;              /* 20 */
    kinds_choice choice;            /* 21 */
    coax_u32_list numbers;          /* 22 */
    kinds_inner_list inners;        /* 23 */
    kinds_count_map counts;         /* 24 */
    kinds_inner_map by_number;      /* 25 */
    uint8_t tag[4];                 /* 26 */
    uint16_t triple[3];             /* 27 */
    uint32_t maybe;                 /* 130, optional */
    const kinds_inner *behind;      /* 131, optional */
    coax_str note;                  /* 132, optional, @sensitive */
    uint32_t retries;               /* 133, 7 when absent */
    const struct kinds_all *parent; /* 300, optional */
    coax_any_list extras;           /* 301, 0 items when absent: defaulted in this schema */
    bool has_maybe;
} kinds_all;

extern const coax_type kinds_side_type, kinds_rights_type, kinds_inner_type, kinds_choice_type,
    kinds_all_type;
extern const coax_type kinds_inner_map_type, kinds_count_map_type;

void kinds_inner_encode(coax_writer *out, const kinds_inner *value);
void kinds_inner_decode(coax_reader *in, kinds_inner *ret);
void kinds_choice_encode(coax_writer *out, const kinds_choice *value);
void kinds_choice_decode(coax_reader *in, kinds_choice *ret);
void kinds_all_encode(coax_writer *out, const kinds_all *value);
void kinds_all_decode(coax_reader *in, kinds_all *ret);

#endif
