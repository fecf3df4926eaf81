/*
 * Walking over methods. Read next: emit_client.c.
 */
#include "emit/stubs.h"

#include <coax/descriptor.h>

void idl_set_method(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_set(p, "method", method->c_name);
    idl_set(p, "METHOD", method->constant);
    idl_set(p, "handler", method->member);
    idl_set(p, "full_name", method->model->full_name);
    idl_set(p, "request", method->request->c_name);
    if (method->response != NULL)
        idl_set(p, "response", method->response->c_name);
    if (idl_takes_items(method))
        idl_set(p, "put_item", method->request_item->c_name);
    if (idl_gives_items(method))
        idl_set(p, "got_item", method->response_item->c_name);
}

void idl_for_each_method(idl_emit *e, idl_method_fn fn)
{
    for (size_t i = 0; i < e->file->n_decls; i++) {
        const idl_plan_decl *decl = &e->file->decls[i];
        for (size_t k = 0; k < decl->model->n_methods; k++) {
            idl_set_method(e, &decl->methods[k]);
            fn(e, &decl->methods[k]);
        }
    }
}

const char *idl_method_doc(idl_emit *e, const idl_plan_method *method)
{
    const idl_method *model = method->model;
    bool is_deprecated = (model->flags & COAX_METHOD_DEPRECATED) != 0;
    return idl_decl_doc(&e->text, model->doc, is_deprecated, model->deprecated_note);
}

void idl_print_method_doc(idl_emit *e, const idl_plan_method *method)
{
    idl_print_doc(e->p, idl_method_doc(e, method));
}
