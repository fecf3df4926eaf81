/*
 * From schema names to C names.
 *
 * The rules, which docs/idl.md repeats:
 *   types, functions   namespace, '_', the name in snake case: acme.bank, DivideByZero ->
 * acme_bank_divide_by_zero constants          the same in upper case: ACME_BANK_SIDE_BUY members
 * the name as written; a word that C, C++ or a common header has taken gets a trailing underscore:
 * int -> int_, errno -> errno_, linux -> linux_
 *   @c_name("x")       stands in for the name, before these rules
 *
 * Knows nothing of the model. Read next: plan.h.
 */
#ifndef IDL_PLAN_CNAME_H
#define IDL_PLAN_CNAME_H

#include "front/arena.h"

#include <stdbool.h>

/* "DivideByZero" -> "divide_by_zero", "HTTPServer" -> "http_server", "acme.bank" -> "acme_bank". */
const char *idl_cname_snake(idl_arena *arena, const char *name);

/* "acme_bank" -> "ACME_BANK"; ASCII letters only, whatever the locale. */
const char *idl_cname_upper(idl_arena *arena, const char *name);

/* `first` '_' `second`. */
const char *idl_cname_join(idl_arena *arena, const char *first, const char *second);

/* A word that can't stand alone as a C or C++ identifier once <errno.h>, <stdio.h> and their like
 * are included. */
bool idl_cname_is_taken(const char *name);

/* `name`, or `name` with an underscore where it is taken. */
const char *idl_cname_member(idl_arena *arena, const char *name);

/* "string" for a schema string.idl, whose string.h would hide the C library's. */
bool idl_cname_hides_header(const char *stem);

#endif
