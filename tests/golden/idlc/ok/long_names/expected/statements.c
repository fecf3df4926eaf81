/*
 * Encoding, decoding, checks and tables of statements.h.
 *
 * Made by idlc from statements.idl: change the schema, not this file.
 */
#include "statements.h"

static const acme_accounting_statement_item acme_accounting_statement_item_initial =
    ACME_ACCOUNTING_STATEMENT_ITEM_INIT;

void acme_accounting_statement_item_init(acme_accounting_statement_item *ret)
{
    *ret = acme_accounting_statement_item_initial;
}

void acme_accounting_statement_item_encode(coax_writer *out,
                                           const acme_accounting_statement_item *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->x);
}

void acme_accounting_statement_item_decode(coax_reader *in, acme_accounting_statement_item *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statement_item_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_statement_item_check(const acme_accounting_statement_item *value,
                                          coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_accounting_statement_item_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statement_item)

static const coax_field acme_accounting_statement_item_fields[] = {
    COAX_FIELD(1, acme_accounting_statement_item, x, "x", coax_type_u8, 0, NULL, NULL),
};
static const uint16_t acme_accounting_statement_item_ids[] = { 1 };
static const uint64_t acme_accounting_statement_item_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_accounting_statement_item, "acme.accounting.StatementItem", 1, NULL);

static const acme_accounting_no_such_statement acme_accounting_no_such_statement_initial =
    ACME_ACCOUNTING_NO_SUCH_STATEMENT_INIT;

void acme_accounting_no_such_statement_init(acme_accounting_no_such_statement *ret)
{
    *ret = acme_accounting_no_such_statement_initial;
}

void acme_accounting_no_such_statement_encode(coax_writer *out,
                                              const acme_accounting_no_such_statement *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->x);
}

void acme_accounting_no_such_statement_decode(coax_reader *in,
                                              acme_accounting_no_such_statement *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_no_such_statement_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_no_such_statement_check(const acme_accounting_no_such_statement *value,
                                             coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_accounting_no_such_statement_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_no_such_statement)

static const coax_field acme_accounting_no_such_statement_fields[] = {
    COAX_FIELD(1, acme_accounting_no_such_statement, x, "x", coax_type_u8, 0, NULL, NULL),
};
static const uint16_t acme_accounting_no_such_statement_ids[] = { 1 };
static const uint64_t acme_accounting_no_such_statement_optional[] = { 0 };
COAX_ERROR_TYPE(acme_accounting_no_such_statement, "acme.accounting.NoSuchStatement", 1,
                UINT32_C(0xcb0b45a9), COAX_ERR_NOT_FOUND, NULL);

static const acme_accounting_statements_pull_request
    acme_accounting_statements_pull_request_initial = ACME_ACCOUNTING_STATEMENTS_PULL_REQUEST_INIT;

void acme_accounting_statements_pull_request_init(acme_accounting_statements_pull_request *ret)
{
    *ret = acme_accounting_statements_pull_request_initial;
}

void acme_accounting_statements_pull_request_encode(
    coax_writer *out, const acme_accounting_statements_pull_request *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->x);
}

void acme_accounting_statements_pull_request_decode(coax_reader *in,
                                                    acme_accounting_statements_pull_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statements_pull_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_statements_pull_request_check(
    const acme_accounting_statements_pull_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_accounting_statements_pull_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statements_pull_request)

static const coax_field acme_accounting_statements_pull_request_fields[] = {
    COAX_FIELD(1, acme_accounting_statements_pull_request, x, "x", coax_type_u8, 0, NULL, NULL),
};
static const uint16_t acme_accounting_statements_pull_request_ids[] = { 1 };
static const uint64_t acme_accounting_statements_pull_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_accounting_statements_pull_request, "acme.accounting.Statements.pull_request",
                 1, NULL);

static const acme_accounting_statements_push_request
    acme_accounting_statements_push_request_initial = ACME_ACCOUNTING_STATEMENTS_PUSH_REQUEST_INIT;

void acme_accounting_statements_push_request_init(acme_accounting_statements_push_request *ret)
{
    *ret = acme_accounting_statements_push_request_initial;
}

void acme_accounting_statements_push_request_encode(
    coax_writer *out, const acme_accounting_statements_push_request *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->x);
}

