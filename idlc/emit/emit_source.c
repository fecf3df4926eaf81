/*
 * bank.c: the parts in an order in which each finds what it names.
 */
#include "emit/emit.h"

#include <string.h>

static void emit_object(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_set(p, "type", decl->c_name);
    idl_set(p, "TYPE", decl->upper);
    size_t len = 2 * strlen(decl->c_name) + strlen("static const  _initial =");
    idl_print(p, len <= IDL_PRINTER_COLUMNS ? "static const $type$ $type$_initial =^$TYPE$_INIT;\n"
                                            : "static const $type$\n"
                                              "    $type$_initial =^$TYPE$_INIT;\n");
    idl_print(p, "\n"
                 "void $type$_init(\v$type$ *ret)\n"
                 "{\n"
                 "    *ret = $type$_initial;\n"
                 "}\n");
    idl_emit_encode(e, decl);
    idl_emit_decode(e, decl);
    idl_emit_check_tables(e, decl);
    idl_emit_rules(e, decl);
    idl_emit_check(e, decl);
    idl_emit_type_table(e, decl);
}

void idl_emit_source(idl_emit *e)
{
    idl_emit_banner(e, "Encoding, decoding, checks and tables of $stem$.h.");
    idl_print(e->p, "#include \"$stem$.h\"\n");
    for (size_t i = 0; i < e->file->n_decls; i++) {
        const idl_plan_decl *decl = &e->file->decls[i];
        if (decl->model->kind == IDL_DECL_ENUM || decl->model->kind == IDL_DECL_FLAGS)
            idl_emit_enum_functions(e, decl);
    }
    idl_emit_container_tables(e);
    idl_emit_patterns(e);
    idl_emit_codec_helpers(e);
    idl_emit_decode_helpers(e);
    for (size_t i = 0; i < e->file->n_decls; i++)
        if (e->file->decls[i].fields != NULL)
            emit_object(e, &e->file->decls[i]);
    for (size_t i = 0; i < e->file->n_decls; i++)
        if (e->file->decls[i].model->kind == IDL_DECL_SERVICE)
            idl_emit_service_tables(e, &e->file->decls[i]);
    idl_emit_packet_functions(e);
}
