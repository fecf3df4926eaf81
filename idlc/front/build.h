/* The grammar's actions: each makes or completes one node. Private to front/.
 *
 * `begin` puts a poisoned node into the tree, `end` heals it. Read next: build.c, build_method.c.
 */
#ifndef IDL_FRONT_BUILD_H
#define IDL_FRONT_BUILD_H

#include "front/parser.h"

typedef struct idl_type_args {
    struct idl_type_args *older;
    idl_ast_type *type;
} idl_type_args;

/* ---- words and values ---- */
idl_ast_name idl_build_name(idl_parser *p, const char *word, idl_span span);
idl_ast_path idl_build_path(idl_parser *p, const char *word, idl_span span);
idl_ast_value *idl_build_name_value(idl_parser *p, idl_ast_path path);
idl_ast_value *idl_build_negative(idl_parser *p, idl_ast_value *value, idl_span span);

/* ---- annotations ---- */
idl_ast_arg *idl_build_arg(idl_parser *p, const idl_ast_value *value, idl_span span);
idl_ast_arg *idl_build_range(idl_parser *p, const idl_ast_value *low, const idl_ast_value *high,
                             bool is_exclusive, idl_span span);
/* Arguments are collected newest first and put in order when the annotation ends. */
idl_ast_arg *idl_build_add_arg(idl_ast_arg *newest, idl_ast_arg *arg);
/* In place of an argument that was skipped: NULL, and the annotation will be poisoned. */
idl_ast_arg *idl_build_broken_arg(idl_parser *p);
idl_ast_annotation *idl_build_annotation(idl_parser *p, const char *word, idl_span name_span,
                                         idl_span span);
idl_ast_annotation *idl_build_call(idl_parser *p, const char *word, idl_span name_span,
                                   idl_ast_arg *newest, idl_span span);
void idl_build_annotate(idl_ast_annotations *list, idl_ast_annotation *annotation);
void idl_build_annotate_type(idl_parser *p, idl_ast_type *type, idl_ast_annotation *annotation);
/* `@rule(...);` among the members; in a payload it goes to the payload. */
void idl_build_statement(idl_parser *p, idl_ast_annotation *annotation);

/* ---- types ---- */
idl_ast_type *idl_build_named(idl_parser *p, idl_ast_path path);
idl_ast_type *idl_build_generic(idl_parser *p, const char *word, idl_span name_span,
                                const idl_type_args *newest, idl_span span);
/* The types between '<' and '>', newest first. */
idl_type_args *idl_build_type_arg(idl_parser *p, idl_type_args *older, idl_ast_type *type);
idl_ast_type *idl_build_optional(idl_parser *p, idl_ast_type *element, idl_span span);
idl_ast_type *idl_build_array(idl_parser *p, idl_ast_type *element, idl_ast_value *count,
                              idl_span span);

/* ---- file ---- */
/* The `///` lines above the token that starts there; NULL: none. */
const idl_ast_doc *idl_build_take_doc(idl_parser *p, uint32_t token_start);
void idl_build_namespace(idl_parser *p, idl_ast_path path, idl_span span);
void idl_build_import(idl_parser *p, idl_ast_value *path, idl_span span);

/* ---- declarations ---- */
void idl_build_begin_decl(idl_parser *p, idl_ast_decl_kind kind, idl_ast_name name, idl_span span);
void idl_build_decl_type(idl_parser *p, idl_ast_type *type);
void idl_build_decl_value(idl_parser *p, idl_ast_value *value);
void idl_build_open(idl_parser *p, idl_span brace, bool is_broken);
void idl_build_end_decl(idl_parser *p, idl_span span);
/* Something was skipped: quiet what later passes might miss. */
void idl_build_lost(idl_parser *p);

/* ---- members ---- */
/* `id` NULL: missing, and reported here. */
idl_ast_field *idl_build_begin_field(idl_parser *p, idl_ast_value *id, idl_ast_type *type,
                                     idl_ast_name name, idl_span span);
void idl_build_field_default(idl_parser *p, idl_ast_field *field, idl_ast_value *value,
                             idl_span equals);
void idl_build_end_field(idl_ast_field *field, idl_span span);
idl_ast_enumerator *idl_build_begin_enumerator(idl_parser *p, idl_ast_name name, idl_span span);
void idl_build_enumerator_value(idl_parser *p, idl_ast_enumerator *enumerator, idl_ast_value *value,
                                idl_span equals);
void idl_build_end_enumerator(idl_parser *p, idl_ast_enumerator *enumerator, idl_span span);
void idl_build_reserve(idl_parser *p, idl_ast_value *low, idl_ast_value *high, idl_span span);
void idl_build_reserve_name(idl_parser *p, idl_ast_value *name);

/* A ',' where a ';' belongs: reported, and taken for one. */
void idl_build_comma(idl_parser *p, idl_span comma);

/* ---- methods ---- */
void idl_build_begin_method(idl_parser *p, idl_ast_method_kind kind, idl_ast_name name,
                            idl_span span);
void idl_build_request(idl_parser *p, const idl_ast_payload *payload);
void idl_build_reply(idl_parser *p, const idl_ast_payload *payload, idl_span arrow);
void idl_build_throws(idl_parser *p, idl_ast_path path);
void idl_build_more_throws(idl_parser *p, idl_ast_path path, idl_span comma);
void idl_build_method_annotation(idl_parser *p, idl_ast_annotation *annotation);
void idl_build_end_method(idl_parser *p, idl_span span);

void idl_build_open_payload(idl_parser *p, idl_span span);
void idl_build_payload_type(idl_parser *p, idl_ast_type *type);
void idl_build_payload_stream(idl_parser *p, idl_ast_type *type, idl_span span);
void idl_build_payload_field(idl_parser *p, idl_span span);
/* A parameter was skipped. */
void idl_build_lost_payload(idl_parser *p);
idl_ast_payload *idl_build_close_payload(idl_parser *p, idl_span span);

#endif
