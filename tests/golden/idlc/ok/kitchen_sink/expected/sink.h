/*
 * Made by idlc from sink.idl: change the schema, not this file.
 *
 * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps
 * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are
 * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's
 * arena.
 */
#ifndef COAX_GEN_ACME_SINK_SINK_H
#define COAX_GEN_ACME_SINK_SINK_H

/**
 * Everything the language has, once.
 *
 * Its comments hold what could end a comment early: * / and / * and a trailing backslash \
 */

#include <coax/gen.h>

#include "money.h"

#if COAX_GEN_ABI != 1
#error "sink.h was made for another version of coax: run idlc again"
#endif

COAX_BEGIN_DECLS

/** The longest note. */
#define ACME_SINK_MAX_NOTE 140u
#define ACME_SINK_COLDEST (-273)
#define ACME_SINK_HUGE UINT64_C(18446744073709551615)
#define ACME_SINK_LOWEST (INT64_MIN)
#define ACME_SINK_TENTH 0.1
#define ACME_SINK_HALF 0.5f
#define ACME_SINK_ENABLED true
#define ACME_SINK_SLOW INT64_C(5000000000)
#define ACME_SINK_MAGIC "\000\377"
#define ACME_SINK_GREETING "say \"hi\"\n\?\?/"
#define ACME_SINK_FAVOURITE ACME_SINK_COLOR_GREEN
#define ACME_SINK_READING ACME_SINK_RIGHTS_READ

/** An open enum in a byte. */
typedef enum acme_sink_color {
    /** Like a rose. */
    ACME_SINK_COLOR_RED = 1,
    ACME_SINK_COLOR_GREEN = 2,
    /** Deprecated: use green. */
    ACME_SINK_COLOR_BLUE = 3,
} acme_sink_color;

/** "red", "green", "blue", or NULL for a number this schema doesn't know. */
const char *acme_sink_color_name(acme_sink_color value);
bool acme_sink_color_parse(const char *name, acme_sink_color *ret_value);
extern const coax_type acme_sink_color_type;

typedef enum acme_sink_side {
    ACME_SINK_SIDE_SELL = -1,
    ACME_SINK_SIDE_BUY = 1,
} acme_sink_side;

/** "sell", "buy", or NULL for a number this schema doesn't know. */
const char *acme_sink_side_name(acme_sink_side value);
bool acme_sink_side_parse(const char *name, acme_sink_side *ret_value);
extern const coax_type acme_sink_side_type;

typedef uint64_t acme_sink_big;
#define ACME_SINK_BIG_SMALL 1u
#define ACME_SINK_BIG_LARGE UINT64_C(18446744073709551600)

/** "small", "large", or NULL for a number this schema doesn't know. */
const char *acme_sink_big_name(acme_sink_big value);
bool acme_sink_big_parse(const char *name, acme_sink_big *ret_value);
extern const coax_type acme_sink_big_type;

typedef enum acme_sink_wide {
    ACME_SINK_WIDE_LOW = INT64_C(-2147483648),
    ACME_SINK_WIDE_HIGH = 2147483647,
} acme_sink_wide;

/** "low", "high", or NULL for a number this schema doesn't know. */
const char *acme_sink_wide_name(acme_sink_wide value);
bool acme_sink_wide_parse(const char *name, acme_sink_wide *ret_value);
extern const coax_type acme_sink_wide_type;

typedef int64_t acme_sink_long;
#define ACME_SINK_LONG_PAST (INT64_C(-9000000000))
#define ACME_SINK_LONG_FUTURE INT64_C(9000000000)

/** "past", "future", or NULL for a number this schema doesn't know. */
const char *acme_sink_long_name(acme_sink_long value);
bool acme_sink_long_parse(const char *name, acme_sink_long *ret_value);
extern const coax_type acme_sink_long_type;

typedef uint32_t acme_sink_word;
#define ACME_SINK_WORD_FIRST 1u
#define ACME_SINK_WORD_LAST 4294967295u

/** "first", "last", or NULL for a number this schema doesn't know. */
const char *acme_sink_word_name(acme_sink_word value);
bool acme_sink_word_parse(const char *name, acme_sink_word *ret_value);
extern const coax_type acme_sink_word_type;

/** What may be done. */
typedef uint32_t acme_sink_rights;
#define ACME_SINK_RIGHTS_READ 1u
#define ACME_SINK_RIGHTS_WRITE 2u
#define ACME_SINK_RIGHTS_ADMIN 16u

/** "read", "write", "admin", or NULL for what is not one bit this schema knows. */
const char *acme_sink_rights_name(acme_sink_rights value);
bool acme_sink_rights_parse(const char *name, acme_sink_rights *ret_value);
extern const coax_type acme_sink_rights_type;

typedef uint8_t acme_sink_bits;
#define ACME_SINK_BITS_ONE 1u
#define ACME_SINK_BITS_TWO 2u

/** "one", "two", or NULL for what is not one bit this schema knows. */
const char *acme_sink_bits_name(acme_sink_bits value);
bool acme_sink_bits_parse(const char *name, acme_sink_bits *ret_value);
extern const coax_type acme_sink_bits_type;

/** What stands in a frame's header: the id of a method. */
typedef uint32_t acme_sink_packet;
#define ACME_SINK_PACKET_SINK_SEND UINT32_C(0xf305f8cb)
#define ACME_SINK_PACKET_SINK_BALANCE UINT32_C(0x5c0e982f)
#define ACME_SINK_PACKET_SINK_PING UINT32_C(0xe69e191d)
#define ACME_SINK_PACKET_SINK_OLD UINT32_C(0xe3870dda)
#define ACME_SINK_PACKET_SINK_HINT UINT32_C(0xc8878c1c)
#define ACME_SINK_PACKET_SINK_STATEMENT UINT32_C(0xb4064f7a)
#define ACME_SINK_PACKET_SINK_UPLOAD UINT32_C(0xd76b66f0)
#define ACME_SINK_PACKET_SINK_CHAT UINT32_C(0xb25b4e97)
#define ACME_SINK_PACKET_SINK_GATHER UINT32_C(0x648d5ce6)
#define ACME_SINK_PACKET_SINK_MIRROR UINT32_C(0xa5426866)
#define ACME_SINK_PACKET_SINK_RATE UINT32_C(0x6d0045fb)
#define ACME_SINK_PACKET_BELLS_RINGS UINT32_C(0x2f170d31)
#define ACME_SINK_PACKET_BELLS_STOPS UINT32_C(0x77568e0b)

