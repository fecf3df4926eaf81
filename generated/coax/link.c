/*
 * Encoding, decoding, checks and tables of link.h.
 *
 * Made by idlc from link.idl: change the schema, not this file.
 */
#include "link.h"

static const cx_control_credential *cx_control_credential_read(coax_reader *in)
{
    cx_control_credential *value = COAX_READ_OBJECT(in, cx_control_credential);
    if (value != NULL)
        cx_control_credential_decode(in, value);
    return value;
}

static const cx_control_limits cx_control_limits_initial = CX_CONTROL_LIMITS_INIT;

void cx_control_limits_init(cx_control_limits *ret)
{
    *ret = cx_control_limits_initial;
}

void cx_control_limits_encode(coax_writer *out, const cx_control_limits *value)
{
    coax_write_map(out, 5);
    coax_write_u32_field(out, 1, value->max_frame);
    coax_write_u32_field(out, 2, value->max_message);
    coax_write_u32_field(out, 3, value->max_concurrent_calls);
    coax_write_u32_field(out, 4, value->window);
    coax_write_u32_field(out, 5, value->min_ping_ms);
}

void cx_control_limits_decode(coax_reader *in, cx_control_limits *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_limits_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->max_frame = coax_read_u32(in); break;
        case 2: ret->max_message = coax_read_u32(in); break;
        case 3: ret->max_concurrent_calls = coax_read_u32(in); break;
        case 4: ret->window = coax_read_u32(in); break;
        case 5: ret->min_ping_ms = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x7u);
}

bool cx_control_limits_check(const cx_control_limits *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_limits_type);
    coax_check_range_u64(why, 1, value->max_frame, 4096u, 16777216u);
    coax_check_range_u64(why, 2, value->max_message, 4096u, 1073741824u);
    coax_check_range_u64(why, 3, value->max_concurrent_calls, 1u, 1048576u);
    coax_check_range_u64(why, 4, value->window, 4096u, 1073741824u);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_limits)

static const coax_field cx_control_limits_fields[] = {
    COAX_FIELD(1, cx_control_limits, max_frame, "max_frame", coax_type_u32, 0,
               "@range(4096..16777216)",
               "Bytes of payload in one frame, at least what everybody takes."),
    COAX_FIELD(
        2, cx_control_limits, max_message, "max_message", coax_type_u32, 0,
        "@range(4096..1073741824)",
        "Bytes of one request, reply or one-way message, in however many frames.\nAll unfinished messages together may hold four times as much."),
    COAX_FIELD(
        3, cx_control_limits, max_concurrent_calls, "max_concurrent_calls", coax_type_u32, 0,
        "@range(1..1048576)",
        "Calls whose handlers are alive at a time.\nOne more is answered with resource_exhausted."),
    COAX_FIELD_DEFAULTED(
        4, cx_control_limits, window, "window", coax_type_u32, 0, "@range(4096..1073741824)",
        "Bytes of items that one stream may have on its way to the sender of this."),
    COAX_FIELD_DEFAULTED(
        5, cx_control_limits, min_ping_ms, "min_ping_ms", coax_type_u32, 0, NULL,
        "PINGs may come this often. 0: nobody is there between calls to answer one, send none."),
};
static const uint16_t cx_control_limits_ids[] = { 1, 2, 3, 4, 5 };
static const uint64_t cx_control_limits_optional[] = { 0 };
COAX_STRUCT_TYPE(
    cx_control_limits, "cx.control.Limits", 5,
    "What the sender of a HELLO or WELCOME takes; the receiver sends nothing beyond it.");

static const cx_control_credential cx_control_credential_initial = CX_CONTROL_CREDENTIAL_INIT;

void cx_control_credential_init(cx_control_credential *ret)
{
    *ret = cx_control_credential_initial;
}

void cx_control_credential_encode(coax_writer *out, const cx_control_credential *value)
{
    coax_write_map(out, 3);
    coax_write_str_field(out, 1, value->mechanism);
    coax_write_str_field(out, 2, value->user);
    coax_write_bytes_field(out, 3, value->proof);
}

void cx_control_credential_decode(coax_reader *in, cx_control_credential *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_credential_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->mechanism = coax_read_str(in); break;
        case 2: ret->user = coax_read_str(in); break;
        case 3: ret->proof = coax_read_bytes(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x7u);
}

bool cx_control_credential_check(const cx_control_credential *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_credential_type);
    coax_check_str(why, 1, value->mechanism);
    coax_check_len(why, 1, value->mechanism.len, 1, 32);
    coax_check_str(why, 2, value->user);
    coax_check_len(why, 2, value->user.len, 0, 255);
    coax_check_bytes(why, 3, value->proof);
    coax_check_len(why, 3, value->proof.len, 0, 2048);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_credential)

