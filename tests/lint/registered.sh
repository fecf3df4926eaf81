#!/bin/sh
# Rule: a C file that no build description names is never compiled, so a test in it never runs.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

is_named() # is_named FILE: some CMakeLists.txt, script or makefile between it and the top names it
{
    stem=$(basename "$1" .c)
    folder=$(dirname "$1")
    while [ "$folder" != . ]; do
        for description in "$folder/CMakeLists.txt" "$folder"/*.cmake "$folder"/*.sh "$folder/Makefile"; do
            [ -f "$description" ] && grep -qwF -- "$stem" "$description" && return 0
        done
        folder=$(dirname "$folder")
    done
    return 1
}

sources '*.c' '*.l' '*.y' | while read -r file; do
    is_named "${file%.[ly]}" || printf '%s:1: is in no CMakeLists.txt, so it is never built\n' "$file"
done | report "List it in the folder's CMakeLists.txt."