/** The method's full name, or NULL for an id that is not of this schema. */
const char *acme_sink_packet_name(uint32_t id);
bool acme_sink_packet_parse(const char *name, uint32_t *ret_id);

typedef struct acme_sink_scalars acme_sink_scalars;
typedef struct acme_sink_defaults acme_sink_defaults;
typedef struct acme_sink_node acme_sink_node;
typedef struct acme_sink_tree acme_sink_tree;
typedef struct acme_sink_receipt acme_sink_receipt;
typedef struct acme_sink_late acme_sink_late;

#ifndef acme_sink_str_u32_map_DEFINED
#define acme_sink_str_u32_map_DEFINED
typedef struct acme_sink_str_u32_entry acme_sink_str_u32_entry;
typedef struct acme_sink_str_u32_map {
    const acme_sink_str_u32_entry *items;
    size_t count;
} acme_sink_str_u32_map;
#endif

typedef struct acme_sink_color_list {
    const acme_sink_color *items;
    size_t count;
} acme_sink_color_list;

typedef struct acme_sink_scalars_list {
    const acme_sink_scalars *items;
    size_t count;
} acme_sink_scalars_list;

#ifndef acme_sink_u32_list_list_DEFINED
#define acme_sink_u32_list_list_DEFINED
typedef struct acme_sink_u32_list_list {
    const coax_u32_list *items;
    size_t count;
} acme_sink_u32_list_list;
#endif

#ifndef acme_sink_u8_array16_list_DEFINED
#define acme_sink_u8_array16_list_DEFINED
typedef struct acme_sink_u8_array16 acme_sink_u8_array16;
typedef struct acme_sink_u8_array16_list {
    const acme_sink_u8_array16 *items;
    size_t count;
} acme_sink_u8_array16_list;
#endif

#ifndef acme_sink_str_u32_map_list_DEFINED
#define acme_sink_str_u32_map_list_DEFINED
typedef struct acme_sink_str_u32_map_list {
    const acme_sink_str_u32_map *items;
    size_t count;
} acme_sink_str_u32_map_list;
#endif

#ifndef acme_sink_str_bytes_map_DEFINED
#define acme_sink_str_bytes_map_DEFINED
typedef struct acme_sink_str_bytes_entry acme_sink_str_bytes_entry;
typedef struct acme_sink_str_bytes_map {
    const acme_sink_str_bytes_entry *items;
    size_t count;
} acme_sink_str_bytes_map;
#endif

typedef struct acme_sink_u32_defaults_entry acme_sink_u32_defaults_entry;
typedef struct acme_sink_u32_defaults_map {
    const acme_sink_u32_defaults_entry *items;
    size_t count;
} acme_sink_u32_defaults_map;

typedef struct acme_sink_color_str_list_entry acme_sink_color_str_list_entry;
typedef struct acme_sink_color_str_list_map {
    const acme_sink_color_str_list_entry *items;
    size_t count;
} acme_sink_color_str_list_map;

typedef struct acme_sink_i8_receipt_entry acme_sink_i8_receipt_entry;
typedef struct acme_sink_i8_receipt_map {
    const acme_sink_i8_receipt_entry *items;
    size_t count;
} acme_sink_i8_receipt_map;

typedef struct acme_sink_uuid_i8_receipt_map_entry acme_sink_uuid_i8_receipt_map_entry;
typedef struct acme_sink_uuid_i8_receipt_map_map {
    const acme_sink_uuid_i8_receipt_map_entry *items;
    size_t count;
} acme_sink_uuid_i8_receipt_map_map;

#ifndef acme_sink_bool_f64_array2_map_DEFINED
#define acme_sink_bool_f64_array2_map_DEFINED
typedef struct acme_sink_bool_f64_array2_entry acme_sink_bool_f64_array2_entry;
typedef struct acme_sink_bool_f64_array2_map {
    const acme_sink_bool_f64_array2_entry *items;
    size_t count;
} acme_sink_bool_f64_array2_map;
#endif

typedef struct acme_sink_receipt_list {
    const acme_sink_receipt *items;
    size_t count;
} acme_sink_receipt_list;

typedef struct acme_sink_side_u8_entry acme_sink_side_u8_entry;
typedef struct acme_sink_side_u8_map {
    const acme_sink_side_u8_entry *items;
    size_t count;
} acme_sink_side_u8_map;

typedef struct acme_sink_side_list {
    const acme_sink_side *items;
    size_t count;
} acme_sink_side_list;

typedef struct acme_sink_side_array2 acme_sink_side_array2;
typedef struct acme_sink_side_array2_list {
    const acme_sink_side_array2 *items;
    size_t count;
} acme_sink_side_array2_list;

#ifndef acme_sink_str_i32_map_DEFINED
#define acme_sink_str_i32_map_DEFINED
typedef struct acme_sink_str_i32_entry acme_sink_str_i32_entry;
typedef struct acme_sink_str_i32_map {
    const acme_sink_str_i32_entry *items;
    size_t count;
} acme_sink_str_i32_map;
#endif

typedef struct acme_sink_node_list {
    const acme_sink_node *items;
    size_t count;
} acme_sink_node_list;

typedef struct acme_sink_str_node_entry acme_sink_str_node_entry;
typedef struct acme_sink_str_node_map {
    const acme_sink_str_node_entry *items;
    size_t count;
} acme_sink_str_node_map;

/** Each scalar once. */
typedef struct acme_sink_scalars {
    bool flag;
    int8_t tiny;
    int16_t short_one;
    int32_t medium;
    int64_t large;
    uint8_t byte_one;
    /** At least 1. */
    uint16_t port;
    uint32_t count;
    uint64_t total;
    /** Finite. */
    float ratio;
    double exact;
    coax_str text;
    coax_bytes blob;
    coax_timestamp when;
    coax_duration took;
    coax_uuid key;
    coax_any extra;
    acme_sink_color color;
    acme_sink_side side;
    acme_sink_rights rights;
    acme_sink_big big;
    acme_sink_wide wide;
    acme_sink_long far_;
    acme_sink_word word;
    acme_sink_bits bits;
} acme_sink_scalars;

