#!/bin/sh
# Rule: a folder with code in it has a README.md that says what it is for, what to read first, and how to add one.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

{
    sources '*.c' '*.h' '*.l' '*.y' '*.idl' '*.sh' CMakeLists.txt | sed 's|/[^/]*$||'
    find docs generated -type d 2>/dev/null
} | LC_ALL=C sort -u | while read -r folder; do
    [ -s "$folder/README.md" ] || printf '%s:1: has no README.md\n' "$folder"
done | report "Write one: purpose, files in reading order, how to add one. Short."
