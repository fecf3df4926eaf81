#!/bin/sh
# Rule: ./dev explains each of its commands, and meets an unknown one with a suggestion and exit status 2.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

finding() { printf 'dev:1: %s\n' "$1"; }
{
    for name in setup demo test check fmt regen bench fuzz help; do
        ./dev help 2>&1 | grep -q "^  $name  *[a-z]" || finding "help does not list $name"
        ./dev help "$name" 2>&1 | grep -q "^usage: ./dev $name" || finding "help does not explain $name"
        grep -q "^cmd_$name()" dev || finding "has no command $name"
    done
    words=$(./dev tset 2>&1)
    [ $? -eq 2 ] || finding "an unknown command does not exit with 2"
    printf '%s\n' "$words" | grep -q "did you mean './dev test'" || finding "suggests nothing for 'tset'"
} | report "Say in summary_of and details_of what the command does."