#define ACME_SINK_SCALARS_INIT                                                                     \
    COAX_INIT(false, 0, 0, 0, 0, 0, 0, 0, 0, 0.0f, 0.0, COAX_INIT(NULL, 0), COAX_INIT(NULL, 0),    \
              COAX_INIT(0, 0), 0, COAX_INIT(COAX_INIT(0)), COAX_INIT(NULL, 0), (acme_sink_color)0, \
              (acme_sink_side)0, 0, 0, (acme_sink_wide)0, 0, 0, 0)

void acme_sink_scalars_init(acme_sink_scalars *ret);
void acme_sink_scalars_encode(coax_writer *out, const acme_sink_scalars *value);
void acme_sink_scalars_decode(coax_reader *in, acme_sink_scalars *ret);
bool acme_sink_scalars_check(const acme_sink_scalars *value, coax_violations *why);
extern const coax_type acme_sink_scalars_type;

/** Each scalar once, and absent. */
typedef struct acme_sink_optionals {
    /** Optional: set has_flag too. */
    bool has_flag;
    bool flag;
    /** Optional: set has_tiny too. */
    bool has_tiny;
    int8_t tiny;
    /** Optional: set has_total too. */
    bool has_total;
    uint64_t total;
    /** Optional: set has_ratio too. */
    bool has_ratio;
    float ratio;
    /** Optional: absent when .data is NULL. */
    coax_str text;
    /** Optional: absent when .data is NULL. */
    coax_bytes blob;
    /** Optional: set has_when too. */
    bool has_when;
    coax_timestamp when;
    /** Optional: set has_took too. */
    bool has_took;
    coax_duration took;
    /** Optional: set has_key too. */
    bool has_key;
    coax_uuid key;
    /** Optional: absent when .data is NULL. */
    coax_any extra;
    /** Optional: set has_color too. */
    bool has_color;
    acme_sink_color color;
    /** Optional: set has_side too. */
    bool has_side;
    acme_sink_side side;
    /** Optional: set has_rights too. */
    bool has_rights;
    acme_sink_rights rights;
    /** Optional: NULL when absent. */
    const acme_sink_scalars *scalars;
    /** Optional: NULL when absent. */
    const acme_sink_receipt *receipt;
    /** Optional: set has_names too. */
    bool has_names;
    coax_str_list names;
    /** Optional: set has_counts too. */
    bool has_counts;
    acme_sink_str_u32_map counts;
    /** Optional: set has_address too. */
    bool has_address;
    uint8_t address[4];
    /** Optional: set has_colors too. */
    bool has_colors;
    acme_sink_color_list colors;
    /** Optional: set has_point too. */
    bool has_point;
    double point[3];
} acme_sink_optionals;

#define ACME_SINK_OPTIONALS_INIT                                                                   \
    COAX_INIT(false, false, false, 0, false, 0, false, 0.0f, COAX_INIT(NULL, 0),                   \
              COAX_INIT(NULL, 0), false, COAX_INIT(0, 0), false, 0, false,                         \
              COAX_INIT(COAX_INIT(0)), COAX_INIT(NULL, 0), false, (acme_sink_color)0, false,       \
              (acme_sink_side)0, false, 0, NULL, NULL, false, COAX_INIT(NULL, 0), false,           \
              COAX_INIT(NULL, 0), false, COAX_INIT(0), false, COAX_INIT(NULL, 0), false,           \
              COAX_INIT(0.0))

void acme_sink_optionals_init(acme_sink_optionals *ret);
void acme_sink_optionals_encode(coax_writer *out, const acme_sink_optionals *value);
void acme_sink_optionals_decode(coax_reader *in, acme_sink_optionals *ret);
bool acme_sink_optionals_check(const acme_sink_optionals *value, coax_violations *why);
extern const coax_type acme_sink_optionals_type;

/** Each default there can be. */
typedef struct acme_sink_defaults {
    /** Default: true. */
    bool flag;
    /** Default: -7. */
    int32_t medium;
    /** Default: 3. 0 to 10. */
    uint32_t retries;
    /** Default: 0.25. */
    double ratio;
    /** Default: "nobody". */
    coax_str name;
    /** Default: green. */
    acme_sink_color color;
    /** Default: read. */
    acme_sink_rights rights;
    /** Default: 250000000. */
    coax_duration wait;
    /** Default: buy. */
    acme_sink_side side;
    /** Default: 18446744073709551615. */
    uint64_t total;
    /** Default: 0.1. */
    float third;
} acme_sink_defaults;

#define ACME_SINK_DEFAULTS_INIT                                                                    \
    COAX_INIT(true, -7, 3u, 0.25, COAX_INIT("nobody", 6), ACME_SINK_COLOR_GREEN,                   \
              ACME_SINK_RIGHTS_READ, 250000000, ACME_SINK_SIDE_BUY,                                \
              UINT64_C(18446744073709551615), 0.1f)

void acme_sink_defaults_init(acme_sink_defaults *ret);
void acme_sink_defaults_encode(coax_writer *out, const acme_sink_defaults *value);
void acme_sink_defaults_decode(coax_reader *in, acme_sink_defaults *ret);
bool acme_sink_defaults_check(const acme_sink_defaults *value, coax_violations *why);
extern const coax_type acme_sink_defaults_type;

/** Lists, arrays and maps, inside each other too. */
typedef struct acme_sink_containers {
    coax_bool_list flags;
    /** No two alike. 1 to 100 items. */
    coax_i64_list numbers;
    /** At most 8 items. No two alike. Each: 1 to 32 bytes. */
    coax_str_list tags;
    acme_sink_color_list colors;
    acme_sink_scalars_list scalars;
    acme_sink_u32_list_list matrix;
    acme_sink_u8_array16_list nonces;
    acme_sink_str_u32_map_list tables;
    /** At most 16 items. */
    acme_sink_str_bytes_map extra;
    acme_sink_u32_defaults_map by_number;
    acme_sink_color_str_list_map by_color;
    acme_sink_uuid_i8_receipt_map_map nested;
    acme_sink_bool_f64_array2_map pairs;
    uint8_t nonce[16];
    double point[3];
    uint16_t grid[3][2];
    acme_sink_defaults both[2];
    sink_common_money_list coins;
    sink_common_str_money_map purse;
    coax_str names[2];
    acme_sink_receipt_list receipts;
    coax_uuid_list keys;
    acme_sink_side_u8_map sides;
    acme_sink_side_list history;
    uint8_t bytes_grid[3][2];
    coax_any_list raw;
    acme_sink_side_array2_list moves;
} acme_sink_containers;

