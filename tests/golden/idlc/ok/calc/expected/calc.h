/*
 * Made by idlc from calc.idl: change the schema, not this file.
 *
 * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps
 * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are
 * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's
 * arena.
 */
#ifndef COAX_GEN_CALC_CALC_H
#define COAX_GEN_CALC_CALC_H

/** Arithmetic over the wire. */

#include <coax/gen.h>

#if COAX_GEN_ABI != 1
#error "calc.h was made for another version of coax: run idlc again"
#endif

COAX_BEGIN_DECLS

/** How to round a quotient. */
typedef enum calc_rounding {
    CALC_ROUNDING_NEAREST = 1,
    CALC_ROUNDING_DOWN = 2,
} calc_rounding;

/** "nearest", "down", or NULL for a number this schema doesn't know. */
const char *calc_rounding_name(calc_rounding value);
bool calc_rounding_parse(const char *name, calc_rounding *ret_value);
extern const coax_type calc_rounding_type;

/** What stands in a frame's header: the id of a method. */
typedef uint32_t calc_packet;
#define CALC_PACKET_CALCULATOR_DIVIDE UINT32_C(0xfce99b19)
#define CALC_PACKET_CALCULATOR_HINT UINT32_C(0xccade419)

/** The method's full name, or NULL for an id that is not of this schema. */
const char *calc_packet_name(uint32_t id);
bool calc_packet_parse(const char *name, uint32_t *ret_id);

typedef struct calc_operands {
    /** Number to be divided. Finite. */
    double dividend;
    /** Finite. */
    double divisor;
    /** Default: nearest. */
    calc_rounding rounding;
    /** Optional: absent when .data is NULL. 1 to 32 bytes. */
    coax_str label;
    /** At most 8 items. */
    coax_u32_list tags;
} calc_operands;

#define CALC_OPERANDS_INIT                                                                         \
    COAX_INIT(0.0, 0.0, CALC_ROUNDING_NEAREST, COAX_INIT(NULL, 0), COAX_INIT(NULL, 0))
#define CALC_OPERANDS_MAX_ENCODED 101u

void calc_operands_init(calc_operands *ret);
void calc_operands_encode(coax_writer *out, const calc_operands *value);
void calc_operands_decode(coax_reader *in, calc_operands *ret);
bool calc_operands_check(const calc_operands *value, coax_violations *why);
extern const coax_type calc_operands_type;

typedef struct calc_divide_by_zero {
    double dividend;
} calc_divide_by_zero;

#define CALC_DIVIDE_BY_ZERO_INIT COAX_INIT(0.0)
#define CALC_DIVIDE_BY_ZERO_MAX_ENCODED 11u

void calc_divide_by_zero_init(calc_divide_by_zero *ret);
void calc_divide_by_zero_encode(coax_writer *out, const calc_divide_by_zero *value);
void calc_divide_by_zero_decode(coax_reader *in, calc_divide_by_zero *ret);
bool calc_divide_by_zero_check(const calc_divide_by_zero *value, coax_violations *why);
extern const coax_type calc_divide_by_zero_type;

typedef struct calc_calculator_divide_response {
    double quotient;
} calc_calculator_divide_response;

#define CALC_CALCULATOR_DIVIDE_RESPONSE_INIT COAX_INIT(0.0)
#define CALC_CALCULATOR_DIVIDE_RESPONSE_MAX_ENCODED 11u

void calc_calculator_divide_response_init(calc_calculator_divide_response *ret);
void calc_calculator_divide_response_encode(coax_writer *out,
                                            const calc_calculator_divide_response *value);
void calc_calculator_divide_response_decode(coax_reader *in, calc_calculator_divide_response *ret);
bool calc_calculator_divide_response_check(const calc_calculator_divide_response *value,
                                           coax_violations *why);
extern const coax_type calc_calculator_divide_response_type;

typedef struct calc_calculator_hint_request {
    coax_str text;
} calc_calculator_hint_request;

#define CALC_CALCULATOR_HINT_REQUEST_INIT COAX_INIT(COAX_INIT(NULL, 0))

void calc_calculator_hint_request_init(calc_calculator_hint_request *ret);
void calc_calculator_hint_request_encode(coax_writer *out,
                                         const calc_calculator_hint_request *value);
void calc_calculator_hint_request_decode(coax_reader *in, calc_calculator_hint_request *ret);
bool calc_calculator_hint_request_check(const calc_calculator_hint_request *value,
                                        coax_violations *why);
extern const coax_type calc_calculator_hint_request_type;

/** Divides numbers. */
extern const coax_service calc_calculator_service;
extern const coax_method calc_calculator_methods[2];
#define CALC_CALCULATOR_DIVIDE_METHOD (&calc_calculator_methods[0])
#define CALC_CALCULATOR_HINT_METHOD (&calc_calculator_methods[1])

COAX_END_DECLS

#endif
