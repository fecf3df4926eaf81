/*
 * Encoding, decoding, checks and tables of search.h.
 *
 * Made by idlc from search.idl: change the schema, not this file.
 */
#include "search.h"

COAX_LIST_TYPE(demo_str_list_type, "list<string>", sizeof(coax_str), coax_type_string);

static const demo_query demo_query_initial = DEMO_QUERY_INIT;

void demo_query_init(demo_query *ret)
{
    *ret = demo_query_initial;
}

void demo_query_encode(coax_writer *out, const demo_query *value)
{
    coax_write_map(out, 1);
    coax_write_str_field(out, 1, value->text);
}

void demo_query_decode(coax_reader *in, demo_query *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_query_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->text = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool demo_query_check(const demo_query *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &demo_query_type);
    coax_check_str(why, 1, value->text);
    coax_check_len(why, 1, value->text.len, 0, 100);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_query)

static const coax_field demo_query_fields[] = {
    COAX_FIELD(1, demo_query, text, "text", coax_type_string, 0, "@len(..100)", NULL),
};
static const uint16_t demo_query_ids[] = { 1 };
static const uint64_t demo_query_optional[] = { 0 };
COAX_STRUCT_TYPE(demo_query, "demo.Query", 1, NULL);

static const demo_page demo_page_initial = DEMO_PAGE_INIT;

void demo_page_init(demo_page *ret)
{
    *ret = demo_page_initial;
}

void demo_page_encode(coax_writer *out, const demo_page *value)
{
    coax_write_map(out, 1);
    coax_write_str_list_field(out, 1, value->lines);
}