#define ACME_SINK_CONTAINERS_INIT                                                                  \
    COAX_INIT(COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0),      \
              COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0),      \
              COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0),      \
              COAX_INIT(NULL, 0), COAX_INIT(0), COAX_INIT(0.0), COAX_INIT(COAX_INIT(0)),           \
              COAX_INIT(ACME_SINK_DEFAULTS_INIT, ACME_SINK_DEFAULTS_INIT), COAX_INIT(NULL, 0),     \
              COAX_INIT(NULL, 0), COAX_INIT(COAX_INIT(NULL, 0)), COAX_INIT(NULL, 0),               \
              COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(COAX_INIT(0)), \
              COAX_INIT(NULL, 0), COAX_INIT(NULL, 0))

void acme_sink_containers_init(acme_sink_containers *ret);
void acme_sink_containers_encode(coax_writer *out, const acme_sink_containers *value);
void acme_sink_containers_decode(coax_reader *in, acme_sink_containers *ret);
bool acme_sink_containers_check(const acme_sink_containers *value, coax_violations *why);
extern const coax_type acme_sink_containers_type;

/** Each constraint once. */
typedef struct acme_sink_constraints {
    /** 1 to 10. */
    uint32_t whole;
    /** At most -1. */
    int64_t below;
    /** At least 0 and under 1. */
    double open;
    /** 0 to 100. Finite. */
    double share;
    /** One of 1, 2, 3. */
    uint8_t one_of_three;
    /** Not 0, -1. */
    int32_t never;
    /** One of "yes", "no". */
    coax_str word;
    /** A multiple of 2. */
    uint32_t even;
    /** A multiple of 3. */
    int64_t third;
    /** 1 to 8 bytes. */
    coax_str short_text;
    /** 2 to 4 characters. */
    coax_str letters;
    /** ASCII. */
    coax_str plain;
    /** Matches "[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}". */
    coax_str from;
    /** Matches "[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}". */
    coax_str to;
    /** Begins with "/". Ends with ".txt". */
    coax_str path;
    /** A UUID in text. */
    coax_str id;
    /** A host name. */
    coax_str host;
    /** 32 bytes. */
    coax_bytes digest;
    /** One of red, green. */
    acme_sink_color shade;
    /** One of 0.5, 1.5. */
    float weight;
    /** 1 to 18446744073709551615. */
    uint64_t large;
    /** Optional: absent when .data is NULL. At most 5 bytes. */
    coax_str maybe;
    /** Optional: set has_chosen too. 10 to 20. */
    bool has_chosen;
    uint16_t chosen;
    /** Key: 1 to 4 bytes. Value: 0 to 9. */
    acme_sink_str_i32_map scores;
} acme_sink_constraints;

#define ACME_SINK_CONSTRAINTS_INIT                                                                 \
    COAX_INIT(0, 0, 0.0, 0.0, 0, 0, COAX_INIT(NULL, 0), 0, 0, COAX_INIT(NULL, 0),                  \
              COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0),      \
              COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), COAX_INIT(NULL, 0),      \
              (acme_sink_color)0, 0.0f, 0, COAX_INIT(NULL, 0), false, 0, COAX_INIT(NULL, 0))

void acme_sink_constraints_init(acme_sink_constraints *ret);
void acme_sink_constraints_encode(coax_writer *out, const acme_sink_constraints *value);
void acme_sink_constraints_decode(coax_reader *in, acme_sink_constraints *ret);
bool acme_sink_constraints_check(const acme_sink_constraints *value, coax_violations *why);
extern const coax_type acme_sink_constraints_type;

/** Rules over several fields. */
typedef struct acme_sink_rules {
    uint32_t low;
    uint32_t high;
    /** Optional: set has_limit too. */
    bool has_limit;
    int64_t limit;
    coax_str name;
    /** Optional: absent when .data is NULL. */
    coax_str nick;
    acme_sink_color color;
    /** Optional: NULL when absent. */
    const acme_sink_optionals *inner;
    double ratio;
    coax_u32_list items;
    int64_t delta;
    /** Optional: set has_strict too. */
    bool has_strict;
    bool strict;
    coax_timestamp starts;
    coax_timestamp ends;
} acme_sink_rules;

#define ACME_SINK_RULES_INIT                                                                       \
    COAX_INIT(0, 0, false, 0, COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), (acme_sink_color)0, NULL,    \
              0.0, COAX_INIT(NULL, 0), 0, false, false, COAX_INIT(0, 0), COAX_INIT(0, 0))

void acme_sink_rules_init(acme_sink_rules *ret);
void acme_sink_rules_encode(coax_writer *out, const acme_sink_rules *value);
void acme_sink_rules_decode(coax_reader *in, acme_sink_rules *ret);
bool acme_sink_rules_check(const acme_sink_rules *value, coax_violations *why);
extern const coax_type acme_sink_rules_type;

/** Presence rules. */
typedef struct acme_sink_choice {
    /** Optional: absent when .data is NULL. */
    coax_str left;
    /** Optional: set has_right too. */
    bool has_right;
    uint32_t right;
    /** Optional: NULL when absent. */
    const acme_sink_scalars *other;
    /** Optional: set has_sure too. */
    bool has_sure;
    bool sure;
} acme_sink_choice;

#define ACME_SINK_CHOICE_INIT COAX_INIT(COAX_INIT(NULL, 0), false, 0, NULL, false, false)

void acme_sink_choice_init(acme_sink_choice *ret);
void acme_sink_choice_encode(coax_writer *out, const acme_sink_choice *value);
void acme_sink_choice_decode(coax_reader *in, acme_sink_choice *ret);
bool acme_sink_choice_check(const acme_sink_choice *value, coax_violations *why);
extern const coax_type acme_sink_choice_type;