void acme_accounting_statements_push_request_decode(coax_reader *in,
                                                    acme_accounting_statements_push_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statements_push_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_statements_push_request_check(
    const acme_accounting_statements_push_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_accounting_statements_push_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statements_push_request)

static const coax_field acme_accounting_statements_push_request_fields[] = {
    COAX_FIELD(1, acme_accounting_statements_push_request, x, "x", coax_type_u8, 0, NULL, NULL),
};
static const uint16_t acme_accounting_statements_push_request_ids[] = { 1 };
static const uint64_t acme_accounting_statements_push_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_accounting_statements_push_request, "acme.accounting.Statements.push_request",
                 1, NULL);

static const acme_accounting_statements_push_response
    acme_accounting_statements_push_response_initial =
        ACME_ACCOUNTING_STATEMENTS_PUSH_RESPONSE_INIT;

void acme_accounting_statements_push_response_init(acme_accounting_statements_push_response *ret)
{
    *ret = acme_accounting_statements_push_response_initial;
}

void acme_accounting_statements_push_response_encode(
    coax_writer *out, const acme_accounting_statements_push_response *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->y);
}

void acme_accounting_statements_push_response_decode(coax_reader *in,
                                                     acme_accounting_statements_push_response *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statements_push_response_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->y = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_statements_push_response_check(
    const acme_accounting_statements_push_response *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_accounting_statements_push_response_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statements_push_response)

static const coax_field acme_accounting_statements_push_response_fields[] = {
    COAX_FIELD(1, acme_accounting_statements_push_response, y, "y", coax_type_u8, 0, NULL, NULL),
};
static const uint16_t acme_accounting_statements_push_response_ids[] = { 1 };
static const uint64_t acme_accounting_statements_push_response_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_accounting_statements_push_response,
                 "acme.accounting.Statements.push_response", 1, NULL);

static const acme_accounting_statements_reconcile_some_of_request
    acme_accounting_statements_reconcile_some_of_request_initial =
        ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_REQUEST_INIT;

void acme_accounting_statements_reconcile_some_of_request_init(
    acme_accounting_statements_reconcile_some_of_request *ret)
{
    *ret = acme_accounting_statements_reconcile_some_of_request_initial;
}

