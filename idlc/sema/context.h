/* What the passes share: the files, the names in them, and who is being resolved.
 *
 * Invariants:
 * - A unit is a file under analysis; a symbol is a declaration under analysis and holds its idl_decl, so that a
 *   `const idl_decl *` in the model leads back to its symbol (idl_symbol_of).
 * - A NULL type, or a symbol with `is_poisoned`, means: reported already. Passes step over it without a word.
 * - Only load.c and declare.c add units and symbols (methods.c adds those of inline structs).
 *
 * Must not know: C names. Read next: sema.c for the order of the passes.
 */
#ifndef IDL_SEMA_CONTEXT_H
#define IDL_SEMA_CONTEXT_H

#include "sema/sema.h"
#include "sema/table.h"

#define IDL_SEMA_MAX_FILES 1000u
#define IDL_SEMA_MAX_CHAIN                                                                         \
    64u /* constants and aliases that lead to each other; also nesting of types */

typedef struct idl_unit idl_unit;
typedef struct idl_symbol idl_symbol;
typedef struct idl_sema idl_sema;

/* Everything of one namespace, whatever file it stands in. */
typedef struct idl_scope {
    const char *name;      /* "acme.bank" */
    const char *last_part; /* "bank" */
    idl_table symbols;     /* name -> idl_symbol */
    idl_span first_span;   /* where the namespace was seen first */
} idl_scope;

/* An import that was found. */
typedef struct idl_edge {
    idl_unit *unit;
    const idl_ast_import *ast;
    bool is_used;
} idl_edge;

struct idl_unit {
    const idl_ast_file *ast;
    idl_file *file;
    idl_scope *scope;
    idl_edge *edges;
    size_t n_edges;
    idl_table edge_of; /* imported idl_unit -> idl_edge */
    idl_symbol **symbols;
    size_t n_symbols, symbols_capacity;
    const idl_ast_import *next_import; /* load.c: still to be followed */
    const idl_ast_import *followed;    /* load.c: the one being followed */
    bool is_entered;                   /* load.c: its imports are or have been followed */
    bool is_loading;                   /* load.c: on the current path of imports */
    bool is_root;
    bool has_failed_import; /* names may be missing through no fault of the one who uses them */
    bool has_nameless_decl; /* the same: a declaration was lost to a syntax error */
};

typedef enum idl_progress { IDL_PROGRESS_NEW, IDL_PROGRESS_BUSY, IDL_PROGRESS_DONE } idl_progress;

struct idl_symbol {
    idl_decl decl;
    const idl_ast_decl *ast; /* NULL for an inline struct */
    idl_unit *unit;
    uint32_t index;        /* in idl_sema.symbols */
    idl_progress progress; /* of what resolve-on-demand covers: constants, aliases, enums */
    bool is_poisoned;
    bool is_duplicate;   /* not in its scope's table; checked, but has no ids */
    uint32_t type_depth; /* ALIAS: nesting of its type, aliases written out */
    idl_type *plain;     /* its use without constraints, shared by all uses; NULL: none yet */
    idl_table values;    /* ENUM, FLAGS: name -> idl_enumerator */
    const idl_ast_annotations *rules; /* where the @rule of a struct stand; NULL: none */
    size_t n_inline;     /* SERVICE: inline structs made for it, and the first of them */
    size_t first_inline; /* in idl_sema.symbols */
    uint32_t
        group; /* of declarations that contain each other, from 1, contained groups first; 0: none */
    uint32_t place_in_group; /* shape.c */
    bool is_self_recursive;
    uint64_t shape; /* shape.c: of a struct, union or error */
};

struct idl_sema {
    idl_sources *sources;
    idl_diag *diag;
    idl_arena *arena;
    const idl_sema_options *options;

    idl_unit **units; /* imported ones first */
    size_t n_units, units_capacity;
    idl_unit **roots;
    size_t n_roots;
    idl_table unit_of_source; /* source -> idl_unit */

    idl_scope **scopes;
    size_t n_scopes, scopes_capacity;
    idl_table scope_of_name;   /* interned namespace -> idl_scope */
    idl_table scope_of_prefix; /* interned C prefix -> idl_scope */

    idl_symbol **symbols; /* all, in the order of units and declarations */
    size_t n_symbols, symbols_capacity;