/** More fields than fit into one word of the reader's memory. */
typedef struct acme_sink_many {
    /** Optional: set has_f0 too. */
    bool has_f0;
    int16_t f0;
    uint32_t f1;
    uint32_t f2;
    /** Optional: set has_f3 too. */
    bool has_f3;
    int16_t f3;
    uint32_t f4;
    uint32_t f5;
    /** Optional: set has_f6 too. */
    bool has_f6;
    int16_t f6;
    uint32_t f7;
    uint32_t f8;
    /** Optional: set has_f9 too. */
    bool has_f9;
    int16_t f9;
    uint32_t f10;
    uint32_t f11;
    /** Optional: set has_f12 too. */
    bool has_f12;
    int16_t f12;
    uint32_t f13;
    uint32_t f14;
    /** Optional: set has_f15 too. */
    bool has_f15;
    int16_t f15;
    uint32_t f16;
    uint32_t f17;
    /** Optional: set has_f18 too. */
    bool has_f18;
    int16_t f18;
    uint32_t f19;
    uint32_t f20;
    /** Optional: set has_f21 too. */
    bool has_f21;
    int16_t f21;
    uint32_t f22;
    uint32_t f23;
    /** Optional: set has_f24 too. */
    bool has_f24;
    int16_t f24;
    uint32_t f25;
    uint32_t f26;
    /** Optional: set has_f27 too. */
    bool has_f27;
    int16_t f27;
    uint32_t f28;
    uint32_t f29;
    /** Optional: set has_f30 too. */
    bool has_f30;
    int16_t f30;
    uint32_t f31;
    uint32_t f32;
    /** Optional: set has_f33 too. */
    bool has_f33;
    int16_t f33;
    uint32_t f34;
    uint32_t f35;
    /** Optional: set has_f36 too. */
    bool has_f36;
    int16_t f36;
    uint32_t f37;
    uint32_t f38;
    /** Optional: set has_f39 too. */
    bool has_f39;
    int16_t f39;
    uint32_t f40;
    uint32_t f41;
    /** Optional: set has_f42 too. */
    bool has_f42;
    int16_t f42;
    uint32_t f43;
    uint32_t f44;
    /** Optional: set has_f45 too. */
    bool has_f45;
    int16_t f45;
    uint32_t f46;
    uint32_t f47;
    /** Optional: set has_f48 too. */
    bool has_f48;
    int16_t f48;
    uint32_t f49;
    uint32_t f50;
    /** Optional: set has_f51 too. */
    bool has_f51;
    int16_t f51;
    uint32_t f52;
    uint32_t f53;
    /** Optional: set has_f54 too. */
    bool has_f54;
    int16_t f54;
    uint32_t f55;
    uint32_t f56;
    /** Optional: set has_f57 too. */
    bool has_f57;
    int16_t f57;
    uint32_t f58;
    uint32_t f59;
    /** Optional: set has_f60 too. */
    bool has_f60;
    int16_t f60;
    uint32_t f61;
    uint32_t f62;
    /** Optional: set has_f63 too. */
    bool has_f63;
    int16_t f63;
    uint32_t f64;
    uint32_t f65;
    /** Optional: set has_f66 too. */
    bool has_f66;
    int16_t f66;
    uint32_t f67;
    uint32_t f68;
    /** Optional: set has_f69 too. */
    bool has_f69;
    int16_t f69;
} acme_sink_many;

#define ACME_SINK_MANY_INIT                                                                        \
    COAX_INIT(false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0,      \
              false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0,      \
              false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0,      \
              false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0,      \
              false, 0, 0, 0, false, 0, 0, 0, false, 0, 0, 0, false, 0)
#define ACME_SINK_MANY_MAX_ENCODED 402u

void acme_sink_many_init(acme_sink_many *ret);
void acme_sink_many_encode(coax_writer *out, const acme_sink_many *value);
void acme_sink_many_decode(coax_reader *in, acme_sink_many *ret);
bool acme_sink_many_check(const acme_sink_many *value, coax_violations *why);
extern const coax_type acme_sink_many_type;

/** Nothing at all. */
typedef struct acme_sink_nothing {
    char unused; /* C has no empty struct */
} acme_sink_nothing;

#define ACME_SINK_NOTHING_INIT COAX_INIT(0)
#define ACME_SINK_NOTHING_MAX_ENCODED 1u

void acme_sink_nothing_init(acme_sink_nothing *ret);
void acme_sink_nothing_encode(coax_writer *out, const acme_sink_nothing *value);
void acme_sink_nothing_decode(coax_reader *in, acme_sink_nothing *ret);
bool acme_sink_nothing_check(const acme_sink_nothing *value, coax_violations *why);
extern const coax_type acme_sink_nothing_type;

/** Recursion through everything that allows it. */
typedef struct acme_sink_node {
    coax_str name;
    /** Optional: NULL when absent. */
    const acme_sink_node *next;
    acme_sink_node_list children;
    acme_sink_str_node_map named;
    /** Optional: NULL when absent. */
    const acme_sink_tree *tree;
} acme_sink_node;

#define ACME_SINK_NODE_INIT                                                                        \
    COAX_INIT(COAX_INIT(NULL, 0), NULL, COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), NULL)

void acme_sink_node_init(acme_sink_node *ret);
void acme_sink_node_encode(coax_writer *out, const acme_sink_node *value);
void acme_sink_node_decode(coax_reader *in, acme_sink_node *ret);
bool acme_sink_node_check(const acme_sink_node *value, coax_violations *why);
extern const coax_type acme_sink_node_type;

typedef enum acme_sink_tree_kind {
    ACME_SINK_TREE_NODE = 1,
    ACME_SINK_TREE_LEAF = 2,
    ACME_SINK_TREE_DEEPER = 3,
} acme_sink_tree_kind;

typedef struct acme_sink_tree {
    acme_sink_tree_kind kind;
    union {
        const acme_sink_node *node;
        uint32_t leaf;
        const acme_sink_tree *deeper;
    } as;
} acme_sink_tree;

