#!/bin/sh
# Rule: each public header compiles alone, without a warning, as C11 and as C++17. Usage: headers.sh TREE [FLAG...]
# CC and CXX choose the compilers.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"
shift

flags='-fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Werror'
find runtime/include -name '*.h' 2>/dev/null | LC_ALL=C sort | while read -r header; do
    name=${header#runtime/include/}
    # shellcheck disable=SC2086 # flags are words
    printf '#include <%s>\ntypedef int not_empty;\n' "$name" |
        ${CC:-cc} -std=c11 -x c $flags -Wstrict-prototypes -Wmissing-prototypes -Iruntime/include "$@" - 2>&1 ||
        printf '%s:1: does not compile alone as C11\n' "$header"
    # shellcheck disable=SC2086
    printf '#include <%s>\n' "$name" | ${CXX:-c++} -std=c++17 -x c++ $flags -Iruntime/include "$@" - 2>&1 ||
        printf '%s:1: does not compile alone as C++17\n' "$header"
done | report "Include what the header uses; keep it C that C++ reads too."
