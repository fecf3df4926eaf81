/*
 * bank.h: constants, enums, lists and maps, structs, and the functions of each.
 *
 * Order: what needs nothing first; structs in the schema's order, except that one stands behind those it holds by value;
 * map entries last, since nothing holds them by value.
 */
#include "emit/emit.h"

#include <string.h>

#include "coax/version.h"

static void emit_const(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    const idl_value *value = &decl->model->value;
    idl_print_doc(p, idl_decl_doc(&e->text, decl->model->doc, decl->model->is_deprecated,
                                  decl->model->deprecated_note));
    idl_set(p, "TYPE", decl->upper);
    idl_begin_macro(p);
    idl_print(p, "#define $TYPE$~");
    bool is_text = value->kind == IDL_VALUE_STRING;
    bool is_signed = value->is_negative || (value->kind == IDL_VALUE_FLOAT && value->f < 0);
    idl_print_text(p, is_signed ? "(" : "");
    if (is_text)
        idl_print_bytes_literal(p, value->text, value->len);
    else
        idl_print_value(p, decl->type, value);
    idl_print_text(p, is_signed ? ")\n" : "\n");
}

static void emit_enumerator(idl_emit *e, const idl_plan_decl *decl, size_t i)
{
    idl_printer *p = e->p;
    const idl_enumerator *one = &decl->model->enumerators[i];
    idl_value number = { .kind = IDL_VALUE_INT, .is_negative = one->is_negative, .u = one->number };
    idl_print_doc(p, idl_decl_doc(&e->text, one->doc, one->is_deprecated, one->deprecated_note));
    idl_set(p, "VALUE", decl->constants[i]);
    if (decl->is_c_enum) {
        idl_print(p, "$VALUE$ = ");
        idl_print_i64(p, &number);
        idl_print_text(p, ",\n");
        return;
    }
    idl_begin_macro(p);
    idl_print(p, "#define $VALUE$~");
    idl_print_text(p, one->is_negative ? "(" : "");
    if (decl->type->kind == IDL_KIND_I64)
        idl_print_i64(p, &number);
    else
        idl_print_u64(p, &number);
    idl_print_text(p, one->is_negative ? ")\n" : "\n");
}

/* What _name answers with, as many as fit on the comment's line. */
static void emit_name_doc(idl_emit *e, const idl_plan_decl *decl)
{
    const char *rest = decl->model->kind == IDL_DECL_FLAGS
                           ? " or NULL for what is not one bit this schema knows."
                           : " or NULL for a number this schema doesn't know.";
    idl_text *text = &e->text;
    text->len = 0;
    for (size_t i = 0; i < decl->model->n_enumerators; i++) {
        const char *name = decl->model->enumerators[i].name;
        if (text->len + strlen(name) + strlen(rest) + 16 > IDL_PRINTER_COLUMNS) {
            idl_text_add(text, "...");
            break;
        }
        idl_text_format(text, "%s\"%s\",", i == 0 ? "" : " ", name);
    }
    idl_text_add(text, rest);
    idl_print_doc(e->p, text->data);
}

static void emit_enum_base(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_set(p, "wire", decl->type->wire_c);
    if (decl->is_c_enum) {
        idl_print(p, "typedef enum $type$ {\n");
        idl_indent(p, 4);
    } else {
        idl_print(p, "typedef $wire$ $type$;\n");
    }
    for (size_t i = 0; i < decl->model->n_enumerators; i++)
        emit_enumerator(e, decl, i);
    if (decl->is_c_enum) {
        idl_indent(p, -4);
        idl_print(p, "} $type$;\n");
    }
}

static void emit_enum(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_set(p, "type", decl->c_name);
    idl_print_doc(p, idl_decl_doc(&e->text, decl->model->doc, decl->model->is_deprecated,
                                  decl->model->deprecated_note));
    emit_enum_base(e, decl);
    idl_blank(p);
    emit_name_doc(e, decl);
    idl_print(p, "const char *$type$_name(\v$type$ value);\n"
                 "bool $type$_parse(const char *name,~$type$ *ret_value);\n"
                 "extern const coax_type $type$_type;\n");
}

static void emit_simple(idl_emit *e)
{
    bool was_const = false;
    for (size_t i = 0; i < e->file->n_decls; i++) {
        const idl_plan_decl *decl = &e->file->decls[i];
        if (decl->model->kind == IDL_DECL_CONST) {
            if (!was_const || decl->model->doc != NULL)
                idl_blank(e->p);
            emit_const(e, decl);
        } else if (decl->model->kind == IDL_DECL_ENUM || decl->model->kind == IDL_DECL_FLAGS) {
            idl_blank(e->p);
            emit_enum(e, decl);
        }
        was_const = decl->model->kind == IDL_DECL_CONST;
    }
}

