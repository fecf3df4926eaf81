/* The grammar: shapes only. Every action is one call into build.c or build_method.c, and every word of
 * the language is also a name.
 *
 * Recovery. tokens.c skips to a good place after an error and hands out RESYNC, which appears only
 * behind `error`. Two more things keep an error local:
 *
 * - A missing ';' is put in for free: `semi: error` matches in front of the token that should have been
 *   a ';' and throws nothing away. For that the parser must be in a state that can shift `error` when
 *   it meets the bad token. Left-recursive rules that begin with a complete head see to it, because a
 *   reduction that needs no look-ahead happens at once; where a suffix could still follow (types,
 *   numbers in `reserved`) an alternative that ends in `error` says "no suffix, then".
 * - A broken header still opens its block, so the members are checked.
 *
 * Must not know: what names mean. Read next: build.h, tokens.c, syntax_error.c.
 */
%require "3.8"
%expect 0
%locations
%define api.pure full
%define api.prefix {idl_yy}
%define api.token.prefix {TOK_}
%define api.token.raw
%define api.value.type union
%define api.location.type {idl_span}
%define parse.error custom
%define parse.lac full
%param {idl_parser *p}

%code requires {
#include "front/build.h"
}

%code provides {
/* The kind behind a symbol's code is what the scanner calls TOK_...; they are the same numbers. */
int idl_yyparse(idl_parser *p);
}

%code {
#include <stdlib.h>

#define YYLLOC_DEFAULT(current, rhs, count)                                                        \
    ((current) = (count) != 0 ? idl_span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, count))              \
                              : (idl_span){ .start = YYRHSLOC(rhs, 0).end,                         \
                                            .end = YYRHSLOC(rhs, 0).end })

static int idl_yylex(YYSTYPE *value, YYLTYPE *location, idl_parser *p);
static void idl_yyerror(const YYLTYPE *location, idl_parser *p, const char *message);
}

%token END 0                    "end of file"
%token SEMICOLON ";" COLON ":" COMMA "," EQUALS "=" QUESTION "?" MINUS "-" ARROW "->"
%token RANGE ".." RANGE_BELOW "..<"
%token OPEN_BRACE "{" CLOSE_BRACE "}" OPEN_PAREN "(" CLOSE_PAREN ")"
%token OPEN_BRACKET "[" CLOSE_BRACKET "]" LESS "<" GREATER ">"
%token RESYNC                   "resync"
%token <idl_ast_value *> NUMBER "number" STRING "string"
%token <const char *> IDENT "name" PATH "dotted name"
%token <const char *> AT_NAME "annotation" AT_CALL "annotation("
%token <const char *> CONST "const" ENUM "enum" ERROR_KW "'error'" EVENT "event" FLAGS "flags"
%token <const char *> IMPORT "import" NAMESPACE "namespace" ONEWAY "oneway" RESERVED "reserved"
%token <const char *> RPC "rpc" SERVICE "service" STREAM "stream" STRUCT "struct" THROWS "throws"
%token <const char *> TYPE "type" UNION "union"

%nterm <const char *> word keyword
%nterm <idl_ast_name> name
%nterm <idl_ast_path> path
%nterm <idl_ast_value *> value number count
%nterm <idl_ast_type *> type plain_type keyword_type type_arg last_type
%nterm <idl_type_args *> type_args
%nterm <idl_ast_arg *> arg args
%nterm <idl_ast_annotation *> annotation
%nterm <idl_ast_field *> field field_head param_field
%nterm <idl_ast_enumerator *> enumerator
%nterm <idl_ast_payload *> payload reply

/* "No suffix, then": prefer shifting `error` to reducing before it. */
%precedence NO_SUFFIX
%precedence error

%start file

%%

file: items;

items: %empty | items item;