void demo_page_decode(coax_reader *in, demo_page *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_page_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->lines = coax_read_str_list(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool demo_page_check(const demo_page *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &demo_page_type);
    coax_check_items(why, 1, value->lines.count, 0, 50);
    coax_check_at(why, 1);
    coax_check_items_begin(why);
    for (size_t i = 0; i < value->lines.count && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        coax_check_str(why, 0, value->lines.items[i]);
    }
    coax_check_items_end(why);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_page)

static const coax_field demo_page_fields[] = {
    COAX_FIELD(1, demo_page, lines, "lines", demo_str_list_type, 0, "@items(..50)", NULL),
};
static const uint16_t demo_page_ids[] = { 1 };
static const uint64_t demo_page_optional[] = { 0 };
COAX_STRUCT_TYPE(demo_page, "demo.Page", 1, NULL);

static const demo_line demo_line_initial = DEMO_LINE_INIT;

void demo_line_init(demo_line *ret)
{
    *ret = demo_line_initial;
}

void demo_line_encode(coax_writer *out, const demo_line *value)
{
    coax_write_map(out, 1);
    coax_write_str_field(out, 1, value->text);
}

void demo_line_decode(coax_reader *in, demo_line *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_line_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->text = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool demo_line_check(const demo_line *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &demo_line_type);
    coax_check_str(why, 1, value->text);
    coax_check_len(why, 1, value->text.len, 0, 500);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_line)

static const coax_field demo_line_fields[] = {
    COAX_FIELD(1, demo_line, text, "text", coax_type_string, 0, "@len(..500)", NULL),
};
static const uint16_t demo_line_ids[] = { 1 };
static const uint64_t demo_line_optional[] = { 0 };
COAX_STRUCT_TYPE(demo_line, "demo.Line", 1, NULL);

static const demo_too_broad demo_too_broad_initial = DEMO_TOO_BROAD_INIT;

void demo_too_broad_init(demo_too_broad *ret)
{
    *ret = demo_too_broad_initial;
}

void demo_too_broad_encode(coax_writer *out, const demo_too_broad *value)
{
    coax_write_map(out, 1);
    coax_write_u32_field(out, 1, value->n_matches);
}

void demo_too_broad_decode(coax_reader *in, demo_too_broad *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_too_broad_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->n_matches = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool demo_too_broad_check(const demo_too_broad *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &demo_too_broad_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_too_broad)

static const coax_field demo_too_broad_fields[] = {
    COAX_FIELD(1, demo_too_broad, n_matches, "n_matches", coax_type_u32, 0, NULL, NULL),
};
static const uint16_t demo_too_broad_ids[] = { 1 };
static const uint64_t demo_too_broad_optional[] = { 0 };
COAX_ERROR_TYPE(demo_too_broad, "demo.TooBroad", 1, UINT32_C(0x046e7026), COAX_ERR_INVALID_ARGUMENT,
                NULL);

static const demo_search_count_request demo_search_count_request_initial =
    DEMO_SEARCH_COUNT_REQUEST_INIT;

void demo_search_count_request_init(demo_search_count_request *ret)
{
    *ret = demo_search_count_request_initial;
}

void demo_search_count_request_encode(coax_writer *out, const demo_search_count_request *value)
{
    coax_write_map(out, 2);
    coax_write_str_field(out, 1, value->text);
    coax_write_bool_field(out, 2, value->exact);
}

void demo_search_count_request_decode(coax_reader *in, demo_search_count_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_search_count_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->text = coax_read_str(in); break;
        case 2: ret->exact = coax_read_bool(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool demo_search_count_request_check(const demo_search_count_request *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &demo_search_count_request_type);
    coax_check_str(why, 1, value->text);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_search_count_request)

static const coax_field demo_search_count_request_fields[] = {
    COAX_FIELD(1, demo_search_count_request, text, "text", coax_type_string, 0, NULL, NULL),
    COAX_FIELD_DEFAULTED(2, demo_search_count_request, exact, "exact", coax_type_bool, 0, NULL,
                         NULL),
};
static const uint16_t demo_search_count_request_ids[] = { 1, 2 };
static const uint64_t demo_search_count_request_optional[] = { 0 };
COAX_STRUCT_TYPE(demo_search_count_request, "demo.Search.count_request", 2, NULL);

static const demo_search_count_response demo_search_count_response_initial =
    DEMO_SEARCH_COUNT_RESPONSE_INIT;

void demo_search_count_response_init(demo_search_count_response *ret)
{
    *ret = demo_search_count_response_initial;
}

void demo_search_count_response_encode(coax_writer *out, const demo_search_count_response *value)
{
    coax_write_map(out, 1);
    coax_write_u32_field(out, 1, value->n);
}

void demo_search_count_response_decode(coax_reader *in, demo_search_count_response *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_search_count_response_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->n = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool demo_search_count_response_check(const demo_search_count_response *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &demo_search_count_response_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_search_count_response)

static const coax_field demo_search_count_response_fields[] = {
    COAX_FIELD(1, demo_search_count_response, n, "n", coax_type_u32, 0, NULL, NULL),
};
static const uint16_t demo_search_count_response_ids[] = { 1 };
static const uint64_t demo_search_count_response_optional[] = { 0 };
COAX_STRUCT_TYPE(demo_search_count_response, "demo.Search.count_response", 1, NULL);

static const demo_search_ping_request demo_search_ping_request_initial =
    DEMO_SEARCH_PING_REQUEST_INIT;

void demo_search_ping_request_init(demo_search_ping_request *ret)
{
    *ret = demo_search_ping_request_initial;
}

void demo_search_ping_request_encode(coax_writer *out, const demo_search_ping_request *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void demo_search_ping_request_decode(coax_reader *in, demo_search_ping_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_search_ping_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool demo_search_ping_request_check(const demo_search_ping_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &demo_search_ping_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_search_ping_request)

COAX_EMPTY_STRUCT_TYPE(demo_search_ping_request, "demo.Search.ping_request", NULL);

static const demo_search_ping_response demo_search_ping_response_initial =
    DEMO_SEARCH_PING_RESPONSE_INIT;

void demo_search_ping_response_init(demo_search_ping_response *ret)
{
    *ret = demo_search_ping_response_initial;
}

void demo_search_ping_response_encode(coax_writer *out, const demo_search_ping_response *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void demo_search_ping_response_decode(coax_reader *in, demo_search_ping_response *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_search_ping_response_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool demo_search_ping_response_check(const demo_search_ping_response *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &demo_search_ping_response_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_search_ping_response)

COAX_EMPTY_STRUCT_TYPE(demo_search_ping_response, "demo.Search.ping_response", NULL);

static const demo_search_load_request demo_search_load_request_initial =
    DEMO_SEARCH_LOAD_REQUEST_INIT;

void demo_search_load_request_init(demo_search_load_request *ret)
{
    *ret = demo_search_load_request_initial;
}

void demo_search_load_request_encode(coax_writer *out, const demo_search_load_request *value)
{
    coax_write_map(out, 1);
    coax_write_str_field(out, 1, value->name);
}

void demo_search_load_request_decode(coax_reader *in, demo_search_load_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_search_load_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->name = coax_read_str(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool demo_search_load_request_check(const demo_search_load_request *value, coax_violations *why)
{
    coax_check_scope scope = coax_check_struct(why, &demo_search_load_request_type);
    coax_check_str(why, 1, value->name);
    coax_check_len(why, 1, value->name.len, 0, 80);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_search_load_request)

static const coax_field demo_search_load_request_fields[] = {
    COAX_FIELD(1, demo_search_load_request, name, "name", coax_type_string, 0, "@len(..80)", NULL),
};
static const uint16_t demo_search_load_request_ids[] = { 1 };
static const uint64_t demo_search_load_request_optional[] = { 0 };
COAX_STRUCT_TYPE(demo_search_load_request, "demo.Search.load_request", 1, NULL);

static const demo_search_chat_request demo_search_chat_request_initial =
    DEMO_SEARCH_CHAT_REQUEST_INIT;

void demo_search_chat_request_init(demo_search_chat_request *ret)
{
    *ret = demo_search_chat_request_initial;
}

void demo_search_chat_request_encode(coax_writer *out, const demo_search_chat_request *value)
{
    (void)value;
    coax_write_map(out, 0);
}

void demo_search_chat_request_decode(coax_reader *in, demo_search_chat_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_search_chat_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        default: coax_skip_field(in); break;
        }
    }
}

bool demo_search_chat_request_check(const demo_search_chat_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &demo_search_chat_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_search_chat_request)

COAX_EMPTY_STRUCT_TYPE(demo_search_chat_request, "demo.Search.chat_request", NULL);

static const demo_bells_rings_request demo_bells_rings_request_initial =
    DEMO_BELLS_RINGS_REQUEST_INIT;

void demo_bells_rings_request_init(demo_bells_rings_request *ret)
{
    *ret = demo_bells_rings_request_initial;
}

void demo_bells_rings_request_encode(coax_writer *out, const demo_bells_rings_request *value)
{
    coax_write_map(out, 1);
    coax_write_u32_field(out, 1, value->times);
}

void demo_bells_rings_request_decode(coax_reader *in, demo_bells_rings_request *ret)
{
    coax_struct_scope scope;
    coax_read_struct_into(in, &scope, &demo_bells_rings_request_type, ret);
    for (uint32_t id; coax_next_field(in, &scope, &id);) {
        switch (id) {
        case 1: ret->times = coax_read_u32(in); break;
        default: coax_skip_field(in); break;
        }
    }
    coax_require_fields(in, &scope, 0, 0x1u);
}

bool demo_bells_rings_request_check(const demo_bells_rings_request *value, coax_violations *why)
{
    (void)value;
    coax_check_scope scope = coax_check_struct(why, &demo_bells_rings_request_type);
    return coax_check_end(why, scope);
}

COAX_TYPE_FUNCTIONS(demo_bells_rings_request)

static const coax_field demo_bells_rings_request_fields[] = {
    COAX_FIELD(1, demo_bells_rings_request, times, "times", coax_type_u32, 0, NULL, NULL),
};
static const uint16_t demo_bells_rings_request_ids[] = { 1 };
static const uint64_t demo_bells_rings_request_optional[] = { 0 };
COAX_STRUCT_TYPE(demo_bells_rings_request, "demo.Bells.rings_request", 1, NULL);

static const coax_type *const demo_search_find_errors[] = {
    &demo_too_broad_type,
};
static const coax_type *const demo_search_tail_errors[] = {
    &demo_too_broad_type,
};

const coax_method demo_search_methods[8] = {
    { "demo.Search.find", NULL, DEMO_PACKET_SEARCH_FIND, COAX_METHOD_UNARY, COAX_METHOD_IDEMPOTENT,
      &demo_query_type, &demo_page_type, NULL, NULL, demo_search_find_errors, 1, 2000, 0, 0, NULL },
    { "demo.Search.count", NULL, DEMO_PACKET_SEARCH_COUNT, COAX_METHOD_UNARY, 0,
      &demo_search_count_request_type, &demo_search_count_response_type, NULL, NULL, NULL, 0, 0, 0,
      0, NULL },
    { "demo.Search.ping", NULL, DEMO_PACKET_SEARCH_PING, COAX_METHOD_UNARY, 0,
      &demo_search_ping_request_type, &demo_search_ping_response_type, NULL, NULL, NULL, 0, 0, 0, 0,
      NULL },
    { "demo.Search.hint", NULL, DEMO_PACKET_SEARCH_HINT, COAX_METHOD_ONEWAY, 0, &demo_query_type,
      NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
    { "demo.Search.tail", "Lines as they are written, without end.", DEMO_PACKET_SEARCH_TAIL,
      COAX_METHOD_SERVER_STREAM, 0, &demo_query_type, NULL, NULL, &demo_line_type,
      demo_search_tail_errors, 1, 0, 0, 0, NULL },
    { "demo.Search.load", "Takes lines in, and says what there is then.", DEMO_PACKET_SEARCH_LOAD,
      COAX_METHOD_CLIENT_STREAM, COAX_METHOD_BLOCKING, &demo_search_load_request_type,
      &demo_page_type, &demo_line_type, NULL, NULL, 0, 0, 0, 0, NULL },
    { "demo.Search.chat", "Answers each line with one.", DEMO_PACKET_SEARCH_CHAT,
      COAX_METHOD_BIDI_STREAM, 0, &demo_search_chat_request_type, NULL, &demo_line_type,
      &demo_line_type, NULL, 0, 0, 0, 0, NULL },
    { "demo.Search.found", "A line that somebody asked for was written.", DEMO_PACKET_SEARCH_FOUND,
      COAX_METHOD_EVENT, 0, &demo_line_type, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};

COAX_SERVICE(demo_search, "demo.Search", "1.0", UINT64_C(0x44c4bd0f8ef8f09c), 8,
             "Looks things up.");

const coax_method demo_bells_methods[1] = {
    { "demo.Bells.rings", NULL, DEMO_PACKET_BELLS_RINGS, COAX_METHOD_EVENT, 0,
      &demo_bells_rings_request_type, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};

COAX_SERVICE(demo_bells, "demo.Bells", NULL, UINT64_C(0x79639885278e0ddc), 1,
             "Says things and hears nothing.");

const char *demo_packet_name(uint32_t id)
{
    switch (id) {
    case DEMO_PACKET_SEARCH_FIND: return "demo.Search.find";
    case DEMO_PACKET_SEARCH_COUNT: return "demo.Search.count";
    case DEMO_PACKET_SEARCH_PING: return "demo.Search.ping";
    case DEMO_PACKET_SEARCH_HINT: return "demo.Search.hint";
    case DEMO_PACKET_SEARCH_TAIL: return "demo.Search.tail";
    case DEMO_PACKET_SEARCH_LOAD: return "demo.Search.load";
    case DEMO_PACKET_SEARCH_CHAT: return "demo.Search.chat";
    case DEMO_PACKET_SEARCH_FOUND: return "demo.Search.found";
    case DEMO_PACKET_BELLS_RINGS: return "demo.Bells.rings";
    default: return NULL;
    }
}

bool demo_packet_parse(const char *name, uint32_t *ret_id)
{
    for (size_t i = 0; i < 8; i++) {
        if (strcmp(demo_search_methods[i].name, name) != 0)
            continue;
        *ret_id = demo_search_methods[i].id;
        return true;
    }
    for (size_t i = 0; i < 1; i++) {
        if (strcmp(demo_bells_methods[i].name, name) != 0)
            continue;
        *ret_id = demo_bells_methods[i].id;
        return true;
    }
    return false;
}