/* Structs that something points to before they are defined. */
static void emit_forward(idl_emit *e)
{
    idl_printer *p = e->p;
    idl_blank(p);
    for (size_t i = 0; i < e->file->n_decls; i++) {
        if (!e->file->decls[i].needs_forward)
            continue;
        idl_set(p, "type", e->file->decls[i].c_name);
        idl_print(p, "typedef struct $type$ $type$;\n");
    }
}

/* Another header may define the same list or map, if it is made of nothing this schema declares. */
static void begin_guard(idl_emit *e, const idl_plan_type *type, const char *name, const char *what)
{
    if (!type->is_guarded)
        return;
    idl_set(e->p, "guarded", name);
    idl_set(e->p, "what", what);
    idl_print(e->p, "#ifndef $guarded$_$what$\n#define $guarded$_$what$\n");
}

static void end_guard(idl_emit *e, const idl_plan_type *type)
{
    if (type->is_guarded)
        idl_print(e->p, "#endif\n");
}

static bool is_defined_here(const idl_plan_type *type)
{
    return type->shape != IDL_SHAPE_ARRAY && !type->is_runtime && !type->is_imported;
}

static void emit_container(idl_emit *e, const idl_plan_type *type)
{
    idl_printer *p = e->p;
    idl_blank(p);
    begin_guard(e, type, type->c_name, "DEFINED");
    idl_set(p, "list", type->c_name);
    idl_set(p, "item", type->entry != NULL ? type->entry : type->item->c_name);
    if (type->entry != NULL)
        idl_print(p, "typedef struct $item$ $item$;\n");
    idl_print(p, "typedef struct $list$ {\n"
                 "    const $item$ *items;\n"
                 "    size_t count;\n"
                 "} $list$;\n");
    end_guard(e, type);
}

static void emit_containers(idl_emit *e)
{
    for (size_t i = 0; i < e->file->n_containers; i++)
        if (is_defined_here(e->file->containers[i]))
            emit_container(e, e->file->containers[i]);
}

static void emit_entry(idl_emit *e, const idl_plan_type *type)
{
    idl_printer *p = e->p;
    idl_blank(p);
    begin_guard(e, type, type->entry, "DEFINED");
    idl_set(p, "entry", type->entry);
    idl_print(p, "struct $entry$ {\n");
    idl_indent(p, 4);
    if (type->shape == IDL_SHAPE_MAP) {
        idl_print_member(p, type->key, false, "key");
        idl_print_text(p, ";\n");
        idl_print_member(p, type->item, false, "value");
    } else {
        idl_print_member(p, type->item, false, "items");
    }
    idl_print_text(p, ";\n");
    idl_indent(p, -4);
    idl_print_text(p, "};\n");
    end_guard(e, type);
}

static void emit_entries(idl_emit *e)
{
    for (size_t i = 0; i < e->file->n_containers; i++)
        if (is_defined_here(e->file->containers[i]) && e->file->containers[i]->entry != NULL)
            emit_entry(e, e->file->containers[i]);
}

static void emit_field(idl_emit *e, const idl_plan_field *field)
{
    idl_printer *p = e->p;
    idl_print_doc(p, idl_field_doc(&e->text, field));
    if (field->has_name != NULL) {
        idl_set(p, "has", field->has_name);
        idl_print(p, "bool $has$;\n");
    }
    idl_print_member(p, field->type, field->is_pointer, field->c_name);
    idl_print_text(p, ";\n");
}

static void emit_struct(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_print(p, "typedef struct $type$ {\n");
    idl_indent(p, 4);
    for (size_t i = 0; i < decl->model->n_fields; i++)
        emit_field(e, &decl->fields[i]);
    if (decl->model->n_fields == 0)
        idl_print_text(p, "char unused; /* C has no empty struct */\n");
    idl_indent(p, -4);
    idl_print(p, "} $type$;\n");
}

static void emit_union(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_print(p, "typedef struct $type$ {\n"
                 "    $type$_kind kind;\n"
                 "    union {\n");
    idl_indent(p, 8);
    for (size_t i = 0; i < decl->model->n_fields; i++)
        emit_field(e, &decl->fields[i]);
    if (!decl->model->is_strict)
        idl_print_text(p, "coax_any unknown; /* of another kind: passed on as it came */\n");
    idl_indent(p, -8);
    idl_print(p, "    } as;\n"
                 "} $type$;\n");
}

