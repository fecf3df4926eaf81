/*
 * What the files of plan/ share while a plan is being made.
 */
#ifndef IDL_PLAN_INTERNAL_H
#define IDL_PLAN_INTERNAL_H

#include "plan/plan.h"

/* Structs with defaults that one fixed array may hold. */
#define IDL_PLAN_DEFAULTS_MAX 256u

/* Text or pointer to something; open addressing, never shrinks. */
typedef struct idl_plan_map_slot {
    uint64_t hash; /* 0: free */
    const void *key;
    void *value;
} idl_plan_map_slot;

struct idl_plan_map {
    idl_arena *arena;
    idl_plan_map_slot *slots;
    size_t n_slots; /* a power of two, or 0 */
    size_t n_used;
    size_t expected; /* a guess; what it is short of costs moving */
    bool is_text;    /* keys are strings, else addresses */
};

void *idl_plan_map_get(const idl_plan_map *map, const void *key);
/* Adds a key that is not there yet. */
void idl_plan_map_add(idl_plan_map *map, const void *key, void *value);

typedef struct idl_planner {
    idl_arena *arena;
    idl_diag *diag;
    const idl_model *model;
    idl_plan *plan;
    idl_plan_map decls;       /* idl_decl -> idl_plan_decl */
    idl_plan_map files;       /* idl_file -> idl_plan_file */
    idl_plan_map *containers; /* per file: structural key -> idl_plan_type */
    idl_plan_map type_names;  /* C names of declared types */
    size_t n_errors;
} idl_planner;

/* plan_types.c */
const idl_plan_type *idl_plan_type_of(idl_planner *planner, idl_plan_file *file,
                                      const idl_type *type);
void idl_plan_own_type(idl_planner *planner, idl_plan_decl *decl);

/* plan_decls.c */
void idl_plan_names(idl_planner *planner, idl_plan_file *file);
void idl_plan_members(idl_planner *planner, idl_plan_file *file);

/* plan_methods.c */
void idl_plan_methods(idl_planner *planner, idl_plan_file *file);

/* plan_order.c */
void idl_plan_order(idl_planner *planner, idl_plan_file *file);
void idl_plan_sizes(idl_planner *planner);

/* plan_symbols.c */
void idl_plan_symbols(idl_planner *planner);

#endif
