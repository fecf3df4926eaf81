/*
 * Which outputs a schema has, and what they share.
 */
#include "emit/emit.h"

#include <string.h>

const idl_artefact idl_artefacts[IDL_ARTEFACTS] = {
    { ".h", IDL_SIDE_BOTH, idl_emit_header },
    { ".c", IDL_SIDE_BOTH, idl_emit_source },
    { "_client.h", IDL_SIDE_CLIENT, idl_emit_client_header },
    { "_client.c", IDL_SIDE_CLIENT, idl_emit_client_source },
    { "_server.h", IDL_SIDE_SERVER, idl_emit_server_header },
    { "_server.c", IDL_SIDE_SERVER, idl_emit_server_source },
};

void idl_emit_run(const idl_artefact *artefact, const idl_plan_file *file, idl_printer *p,
                  idl_arena *arena)
{
    idl_emit e = { .p = p, .file = file, .text = { .arena = arena } };
    idl_set(p, "stem", file->stem);
    idl_set(p, "ns", file->prefix);
    idl_set(p, "NS", file->upper);
    artefact->run(&e);
}

void idl_emit_banner(idl_emit *e, const char *purpose)
{
    idl_print(e->p, "/*\n * ");
    idl_print(e->p, purpose);
    idl_print(e->p, "\n"
                    " *\n"
                    " * Made by idlc from $stem$.idl: change the schema, not this file.\n"
                    " */\n");
}

void idl_print_member(idl_printer *p, const idl_plan_type *type, bool is_pointer, const char *name)
{
    idl_set(p, "member_type", type->c_name);
    idl_set(p, "member_name", name);
    idl_print(p, is_pointer ? "const $member_type$ *$member_name$" : "$member_type$ $member_name$");
    const idl_plan_type *item = type;
    for (; item->shape == IDL_SHAPE_ARRAY; item = item->item) {
        idl_set_number(p, "member_count", item->count);
        idl_print(p, "[$member_count$]");
    }
}
