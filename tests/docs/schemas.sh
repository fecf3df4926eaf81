#!/bin/sh
# Every schema shown in the documentation is one: each block that begins with ```idl goes through `idlc check`.
# usage: schemas.sh IDLC FILE.md...
#
# A block without a namespace is a piece and gets one. "```idl wrong E0301" shows a mistake: exactly that id must come.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
idlc=$1
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/coax-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
n_checked=0
n_failed=0

fail() # fail PLACE WHAT
{
    echo "$1: $2"
    sed 's/^/    /' "$work/output"
    n_failed=$((n_failed + 1))
}

check_block() # check_block PLACE BLOCK EXPECTATION
{
    { grep -q '^namespace ' "$2" || echo "namespace shown;"; cat "$2"; } >"$work/shown.idl"
    status=0
    "$idlc" check --diagnostics=gcc "$work/shown.idl" >"$work/output" 2>&1 || status=$?
    case $3 in
    wrong\ *)
        ids=$(grep -oE '[EW][0-9]{4}' "$work/output" | sort -u | tr '\n' ' ')
        [ "$ids" = "${3#wrong } " ] || fail "$1" "expected ${3#wrong }, and idlc says: $ids"
        ;;
    *) [ "$status" -eq 0 ] || fail "$1" "idlc refuses it" ;;
    esac
    n_checked=$((n_checked + 1))
}

for file in "$@"; do
    rm -rf "$work/blocks"
    mkdir "$work/blocks"
    awk -v dir="$work/blocks" -f "$here/blocks.awk" "$file" >"$work/list"
    while read -r number line language rest; do
        [ "$language" = idl ] || continue
        check_block "$file:$line" "$work/blocks/$number" "$rest"
    done <"$work/list"
done
echo "$n_checked schemas checked, $n_failed failed"
[ "$n_checked" -gt 0 ] && [ "$n_failed" -eq 0 ]
