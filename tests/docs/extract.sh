#!/bin/sh
# Writes the files a page shows: blocks whose fence names a file without a slash. usage: extract.sh FILE.md FOLDER
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/coax-extract.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$2"
awk -v dir="$work" -f "$here/blocks.awk" "$1" | while read -r number _ _ name; do
    case $name in
    '' | */* | *' '*) continue ;;
    esac
    cmp -s "$work/$number" "$2/$name" || cp "$work/$number" "$2/$name"
done
