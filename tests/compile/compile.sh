#!/bin/sh
# Compiles what idlc makes of schemas, warnings being errors.
# Usage: compile.sh IDLC INCLUDE-FOLDER quick|full IMPORT-FOLDER SCHEMA...
#
# Sources are compiled as C11, C17 and C++17; headers besides behind <errno.h>, <stdio.h> and <assert.h>, also
# with GNU extensions, which define linux and unix; all headers and all sources also together in one file. `quick` is one
# compiler of each language. Exit status 77: no compiler.
set -u

idlc=$1
include=$2
size=$3
imports=$4
shift 4
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
flags="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wcast-align -Wcast-function-type -Wundef -Werror -fsyntax-only -I$include -I$scratch/out"

"$idlc" c -I "$imports" -o "$scratch/out" "$@" 2>"$scratch/err" || {
    cat "$scratch/err"
    exit 1
}
for stem in "$scratch"/out/*.h; do
    stem=$(basename "$stem")
    printf '#include <errno.h>\n#include <stdio.h>\n#include <assert.h>\n#include <stdbool.h>\n#include "%s"\n' \
        "$stem" >"$scratch/with_${stem%.h}.c"
    printf 'typedef int not_empty;\n' >>"$scratch/with_${stem%.h}.c"
done

# All headers of a program in one file, and all its sources, as unity builds have them.
for stem in "$scratch"/out/*.h; do
    printf '#include "%s"\n' "$(basename "$stem")" >>"$scratch/with_all.c"
done
printf 'typedef int not_empty;\n' >>"$scratch/with_all.c"
for source in "$scratch"/out/*.c; do
    printf '#include "%s"\n' "$(basename "$source")" >>"$scratch/with_unity.c"
done

case $size in
quick) dialects='gcc:c:c11 g++:c++:c++17' ;;
*) dialects='gcc:c:c11 gcc:c:c17 gcc:c:gnu11 gcc:c:gnu17 clang:c:c11 clang:c:c17 clang:c:gnu17
    g++:c++:c++17 g++:c++:gnu++17 g++:c++:c++20 clang++:c++:c++17 clang++:c++:gnu++17 clang++:c++:c++20' ;;
esac

failed=0
tried=0
for dialect in $dialects; do
    compiler=${dialect%%:*}
    rest=${dialect#*:}
    command -v "$compiler" >/dev/null || continue
    for source in "$scratch"/out/*.c "$scratch"/with_*.c; do
        tried=$((tried + 1))
        # shellcheck disable=SC2086 # flags are words
        "$compiler" -x "${rest%%:*}" "-std=${rest#*:}" $flags "$source" 2>"$scratch/err" && continue
        failed=$((failed + 1))
        echo "not ok - $compiler -std=${rest#*:} $(basename "$source")"
        head -20 "$scratch/err"
    done
done
[ $tried -gt 0 ] || {
    echo "skipped: no compiler found"
    exit 77
}
echo "$tried compilations, $failed failed"
[ $failed -eq 0 ]