static const coax_field cx_control_credential_fields[] = {
    COAX_FIELD(1, cx_control_credential, mechanism, "mechanism", coax_type_string, 0, "@len(1..32)",
               "\"token\", \"opaque\", \"plain\"."),
    COAX_FIELD(2, cx_control_credential, user, "user", coax_type_string, 0, "@len(..max_user)",
               "Who logs in; empty for a token, and for the password that everybody shares."),
    COAX_FIELD(3, cx_control_credential, proof, "proof", coax_type_bytes, COAX_FIELD_SENSITIVE,
               "@len(..max_proof)",
               "token: the token. opaque: KE1 of RFC 9807. plain: the password."),
};
static const uint16_t cx_control_credential_ids[] = { 1, 2, 3 };
static const uint64_t cx_control_credential_optional[] = { 0 };
COAX_STRUCT_TYPE(
    cx_control_credential, "cx.control.Credential", 3,
    "How a client proves who it is. Only ever sent on an encrypted connection, or within a process.\nA peer that shows none is known by its key at most.");

static const cx_control_auth cx_control_auth_initial = CX_CONTROL_AUTH_INIT;

void cx_control_auth_init(cx_control_auth *ret)
{
    *ret = cx_control_auth_initial;
}

void cx_control_auth_encode(coax_writer *out, const cx_control_auth *value)
{
    coax_write_map(out, 3);
    coax_write_bytes_field(out, 1, value->proof);
    coax_write_u32_field(out, 2, value->memory_kib);
    coax_write_u32_field(out, 3, value->passes);
}

void cx_control_auth_decode(coax_reader *in, cx_control_auth *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_auth_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->proof = coax_read_bytes(in); break;
        case 2: ret->memory_kib = coax_read_u32(in); break;
        case 3: ret->passes = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool cx_control_auth_check(const cx_control_auth *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_auth_type);
    coax_check_bytes(why, 1, value->proof);
    coax_check_len(why, 1, value->proof.len, 0, 2048);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_auth)

static const coax_field cx_control_auth_fields[] = {
    COAX_FIELD(1, cx_control_auth, proof, "proof", coax_type_bytes, COAX_FIELD_SENSITIVE,
               "@len(..max_proof)", "opaque: KE2 from the server, KE3 from the client."),
    COAX_FIELD_DEFAULTED(2, cx_control_auth, memory_kib, "memory_kib", coax_type_u32, 0, NULL,
                         "opaque, from the server: what Argon2id costs, in KiB and passes."),
    COAX_FIELD_DEFAULTED(3, cx_control_auth, passes, "passes", coax_type_u32, 0, NULL, NULL),
};
static const uint16_t cx_control_auth_ids[] = { 1, 2, 3 };
static const uint64_t cx_control_auth_optional[] = { 0 };
COAX_STRUCT_TYPE(cx_control_auth, "cx.control.Auth", 3,
                 "One more step of a login, from either side, between HELLO and WELCOME.");

static const cx_control_hello cx_control_hello_initial = CX_CONTROL_HELLO_INIT;

void cx_control_hello_init(cx_control_hello *ret)
{
    *ret = cx_control_hello_initial;
}

void cx_control_hello_encode(coax_writer *out, const cx_control_hello *value)
{
    uint32_t count = 3;
    count += value->credential != NULL ? 1u : 0u;
    coax_write_map(out, count);
    coax_write_str_field(out, 1, value->name);
    coax_write_u64_field(out, 2, value->features);
    coax_write_key(out, 3);
    cx_control_limits_encode(out, &value->limits);
    if (value->credential != NULL) {
        coax_write_key(out, 4);
        cx_control_credential_encode(out, value->credential);
    }
}

void cx_control_hello_decode(coax_reader *in, cx_control_hello *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_hello_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->name = coax_read_str(in); break;
        case 2: ret->features = coax_read_u64(in); break;
        case 3: cx_control_limits_decode(in, &ret->limits); break;
        case 4: ret->credential = cx_control_credential_read(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x5u);
}

bool cx_control_hello_check(const cx_control_hello *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_hello_type);
    coax_check_str(why, 1, value->name);
    coax_check_len(why, 1, value->name.len, 0, 255);
    coax_check_at(why, 3);
    cx_control_limits_check(&value->limits, why);
    if (value->credential != NULL) {
        coax_check_at(why, 4);
        cx_control_credential_check(value->credential, why);
    }
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_hello)

static const coax_field cx_control_hello_fields[] = {
    COAX_FIELD(1, cx_control_hello, name, "name", coax_type_string, 0, "@len(..max_name)",
               "Who calls, as it wishes to be shown; it proves nothing."),
    COAX_FIELD_DEFAULTED(
        2, cx_control_hello, features, "features", coax_type_u64, 0, NULL,
        "Bits of what the client can do beyond the base protocol. None is defined yet."),
    COAX_FIELD(3, cx_control_hello, limits, "limits", cx_control_limits_type, 0, NULL, NULL),
    COAX_FIELD_BEHIND(4, cx_control_hello, credential, "credential", cx_control_credential_type, 0,
                      NULL, "Who logs in, and the first step of how."),
};
static const uint16_t cx_control_hello_ids[] = { 1, 2, 3, 4 };
static const uint64_t cx_control_hello_optional[] = { UINT64_C(0x8) };
COAX_STRUCT_TYPE(cx_control_hello, "cx.control.Hello", 4, "The client's first frame.");