void acme_accounting_statements_reconcile_some_of_request_encode(
    coax_writer *out, const acme_accounting_statements_reconcile_some_of_request *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void acme_accounting_statements_reconcile_some_of_request_decode(
    coax_reader *in, acme_accounting_statements_reconcile_some_of_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statements_reconcile_some_of_request_type,
                          ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool acme_accounting_statements_reconcile_some_of_request_check(
    const acme_accounting_statements_reconcile_some_of_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope =
        coax_check_struct(why, &acme_accounting_statements_reconcile_some_of_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statements_reconcile_some_of_request)

COAX_EMPTY_STRUCT_TYPE(acme_accounting_statements_reconcile_some_of_request,
                       "acme.accounting.Statements.reconcile_some_of_request", NULL);

static const acme_accounting_statements_archive_everything_request
    acme_accounting_statements_archive_everything_request_initial =
        ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_REQUEST_INIT;

void acme_accounting_statements_archive_everything_request_init(
    acme_accounting_statements_archive_everything_request *ret)
{
    *ret = acme_accounting_statements_archive_everything_request_initial;
}

void acme_accounting_statements_archive_everything_request_encode(
    coax_writer *out, const acme_accounting_statements_archive_everything_request *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->x);
}

void acme_accounting_statements_archive_everything_request_decode(
    coax_reader *in, acme_accounting_statements_archive_everything_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statements_archive_everything_request_type,
                          ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_statements_archive_everything_request_check(
    const acme_accounting_statements_archive_everything_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope =
        coax_check_struct(why, &acme_accounting_statements_archive_everything_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statements_archive_everything_request)

static const coax_field acme_accounting_statements_archive_everything_request_fields[] = {
    COAX_FIELD(1, acme_accounting_statements_archive_everything_request, x, "x", coax_type_u8, 0,
               NULL, NULL),
};
static const uint16_t acme_accounting_statements_archive_everything_request_ids[] = { 1 };
static const uint64_t acme_accounting_statements_archive_everything_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_accounting_statements_archive_everything_request,
                 "acme.accounting.Statements.archive_everything_request", 1, NULL);

static const acme_accounting_statements_archive_everything_response
    acme_accounting_statements_archive_everything_response_initial =
        ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_RESPONSE_INIT;

void acme_accounting_statements_archive_everything_response_init(
    acme_accounting_statements_archive_everything_response *ret)
{
    *ret = acme_accounting_statements_archive_everything_response_initial;
}

void acme_accounting_statements_archive_everything_response_encode(
    coax_writer *out, const acme_accounting_statements_archive_everything_response *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->y);
}

void acme_accounting_statements_archive_everything_response_decode(
    coax_reader *in, acme_accounting_statements_archive_everything_response *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statements_archive_everything_response_type,
                          ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->y = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_statements_archive_everything_response_check(
    const acme_accounting_statements_archive_everything_response *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope =
        coax_check_struct(why, &acme_accounting_statements_archive_everything_response_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statements_archive_everything_response)

static const coax_field acme_accounting_statements_archive_everything_response_fields[] = {
    COAX_FIELD(1, acme_accounting_statements_archive_everything_response, y, "y", coax_type_u8, 0,
               NULL, NULL),
};
static const uint16_t acme_accounting_statements_archive_everything_response_ids[] = { 1 };
static const uint64_t acme_accounting_statements_archive_everything_response_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_accounting_statements_archive_everything_response,
                 "acme.accounting.Statements.archive_everything_response", 1, NULL);

static const acme_accounting_statements_close_request
    acme_accounting_statements_close_request_initial =
        ACME_ACCOUNTING_STATEMENTS_CLOSE_REQUEST_INIT;

void acme_accounting_statements_close_request_init(acme_accounting_statements_close_request *ret)
{
    *ret = acme_accounting_statements_close_request_initial;
}

void acme_accounting_statements_close_request_encode(
    coax_writer *out, const acme_accounting_statements_close_request *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->x);
}

void acme_accounting_statements_close_request_decode(coax_reader *in,
                                                     acme_accounting_statements_close_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statements_close_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_statements_close_request_check(
    const acme_accounting_statements_close_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &acme_accounting_statements_close_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statements_close_request)

static const coax_field acme_accounting_statements_close_request_fields[] = {
    COAX_FIELD(1, acme_accounting_statements_close_request, x, "x", coax_type_u8, 0, NULL, NULL),
};
static const uint16_t acme_accounting_statements_close_request_ids[] = { 1 };
static const uint64_t acme_accounting_statements_close_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_accounting_statements_close_request,
                 "acme.accounting.Statements.close_request", 1, NULL);

static const acme_accounting_statements_arrived_too_late_request
    acme_accounting_statements_arrived_too_late_request_initial =
        ACME_ACCOUNTING_STATEMENTS_ARRIVED_TOO_LATE_REQUEST_INIT;

void acme_accounting_statements_arrived_too_late_request_init(
    acme_accounting_statements_arrived_too_late_request *ret)
{
    *ret = acme_accounting_statements_arrived_too_late_request_initial;
}

void acme_accounting_statements_arrived_too_late_request_encode(
    coax_writer *out, const acme_accounting_statements_arrived_too_late_request *value)
{
    coax_write_map(out, 1);
    coax_write_u8_field(out, 1, value->x);
}

void acme_accounting_statements_arrived_too_late_request_decode(
    coax_reader *in, acme_accounting_statements_arrived_too_late_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &acme_accounting_statements_arrived_too_late_request_type,
                          ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->x = coax_read_u8(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool acme_accounting_statements_arrived_too_late_request_check(
    const acme_accounting_statements_arrived_too_late_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope =
        coax_check_struct(why, &acme_accounting_statements_arrived_too_late_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(acme_accounting_statements_arrived_too_late_request)

static const coax_field acme_accounting_statements_arrived_too_late_request_fields[] = {
    COAX_FIELD(1, acme_accounting_statements_arrived_too_late_request, x, "x", coax_type_u8, 0,
               NULL, NULL),
};
static const uint16_t acme_accounting_statements_arrived_too_late_request_ids[] = { 1 };
static const uint64_t acme_accounting_statements_arrived_too_late_request_optional[] = { 0 };
COAX_STRUCT_TYPE(acme_accounting_statements_arrived_too_late_request,
                 "acme.accounting.Statements.arrived_too_late_request", 1, NULL);

static const coax_type *const acme_accounting_statements_pull_errors[] = {
    &acme_accounting_no_such_statement_type,
};
static const coax_type *const acme_accounting_statements_push_errors[] = {
    &acme_accounting_no_such_statement_type,
};

const coax_method acme_accounting_statements_methods[8] = {
    { "acme.accounting.Statements.pull", NULL, ACME_ACCOUNTING_PACKET_STATEMENTS_PULL,
      COAX_METHOD_SERVER_STREAM, 0, &acme_accounting_statements_pull_request_type, NULL, NULL,
      &acme_accounting_statement_item_type, acme_accounting_statements_pull_errors, 1, 0, 0, 0,
      NULL },
    { "acme.accounting.Statements.push", NULL, ACME_ACCOUNTING_PACKET_STATEMENTS_PUSH,
      COAX_METHOD_CLIENT_STREAM, 0, &acme_accounting_statements_push_request_type,
      &acme_accounting_statements_push_response_type, &acme_accounting_statement_item_type, NULL,
      acme_accounting_statements_push_errors, 1, 0, 0, 0, NULL },
    { "acme.accounting.Statements.reconcile_all", NULL,
      ACME_ACCOUNTING_PACKET_STATEMENTS_RECONCILE_ALL, COAX_METHOD_BIDI_STREAM, 0,
      &acme_accounting_statement_item_type, NULL, &acme_accounting_statement_item_type,
      &acme_accounting_statement_item_type, NULL, 0, 0, 0, 0, NULL },
    { "acme.accounting.Statements.reconcile_some_of", NULL,
      ACME_ACCOUNTING_PACKET_STATEMENTS_RECONCILE_SOME_OF, COAX_METHOD_BIDI_STREAM,
      COAX_METHOD_BLOCKING, &acme_accounting_statements_reconcile_some_of_request_type, NULL,
      &acme_accounting_statement_item_type, &acme_accounting_statement_item_type, NULL, 0, 0, 0, 0,
      NULL },
    { "acme.accounting.Statements.archive_everything", NULL,
      ACME_ACCOUNTING_PACKET_STATEMENTS_ARCHIVE_EVERYTHING, COAX_METHOD_CLIENT_STREAM,
      COAX_METHOD_BLOCKING, &acme_accounting_statements_archive_everything_request_type,
      &acme_accounting_statements_archive_everything_response_type,
      &acme_accounting_statement_item_type, NULL, NULL, 0, 0, 0, 0, NULL },
    { "acme.accounting.Statements.close", NULL, ACME_ACCOUNTING_PACKET_STATEMENTS_CLOSE,
      COAX_METHOD_UNARY, 0, &acme_accounting_statements_close_request_type,
      &acme_accounting_statement_item_type, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
    { "acme.accounting.Statements.arrived", NULL, ACME_ACCOUNTING_PACKET_STATEMENTS_ARRIVED,
      COAX_METHOD_EVENT, 0, &acme_accounting_statement_item_type, NULL, NULL, NULL, NULL, 0, 0, 0,
      0, NULL },
    { "acme.accounting.Statements.arrived_too_late", NULL,
      ACME_ACCOUNTING_PACKET_STATEMENTS_ARRIVED_TOO_LATE, COAX_METHOD_EVENT, 0,
      &acme_accounting_statements_arrived_too_late_request_type, NULL, NULL, NULL, NULL, 0, 0, 0, 0,
      NULL },
};

COAX_SERVICE(acme_accounting_statements, "acme.accounting.Statements", NULL,
             UINT64_C(0x3756d5edaa6cf385), 8, NULL);

const char *acme_accounting_packet_name(uint32_t id)
{
    switch (id) {
    case ACME_ACCOUNTING_PACKET_STATEMENTS_PULL: return "acme.accounting.Statements.pull";
    case ACME_ACCOUNTING_PACKET_STATEMENTS_PUSH: return "acme.accounting.Statements.push";
    case ACME_ACCOUNTING_PACKET_STATEMENTS_RECONCILE_ALL:
        return "acme.accounting.Statements.reconcile_all";
    case ACME_ACCOUNTING_PACKET_STATEMENTS_RECONCILE_SOME_OF:
        return "acme.accounting.Statements.reconcile_some_of";
    case ACME_ACCOUNTING_PACKET_STATEMENTS_ARCHIVE_EVERYTHING:
        return "acme.accounting.Statements.archive_everything";
    case ACME_ACCOUNTING_PACKET_STATEMENTS_CLOSE: return "acme.accounting.Statements.close";
    case ACME_ACCOUNTING_PACKET_STATEMENTS_ARRIVED: return "acme.accounting.Statements.arrived";
    case ACME_ACCOUNTING_PACKET_STATEMENTS_ARRIVED_TOO_LATE:
        return "acme.accounting.Statements.arrived_too_late";
    default: return NULL;
    }
}

bool acme_accounting_packet_parse(const char *name, uint32_t *ret_id)
{
    for (size_t i = 0; i < 8; i++) {
        if (strcmp(acme_accounting_statements_methods[i].name, name) != 0)
            continue;
        *ret_id = acme_accounting_statements_methods[i].id;
        return true;
    }
    return false;
}