item:
    namespace semi
  | import semi
  | const semi                          { idl_build_end_decl(p, @$); }
  | alias semi                          { idl_build_end_decl(p, @$); }
  | record_head open record_members "}" { idl_build_end_decl(p, @$); }
  | enum_head open enum_members "}"     { idl_build_end_decl(p, @$); }
  | service_head open service_members "}" { idl_build_end_decl(p, @$); }
  | error RESYNC                        { yyerrok; }
;

semi:
    ";"
  | error                               { idl_tokens_inserted(p); yyerrok; }
;

namespace:
    "namespace" path                    { idl_build_namespace(p, $path, @$); }
  | namespace annotation                { idl_build_annotate(&p->file->annotations, $annotation); }
;

import: "import" STRING                 { idl_build_import(p, $STRING, @$); };

const:
    const_head
  | const "=" value                     { idl_build_decl_value(p, $value); }
  | const annotation                    { idl_build_annotate(&p->decl->annotations, $annotation); }
;

const_head: "const" type name
                                        {
                                            idl_build_begin_decl(p, IDL_AST_CONST, $name, @$);
                                            idl_build_decl_type(p, $type);
                                        };

alias:
    alias_head "=" last_type            { idl_build_decl_type(p, $last_type); }
  | alias annotation                    { idl_build_annotate(&p->decl->annotations, $annotation); }
;

alias_head: "type" name                 { idl_build_begin_decl(p, IDL_AST_ALIAS, $name, @$); };

/* ---- blocks ---- */

open:
    "{"                                 { idl_build_open(p, @1, false); }
  | error RESYNC "{"                    { idl_build_open(p, @3, true); yyerrok; }
;

record_head:
    "struct" name                       { idl_build_begin_decl(p, IDL_AST_STRUCT, $name, @$); }
  | "union" name                        { idl_build_begin_decl(p, IDL_AST_UNION, $name, @$); }
  | "'error'" name                      { idl_build_begin_decl(p, IDL_AST_ERROR, $name, @$); }
  | record_head annotation              { idl_build_annotate(&p->decl->annotations, $annotation); }
;

enum_head:
    "enum" name                         { idl_build_begin_decl(p, IDL_AST_ENUM, $name, @$); }
  | "flags" name                        { idl_build_begin_decl(p, IDL_AST_FLAGS, $name, @$); }
  | enum_head ":" last_type             { idl_build_decl_type(p, $last_type); }
  | enum_head annotation                { idl_build_annotate(&p->decl->annotations, $annotation); }
;

service_head:
    "service" name                      { idl_build_begin_decl(p, IDL_AST_SERVICE, $name, @$); }
  | service_head annotation             { idl_build_annotate(&p->decl->annotations, $annotation); }
;

record_members: %empty | record_members record_member;

record_member:
    field field_end                     { idl_build_end_field($field, @$); }
  | reserved semi
  | annotation semi                     { idl_build_statement(p, $annotation); }
  | error RESYNC                        { idl_build_lost(p); yyerrok; }
;

field_end:
    semi
  | ","                                 { idl_build_comma(p, @1); }
;

field:
    field_head
  | field "=" value                     { idl_build_field_default(p, $1, $value, @2); $$ = $1; }
  | field annotation                    { idl_build_annotate(&$1->annotations, $annotation); $$ = $1; }
;

field_head:
    NUMBER ":" type name                { $$ = idl_build_begin_field(p, $NUMBER, $type, $name, @$); }
  | plain_type name                     { $$ = idl_build_begin_field(p, NULL, $1, $name, @$); }
;

enum_members: %empty | enum_members enum_member;

enum_member:
    enumerator field_end                { idl_build_end_enumerator(p, $enumerator, @$); }
  | reserved semi
  | annotation semi                     { idl_build_statement(p, $annotation); }
  | error RESYNC                        { idl_build_lost(p); yyerrok; }
;

enumerator:
    name                                { $$ = idl_build_begin_enumerator(p, $name, @$); }
  | enumerator "=" value                { idl_build_enumerator_value(p, $1, $value, @2); $$ = $1; }
  | enumerator annotation               { idl_build_annotate(&$1->annotations, $annotation); $$ = $1; }
;

