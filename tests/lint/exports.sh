#!/bin/sh
# Rule: a shared libcoax exports coax_ names only, and what is global inside it begins with coax_ or cx_.
# Usage: exports.sh TREE OBJECT-FILE...
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"
shift

[ "$#" -gt 0 ] || { echo "no object files to look at"; exit 1; }
for object in "$@"; do
    readelf -sW "$object" | awk -v object="${object##*/}" '
        $5 != "GLOBAL" && $5 != "WEAK" || $7 == "UND" || $8 ~ /^(__odr_asan|__asan|__ubsan|__tsan|__sancov|DW\.ref)/ { next }
        $6 == "DEFAULT" && $8 !~ /^coax_/ { printf "%s:1: exports %s\n", object, $8; next }
        $8 !~ /^(coax|cx)_/ { printf "%s:1: global name without prefix: %s\n", object, $8 }'
done | report "Make it static, or name it cx_ (internal) or coax_ with COAX_API (public)."
