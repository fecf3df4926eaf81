/*
 * The test service's types and tables, as idlc would write them.
 */
#include "echo.h"

#include <coax/gen_tables.h>

static void echo_note_encode(coax_writer *out, const echo_note *value)
{
    coax_write_map(out, 2u + (value->body.data != NULL) + (value->secret.data != NULL));
    coax_write_str_field(out, 1, value->text);
    coax_write_u64_field(out, 2, value->id);
    if (value->body.data != NULL)
        coax_write_bytes_field(out, 3, value->body);
    if (value->secret.data != NULL)
        coax_write_str_field(out, 4, value->secret);
}

static void echo_note_decode(coax_reader *in, echo_note *ret)
{
    memset(ret, 0, sizeof *ret);
    coax_struct_scope scope;
    coax_read_struct(in, &scope, &echo_note_type);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->text = coax_read_str(in); break;
        case 2: ret->id = coax_read_u64(in); break;
        case 3: ret->body = coax_read_bytes(in); break;
        case 4: ret->secret = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x3u);
}

static bool echo_note_check(const echo_note *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &echo_note_type);
    coax_check_str(why, 1, value->text);
    coax_check_len(why, 1, value->text.len, 0, 100);
    if (value->secret.data != NULL)
        coax_check_len(why, 4, value->secret.len, 0, 8);
    return coax_check_end(why, scope);
}

static const echo_note echo_note_initial = { { NULL, 0 }, 0, { NULL, 0 }, { NULL, 0 } };
static const coax_field echo_note_fields[] = {
    COAX_FIELD(1, echo_note, text, "text", coax_type_string, 0, "@len(..100)", NULL),
    COAX_FIELD(2, echo_note, id, "id", coax_type_u64, 0, NULL, NULL),
    COAX_FIELD_NULLABLE(3, echo_note, body, "body", coax_type_bytes, 0, NULL, NULL),
    COAX_FIELD_NULLABLE(4, echo_note, secret, "secret", coax_type_string, COAX_FIELD_SENSITIVE,
                        "@len(..8)", NULL),
};
static const uint16_t echo_note_ids[] = { 1, 2, 3, 4 };
static const uint64_t echo_note_optional[] = { 0xcu };
COAX_TYPE_FUNCTIONS(echo_note)
COAX_STRUCT_TYPE(echo_note, "echo.Note", 4, NULL);

static void echo_broken_encode(coax_writer *out, const echo_broken *value)
{
    coax_write_map(out, 1);
    coax_write_u64_field(out, 1, value->id);
}

static void echo_broken_decode(coax_reader *in, echo_broken *ret)
{
    memset(ret, 0, sizeof *ret);
    coax_struct_scope scope;
    coax_read_struct(in, &scope, &echo_broken_type);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->id = coax_read_u64(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

static bool echo_broken_check(const echo_broken *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &echo_broken_type);
    coax_check_range_u64(why, 1, value->id, 0, 1000);
    return coax_check_end(why, scope);
}

static const echo_broken echo_broken_initial = { 0 };
static const coax_field echo_broken_fields[] = {
    COAX_FIELD(1, echo_broken, id, "id", coax_type_u64, 0, "@range(..1000)", NULL),
};
static const uint16_t echo_broken_ids[] = { 1 };
static const uint64_t echo_broken_optional[] = { 0 };
COAX_TYPE_FUNCTIONS(echo_broken)
COAX_ERROR_TYPE(echo_broken, "echo.Broken", 1, 0xb20cu, COAX_ERR_FAILED_PRECONDITION, NULL);

static const coax_type *const errors[] = { &echo_broken_type };

const coax_method echo_echo = { .name = "echo.Echo.echo",
                                .id = 0xec0u,
                                .kind = COAX_METHOD_UNARY,
                                .request = &echo_note_type,
                                .response = &echo_note_type,
                                .errors = errors,
                                .n_errors = 1 };
const coax_method echo_hint = {
    .name = "echo.Echo.hint", .id = 0xec1u, .kind = COAX_METHOD_ONEWAY, .request = &echo_note_type
};
const coax_method echo_quick = { .name = "echo.Echo.quick",
                                 .id = 0xec2u,
                                 .kind = COAX_METHOD_UNARY,
                                 .request = &echo_note_type,
                                 .response = &echo_note_type,
                                 .timeout_ms = 50 };
const coax_method echo_small = { .name = "echo.Echo.small",
                                 .id = 0xec3u,
                                 .kind = COAX_METHOD_UNARY,
                                 .request = &echo_note_type,
                                 .response = &echo_note_type,
                                 .max_request = 64,
                                 .max_reply = 64 };
const coax_service echo_service = { .name = "echo.Echo" };

#define HANDLE(method)                                                                             \
    static void handle_##method(const void *handlers, void *self, coax_call call,                  \
                                const void *request)                                               \
    {                                                                                              \
        ((const echo_handlers *)handlers)->method(self, call, request);                            \
    }
HANDLE(echo)
HANDLE(hint)
HANDLE(quick)
HANDLE(small)

static const coax_gen_handler rows[] = {
    { &echo_echo, handle_echo, offsetof(echo_handlers, echo) },
    { &echo_hint, handle_hint, offsetof(echo_handlers, hint) },
    { &echo_quick, handle_quick, offsetof(echo_handlers, quick) },
    { &echo_small, handle_small, offsetof(echo_handlers, small) },
};
const coax_gen_service echo_gen_service = { &echo_service, rows, 4, sizeof(echo_handlers) };

echo_note echo_make(uint64_t id, const char *text)
{
    echo_note note = { .text = coax_str_from(text), .id = id };
    return note;
}
