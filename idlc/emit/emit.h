/*
 * The emitters: each turns a planned file into one part of its output, and does nothing else.
 *
 * An emitter is pure: plan and printer in, text out. It decides no name, no order and no id, so any of them can
 * run alone or twice. Outputs are listed in emit.c; to add one, write emit_<what>.c and a row there.
 *
 * Read next: emit_types.c.
 */
#ifndef IDL_EMIT_EMIT_H
#define IDL_EMIT_EMIT_H

#include "emit/printer.h"
#include "emit/words.h"
#include "plan/plan.h"

typedef struct idl_emit {
    idl_printer *p;
    const idl_plan_file *file;
    idl_text text; /* scratch for words */
} idl_emit;

typedef enum idl_side { IDL_SIDE_BOTH, IDL_SIDE_CLIENT, IDL_SIDE_SERVER } idl_side;

/* One output file of a schema: "bank" + "_client.h". */
typedef struct idl_artefact {
    const char *suffix;
    idl_side side;
    void (*run)(idl_emit *e);
} idl_artefact;

#define IDL_ARTEFACTS 6u
extern const idl_artefact idl_artefacts[IDL_ARTEFACTS];

/* Runs one artefact into `p`; `arena` holds scratch text. */
void idl_emit_run(const idl_artefact *artefact, const idl_plan_file *file, idl_printer *p,
                  idl_arena *arena);

/* "Made by idlc from bank.idl ..." */
void idl_emit_banner(idl_emit *e, const char *purpose);

/* A member, a parameter or a local of a type: "double x", "const bank_transfer *x", "uint8_t x[16]". */
void idl_print_member(idl_printer *p, const idl_plan_type *type, bool is_pointer, const char *name);

/* Where a value is absent or zero: the initialiser of a type. */
void idl_print_zero(idl_printer *p, const idl_plan_type *type);

/* emit_types.c: the header; emit_init.c: initialisers of structs and unions. */
void idl_emit_header(idl_emit *e);
void idl_emit_init_macro(idl_emit *e, const idl_plan_decl *decl);

/* emit_source.c: what bank.c holds, in its order. */
void idl_emit_source(idl_emit *e);
/* emit_enums.c */
void idl_emit_enum_functions(idl_emit *e, const idl_plan_decl *decl);
/* emit_codec.c and emit_decode.c */
void idl_emit_codec_helpers(idl_emit *e);
void idl_emit_encode(idl_emit *e, const idl_plan_decl *decl);
void idl_emit_decode_helpers(idl_emit *e);
void idl_emit_decode(idl_emit *e, const idl_plan_decl *decl);
/* emit_check.c and emit_rules.c */
void idl_emit_check_tables(idl_emit *e, const idl_plan_decl *decl);
void idl_emit_check(idl_emit *e, const idl_plan_decl *decl);
void idl_emit_patterns(idl_emit *e);
void idl_emit_rules(idl_emit *e, const idl_plan_decl *decl);
void idl_emit_rule_calls(idl_emit *e, const idl_plan_decl *decl);
/* emit_tables.c */
void idl_emit_container_tables(idl_emit *e);
void idl_emit_type_table(idl_emit *e, const idl_plan_decl *decl);
void idl_emit_service_tables(idl_emit *e, const idl_plan_decl *service);
/* emit_packets.c */
void idl_emit_packet_names(idl_emit *e);
void idl_emit_packet_functions(idl_emit *e);

/* emit_client.c and emit_server.c; what they consist of is in stubs.h. */
void idl_emit_client_header(idl_emit *e);
void idl_emit_client_source(idl_emit *e);
void idl_emit_server_header(idl_emit *e);
void idl_emit_server_source(idl_emit *e);

/* emit_json.c: a descriptor of all files of the plan. */
void idl_emit_json(const idl_plan *plan, idl_printer *p, idl_arena *arena);

#endif