#define ACME_SINK_TREE_INIT COAX_INIT((acme_sink_tree_kind)0, COAX_INIT(NULL))

void acme_sink_tree_init(acme_sink_tree *ret);
void acme_sink_tree_encode(coax_writer *out, const acme_sink_tree *value);
void acme_sink_tree_decode(coax_reader *in, acme_sink_tree *ret);
bool acme_sink_tree_check(const acme_sink_tree *value, coax_violations *why);
extern const coax_type acme_sink_tree_type;

typedef enum acme_sink_receipt_kind {
    ACME_SINK_RECEIPT_SETTLED = 1,
    ACME_SINK_RECEIPT_PENDING = 2,
    ACME_SINK_RECEIPT_NUMBERS = 3,
    ACME_SINK_RECEIPT_REFUND = 4,
    ACME_SINK_RECEIPT_CODE = 5,
    ACME_SINK_RECEIPT_COLOR = 6,
    ACME_SINK_RECEIPT_COUNTS = 7,
    ACME_SINK_RECEIPT_UNKNOWN = 8,
} acme_sink_receipt_kind;

/** Exactly one. */
typedef struct acme_sink_receipt {
    acme_sink_receipt_kind kind;
    union {
        const acme_sink_scalars *settled;
        coax_str pending;
        coax_u32_list numbers;
        const sink_common_money *refund;
        uint8_t code[4];
        acme_sink_color color;
        acme_sink_str_u32_map counts;
        bool unknown_;
        coax_any unknown; /* of another kind: passed on as it came */
    } as;
} acme_sink_receipt;

#define ACME_SINK_RECEIPT_INIT COAX_INIT((acme_sink_receipt_kind)0, COAX_INIT(NULL))

void acme_sink_receipt_init(acme_sink_receipt *ret);
void acme_sink_receipt_encode(coax_writer *out, const acme_sink_receipt *value);
void acme_sink_receipt_decode(coax_reader *in, acme_sink_receipt *ret);
bool acme_sink_receipt_check(const acme_sink_receipt *value, coax_violations *why);
extern const coax_type acme_sink_receipt_type;

typedef struct acme_sink_secret {
    coax_str user;
    /** Sensitive. */
    coax_str password;
    /** Deprecated: gone in 2.0. */
    uint32_t old;
    uint32_t far_id;
    /** Optional: set has_farther_id too. */
    bool has_farther_id;
    uint32_t farther_id;
} acme_sink_secret;

#define ACME_SINK_SECRET_INIT COAX_INIT(COAX_INIT(NULL, 0), COAX_INIT(NULL, 0), 0, 0, false, 0)

void acme_sink_secret_init(acme_sink_secret *ret);
void acme_sink_secret_encode(coax_writer *out, const acme_sink_secret *value);
void acme_sink_secret_decode(coax_reader *in, acme_sink_secret *ret);
bool acme_sink_secret_check(const acme_sink_secret *value, coax_violations *why);
extern const coax_type acme_sink_secret_type;

typedef struct acme_sink_late {
    /** Default: 1. */
    uint32_t x;
} acme_sink_late;

#define ACME_SINK_LATE_INIT COAX_INIT(1u)
#define ACME_SINK_LATE_MAX_ENCODED 7u

void acme_sink_late_init(acme_sink_late *ret);
void acme_sink_late_encode(coax_writer *out, const acme_sink_late *value);
void acme_sink_late_decode(coax_reader *in, acme_sink_late *ret);
bool acme_sink_late_check(const acme_sink_late *value, coax_violations *why);
extern const coax_type acme_sink_late_type;

/** Held before it is declared. */
typedef struct acme_sink_early {
    acme_sink_late late;
    acme_sink_late lates[2];
    /** Optional: NULL when absent. */
    const acme_sink_late *maybe;
} acme_sink_early;

#define ACME_SINK_EARLY_INIT                                                                       \
    COAX_INIT(ACME_SINK_LATE_INIT, COAX_INIT(ACME_SINK_LATE_INIT, ACME_SINK_LATE_INIT), NULL)
#define ACME_SINK_EARLY_MAX_ENCODED 33u

void acme_sink_early_init(acme_sink_early *ret);
void acme_sink_early_encode(coax_writer *out, const acme_sink_early *value);
void acme_sink_early_decode(coax_reader *in, acme_sink_early *ret);
bool acme_sink_early_check(const acme_sink_early *value, coax_violations *why);
extern const coax_type acme_sink_early_type;

typedef struct acme_sink_not_found {
    coax_str what;
} acme_sink_not_found;

#define ACME_SINK_NOT_FOUND_INIT COAX_INIT(COAX_INIT(NULL, 0))

void acme_sink_not_found_init(acme_sink_not_found *ret);
void acme_sink_not_found_encode(coax_writer *out, const acme_sink_not_found *value);
void acme_sink_not_found_decode(coax_reader *in, acme_sink_not_found *ret);
bool acme_sink_not_found_check(const acme_sink_not_found *value, coax_violations *why);
extern const coax_type acme_sink_not_found_type;

typedef struct acme_sink_empty {
    char unused; /* C has no empty struct */
} acme_sink_empty;

#define ACME_SINK_EMPTY_INIT COAX_INIT(0)
#define ACME_SINK_EMPTY_MAX_ENCODED 1u

void acme_sink_empty_init(acme_sink_empty *ret);
void acme_sink_empty_encode(coax_writer *out, const acme_sink_empty *value);
void acme_sink_empty_decode(coax_reader *in, acme_sink_empty *ret);
bool acme_sink_empty_check(const acme_sink_empty *value, coax_violations *why);
extern const coax_type acme_sink_empty_type;

typedef struct acme_sink_sink_balance_request {
    /** Matches "[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}". */
    coax_str account;
    /** Default: 30. */
    uint32_t days;
} acme_sink_sink_balance_request;

#define ACME_SINK_SINK_BALANCE_REQUEST_INIT COAX_INIT(COAX_INIT(NULL, 0), 30u)

void acme_sink_sink_balance_request_init(acme_sink_sink_balance_request *ret);
void acme_sink_sink_balance_request_encode(coax_writer *out,
                                           const acme_sink_sink_balance_request *value);
