/*
 * Encoding, decoding, checks and tables of calc.h.
 *
 * Made by idlc from calc.idl: change the schema, not this file.
 */
#include "calc.h"

static const coax_enum_value calc_rounding_values[] = {
    { "nearest", NULL, 1 },
    { "down", NULL, 2 },
};

COAX_ENUM_TYPE(calc_rounding, COAX_KIND_ENUM, COAX_KIND_U8, "calc.Rounding", false, 2,
               "How to round a quotient.");

const char *calc_rounding_name(calc_rounding value)
{
    switch (value) {
    case CALC_ROUNDING_NEAREST: return "nearest";
    case CALC_ROUNDING_DOWN: return "down";
    default: return NULL;
    }
}

bool calc_rounding_parse(const char *name, calc_rounding *ret_value)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(calc_rounding_values[i].name, name) != 0)
            continue;
        *ret_value = (calc_rounding)calc_rounding_values[i].number;
        return true;
    }
    return false;
}

COAX_LIST_TYPE(calc_u32_list_type, "list<u32>", sizeof(uint32_t), coax_type_u32);

static const calc_operands calc_operands_initial = CALC_OPERANDS_INIT;

void calc_operands_init(calc_operands *ret)
{
    *ret = calc_operands_initial;
}

void calc_operands_encode(coax_writer *out, const calc_operands *value)
{
    uint32_t count = 4;
    count += value->label.data != NULL ? 1u : 0u;
    coax_write_map(out, count);
    coax_write_f64_field(out, 1, value->dividend);
    coax_write_f64_field(out, 2, value->divisor);
    coax_write_u8_field(out, 3, (uint8_t)value->rounding);
    if (value->label.data != NULL)
        coax_write_str_field(out, 4, value->label);
    coax_write_u32_list_field(out, 5, value->tags);
}

void calc_operands_decode(coax_reader *in, calc_operands *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &calc_operands_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->dividend = coax_read_f64(in); break;
        case 2: ret->divisor = coax_read_f64(in); break;
        case 3: ret->rounding = (calc_rounding)coax_read_u8(in); break;
        case 4: ret->label = coax_read_str(in); break;
        case 5: ret->tags = coax_read_u32_list(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x13u);
}

bool calc_operands_check(const calc_operands *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &calc_operands_type);
    coax_check_finite(why, 1, value->dividend);
    coax_check_finite(why, 2, value->divisor);
    coax_check_range_i64(why, 3, (int64_t)value->rounding, 0, UINT8_MAX);
    if (value->label.data != NULL) {
        coax_check_utf8(why, 4, value->label);
        coax_check_len(why, 4, value->label.len, 1, 32);
    }
    coax_check_items(why, 5, value->tags.count, 0, 8);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(calc_operands)

static const coax_field calc_operands_fields[] = {
    COAX_FIELD(1, calc_operands, dividend, "dividend", coax_type_f64, 0, "@finite",
               "Number to be divided."),
    COAX_FIELD(2, calc_operands, divisor, "divisor", coax_type_f64, 0, "@finite", NULL),
    COAX_FIELD_DEFAULTED(3, calc_operands, rounding, "rounding", calc_rounding_type, 0, NULL, NULL),
    COAX_FIELD_NULLABLE(4, calc_operands, label, "label", coax_type_string, 0, "@len(1..32)", NULL),
    COAX_FIELD(5, calc_operands, tags, "tags", calc_u32_list_type, 0, "@items(..8)", NULL),
};
static const uint16_t calc_operands_ids[] = { 1, 2, 3, 4, 5 };
static const uint64_t calc_operands_optional[] = { UINT64_C(0x8) };
COAX_STRUCT_TYPE(calc_operands, "calc.Operands", 5, NULL);

static const calc_divide_by_zero calc_divide_by_zero_initial = CALC_DIVIDE_BY_ZERO_INIT;

void calc_divide_by_zero_init(calc_divide_by_zero *ret)
{
    *ret = calc_divide_by_zero_initial;
}

void calc_divide_by_zero_encode(coax_writer *out, const calc_divide_by_zero *value)
{
    coax_write_map(out, 1);
    coax_write_f64_field(out, 1, value->dividend);
}

