#!/bin/sh
# Rule: a C file that no build compiles is dead, and a test in it never runs. Usage: registered.sh TREE [COMMANDS]
# COMMANDS is the build's compile_commands.json; a file that it has not must be named by a description of its folder.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"
commands=${2:-/dev/null}

is_compiled() # is_compiled FILE
{
    grep -qF "/$1\"" "$commands"
}

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
    is_compiled "$file" || is_named "${file%.[ly]}" || printf '%s:1: is in no CMakeLists.txt, so it is never built\n' "$file"
done | report "List it in the folder's CMakeLists.txt."
