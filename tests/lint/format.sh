#!/bin/sh
# Rule: C files look as clang-format 14 with .clang-format leaves them. Another major version differs in details, so it
# is not asked. Usage: format.sh TREE
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

tool=
for candidate in clang-format-14 clang-format; do
    if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q 'version 14\.'; then
        tool=$candidate
        break
    fi
done
[ -n "$tool" ] || { echo "skipped: clang-format 14 is not installed"; exit 77; }

sources '*.c' '*.h' | xargs -r "$tool" --dry-run 2>&1 | grep -E '^[^ ].*: warning:' |
    sed -E 's/^([^:]*:[0-9]+):[0-9]+:.*/\1: not formatted/' | LC_ALL=C sort -u | awk -F: '!seen[$1]++' |
    report "Run ./dev fmt."
