#!/bin/sh
# Rule: every function of the public headers has a comment that says what it does. A comment covers the declarations that
# follow it without an empty line, so that a family of functions needs one text only. *_inline.h hold the bodies of what
# another header declares and documents; a header that says "Not for users." owes them no text.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

find runtime/include -name '*.h' ! -name '*_inline.h' 2>/dev/null | LC_ALL=C sort | xargs -r awk '
    FNR == 1 { is_private = 0; is_covered = 0; in_comment = 0; is_body = 0; check_head() }
    function check_head() { if ($0 !~ /^\/\*/) printf "%s:1: starts without a head comment\n", FILENAME }
    FNR < 12 && /Not for users\./ { is_private = 1 }
    is_private { next }
    /^\/\*\*/ { in_comment = 1; is_covered = 1 }
    in_comment { if (/\*\//) in_comment = 0; next }
    /^[[:space:]]*$/ && !is_body { is_covered = 0 }
    /^{/ { is_body = 1 }
    /^}/ { is_body = 0 }
    /^(COAX_API|COAX_MUST_USE|static inline|COAX_COLD)/ && /\(/ && !is_covered {
        printf "%s:%d: undocumented: %s\n", FILENAME, FNR, $0
    }' |
    report "Say what it does, ownership, units, errors and threads, in /** ... */ above it."