reserved:
    "reserved" reserved_item
  | reserved "," reserved_item
;

/* A ".." may follow a number, so a missing ';' needs alternatives of its own, as in last_type. */
reserved_item:
    number              %prec NO_SUFFIX { idl_build_reserve(p, $1, $1, @$); }
  | number error                        { idl_build_reserve(p, $1, $1, @1); idl_tokens_inserted(p); yyerrok; }
  | number ".." number                  { idl_build_reserve(p, $1, $3, @$); }
  | number ".."         %prec NO_SUFFIX { idl_build_reserve(p, $1, NULL, @$); }
  | number ".." error                   { idl_build_reserve(p, $1, NULL, @2); idl_tokens_inserted(p); yyerrok; }
  | STRING                              { idl_build_reserve_name(p, $STRING); }
;

/* ---- services ---- */

service_members: %empty | service_members service_member;

service_member:
    method semi                         { idl_build_end_method(p, @$); }
  | annotation semi                     { idl_build_statement(p, $annotation); }
  | error RESYNC                        { idl_build_lost(p); yyerrok; }
;

method:
    method_head payload                 { idl_build_request(p, $payload); }
  | method "->" reply                   { idl_build_reply(p, $reply, @2); }
  | method "throws" path                { idl_build_throws(p, $path); }
  | method "," path                     { idl_build_more_throws(p, $path, @2); }
  | method annotation                   { idl_build_method_annotation(p, $annotation); }
;

method_head:
    "rpc" name                          { idl_build_begin_method(p, IDL_AST_METHOD_RPC, $name, @$); }
  | "oneway" name                       { idl_build_begin_method(p, IDL_AST_METHOD_ONEWAY, $name, @$); }
  | "event" name                        { idl_build_begin_method(p, IDL_AST_METHOD_EVENT, $name, @$); }
;

payload:
    open_payload ")"                    { $$ = idl_build_close_payload(p, @$); }
  | open_payload params ")"             { $$ = idl_build_close_payload(p, @$); }
;

open_payload: "("                       { idl_build_open_payload(p, @$); };

reply:
    payload
  | bare_reply                          { $$ = idl_build_close_payload(p, @$); }
;

bare_reply:
    last_type                           { idl_build_open_payload(p, @$); idl_build_payload_type(p, $1); }
  | "stream" last_type
                                        {
                                            idl_build_open_payload(p, @$);
                                            idl_build_payload_stream(p, $2, @$);
                                        }
;

params: param | params "," param;

param:
    param_field                         { idl_build_end_field($1, @$); }
  | "reserved" reserved_item
  | annotation                          { idl_build_statement(p, $annotation); }
  | "stream" type                       { idl_build_payload_stream(p, $type, @$); }
  | type                                { idl_build_payload_type(p, $type); }
  | error RESYNC                        { idl_build_lost_payload(p); yyerrok; }
;

param_field:
    field_head
  | param_field "=" value               { idl_build_field_default(p, $1, $value, @2); $$ = $1; }
  | param_field annotation              { idl_build_annotate(&$1->annotations, $annotation); $$ = $1; }
;

/* ---- types ---- */

type: plain_type | keyword_type;

/* A type that may be the last thing in its statement. */
last_type:
    plain_type                          %prec NO_SUFFIX
  | keyword_type                        %prec NO_SUFFIX
  | plain_type error                    { idl_tokens_inserted(p); yyerrok; $$ = $1; }
  | keyword_type error                  { idl_tokens_inserted(p); yyerrok; $$ = $1; }
  | IDENT error
                                        {
                                            idl_tokens_inserted(p);
                                            yyerrok;
                                            $$ = idl_build_named(p, idl_build_path(p, $1, @1));
                                        }
;

plain_type:
    IDENT              %prec NO_SUFFIX  { $$ = idl_build_named(p, idl_build_path(p, $1, @1)); }
  | PATH                                { $$ = idl_build_named(p, idl_build_path(p, $1, @1)); }
  | IDENT "<" type_args ">"             { $$ = idl_build_generic(p, $1, @1, $type_args, @$); }
  | plain_type "?"                      { $$ = idl_build_optional(p, $1, @$); }
  | plain_type "[" count "]"            { $$ = idl_build_array(p, $1, $count, @$); }
