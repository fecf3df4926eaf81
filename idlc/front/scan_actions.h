/* What the scanner's rules call: private to scan.l and scan_actions.c. */
#ifndef IDL_FRONT_SCAN_ACTIONS_H
#define IDL_FRONT_SCAN_ACTIONS_H

#include "front/scan.h"

/* Each fills `token` and returns its kind. `text` is the token's bytes, `scan->at` behind them. */
int idl_scan_word(idl_scan *scan, idl_token *token, const char *text, size_t len);
int idl_scan_path(idl_scan *scan, idl_token *token, const char *text, size_t len);
int idl_scan_annotation(idl_scan *scan, idl_token *token, const char *text, size_t len);
int idl_scan_number(idl_scan *scan, idl_token *token, const char *text, size_t len);
int idl_scan_plain_string(idl_scan *scan, idl_token *token, const char *text, size_t len);

/* A string with escapes, piece by piece. */
void idl_scan_string_begin(idl_scan *scan, idl_token *token);
void idl_scan_string_add(idl_scan *scan, const char *text, size_t len);
void idl_scan_string_escape(idl_scan *scan, const char *text, size_t len);
void idl_scan_string_bad_escape(idl_scan *scan, const char *text, size_t len);
int idl_scan_string_end(idl_scan *scan, idl_token *token);
int idl_scan_string_unterminated(idl_scan *scan, idl_token *token);

void idl_scan_comment(idl_scan *scan, idl_ast_comment_kind kind, size_t len);
void idl_scan_comment_unterminated(idl_scan *scan, uint32_t start);
void idl_scan_stray(idl_scan *scan, const char *text, size_t len);

/* Gives the token the `///` lines before it. */
void idl_scan_attach_doc(idl_scan *scan, idl_token *token);

/* Reports the first byte of the file that is not text. */
void idl_scan_check_bytes(idl_scan *scan);

#endif
