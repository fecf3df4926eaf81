/*
 * Made by idlc from statements.idl: change the schema, not this file.
 *
 * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps
 * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are
 * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's
 * arena.
 */
#ifndef COAX_GEN_ACME_ACCOUNTING_STATEMENTS_H
#define COAX_GEN_ACME_ACCOUNTING_STATEMENTS_H

/** Names so long that every way of breaking a line is needed. */

#include <coax/gen.h>

#if COAX_GEN_ABI != 1
#error "statements.h was made for another version of coax: run idlc again"
#endif

COAX_BEGIN_DECLS

/** What stands in a frame's header: the id of a method. */
typedef uint32_t acme_accounting_packet;
#define ACME_ACCOUNTING_PACKET_STATEMENTS_PULL UINT32_C(0x6a7f31ff)
#define ACME_ACCOUNTING_PACKET_STATEMENTS_PUSH UINT32_C(0x6c6dec04)
#define ACME_ACCOUNTING_PACKET_STATEMENTS_RECONCILE_ALL UINT32_C(0xf2758768)
#define ACME_ACCOUNTING_PACKET_STATEMENTS_RECONCILE_SOME_OF UINT32_C(0x0838045f)
#define ACME_ACCOUNTING_PACKET_STATEMENTS_ARCHIVE_EVERYTHING UINT32_C(0xfcf9e986)
#define ACME_ACCOUNTING_PACKET_STATEMENTS_CLOSE UINT32_C(0x9b41a7e4)
#define ACME_ACCOUNTING_PACKET_STATEMENTS_ARRIVED UINT32_C(0x2b08b929)
#define ACME_ACCOUNTING_PACKET_STATEMENTS_ARRIVED_TOO_LATE UINT32_C(0xf94a1851)

/** The method's full name, or NULL for an id that is not of this schema. */
const char *acme_accounting_packet_name(uint32_t id);
bool acme_accounting_packet_parse(const char *name, uint32_t *ret_id);

typedef struct acme_accounting_statement_item {
    uint8_t x;
} acme_accounting_statement_item;

#define ACME_ACCOUNTING_STATEMENT_ITEM_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENT_ITEM_MAX_ENCODED 4u

void acme_accounting_statement_item_init(acme_accounting_statement_item *ret);
void acme_accounting_statement_item_encode(coax_writer *out,
                                           const acme_accounting_statement_item *value);
void acme_accounting_statement_item_decode(coax_reader *in, acme_accounting_statement_item *ret);
bool acme_accounting_statement_item_check(const acme_accounting_statement_item *value,
                                          coax_violations *why);
extern const coax_type acme_accounting_statement_item_type;

typedef struct acme_accounting_no_such_statement {
    uint8_t x;
} acme_accounting_no_such_statement;

#define ACME_ACCOUNTING_NO_SUCH_STATEMENT_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_NO_SUCH_STATEMENT_MAX_ENCODED 4u

void acme_accounting_no_such_statement_init(acme_accounting_no_such_statement *ret);
void acme_accounting_no_such_statement_encode(coax_writer *out,
                                              const acme_accounting_no_such_statement *value);
void acme_accounting_no_such_statement_decode(coax_reader *in,
                                              acme_accounting_no_such_statement *ret);
bool acme_accounting_no_such_statement_check(const acme_accounting_no_such_statement *value,
                                             coax_violations *why);
extern const coax_type acme_accounting_no_such_statement_type;

typedef struct acme_accounting_statements_pull_request {
    uint8_t x;
} acme_accounting_statements_pull_request;

#define ACME_ACCOUNTING_STATEMENTS_PULL_REQUEST_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENTS_PULL_REQUEST_MAX_ENCODED 4u

void acme_accounting_statements_pull_request_init(acme_accounting_statements_pull_request *ret);
void acme_accounting_statements_pull_request_encode(
    coax_writer *out, const acme_accounting_statements_pull_request *value);
void acme_accounting_statements_pull_request_decode(coax_reader *in,
                                                    acme_accounting_statements_pull_request *ret);
bool acme_accounting_statements_pull_request_check(
    const acme_accounting_statements_pull_request *value, coax_violations *why);
extern const coax_type acme_accounting_statements_pull_request_type;

typedef struct acme_accounting_statements_push_request {
    uint8_t x;
} acme_accounting_statements_push_request;

#define ACME_ACCOUNTING_STATEMENTS_PUSH_REQUEST_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENTS_PUSH_REQUEST_MAX_ENCODED 4u

void acme_accounting_statements_push_request_init(acme_accounting_statements_push_request *ret);
void acme_accounting_statements_push_request_encode(
    coax_writer *out, const acme_accounting_statements_push_request *value);
void acme_accounting_statements_push_request_decode(coax_reader *in,
                                                    acme_accounting_statements_push_request *ret);
bool acme_accounting_statements_push_request_check(
    const acme_accounting_statements_push_request *value, coax_violations *why);
extern const coax_type acme_accounting_statements_push_request_type;

typedef struct acme_accounting_statements_push_response {
    uint8_t y;
} acme_accounting_statements_push_response;

#define ACME_ACCOUNTING_STATEMENTS_PUSH_RESPONSE_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENTS_PUSH_RESPONSE_MAX_ENCODED 4u

void acme_accounting_statements_push_response_init(acme_accounting_statements_push_response *ret);
void acme_accounting_statements_push_response_encode(
    coax_writer *out, const acme_accounting_statements_push_response *value);
