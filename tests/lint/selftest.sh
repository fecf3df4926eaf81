#!/bin/sh
# Shows that each rule can fail: runs it over a small tree of mistakes and near misses in fixtures/RULE, and compares the
# places it finds with fixtures/RULE/expected, both ways. Usage: selftest.sh RULE   (CC, CXX, IDLC choose compilers)
set -u
here=$(cd "$(dirname "$0")" && pwd)
rule=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tree=$here/fixtures/$rule
case $rule in
sizes)
    # Written here rather than kept: a file of 801 lines, a function of 81, and too many functions over 40.
    tree=$work/tree
    mkdir -p "$tree/runtime" "$tree/examples/01_x"
    awk 'BEGIN { for (i = 0; i < 121; i++) print "int line_" i ";" }' >"$tree/examples/01_x/main.c"
    awk 'BEGIN { for (i = 0; i < 801; i++) print "int line_" i ";" }' >"$tree/runtime/long.c"
    awk 'BEGIN { print "int f(void)\n{"; for (i = 0; i < 79; i++) print ";"; print "}" }' >"$tree/runtime/body.c"
    awk 'BEGIN { for (n = 0; n < 3; n++) { print "int g(void)\n{"; for (i = 0; i < 2; i++) print ";"; print "}" } }' \
        >"$tree/runtime/short.c"
    printf '%s\n' examples/01_x/main.c:121 runtime/body.c:2 runtime/body.c:2 runtime/long.c:801 >"$tree/expected"
    ;;
generated)
    # A file that was changed by hand, and one whose schema is gone.
    tree=$work/tree
    mkdir -p "$tree/schemas/coax" "$tree/generated/coax"
    printf 'namespace a;\nstruct Point { 1: i32 x; }\n' >"$tree/schemas/coax/a.idl"
    "$IDLC" c --no-client --no-server -o "$tree/generated/coax" "$tree/schemas/coax/a.idl" || exit 1
    echo '/* by hand */' >>"$tree/generated/coax/a.c"
    echo '/* gone */' >"$tree/generated/coax/b.h"
    printf '%s\n' generated/coax/a.c:1 generated/coax/b.h:1 >"$tree/expected"
    ;;
globals | exports)
    for source in "$tree"/*.c; do
        ${CC:-cc} -std=c11 -fPIC -fvisibility=hidden -c "$source" -o "$work/$(basename "$source" .c).o" || exit 1
    done
    set -- "$work"/*.o
    ;;
esac
case $rule in
globals | exports) ;;
generated) set -- "$IDLC" ;;
*) set -- ;;
esac

sh "$here/$rule.sh" "$tree" "$@" >"$work/output" 2>/dev/null
status=$?
[ "$status" -ne 77 ] || { cat "$work/output"; exit 77; }
grep -oE '^[A-Za-z0-9_./]+:[0-9]+: ' "$work/output" | sed 's/: $//' | LC_ALL=C sort >"$work/found"
LC_ALL=C sort "$tree/expected" >"$work/expected"
if [ "$status" -eq 1 ] && diff -u "$work/expected" "$work/found"; then
    printf 'the rule found its %s planted mistakes and nothing else\n' "$(grep -c . "$work/expected")"
    exit 0
fi
printf 'the rule %s does not find what is planted (exit status %s); it said:\n' "$rule" "$status"
cat "$work/output"
exit 1