;

keyword_type:
    keyword                             { $$ = idl_build_named(p, idl_build_path(p, $1, @1)); }
  | keyword_type "?"                    { $$ = idl_build_optional(p, $1, @$); }
  | keyword_type "[" count "]"          { $$ = idl_build_array(p, $1, $count, @$); }
;

type_args:
    type_arg                            { $$ = idl_build_type_arg(p, NULL, $1); }
  | type_args "," type_arg              { $$ = idl_build_type_arg(p, $1, $3); }
;

type_arg:
    type
  | type_arg annotation                 { idl_build_annotate_type(p, $1, $annotation); $$ = $1; }
;

count: NUMBER | path                    { $$ = idl_build_name_value(p, $path); };

/* ---- annotations and values ---- */

annotation:
    AT_NAME                             { $$ = idl_build_annotation(p, $1, @1, @$); }
  | AT_CALL ")"                         { $$ = idl_build_call(p, $1, @1, NULL, @$); }
  | AT_CALL args ")"                    { $$ = idl_build_call(p, $1, @1, $args, @$); }
;

args:
    arg
  | args "," arg                        { $$ = idl_build_add_arg($1, $3); }
;

arg:
    value                               { $$ = idl_build_arg(p, $1, @$); }
  | value ".." value                    { $$ = idl_build_range(p, $1, $3, false, @$); }
  | value "..<" value                   { $$ = idl_build_range(p, $1, $3, true, @$); }
  | value ".."                          { $$ = idl_build_range(p, $1, NULL, false, @$); }
  | ".." value                          { $$ = idl_build_range(p, NULL, $2, false, @$); }
  | "..<" value                         { $$ = idl_build_range(p, NULL, $2, true, @$); }
  | error RESYNC                        { $$ = idl_build_broken_arg(p); yyerrok; }
;

value:
    number
  | STRING
  | path                                { $$ = idl_build_name_value(p, $path); }
;

number:
    NUMBER
  | "-" NUMBER                          { $$ = idl_build_negative(p, $NUMBER, @$); }
;

path:
    word                                { $$ = idl_build_path(p, $1, @$); }
  | PATH                                { $$ = idl_build_path(p, $1, @$); }
;

name: word                              { $$ = idl_build_name(p, $1, @$); };

word: IDENT | keyword;

keyword:
    "const" | "enum" | "'error'" | "event" | "flags" | "import" | "namespace" | "oneway"
  | "reserved" | "rpc" | "service" | "struct" | "throws" | "type" | "union"
;

%%

/* The parser's tokens are those of tokens.c, in bison's clothes. */
static int idl_yylex(YYSTYPE *value, YYLTYPE *location, idl_parser *p)
{
    const idl_token *token = idl_tokens_next(p);
    *location = idl_tokens_span(p, token);
    if (token->kind == TOK_NUMBER || token->kind == TOK_STRING)
        value->TOK_NUMBER = token->value;
    else
        value->TOK_IDENT = token->word;
    return token->kind;
}

static int yyreport_syntax_error(const yypcontext_t *context, idl_parser *p)
{
    yysymbol_kind_t symbols[YYNTOKENS];
    int kinds[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
    for (int i = 0; i < count; i++)
        kinds[i] = (int)symbols[i]; /* api.token.raw: symbols and kinds share their numbers */
    idl_syntax_error(p, kinds, count > 0 ? (size_t)count : 0);
    return 0;
}

/* Only for "memory exhausted": the nesting limit keeps the stack far below bison's own. */
static void idl_yyerror(const YYLTYPE *location, idl_parser *p, const char *message)
{
    idl_diag_report(p->diag, IDL_DIAG_NESTED_TOO_DEEP, *location, "%s", message);
}
