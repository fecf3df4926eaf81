#!/bin/sh
# Rule: every relative link of a Markdown file leads to a file or folder of the tree.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

texts | grep '\.md$' | xargs -r awk '
    FNR == 1 { is_code = 0 }
    /^[[:space:]]*```/ { is_code = !is_code }
    is_code { next }
    {
        rest = $0
        while (match(rest, /\]\([^)#: ]+[#)]/)) {
            print FILENAME ":" FNR ":" substr(rest, RSTART + 2, RLENGTH - 3)
            rest = substr(rest, RSTART + RLENGTH)
        }
    }' /dev/null | while IFS=: read -r file line target; do
    case $target in
    /*) path=.$target ;;
    *) path=$(dirname "$file")/$target ;;
    esac
    [ -e "$path" ] || printf '%s:%s: leads nowhere: %s\n' "$file" "$line" "$target"
done | report "Mend the link."