static void emit_union_kind(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_print(p, "typedef enum $type$_kind {\n");
    for (size_t i = 0; i < decl->model->n_fields; i++) {
        idl_set(p, "VALUE", decl->fields[i].constant);
        idl_set_number(p, "id", decl->fields[i].model->id);
        idl_print(p, "    $VALUE$ = $id$,\n");
    }
    idl_print(p, "} $type$_kind;\n");
    idl_blank(p);
}

static void emit_object(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    const idl_decl *model = decl->model;
    idl_blank(p);
    idl_set(p, "type", decl->c_name);
    if (model->kind == IDL_DECL_UNION)
        emit_union_kind(e, decl);
    idl_print_doc(p,
                  idl_decl_doc(&e->text, model->doc, model->is_deprecated, model->deprecated_note));
    if (model->kind == IDL_DECL_UNION)
        emit_union(e, decl);
    else
        emit_struct(e, decl);
    idl_blank(p);
    idl_emit_init_macro(e, decl);
    if (decl->max_encoded != 0) {
        idl_set_number(p, "max", decl->max_encoded);
        idl_print(p, "#define $TYPE$_MAX_ENCODED $max$u\n");
    }
    idl_print(p, "\n"
                 "void $type$_init(\v$type$ *ret);\n"
                 "void $type$_encode(coax_writer *out,~const $type$ *value);\n"
                 "void $type$_decode(coax_reader *in,~$type$ *ret);\n"
                 "bool $type$_check(const $type$ *value,~coax_violations *why);\n"
                 "extern const coax_type $type$_type;\n");
}

static void emit_service(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_set(p, "service", service->c_name);
    idl_set_number(p, "n_methods", service->model->n_methods);
    idl_print_doc(p, idl_decl_doc(&e->text, service->model->doc, service->model->is_deprecated,
                                  service->model->deprecated_note));
    idl_print(p, "extern const coax_service $service$_service;\n");
    if (service->model->n_methods == 0)
        return;
    idl_print(p, "extern const coax_method $service$_methods[$n_methods$];\n");
    for (size_t i = 0; i < service->model->n_methods; i++) {
        idl_set(p, "METHOD", service->methods[i].constant);
        idl_set_number(p, "index", i);
        idl_begin_macro(p);
        idl_print(p, "#define $METHOD$~(&$service$_methods[$index$])\n");
    }
}

static void emit_includes(idl_emit *e)
{
    idl_printer *p = e->p;
    idl_print(p, "#include <coax/gen.h>\n");
    idl_blank(p);
    for (size_t i = 0; i < e->file->n_imports; i++) {
        idl_set(p, "import", e->file->imports[i]->stem);
        idl_print(p, "#include \"$import$.h\"\n");
    }
    idl_blank(p);
    idl_set_number(p, "abi", COAX_GEN_ABI);
    idl_print(p, "#if COAX_GEN_ABI != $abi$\n"
                 "#error \"$stem$.h was made for another version of coax: run idlc again\"\n"
                 "#endif\n"
                 "\n"
                 "COAX_BEGIN_DECLS\n");
}

static void emit_head(idl_emit *e)
{
    idl_printer *p = e->p;
    idl_print(
        p,
        "/*\n"
        " * Made by idlc from $stem$.idl: change the schema, not this file.\n"
        " *\n"
        " * For each struct x: X_INIT and x_init() give it its defaults, x_check() looks whether it keeps\n"
        " * the schema's rules, x_encode() and x_decode() are its bytes, X_MAX_ENCODED is how many they are\n"
        " * at most (where there is a most). Pointers are borrowed: in a decoded value from the reader's\n"
        " * arena.\n"
        " */\n");
    idl_set(p, "guard", e->file->guard);
    idl_print(p, "#ifndef $guard$\n#define $guard$\n\n");
    if (e->file->model->doc != NULL) {
        idl_print_doc(p, e->file->model->doc);
        idl_blank(p);
    }
    emit_includes(e);
}

void idl_emit_header(idl_emit *e)
{
    emit_head(e);
    emit_simple(e);
    idl_emit_packet_names(e);
    emit_forward(e);
    emit_containers(e);
    for (size_t i = 0; i < e->file->n_ordered; i++)
        emit_object(e, e->file->ordered[i]);
    emit_entries(e);
    for (size_t i = 0; i < e->file->n_decls; i++)
        if (e->file->decls[i].model->kind == IDL_DECL_SERVICE)
            emit_service(e, &e->file->decls[i]);
    idl_blank(e->p);
    idl_print(e->p, "COAX_END_DECLS\n\n#endif\n");
}