    const idl_symbol
        *chain[IDL_SEMA_MAX_CHAIN]; /* what is being resolved on demand, outermost first */
    size_t n_chain;

    idl_table scratch;          /* for whoever runs */
    idl_table members, numbers; /* of the struct being built */
    idl_table patterns;         /* interned text -> idl_dfa */
    uint64_t pattern_steps_left;
    size_t n_groups;
    const idl_type
        *kinds[IDL_KIND_ANY + 1]; /* built-in types without constraints, shared by all uses */
    idl_table builtins;           /* interned name -> one of these */
    idl_table annotations;        /* interned name -> row of annotations.def, counted from 1 */
};

static inline const idl_symbol *idl_symbol_of(const idl_decl *decl)
{
    return (const idl_symbol *)(const void *)decl; /* its first member */
}

/* ---- passes, each over everything, in this order (sema.c) ---- */

bool idl_pass_load(idl_sema *sema, const idl_ast_file *const *roots, size_t n_roots);
bool idl_pass_declare(idl_sema *sema);
bool idl_pass_definitions(idl_sema *sema); /* constants, aliases, enums */
bool idl_pass_structs(idl_sema *sema);     /* fields of structs, errors and unions */
bool idl_pass_services(idl_sema *sema);
bool idl_pass_recursion(idl_sema *sema);
bool idl_pass_rules(idl_sema *sema); /* rules/ */
bool idl_pass_ids(idl_sema *sema);
bool idl_pass_imports(idl_sema *sema);   /* unused ones */
bool idl_pass_unbounded(idl_sema *sema); /* rules/ */
bool idl_pass_shapes(idl_sema *sema);    /* only without errors */
bool idl_pass_sensitive(idl_sema *sema); /* the same */

/* ---- declare.c ---- */

/* Makes a symbol, not yet in any table. `full_name` is made here. */
idl_symbol *idl_symbol_add(idl_sema *sema, idl_unit *unit, idl_decl_kind kind, const char *name);

/* Builds "a.b" and interns it. */
const char *idl_join_names(idl_sema *sema, const char *left, const char *right);

/* ---- lookup.c ---- */

/* What a name of one or more parts means in a file. NULL after reporting, or after deciding to stay quiet. */
const idl_symbol *idl_lookup(idl_sema *sema, idl_unit *unit, const idl_ast_path *path,
                             const char *wanted);

/* As above, but reports nothing and gives NULL for what is not there or not one thing. */
const idl_symbol *idl_lookup_quietly(idl_sema *sema, idl_unit *unit, const char *text, size_t len);

/* ---- types.c ---- */

typedef enum idl_position {
    IDL_POSITION_FIELD,
    IDL_POSITION_VARIANT,
    IDL_POSITION_ITEM,
    IDL_POSITION_KEY,
    IDL_POSITION_ALIAS,
    IDL_POSITION_CONST,
    IDL_POSITION_BASE,
    IDL_POSITION_PAYLOAD,
    IDL_POSITION_STREAM,
} idl_position;

/* A type as written, aliases written out. NULL: reported. `ret_is_optional` may be NULL where '?' is refused;
 * `ret_depth` may be NULL. */
const idl_type *idl_type_build(idl_sema *sema, idl_unit *unit, const idl_ast_type *ast,
                               idl_position position, bool *ret_is_optional, uint32_t *ret_depth);

/* The kind of a built-in type's name; 0 for other names. */
idl_kind idl_kind_of_name(const idl_sema *sema, const char *name);
void idl_types_init(idl_sema *sema);

/* "u32", "list<string>", "bank.Transfer". */
const char *idl_type_text(idl_sema *sema, const idl_type *type);

static inline bool idl_kind_is_integer(idl_kind kind)
{
    return kind >= IDL_KIND_I8 && kind <= IDL_KIND_U64;
}

static inline bool idl_kind_is_float(idl_kind kind)
{
    return kind == IDL_KIND_F32 || kind == IDL_KIND_F64;
}

static inline bool idl_type_is_enum(const idl_type *type)
{
    return type->kind == IDL_KIND_NAMED &&
           (type->decl->kind == IDL_DECL_ENUM || type->decl->kind == IDL_DECL_FLAGS);
}

