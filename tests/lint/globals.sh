#!/bin/sh
# Rule: the libraries keep no state of their own, so two loops, two tests or two copies never meet.
# Usage: globals.sh TREE OBJECT-FILE...   (relocated constants, .data.rel.ro, are constants)
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"
shift

# Variables that may exist, each with its reason here: none so far.
allowed=' '

[ "$#" -gt 0 ] || { echo "no object files to look at"; exit 1; }
for object in "$@"; do
    objdump -t "$object" | awk -v object="${object##*/}" -v allowed="$allowed" '
        # value, seven flag characters, section, TAB, size, name; sanitizers add variables of their own
        match($0, / (\.t?data|\.t?bss|\*COM\*)[^ \t]*\t/) && substr($0, 1, RSTART) !~ / d[fFO ]?/ {
            section = substr($0, RSTART + 1, RLENGTH - 2)
            name = $NF
            if (section ~ /^\.data\.rel\.ro/ || name ~ /^(__odr_asan|__asan|__ubsan|__tsan|__sancov|\.L)/) next
            if (!index(allowed, " " name " ")) printf "%s:1: writable variable %s in %s\n", object, name, section
        }'
done | report "Put it into the object that needs it, or make it const."
