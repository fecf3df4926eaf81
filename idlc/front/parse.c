/* The parser's life: set up, run, hand over the tree. Read next: grammar.y. */
#include "front/parse.h"

#include "front/parser.h"
#include "grammar.h"

#include <stdint.h>

/* Documentation that nothing took: only worth a word when the parser saw all that could have. */
static void report_dangling_docs(idl_parser *p)
{
    for (size_t i = 0; i < p->n_docs; i++) {
        if (p->docs[i].is_taken)
            continue;
        idl_report *r = idl_diag_report(p->diag, IDL_DIAG_DANGLING_DOC, p->docs[i].doc->span,
                                        "this comment documents nothing");
        idl_report_help(p->diag, r, "put it above what it describes, or write '//'");
    }
}

static idl_ast_file *new_file(idl_sources *sources, idl_source *source)
{
    idl_ast_file *file = idl_arena_alloc(&sources->arena, sizeof *file);
    file->source = source;
    file->ns.span = idl_source_start(source);
    return file;
}

idl_ast_file *idl_parse(idl_sources *sources, idl_source *source, idl_diag *diag)
{
    idl_parser p = {
        .sources = sources,
        .source = source,
        .diag = diag,
        .arena = &sources->arena,
        .file = new_file(sources, source),
        .last_resync = SIZE_MAX,
        .last_error_at = UINT32_MAX,
    };
    p.imports_end = &p.file->imports;
    p.previous = &p.made[0]; /* nothing yet: TOK_END, at the start */
    if (!idl_scan_init(&p.scan, sources, source, diag)) {
        idl_diag_report(diag, IDL_DIAG_CANNOT_READ_FILE, IDL_SPAN_NONE, "out of memory for '%s'",
                        source->path);
        p.file->has_syntax_errors = true;
        return p.file;
    }
    if (idl_yyparse(&p) != 0)
        p.scan.has_errors = true;
    p.file->has_syntax_errors = p.scan.has_errors;
    p.file->comments = p.scan.comments;
    p.file->n_comments = p.scan.n_comments;
    if (!p.scan.has_errors)
        report_dangling_docs(&p);
    idl_scan_deinit(&p.scan);
    return p.file;
}

const char *idl_ast_decl_kind_name(idl_ast_decl_kind kind)
{
    switch (kind) {
    case IDL_AST_CONST: return "const";
    case IDL_AST_ALIAS: return "type";
    case IDL_AST_ENUM: return "enum";
    case IDL_AST_FLAGS: return "flags";
    case IDL_AST_STRUCT: return "struct";
    case IDL_AST_UNION: return "union";
    case IDL_AST_ERROR: return "error";
    case IDL_AST_SERVICE: return "service";
    }
    return "";
}