/* ---- definitions.c: made ready on demand; false when that failed (reported) ---- */

bool idl_need_const(idl_sema *sema, const idl_symbol *symbol);
bool idl_need_alias(idl_sema *sema, const idl_symbol *symbol);
bool idl_need_enum(idl_sema *sema, const idl_symbol *symbol);

/* ---- values.c ---- */

/* A literal or name as a value of a type. `what` begins messages: "the default". False: reported. */
bool idl_value_build(idl_sema *sema, idl_unit *unit, const idl_ast_value *ast, const idl_type *type,
                     const char *what, idl_value *ret_value);

/* A non-negative number up to `max`, from a literal or an integer constant. False: reported under `id`. */
bool idl_count_build(idl_sema *sema, idl_unit *unit, const idl_ast_value *ast, uint64_t min,
                     uint64_t max, const char *what, idl_diag_id id, uint64_t *ret_count);

/* -1, 0, 1; both INT or both FLOAT. */
int idl_value_compare(const idl_value *a, const idl_value *b);
bool idl_value_equal(const idl_value *a, const idl_value *b);

/* As a person would write it. */
const char *idl_value_text(idl_sema *sema, const idl_value *value);

/* Sign and magnitude fit the integer kind. DURATION counts as I64. */
bool idl_integer_fits(idl_kind kind, bool is_negative, uint64_t magnitude);
/* "0 to 255" */
const char *idl_integer_limits(idl_kind kind);

/* ---- reserved.c ---- */

typedef struct idl_reserved_range {
    bool low_is_negative, high_is_negative, is_open;
    uint64_t low, high; /* magnitudes */
    idl_span span;
} idl_reserved_range;

/* What a declaration has put aside. */
typedef struct idl_reserved {
    idl_reserved_range *ranges; /* sorted by `low` and apart */
    size_t n_ranges;
    idl_table names; /* interned name -> idl_ast_reserved */
} idl_reserved;

void idl_reserved_build(idl_sema *sema, const idl_ast_reserveds *list, idl_reserved *ret_reserved);

/* Reports a member that uses a reserved number or name; NULL or false if it does not. */
idl_report *idl_reserved_refuse_number(idl_sema *sema, const idl_reserved *reserved,
                                       bool is_negative, uint64_t number, idl_span span,
                                       const char *member);
bool idl_reserved_refuses_name(idl_sema *sema, const idl_reserved *reserved,
                               const idl_ast_name *name);

/* ---- structs.c ---- */

/* Fills decl.fields, by_id from `fields`; also for inline structs. */
void idl_fields_build(idl_sema *sema, idl_symbol *symbol, const idl_ast_fields *fields,
                      const idl_ast_reserveds *reserved);

/* ---- constraints.c ---- */

/* `type` with the constraints of a list in which only constraints may stand (inside < and >). */
const idl_type *idl_type_constrain_all(idl_sema *sema, idl_unit *unit, const idl_type *type,
                                       const idl_ast_annotations *annotations);

/* ---- payloads.c ---- */

/* What the two sides of a method send. False: something was reported; what is known is filled in all the same. */
bool idl_payloads_build(idl_sema *sema, idl_symbol *service, const idl_ast_method *ast,
                        idl_method *method);

/* ---- ids.c ---- */

/* What @id, @was and a full name come to. */
typedef struct idl_identity {
    uint32_t id;
    bool is_pinned;
    const char *id_name;
} idl_identity;

typedef struct idl_pins {
    const idl_ast_annotation *id;
    const idl_ast_annotation *was;
} idl_pins;

idl_identity idl_identity_of(idl_sema *sema, idl_unit *unit, const idl_pins *pins,
                             const char *full_name);

/* FNV-1a (draft-eastlake-fnv), 32 bits, 1 in place of 0. */
uint32_t idl_id_of_name(const char *name);
/* FNV-1a, 64 bits; goes on from `hash`. */
#define IDL_FNV64_START UINT64_C(14695981039346656037)
uint64_t idl_fnv64(uint64_t hash, const char *text, size_t len);

/* ---- accept.c ---- */

/* Reports a value (a default, a constant) that breaks a constraint of its type. */
void idl_value_must_be_accepted(idl_sema *sema, const idl_type *type, const idl_value *value,
                                idl_span span, const char *what);

#endif
