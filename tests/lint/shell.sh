#!/bin/sh
# Rule: shell scripts are POSIX sh that parses, and what shellcheck warns of is mended (where it is installed).
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

{
    for script in dev $(sources '*.sh'); do
        [ -f "$script" ] || continue
        if ! words=$(sh -n "$script" 2>&1); then
            printf '%s\n' "$words" | sed -nE 's/^([^:]*): (line )?([0-9]+): /\1:\3: /p'
        elif command -v shellcheck >/dev/null; then
            shellcheck -s sh -S warning -e SC1091,SC2034,SC2154 -f gcc "$script" | sed -E 's/^([^:]*:[0-9]+):[0-9]+: /\1: /'
        fi
    done
} | report "Plain sh, as on a bare machine: no arrays, no [[, no local."
