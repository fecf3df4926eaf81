#!/bin/sh
# Rule: generated/coax is what idlc makes of schemas/coax, byte for byte, and nothing else. Usage: generated.sh TREE IDLC
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"
idlc=$2

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
for schema in schemas/coax/*.idl; do
    [ -f "$schema" ] || { echo "schemas/coax holds no schema"; exit 1; }
    "$idlc" c --no-client --no-server -o "$fresh" -I schemas "$schema" || exit 1
done

{
    for file in "$fresh"/*; do
        name=${file##*/}
        cmp -s "$file" "generated/coax/$name" || printf 'generated/coax/%s:1: not what idlc makes now\n' "$name"
    done
    for file in generated/coax/*; do
        name=${file##*/}
        [ "$name" = README.md ] || [ "$name" = CMakeLists.txt ] || [ -e "$fresh/$name" ] ||
            printf 'generated/coax/%s:1: no schema makes this file\n' "$name"
    done
} | report "Run ./dev regen, and commit schema and result together."
