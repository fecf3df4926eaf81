/*
 * Made by idlc from money.idl: change the schema, not this file.
 *
 * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps
 * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are
 * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's
 * arena.
 */
#ifndef COAX_GEN_SINK_COMMON_MONEY_H
#define COAX_GEN_SINK_COMMON_MONEY_H

/** Money, shared by everything that pays. */

#include <coax/gen.h>

#if COAX_GEN_ABI != 1
#error "money.h was made for another version of coax: run idlc again"
#endif

COAX_BEGIN_DECLS

typedef enum sink_common_unit {
    SINK_COMMON_UNIT_CENT = 1,
    SINK_COMMON_UNIT_EURO = 2,
} sink_common_unit;

/** "cent", "euro", or NULL for a number this schema doesn't know. */
const char *sink_common_unit_name(sink_common_unit value);
bool sink_common_unit_parse(const char *name, sink_common_unit *ret_value);
extern const coax_type sink_common_unit_type;

typedef struct sink_common_money sink_common_money;

typedef struct sink_common_money_list {
    const sink_common_money *items;
    size_t count;
} sink_common_money_list;

typedef struct sink_common_str_money_entry sink_common_str_money_entry;
typedef struct sink_common_str_money_map {
    const sink_common_str_money_entry *items;
    size_t count;
} sink_common_str_money_map;

/** An amount in a currency. */
typedef struct sink_common_money {
    /** Hundredths. */
    int64_t units;
    /** Default: "EUR". Matches "[A-Z]{3}". */
    coax_str currency;
} sink_common_money;

#define SINK_COMMON_MONEY_INIT COAX_INIT(0, COAX_INIT("EUR", 3))

void sink_common_money_init(sink_common_money *ret);
void sink_common_money_encode(coax_writer *out, const sink_common_money *value);
void sink_common_money_decode(coax_reader *in, sink_common_money *ret);
bool sink_common_money_check(const sink_common_money *value, coax_violations *why);
extern const coax_type sink_common_money_type;

/** Keeps list<Money> and a map of it here, for others to use. */
typedef struct sink_common_purse {
    /** At most 100 items. */
    sink_common_money_list coins;
    sink_common_str_money_map named;
} sink_common_purse;

#define SINK_COMMON_PURSE_INIT COAX_INIT(COAX_INIT(NULL, 0), COAX_INIT(NULL, 0))

void sink_common_purse_init(sink_common_purse *ret);
void sink_common_purse_encode(coax_writer *out, const sink_common_purse *value);
void sink_common_purse_decode(coax_reader *in, sink_common_purse *ret);
bool sink_common_purse_check(const sink_common_purse *value, coax_violations *why);
extern const coax_type sink_common_purse_type;

typedef struct sink_common_broke {
    sink_common_money missing;
} sink_common_broke;

#define SINK_COMMON_BROKE_INIT COAX_INIT(SINK_COMMON_MONEY_INIT)

void sink_common_broke_init(sink_common_broke *ret);
void sink_common_broke_encode(coax_writer *out, const sink_common_broke *value);
void sink_common_broke_decode(coax_reader *in, sink_common_broke *ret);
bool sink_common_broke_check(const sink_common_broke *value, coax_violations *why);
extern const coax_type sink_common_broke_type;

struct sink_common_str_money_entry {
    coax_str key;
    sink_common_money value;
};

COAX_END_DECLS

#endif
