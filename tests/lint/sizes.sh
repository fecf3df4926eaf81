#!/bin/sh
# Rule: files stay within 800 lines (examples within 120), functions within 80, and nine functions of ten within 40.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

{
    sources '*.c' '*.h' '*.l' '*.y' '*.sh' '*.awk' '*.cmake' | xargs -r wc -l | awk '
        $2 == "total" { next }
        $2 ~ /^examples\// && $1 > 120 { printf "%s:%d: %d lines, an example has at most 120\n", $2, $1, $1 }
        $1 > 800 { printf "%s:%d: %d lines, at most 800 allowed\n", $2, $1, $1 }
        $1 > 450 && $1 <= 800 { printf "note: %s has %d lines; 450 is plenty\n", $2, $1 > "/dev/stderr" }'
    sources '*.c' '*.h' | xargs -r awk -f "$rule_dir/functions.awk"
} | report "Split the file by noun, or the function by level: it either coordinates or transforms."
