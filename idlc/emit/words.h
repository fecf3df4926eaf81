/*
 * Values as C writes them, and constraints as a person would say them.
 *
 * Read next: emit_types.c, which puts both into headers.
 */
#ifndef IDL_EMIT_WORDS_H
#define IDL_EMIT_WORDS_H

#include "emit/printer.h"
#include "plan/plan.h"

/* Text under construction; grows. */
typedef struct idl_text {
    idl_arena *arena;
    char *data; /* NUL-terminated once something was added */
    size_t len;
    size_t size;
} idl_text;

void idl_text_add(idl_text *text, const char *words);
void idl_text_format(idl_text *text, const char *format, ...) IDL_PRINTF(2, 3);

/* A number as C writes it in an int64_t, a uint64_t or a double, whatever a literal's own type. */
void idl_print_i64(idl_printer *p, const idl_value *value);
void idl_print_u64(idl_printer *p, const idl_value *value);
void idl_print_f64(idl_printer *p, double value, const char *suffix);

/* The shortest digits that read back as the same double (or, with `is_float`, the same float), with a point or an exponent. */
void idl_format_f64(char *text, size_t size, double value, bool is_float);

/* Numbers are checked as the widest of their kind. */
typedef enum idl_number_class {
    IDL_CLASS_I64,
    IDL_CLASS_U64,
    IDL_CLASS_F64,
    IDL_CLASS_STR
} idl_number_class;

extern const char *const idl_class_words[]; /* "i64" */
extern const char *const idl_class_types[]; /* "int64_t" */
idl_number_class idl_class_of(const idl_plan_type *type);

/* A value as one of its class; text with its length in braces. */
void idl_print_as(idl_printer *p, idl_number_class number_class, const idl_value *value);

/* A value of a scalar or enum type, as an initialiser or an operand. */
void idl_print_value(idl_printer *p, const idl_plan_type *type, const idl_value *value);

/* The constraints of a field in words, a sentence each: "1 to 32 bytes. ASCII." */
void idl_text_constraints(idl_text *text, const idl_type *type);

/* A value in words: "nearest", "5", "\"abc\"". */
void idl_text_value(idl_text *text, const idl_value *value);

/* The constraints as written: "@items(..8) @unique each @len(1..32)". */
void idl_text_rules(idl_text *text, const idl_type *type);

/* A field's documentation, and after it what a C programmer must know: how absence shows, default, constraints. */
const char *idl_field_doc(idl_text *text, const idl_plan_field *field);

/* `doc` and, if it is deprecated, a line that says so. */
const char *idl_decl_doc(idl_text *text, const char *doc, bool is_deprecated, const char *note);

#endif
