/*
 * Made by idlc from search.idl: change the schema, not this file.
 *
 * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps
 * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are
 * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's
 * arena.
 */
#ifndef COAX_GEN_DEMO_SEARCH_H
#define COAX_GEN_DEMO_SEARCH_H

#include <coax/gen.h>

#if COAX_GEN_ABI != 1
#error "search.h was made for another version of coax: run idlc again"
#endif

COAX_BEGIN_DECLS

/** What stands in a frame's header: the id of a method. */
typedef uint32_t demo_packet;
#define DEMO_PACKET_SEARCH_FIND UINT32_C(0xd0db5c49)
#define DEMO_PACKET_SEARCH_COUNT UINT32_C(0x050f878d)
#define DEMO_PACKET_SEARCH_PING UINT32_C(0x5bcf1de6)
#define DEMO_PACKET_SEARCH_HINT UINT32_C(0x6006e54b)
#define DEMO_PACKET_SEARCH_TAIL UINT32_C(0x8a0c1730)
#define DEMO_PACKET_SEARCH_LOAD UINT32_C(0x6fc0e20e)
#define DEMO_PACKET_SEARCH_CHAT UINT32_C(0xf96dc170)
#define DEMO_PACKET_SEARCH_FOUND UINT32_C(0x5f44e88a)
#define DEMO_PACKET_BELLS_RINGS UINT32_C(0xbf5a7403)

/** The method's full name, or NULL for an id that is not of this schema. */
const char *demo_packet_name(uint32_t id);
bool demo_packet_parse(const char *name, uint32_t *ret_id);

typedef struct demo_query {
    /** At most 100 bytes. */
    coax_str text;
} demo_query;

#define DEMO_QUERY_INIT COAX_INIT(COAX_INIT(NULL, 0))
#define DEMO_QUERY_MAX_ENCODED 104u

void demo_query_init(demo_query *ret);
void demo_query_encode(coax_writer *out, const demo_query *value);
void demo_query_decode(coax_reader *in, demo_query *ret);
bool demo_query_check(const demo_query *value, coax_violations *why);
extern const coax_type demo_query_type;

typedef struct demo_page {
    /** At most 50 items. */
    coax_str_list lines;
} demo_page;

#define DEMO_PAGE_INIT COAX_INIT(COAX_INIT(NULL, 0))

void demo_page_init(demo_page *ret);
void demo_page_encode(coax_writer *out, const demo_page *value);
void demo_page_decode(coax_reader *in, demo_page *ret);
bool demo_page_check(const demo_page *value, coax_violations *why);
extern const coax_type demo_page_type;

typedef struct demo_line {
    /** At most 500 bytes. */
    coax_str text;
} demo_line;

#define DEMO_LINE_INIT COAX_INIT(COAX_INIT(NULL, 0))
#define DEMO_LINE_MAX_ENCODED 505u

void demo_line_init(demo_line *ret);
void demo_line_encode(coax_writer *out, const demo_line *value);
void demo_line_decode(coax_reader *in, demo_line *ret);
bool demo_line_check(const demo_line *value, coax_violations *why);
extern const coax_type demo_line_type;

typedef struct demo_too_broad {
    uint32_t n_matches;
} demo_too_broad;

#define DEMO_TOO_BROAD_INIT COAX_INIT(0)
#define DEMO_TOO_BROAD_MAX_ENCODED 7u

void demo_too_broad_init(demo_too_broad *ret);
void demo_too_broad_encode(coax_writer *out, const demo_too_broad *value);
void demo_too_broad_decode(coax_reader *in, demo_too_broad *ret);
bool demo_too_broad_check(const demo_too_broad *value, coax_violations *why);
extern const coax_type demo_too_broad_type;

typedef struct demo_search_count_request {
    coax_str text;
    /** Default: false. */
    bool exact;
} demo_search_count_request;

#define DEMO_SEARCH_COUNT_REQUEST_INIT COAX_INIT(COAX_INIT(NULL, 0), false)

void demo_search_count_request_init(demo_search_count_request *ret);
void demo_search_count_request_encode(coax_writer *out, const demo_search_count_request *value);
void demo_search_count_request_decode(coax_reader *in, demo_search_count_request *ret);
bool demo_search_count_request_check(const demo_search_count_request *value, coax_violations *why);
extern const coax_type demo_search_count_request_type;

typedef struct demo_search_count_response {
    uint32_t n;
} demo_search_count_response;

#define DEMO_SEARCH_COUNT_RESPONSE_INIT COAX_INIT(0)
#define DEMO_SEARCH_COUNT_RESPONSE_MAX_ENCODED 7u