void acme_sink_sink_balance_request_decode(coax_reader *in, acme_sink_sink_balance_request *ret);
bool acme_sink_sink_balance_request_check(const acme_sink_sink_balance_request *value,
                                          coax_violations *why);
extern const coax_type acme_sink_sink_balance_request_type;

typedef struct acme_sink_sink_balance_response {
    sink_common_money amount;
} acme_sink_sink_balance_response;

#define ACME_SINK_SINK_BALANCE_RESPONSE_INIT COAX_INIT(SINK_COMMON_MONEY_INIT)

void acme_sink_sink_balance_response_init(acme_sink_sink_balance_response *ret);
void acme_sink_sink_balance_response_encode(coax_writer *out,
                                            const acme_sink_sink_balance_response *value);
void acme_sink_sink_balance_response_decode(coax_reader *in, acme_sink_sink_balance_response *ret);
bool acme_sink_sink_balance_response_check(const acme_sink_sink_balance_response *value,
                                           coax_violations *why);
extern const coax_type acme_sink_sink_balance_response_type;

typedef struct acme_sink_sink_ping_request {
    char unused; /* C has no empty struct */
} acme_sink_sink_ping_request;

#define ACME_SINK_SINK_PING_REQUEST_INIT COAX_INIT(0)
#define ACME_SINK_SINK_PING_REQUEST_MAX_ENCODED 1u

void acme_sink_sink_ping_request_init(acme_sink_sink_ping_request *ret);
void acme_sink_sink_ping_request_encode(coax_writer *out, const acme_sink_sink_ping_request *value);
void acme_sink_sink_ping_request_decode(coax_reader *in, acme_sink_sink_ping_request *ret);
bool acme_sink_sink_ping_request_check(const acme_sink_sink_ping_request *value,
                                       coax_violations *why);
extern const coax_type acme_sink_sink_ping_request_type;

typedef struct acme_sink_sink_ping_response {
    char unused; /* C has no empty struct */
} acme_sink_sink_ping_response;

#define ACME_SINK_SINK_PING_RESPONSE_INIT COAX_INIT(0)
#define ACME_SINK_SINK_PING_RESPONSE_MAX_ENCODED 1u

void acme_sink_sink_ping_response_init(acme_sink_sink_ping_response *ret);
void acme_sink_sink_ping_response_encode(coax_writer *out,
                                         const acme_sink_sink_ping_response *value);
void acme_sink_sink_ping_response_decode(coax_reader *in, acme_sink_sink_ping_response *ret);
bool acme_sink_sink_ping_response_check(const acme_sink_sink_ping_response *value,
                                        coax_violations *why);
extern const coax_type acme_sink_sink_ping_response_type;

typedef struct acme_sink_sink_hint_request {
    coax_str text;
} acme_sink_sink_hint_request;

#define ACME_SINK_SINK_HINT_REQUEST_INIT COAX_INIT(COAX_INIT(NULL, 0))

void acme_sink_sink_hint_request_init(acme_sink_sink_hint_request *ret);
void acme_sink_sink_hint_request_encode(coax_writer *out, const acme_sink_sink_hint_request *value);
void acme_sink_sink_hint_request_decode(coax_reader *in, acme_sink_sink_hint_request *ret);
bool acme_sink_sink_hint_request_check(const acme_sink_sink_hint_request *value,
                                       coax_violations *why);
extern const coax_type acme_sink_sink_hint_request_type;

typedef struct acme_sink_sink_statement_request {
    /** Matches "[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}". */
    coax_str account;
} acme_sink_sink_statement_request;

#define ACME_SINK_SINK_STATEMENT_REQUEST_INIT COAX_INIT(COAX_INIT(NULL, 0))

void acme_sink_sink_statement_request_init(acme_sink_sink_statement_request *ret);
void acme_sink_sink_statement_request_encode(coax_writer *out,
                                             const acme_sink_sink_statement_request *value);
void acme_sink_sink_statement_request_decode(coax_reader *in,
                                             acme_sink_sink_statement_request *ret);
bool acme_sink_sink_statement_request_check(const acme_sink_sink_statement_request *value,
                                            coax_violations *why);
extern const coax_type acme_sink_sink_statement_request_type;

typedef struct acme_sink_sink_upload_request {
    coax_str batch;
} acme_sink_sink_upload_request;

#define ACME_SINK_SINK_UPLOAD_REQUEST_INIT COAX_INIT(COAX_INIT(NULL, 0))

void acme_sink_sink_upload_request_init(acme_sink_sink_upload_request *ret);
void acme_sink_sink_upload_request_encode(coax_writer *out,
                                          const acme_sink_sink_upload_request *value);
void acme_sink_sink_upload_request_decode(coax_reader *in, acme_sink_sink_upload_request *ret);
bool acme_sink_sink_upload_request_check(const acme_sink_sink_upload_request *value,
                                         coax_violations *why);
extern const coax_type acme_sink_sink_upload_request_type;

typedef struct acme_sink_sink_chat_request {
    char unused; /* C has no empty struct */
} acme_sink_sink_chat_request;

#define ACME_SINK_SINK_CHAT_REQUEST_INIT COAX_INIT(0)
#define ACME_SINK_SINK_CHAT_REQUEST_MAX_ENCODED 1u

void acme_sink_sink_chat_request_init(acme_sink_sink_chat_request *ret);
void acme_sink_sink_chat_request_encode(coax_writer *out, const acme_sink_sink_chat_request *value);
void acme_sink_sink_chat_request_decode(coax_reader *in, acme_sink_sink_chat_request *ret);
bool acme_sink_sink_chat_request_check(const acme_sink_sink_chat_request *value,
                                       coax_violations *why);
extern const coax_type acme_sink_sink_chat_request_type;

typedef struct acme_sink_sink_gather_request {
    char unused; /* C has no empty struct */
} acme_sink_sink_gather_request;

#define ACME_SINK_SINK_GATHER_REQUEST_INIT COAX_INIT(0)
#define ACME_SINK_SINK_GATHER_REQUEST_MAX_ENCODED 1u

void acme_sink_sink_gather_request_init(acme_sink_sink_gather_request *ret);
void acme_sink_sink_gather_request_encode(coax_writer *out,
                                          const acme_sink_sink_gather_request *value);
