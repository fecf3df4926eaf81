#!/bin/sh
# Code quoted in the documentation is what stands in the tree: a block that begins with ```LANGUAGE PATH, with a slash in
# PATH, must be a run of lines of that file.
# usage: quotes.sh TREE FILE.md...
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tree=$1
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/coax-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
n_checked=0
n_failed=0

is_quoted() # is_quoted BLOCK FILE: the lines of BLOCK follow one another in FILE
{
    awk 'NR == FNR { block[++n] = $0; next }
         { line[++m] = $0 }
         END {
             for (i = 1; i + n - 1 <= m; i++) {
                 for (j = 1; j <= n && line[i + j - 1] == block[j]; j++) ;
                 if (n > 0 && j > n) exit 0
             }
             exit 1
         }' "$1" "$2"
}

for file in "$@"; do
    rm -rf "$work/blocks"
    mkdir "$work/blocks"
    awk -v dir="$work/blocks" -f "$here/blocks.awk" "$file" >"$work/list"
    while read -r number line _ path; do
        case $path in
        */*) ;;
        *) continue ;;
        esac
        n_checked=$((n_checked + 1))
        if [ ! -f "$tree/$path" ]; then
            echo "$file:$line: there is no file $path"
        elif ! is_quoted "$work/blocks/$number" "$tree/$path"; then
            echo "$file:$line: $path does not hold these lines any more; quote it again"
        else
            continue
        fi
        n_failed=$((n_failed + 1))
    done <"$work/list"
done
echo "$n_checked quotes compared, $n_failed differ"
[ "$n_checked" -gt 0 ] && [ "$n_failed" -eq 0 ]
