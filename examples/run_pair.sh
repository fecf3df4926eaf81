#!/bin/sh
# Starts a server on a free port, runs a client against it, ends the server; fails if either fails.
# usage: run_pair.sh SERVER CLIENT
#
# The server prints the address it listens on as its first line. It may end by itself at SIGTERM, or be ended by it.
set -eu

work=$(mktemp -d "${TMPDIR:-/tmp}/coax-example.XXXXXX")
export COAX_HOME="$work/home" # keys and known hosts: this run's own
server=
end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkfifo "$work/address"
"$1" tcp://127.0.0.1:0 >"$work/address" &
server=$!
read -r address <"$work/address"
"$2" "$address"
kill "$server" # fails when it is gone: it must have survived its client
status=0
wait "$server" 2>/dev/null || status=$?
server=
[ "$status" -eq 0 ] || [ "$status" -eq 143 ] || { echo "the server ended with $status" >&2; exit 1; }