void demo_search_count_response_init(demo_search_count_response *ret);
void demo_search_count_response_encode(coax_writer *out, const demo_search_count_response *value);
void demo_search_count_response_decode(coax_reader *in, demo_search_count_response *ret);
bool demo_search_count_response_check(const demo_search_count_response *value,
                                      coax_violations *why);
extern const coax_type demo_search_count_response_type;

typedef struct demo_search_ping_request {
    char unused; /* C has no empty struct */
} demo_search_ping_request;

#define DEMO_SEARCH_PING_REQUEST_INIT COAX_INIT(0)
#define DEMO_SEARCH_PING_REQUEST_MAX_ENCODED 1u

void demo_search_ping_request_init(demo_search_ping_request *ret);
void demo_search_ping_request_encode(coax_writer *out, const demo_search_ping_request *value);
void demo_search_ping_request_decode(coax_reader *in, demo_search_ping_request *ret);
bool demo_search_ping_request_check(const demo_search_ping_request *value, coax_violations *why);
extern const coax_type demo_search_ping_request_type;

typedef struct demo_search_ping_response {
    char unused; /* C has no empty struct */
} demo_search_ping_response;

#define DEMO_SEARCH_PING_RESPONSE_INIT COAX_INIT(0)
#define DEMO_SEARCH_PING_RESPONSE_MAX_ENCODED 1u

void demo_search_ping_response_init(demo_search_ping_response *ret);
void demo_search_ping_response_encode(coax_writer *out, const demo_search_ping_response *value);
void demo_search_ping_response_decode(coax_reader *in, demo_search_ping_response *ret);
bool demo_search_ping_response_check(const demo_search_ping_response *value, coax_violations *why);
extern const coax_type demo_search_ping_response_type;

typedef struct demo_search_load_request {
    /** At most 80 bytes. */
    coax_str name;
} demo_search_load_request;

#define DEMO_SEARCH_LOAD_REQUEST_INIT COAX_INIT(COAX_INIT(NULL, 0))
#define DEMO_SEARCH_LOAD_REQUEST_MAX_ENCODED 84u

void demo_search_load_request_init(demo_search_load_request *ret);
void demo_search_load_request_encode(coax_writer *out, const demo_search_load_request *value);
void demo_search_load_request_decode(coax_reader *in, demo_search_load_request *ret);
bool demo_search_load_request_check(const demo_search_load_request *value, coax_violations *why);
extern const coax_type demo_search_load_request_type;

typedef struct demo_search_chat_request {
    char unused; /* C has no empty struct */
} demo_search_chat_request;

#define DEMO_SEARCH_CHAT_REQUEST_INIT COAX_INIT(0)
#define DEMO_SEARCH_CHAT_REQUEST_MAX_ENCODED 1u

void demo_search_chat_request_init(demo_search_chat_request *ret);
void demo_search_chat_request_encode(coax_writer *out, const demo_search_chat_request *value);
void demo_search_chat_request_decode(coax_reader *in, demo_search_chat_request *ret);
bool demo_search_chat_request_check(const demo_search_chat_request *value, coax_violations *why);
extern const coax_type demo_search_chat_request_type;

typedef struct demo_bells_rings_request {
    uint32_t times;
} demo_bells_rings_request;

#define DEMO_BELLS_RINGS_REQUEST_INIT COAX_INIT(0)
#define DEMO_BELLS_RINGS_REQUEST_MAX_ENCODED 7u

void demo_bells_rings_request_init(demo_bells_rings_request *ret);
void demo_bells_rings_request_encode(coax_writer *out, const demo_bells_rings_request *value);
void demo_bells_rings_request_decode(coax_reader *in, demo_bells_rings_request *ret);
bool demo_bells_rings_request_check(const demo_bells_rings_request *value, coax_violations *why);
extern const coax_type demo_bells_rings_request_type;

/** Looks things up. */
extern const coax_service demo_search_service;
extern const coax_method demo_search_methods[8];
#define DEMO_SEARCH_FIND_METHOD (&demo_search_methods[0])
#define DEMO_SEARCH_COUNT_METHOD (&demo_search_methods[1])
#define DEMO_SEARCH_PING_METHOD (&demo_search_methods[2])
#define DEMO_SEARCH_HINT_METHOD (&demo_search_methods[3])
#define DEMO_SEARCH_TAIL_METHOD (&demo_search_methods[4])
#define DEMO_SEARCH_LOAD_METHOD (&demo_search_methods[5])
#define DEMO_SEARCH_CHAT_METHOD (&demo_search_methods[6])
#define DEMO_SEARCH_FOUND_METHOD (&demo_search_methods[7])

/** Says things and hears nothing. */
extern const coax_service demo_bells_service;
extern const coax_method demo_bells_methods[1];
#define DEMO_BELLS_RINGS_METHOD (&demo_bells_methods[0])

COAX_END_DECLS

#endif