void acme_accounting_statements_push_response_decode(coax_reader *in,
                                                     acme_accounting_statements_push_response *ret);
bool acme_accounting_statements_push_response_check(
    const acme_accounting_statements_push_response *value, coax_violations *why);
extern const coax_type acme_accounting_statements_push_response_type;

typedef struct acme_accounting_statements_reconcile_some_of_request {
    char unused; /* C has no empty struct */
} acme_accounting_statements_reconcile_some_of_request;

#define ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_REQUEST_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_REQUEST_MAX_ENCODED 1u

void acme_accounting_statements_reconcile_some_of_request_init(
    acme_accounting_statements_reconcile_some_of_request *ret);
void acme_accounting_statements_reconcile_some_of_request_encode(
    coax_writer *out, const acme_accounting_statements_reconcile_some_of_request *value);
void acme_accounting_statements_reconcile_some_of_request_decode(
    coax_reader *in, acme_accounting_statements_reconcile_some_of_request *ret);
bool acme_accounting_statements_reconcile_some_of_request_check(
    const acme_accounting_statements_reconcile_some_of_request *value, coax_violations *why);
extern const coax_type acme_accounting_statements_reconcile_some_of_request_type;

typedef struct acme_accounting_statements_archive_everything_request {
    uint8_t x;
} acme_accounting_statements_archive_everything_request;

#define ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_REQUEST_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_REQUEST_MAX_ENCODED 4u

void acme_accounting_statements_archive_everything_request_init(
    acme_accounting_statements_archive_everything_request *ret);
void acme_accounting_statements_archive_everything_request_encode(
    coax_writer *out, const acme_accounting_statements_archive_everything_request *value);
void acme_accounting_statements_archive_everything_request_decode(
    coax_reader *in, acme_accounting_statements_archive_everything_request *ret);
bool acme_accounting_statements_archive_everything_request_check(
    const acme_accounting_statements_archive_everything_request *value, coax_violations *why);
extern const coax_type acme_accounting_statements_archive_everything_request_type;

typedef struct acme_accounting_statements_archive_everything_response {
    uint8_t y;
} acme_accounting_statements_archive_everything_response;

#define ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_RESPONSE_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_RESPONSE_MAX_ENCODED 4u

void acme_accounting_statements_archive_everything_response_init(
    acme_accounting_statements_archive_everything_response *ret);
void acme_accounting_statements_archive_everything_response_encode(
    coax_writer *out, const acme_accounting_statements_archive_everything_response *value);
void acme_accounting_statements_archive_everything_response_decode(
    coax_reader *in, acme_accounting_statements_archive_everything_response *ret);
bool acme_accounting_statements_archive_everything_response_check(
    const acme_accounting_statements_archive_everything_response *value, coax_violations *why);
extern const coax_type acme_accounting_statements_archive_everything_response_type;

typedef struct acme_accounting_statements_close_request {
    uint8_t x;
} acme_accounting_statements_close_request;

#define ACME_ACCOUNTING_STATEMENTS_CLOSE_REQUEST_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENTS_CLOSE_REQUEST_MAX_ENCODED 4u

void acme_accounting_statements_close_request_init(acme_accounting_statements_close_request *ret);
void acme_accounting_statements_close_request_encode(
    coax_writer *out, const acme_accounting_statements_close_request *value);
void acme_accounting_statements_close_request_decode(coax_reader *in,
                                                     acme_accounting_statements_close_request *ret);
bool acme_accounting_statements_close_request_check(
    const acme_accounting_statements_close_request *value, coax_violations *why);
extern const coax_type acme_accounting_statements_close_request_type;

typedef struct acme_accounting_statements_arrived_too_late_request {
    uint8_t x;
} acme_accounting_statements_arrived_too_late_request;

#define ACME_ACCOUNTING_STATEMENTS_ARRIVED_TOO_LATE_REQUEST_INIT COAX_INIT(0)
#define ACME_ACCOUNTING_STATEMENTS_ARRIVED_TOO_LATE_REQUEST_MAX_ENCODED 4u

void acme_accounting_statements_arrived_too_late_request_init(
    acme_accounting_statements_arrived_too_late_request *ret);
void acme_accounting_statements_arrived_too_late_request_encode(
    coax_writer *out, const acme_accounting_statements_arrived_too_late_request *value);
void acme_accounting_statements_arrived_too_late_request_decode(
    coax_reader *in, acme_accounting_statements_arrived_too_late_request *ret);
bool acme_accounting_statements_arrived_too_late_request_check(
    const acme_accounting_statements_arrived_too_late_request *value, coax_violations *why);
extern const coax_type acme_accounting_statements_arrived_too_late_request_type;

extern const coax_service acme_accounting_statements_service;
extern const coax_method acme_accounting_statements_methods[8];
#define ACME_ACCOUNTING_STATEMENTS_PULL_METHOD (&acme_accounting_statements_methods[0])
#define ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD (&acme_accounting_statements_methods[1])
#define ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD (&acme_accounting_statements_methods[2])
#define ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD (&acme_accounting_statements_methods[3])
#define ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD                                       \
    (&acme_accounting_statements_methods[4])
#define ACME_ACCOUNTING_STATEMENTS_CLOSE_METHOD (&acme_accounting_statements_methods[5])
#define ACME_ACCOUNTING_STATEMENTS_ARRIVED_METHOD (&acme_accounting_statements_methods[6])
#define ACME_ACCOUNTING_STATEMENTS_ARRIVED_TOO_LATE_METHOD (&acme_accounting_statements_methods[7])

COAX_END_DECLS

#endif