void acme_sink_sink_gather_request_decode(coax_reader *in, acme_sink_sink_gather_request *ret);
bool acme_sink_sink_gather_request_check(const acme_sink_sink_gather_request *value,
                                         coax_violations *why);
extern const coax_type acme_sink_sink_gather_request_type;

typedef struct acme_sink_sink_gather_response {
    uint32_t count;
} acme_sink_sink_gather_response;

#define ACME_SINK_SINK_GATHER_RESPONSE_INIT COAX_INIT(0)
#define ACME_SINK_SINK_GATHER_RESPONSE_MAX_ENCODED 7u

void acme_sink_sink_gather_response_init(acme_sink_sink_gather_response *ret);
void acme_sink_sink_gather_response_encode(coax_writer *out,
                                           const acme_sink_sink_gather_response *value);
void acme_sink_sink_gather_response_decode(coax_reader *in, acme_sink_sink_gather_response *ret);
bool acme_sink_sink_gather_response_check(const acme_sink_sink_gather_response *value,
                                          coax_violations *why);
extern const coax_type acme_sink_sink_gather_response_type;

typedef struct acme_sink_sink_mirror_request {
    bool is_upside_down;
} acme_sink_sink_mirror_request;

#define ACME_SINK_SINK_MIRROR_REQUEST_INIT COAX_INIT(false)
#define ACME_SINK_SINK_MIRROR_REQUEST_MAX_ENCODED 3u

void acme_sink_sink_mirror_request_init(acme_sink_sink_mirror_request *ret);
void acme_sink_sink_mirror_request_encode(coax_writer *out,
                                          const acme_sink_sink_mirror_request *value);
void acme_sink_sink_mirror_request_decode(coax_reader *in, acme_sink_sink_mirror_request *ret);
bool acme_sink_sink_mirror_request_check(const acme_sink_sink_mirror_request *value,
                                         coax_violations *why);
extern const coax_type acme_sink_sink_mirror_request_type;

typedef struct acme_sink_bells_rings_request {
    uint32_t times;
} acme_sink_bells_rings_request;

#define ACME_SINK_BELLS_RINGS_REQUEST_INIT COAX_INIT(0)
#define ACME_SINK_BELLS_RINGS_REQUEST_MAX_ENCODED 7u

void acme_sink_bells_rings_request_init(acme_sink_bells_rings_request *ret);
void acme_sink_bells_rings_request_encode(coax_writer *out,
                                          const acme_sink_bells_rings_request *value);
void acme_sink_bells_rings_request_decode(coax_reader *in, acme_sink_bells_rings_request *ret);
bool acme_sink_bells_rings_request_check(const acme_sink_bells_rings_request *value,
                                         coax_violations *why);
extern const coax_type acme_sink_bells_rings_request_type;

#ifndef acme_sink_str_u32_entry_DEFINED
#define acme_sink_str_u32_entry_DEFINED
struct acme_sink_str_u32_entry {
    coax_str key;
    uint32_t value;
};
#endif

#ifndef acme_sink_u8_array16_DEFINED
#define acme_sink_u8_array16_DEFINED
struct acme_sink_u8_array16 {
    uint8_t items[16];
};
#endif

#ifndef acme_sink_str_bytes_entry_DEFINED
#define acme_sink_str_bytes_entry_DEFINED
struct acme_sink_str_bytes_entry {
    coax_str key;
    coax_bytes value;
};
#endif

struct acme_sink_u32_defaults_entry {
    uint32_t key;
    acme_sink_defaults value;
};

struct acme_sink_color_str_list_entry {
    acme_sink_color key;
    coax_str_list value;
};

struct acme_sink_i8_receipt_entry {
    int8_t key;
    acme_sink_receipt value;
};

struct acme_sink_uuid_i8_receipt_map_entry {
    coax_uuid key;
    acme_sink_i8_receipt_map value;
};

#ifndef acme_sink_bool_f64_array2_entry_DEFINED
#define acme_sink_bool_f64_array2_entry_DEFINED
struct acme_sink_bool_f64_array2_entry {
    bool key;
    double value[2];
};
#endif

struct acme_sink_side_u8_entry {
    acme_sink_side key;
    uint8_t value;
};

struct acme_sink_side_array2 {
    acme_sink_side items[2];
};

#ifndef acme_sink_str_i32_entry_DEFINED
#define acme_sink_str_i32_entry_DEFINED
struct acme_sink_str_i32_entry {
    coax_str key;
    int32_t value;
};
#endif

struct acme_sink_str_node_entry {
    coax_str key;
    acme_sink_node value;
};

/** Talks in every way. */
extern const coax_service acme_sink_sink_service;
extern const coax_method acme_sink_sink_methods[11];
#define ACME_SINK_SINK_SEND_METHOD (&acme_sink_sink_methods[0])
#define ACME_SINK_SINK_BALANCE_METHOD (&acme_sink_sink_methods[1])
#define ACME_SINK_SINK_PING_METHOD (&acme_sink_sink_methods[2])
#define ACME_SINK_SINK_OLD_METHOD (&acme_sink_sink_methods[3])
#define ACME_SINK_SINK_HINT_METHOD (&acme_sink_sink_methods[4])
#define ACME_SINK_SINK_STATEMENT_METHOD (&acme_sink_sink_methods[5])
#define ACME_SINK_SINK_UPLOAD_METHOD (&acme_sink_sink_methods[6])
#define ACME_SINK_SINK_CHAT_METHOD (&acme_sink_sink_methods[7])
#define ACME_SINK_SINK_GATHER_METHOD (&acme_sink_sink_methods[8])
#define ACME_SINK_SINK_MIRROR_METHOD (&acme_sink_sink_methods[9])
#define ACME_SINK_SINK_RATE_METHOD (&acme_sink_sink_methods[10])

/** Says things and hears nothing. */
extern const coax_service acme_sink_bells_service;
extern const coax_method acme_sink_bells_methods[2];
#define ACME_SINK_BELLS_RINGS_METHOD (&acme_sink_bells_methods[0])
#define ACME_SINK_BELLS_STOPS_METHOD (&acme_sink_bells_methods[1])

/** Serves nothing yet. */
extern const coax_service acme_sink_idle_service;

COAX_END_DECLS

#endif
