/* Annotations: which exist, where each may stand, and what it takes. The table is annotations.def.
 *
 * Must not know: what an annotation means; whoever walks a list gives it meaning. Read next: constraints.c, structs.c,
 * methods.c.
 */
#ifndef IDL_SEMA_ANNOTATIONS_H
#define IDL_SEMA_ANNOTATIONS_H

#include "sema/context.h"

/* Up to IDL_ANNO_UNIQUE they are constraints, in the order of idl_constraint_kind. */
typedef enum idl_anno {
#define IDL_ANNO(NAME, name, targets, form, usage) IDL_ANNO_##NAME,
#include "sema/annotations.def"
#undef IDL_ANNO
    IDL_ANNO_COUNT
} idl_anno;

/* Where an annotation stands. */
typedef enum idl_target {
    IDL_TARGET_ALIAS = 1 << 0,
    IDL_TARGET_CONST = 1 << 1,
    IDL_TARGET_ENUM = 1 << 2,
    IDL_TARGET_FLAGS = 1 << 3,
    IDL_TARGET_STRUCT = 1 << 4,
    IDL_TARGET_UNION = 1 << 5,
    IDL_TARGET_ERROR = 1 << 6,
    IDL_TARGET_SERVICE = 1 << 7,
    IDL_TARGET_FIELD = 1 << 8,
    IDL_TARGET_VARIANT = 1 << 9,
    IDL_TARGET_ENUMERATOR = 1 << 10,
    IDL_TARGET_RPC = 1 << 11,
    IDL_TARGET_ONEWAY = 1 << 12,
    IDL_TARGET_EVENT = 1 << 13,
    IDL_TARGET_ITEM = 1 << 14,    /* a type between < and > */
    IDL_TARGET_PAYLOAD = 1 << 15, /* an inline struct */
    IDL_TARGET_NAMESPACE = 1 << 16,
} idl_target;

/* A walk over a list that hands out the annotations that may stand there with arguments of the right shape, and
 * reports the others. */
typedef struct idl_anno_walk {
    idl_sema *sema;
    const idl_ast_annotations *list;
    const idl_ast_annotation *next;
    idl_target target;
    uint64_t seen;
} idl_anno_walk;

/* Once a run. */
void idl_annotations_init(idl_sema *sema);

idl_anno_walk idl_annotations(idl_sema *sema, const idl_ast_annotations *list, idl_target target);

/* NULL at the end. */
const idl_ast_annotation *idl_annotation_next(idl_anno_walk *walk, idl_anno *ret_anno);

/* For a second look at a list that has been walked already: whether the annotation was handed out, saying nothing. A
 * repeated one that may not repeat is no trouble, because its first wins or its last, and there is an error anyway. */
bool idl_annotation_recall(const idl_sema *sema, const idl_ast_annotation *annotation,
                           idl_target target, idl_anno *ret_anno);

static inline bool idl_anno_is_constraint(idl_anno anno)
{
    return anno <= IDL_ANNO_UNIQUE;
}

/* The constraints found on a walk: each kind at most once, because the walk refuses a second. */
typedef struct idl_constraint_list {
    const idl_ast_annotation *items[IDL_ANNO_UNIQUE + 1];
    idl_anno annos[IDL_ANNO_UNIQUE + 1];
    size_t n;
} idl_constraint_list;

static inline void idl_constraint_list_add(idl_constraint_list *list, const idl_ast_annotation *a,
                                           idl_anno anno)
{
    list->items[list->n] = a;
    list->annos[list->n++] = anno;
}

/* constraints.c: `type`, or a copy of it with these constraints behind its own. What does not apply to it or contradicts
 * is reported. */
const idl_type *idl_type_constrain(idl_sema *sema, idl_unit *unit, const idl_type *type,
                                   const idl_constraint_list *list);

/* "@range(1..10)" */
const char *idl_anno_usage(idl_anno anno);

/* Reports arguments that have the right shape and still make no sense. */
idl_report *idl_anno_refuse(idl_sema *sema, const idl_ast_annotation *annotation, idl_anno anno,
                            const char *message);

/* The first argument's text, word or value. */
static inline const idl_ast_value *idl_anno_value(const idl_ast_annotation *annotation)
{
    return annotation->args->value;
}

/* What many kinds of things can carry. */
typedef struct idl_marks {
    const char *c_name;
    const char *deprecated_note;
    bool is_deprecated;
} idl_marks;

/* Takes @c_name and @deprecated; false for any other. */
bool idl_marks_take(idl_sema *sema, const idl_ast_annotation *annotation, idl_anno anno,
                    idl_marks *marks);

#endif