void calc_divide_by_zero_decode(coax_reader *in, calc_divide_by_zero *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &calc_divide_by_zero_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->dividend = coax_read_f64(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool calc_divide_by_zero_check(const calc_divide_by_zero *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &calc_divide_by_zero_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(calc_divide_by_zero)

static const coax_field calc_divide_by_zero_fields[] = {
    COAX_FIELD(1, calc_divide_by_zero, dividend, "dividend", coax_type_f64, 0, NULL, NULL),
};
static const uint16_t calc_divide_by_zero_ids[] = { 1 };
static const uint64_t calc_divide_by_zero_optional[] = { 0 };
COAX_ERROR_TYPE(calc_divide_by_zero, "calc.DivideByZero", 1, UINT32_C(0x55560fc4),
                COAX_ERR_INVALID_ARGUMENT, NULL);

static const calc_calculator_divide_response calc_calculator_divide_response_initial =
    CALC_CALCULATOR_DIVIDE_RESPONSE_INIT;

void calc_calculator_divide_response_init(calc_calculator_divide_response *ret)
{
    *ret = calc_calculator_divide_response_initial;
}

void calc_calculator_divide_response_encode(coax_writer *out,
                                            const calc_calculator_divide_response *value)
{
    coax_write_map(out, 1);
    coax_write_f64_field(out, 1, value->quotient);
}

void calc_calculator_divide_response_decode(coax_reader *in, calc_calculator_divide_response *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &calc_calculator_divide_response_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->quotient = coax_read_f64(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool calc_calculator_divide_response_check(const calc_calculator_divide_response *value,
                                           coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &calc_calculator_divide_response_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(calc_calculator_divide_response)

static const coax_field calc_calculator_divide_response_fields[] = {
    COAX_FIELD(1, calc_calculator_divide_response, quotient, "quotient", coax_type_f64, 0, NULL,
               NULL),
};
static const uint16_t calc_calculator_divide_response_ids[] = { 1 };
static const uint64_t calc_calculator_divide_response_optional[] = { 0 };
COAX_STRUCT_TYPE(calc_calculator_divide_response, "calc.Calculator.divide_response", 1, NULL);

static const calc_calculator_hint_request calc_calculator_hint_request_initial =
    CALC_CALCULATOR_HINT_REQUEST_INIT;

void calc_calculator_hint_request_init(calc_calculator_hint_request *ret)
{
    *ret = calc_calculator_hint_request_initial;
}

void calc_calculator_hint_request_encode(coax_writer *out,
                                         const calc_calculator_hint_request *value)
{
    coax_write_map(out, 1);
    coax_write_str_field(out, 1, value->text);
}

void calc_calculator_hint_request_decode(coax_reader *in, calc_calculator_hint_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &calc_calculator_hint_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->text = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool calc_calculator_hint_request_check(const calc_calculator_hint_request *value,
                                        coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &calc_calculator_hint_request_type);
    coax_check_str(why, 1, value->text);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(calc_calculator_hint_request)

static const coax_field calc_calculator_hint_request_fields[] = {
    COAX_FIELD(1, calc_calculator_hint_request, text, "text", coax_type_string, 0, NULL, NULL),
};
static const uint16_t calc_calculator_hint_request_ids[] = { 1 };
static const uint64_t calc_calculator_hint_request_optional[] = { 0 };
COAX_STRUCT_TYPE(calc_calculator_hint_request, "calc.Calculator.hint_request", 1, NULL);

static const coax_type *const calc_calculator_divide_errors[] = {
    &calc_divide_by_zero_type,
};

const coax_method calc_calculator_methods[2] = {
    { "calc.Calculator.divide", "Divides, or throws.", CALC_PACKET_CALCULATOR_DIVIDE,
      COAX_METHOD_UNARY, COAX_METHOD_IDEMPOTENT, &calc_operands_type,
      &calc_calculator_divide_response_type, NULL, NULL, calc_calculator_divide_errors, 1, 0, 0, 0,
      NULL },
    { "calc.Calculator.hint", NULL, CALC_PACKET_CALCULATOR_HINT, COAX_METHOD_ONEWAY, 0,
      &calc_calculator_hint_request_type, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};

COAX_SERVICE(calc_calculator, "calc.Calculator", NULL, UINT64_C(0x17f358573ec82b8c), 2,
             "Divides numbers.");

const char *calc_packet_name(uint32_t id)
{
    switch (id) {
    case CALC_PACKET_CALCULATOR_DIVIDE: return "calc.Calculator.divide";
    case CALC_PACKET_CALCULATOR_HINT: return "calc.Calculator.hint";
    default: return NULL;
    }
}

bool calc_packet_parse(const char *name, uint32_t *ret_id)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(calc_calculator_methods[i].name, name) != 0)
            continue;
        *ret_id = calc_calculator_methods[i].id;
        return true;
    }
    return false;
}
