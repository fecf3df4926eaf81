#!/bin/sh
# The program as a whole: help, versions, words it does not know. Usage: usage.sh COAX
set -eu
. "$(dirname "$0")/lib.sh"

run 2
says 'usage: coax COMMAND'
run 0 help
grep -q '^  keygen ' out || fail "help does not list the commands"
grep -q '^Exit status: 0' out || fail "help does not say the exit statuses"
cp out help
run 0 --help
cmp -s out help || fail "--help is not help"
run 0 --version
grep -qE '^coax [0-9]+\.[0-9]+\.[0-9]+$' out || fail "--version"
run 2 keys
says "there is no command 'keys'; the commands are keygen, id,"
run 2 --nothing
says "there is no option '--nothing'"
run 2 help keys
says "there is no command 'keys'"

for command in $(sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' help | grep -v '^help$'); do
    run 0 help "$command"
    grep -q "^usage: coax $command " out || fail "help $command"
    cp out help
    run 0 "$command" --help
    cmp -s out help || fail "$command --help is not help $command"
    run 2 "$command" --nothing
    says "coax $command: --nothing is no option of it; 'coax help $command' lists the options"
    run 2 "$command" --json=yes
    says '--json=yes takes no value'
done

# A result that does not arrive is no success.
if [ -w /dev/full ]; then
    status=0
    "$coax" --version >/dev/full 2>err || status=$?
    [ "$status" -eq 1 ] || fail "a full disk behind standard output: exit status $status"
    says "can't write standard output"
fi
[ ! -e home ] || fail "help made a folder"