static const cx_control_welcome cx_control_welcome_initial = CX_CONTROL_WELCOME_INIT;

void cx_control_welcome_init(cx_control_welcome *ret)
{
    *ret = cx_control_welcome_initial;
}

void cx_control_welcome_encode(coax_writer *out, const cx_control_welcome *value)
{
    coax_write_map(out, 3);
    coax_write_str_field(out, 1, value->name);
    coax_write_u64_field(out, 2, value->features);
    coax_write_key(out, 3);
    cx_control_limits_encode(out, &value->limits);
}

void cx_control_welcome_decode(coax_reader *in, cx_control_welcome *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_welcome_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->name = coax_read_str(in); break;
        case 2: ret->features = coax_read_u64(in); break;
        case 3: cx_control_limits_decode(in, &ret->limits); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x5u);
}

bool cx_control_welcome_check(const cx_control_welcome *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_welcome_type);
    coax_check_str(why, 1, value->name);
    coax_check_len(why, 1, value->name.len, 0, 255);
    coax_check_at(why, 3);
    cx_control_limits_check(&value->limits, why);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_welcome)

static const coax_field cx_control_welcome_fields[] = {
    COAX_FIELD(1, cx_control_welcome, name, "name", coax_type_string, 0, "@len(..max_name)",
               "Who answers, as it wishes to be shown; it proves nothing."),
    COAX_FIELD_DEFAULTED(
        2, cx_control_welcome, features, "features", coax_type_u64, 0, NULL,
        "Those of the client's bits that the server can do as well: both go by these."),
    COAX_FIELD(3, cx_control_welcome, limits, "limits", cx_control_limits_type, 0, NULL, NULL),
};
static const uint16_t cx_control_welcome_ids[] = { 1, 2, 3 };
static const uint64_t cx_control_welcome_optional[] = { 0 };
COAX_STRUCT_TYPE(cx_control_welcome, "cx.control.Welcome", 3,
                 "The server's answer: the connection is open.");

static const cx_control_goaway cx_control_goaway_initial = CX_CONTROL_GOAWAY_INIT;

void cx_control_goaway_init(cx_control_goaway *ret)
{
    *ret = cx_control_goaway_initial;
}

void cx_control_goaway_encode(coax_writer *out, const cx_control_goaway *value)
{
    coax_write_map(out, 4);
    coax_write_str_field(out, 1, value->words);
    coax_write_bool_field(out, 2, value->is_drain);
    coax_write_u32_field(out, 3, value->retry_after_ms);
    coax_write_u32_field(out, 4, value->last_call);
}

void cx_control_goaway_decode(coax_reader *in, cx_control_goaway *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &cx_control_goaway_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->words = coax_read_str(in); break;
        case 2: ret->is_drain = coax_read_bool(in); break;
        case 3: ret->retry_after_ms = coax_read_u32(in); break;
        case 4: ret->last_call = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool cx_control_goaway_check(const cx_control_goaway *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &cx_control_goaway_type);
    coax_check_str(why, 1, value->words);
    coax_check_len(why, 1, value->words.len, 0, 255);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(cx_control_goaway)

static const coax_field cx_control_goaway_fields[] = {
    COAX_FIELD(1, cx_control_goaway, words, "words", coax_type_string, 0, "@len(..max_words)",
               "The reason, for people; with the name and value of a limit where it was one."),
    COAX_FIELD_DEFAULTED(
        2, cx_control_goaway, is_drain, "is_drain", coax_type_bool, 0, NULL,
        "No new calls are taken, those under way go on; the connection is closed later."),
    COAX_FIELD_DEFAULTED(3, cx_control_goaway, retry_after_ms, "retry_after_ms", coax_type_u32, 0,
                         NULL, "Not before this many milliseconds should the receiver come back."),
    COAX_FIELD_DEFAULTED(4, cx_control_goaway, last_call, "last_call", coax_type_u32, 0, NULL,
                         "With is_drain: the last call taken, for people. 0: none."),
};
static const uint16_t cx_control_goaway_ids[] = { 1, 2, 3, 4 };
static const uint64_t cx_control_goaway_optional[] = { 0 };
COAX_STRUCT_TYPE(
    cx_control_goaway, "cx.control.Goaway", 4,
    "The sender closes the connection, and this is its last frame; or it drains, and goes on until\nthe calls under way have ended. The frame's aux holds the status code.");
