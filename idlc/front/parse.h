/* From a source to its tree: the one entry of the front end.
 *
 * Must not know: other files (imports are named, not opened) and meaning. Read next: grammar.y.
 */
#ifndef IDL_FRONT_PARSE_H
#define IDL_FRONT_PARSE_H

#include "diag/diag.h"
#include "front/ast.h"
#include "front/source.h"

/* Parses a file. Never NULL: after errors the tree holds what could be read, with the broken parts
 * poisoned, and `has_syntax_errors` set, so that the semantic passes can run in the same go. */
idl_ast_file *idl_parse(idl_sources *sources, idl_source *source, idl_diag *diag);

#endif
