/*
 * What travels in a frame's header: an id per method, with its name both ways.
 *
 * The type is uint32_t and not an enum, because half of all hashes do not fit the int that C11's enumerators are.
 */
#include "emit/emit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef void (*method_fn)(idl_emit *e, const idl_plan_method *method);

static void for_each_method(idl_emit *e, method_fn fn)
{
    for (size_t i = 0; i < e->file->n_decls; i++) {
        const idl_plan_decl *decl = &e->file->decls[i];
        for (size_t k = 0; k < decl->model->n_methods; k++) {
            idl_set(e->p, "PACKET", decl->methods[k].packet);
            idl_set(e->p, "full_name", decl->methods[k].model->full_name);
            fn(e, &decl->methods[k]);
        }
    }
}

static void emit_id(idl_emit *e, const idl_plan_method *method)
{
    char id[24];
    (void)snprintf(id, sizeof id, "UINT32_C(0x%08" PRIx32 ")", method->model->id);
    idl_set(e->p, "id", id);
    idl_begin_macro(e->p);
    idl_print(e->p, "#define $PACKET$~$id$\n");
}

void idl_emit_packet_names(idl_emit *e)
{
    if (e->file->n_methods == 0)
        return;
    idl_printer *p = e->p;
    idl_blank(p);
    idl_print_doc(p, "What stands in a frame's header: the id of a method.");
    idl_print(p, "typedef uint32_t $ns$_packet;\n");
    for_each_method(e, emit_id);
    idl_blank(p);
    idl_print_doc(p, "The method's full name, or NULL for an id that is not of this schema.");
    idl_print(p, "const char *$ns$_packet_name(uint32_t id);\n"
                 "bool $ns$_packet_parse(const char *name, uint32_t *ret_id);\n");
}

static void emit_name_case(idl_emit *e, const idl_plan_method *method)
{
    size_t len = strlen(method->packet) + strlen(method->model->full_name);
    idl_print(e->p, len + strlen("    case : return \"\";") <= IDL_PRINTER_COLUMNS
                        ? "    case $PACKET$: return \"$full_name$\";\n"
                        : "    case $PACKET$:\n        return \"$full_name$\";\n");
}

static void emit_parse_loop(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    if (service->model->n_methods == 0)
        return;
    idl_set(p, "service", service->c_name);
    idl_set_number(p, "n", service->model->n_methods);
    idl_print(p, "    for (size_t i = 0; i < $n$; i++) {\n"
                 "        if (strcmp($service$_methods[i].name,~name) != 0)\n"
                 "            continue;\n"
                 "        *ret_id =^$service$_methods[i].id;\n"
                 "        return true;\n"
                 "    }\n");
}

void idl_emit_packet_functions(idl_emit *e)
{
    idl_printer *p = e->p;
    if (e->file->n_methods == 0)
        return;
    idl_blank(p);
    idl_print(p, "const char *$ns$_packet_name(uint32_t id)\n"
                 "{\n"
                 "    switch (id) {\n");
    for_each_method(e, emit_name_case);
    idl_print(p, "    default: return NULL;\n"
                 "    }\n"
                 "}\n"
                 "\n"
                 "bool $ns$_packet_parse(const char *name,~uint32_t *ret_id)\n"
                 "{\n");
    for (size_t i = 0; i < e->file->n_decls; i++)
        if (e->file->decls[i].model->kind == IDL_DECL_SERVICE)
            emit_parse_loop(e, &e->file->decls[i]);
    idl_print(p, "    return false;\n"
                 "}\n");
}
