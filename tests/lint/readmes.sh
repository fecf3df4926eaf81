#!/bin/sh
# Rule: a folder with code in it has a README.md that says what it is for, what to read first, and how to add one.
# runtime/README.md speaks for the public headers, and a sample project of a test looks as its author would leave it.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

{
    sources '*.c' '*.h' '*.l' '*.y' '*.sh' CMakeLists.txt | sed 's|/[^/]*$||'
    find schemas -name '*.idl' 2>/dev/null | sed 's|/[^/]*$||'
    find docs generated -type d 2>/dev/null
} | grep -vE '^runtime/include|/user(/|$)' | LC_ALL=C sort -u | while read -r folder; do
    [ -s "$folder/README.md" ] || printf '%s:1: has no README.md\n' "$folder"
done | report "Write one: purpose, files in reading order, how to add one. Short."
