#!/bin/sh
# The example of README.md does what the page says: the first run of the client finds three left, the second too few.
# usage: readme.sh SERVER CLIENT
set -eu

work=$(mktemp -d "${TMPDIR:-/tmp}/coax-readme.XXXXXX")
export COAX_HOME="$work/home" # keys and known hosts: this run's own
server=
end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    rm -rf "$work"
}
trap end EXIT

address=unix://$work/socket
mkfifo "$work/said"
"$1" "$address" >"$work/said" &
server=$!
read -r said <"$work/said" && [ "$said" = listening ] || { echo "the server does not listen"; exit 1; }

expect() # expect STATUS OUTPUT
{
    status=0
    output=$("$client" "$address") || status=$?
    if [ "$status" -ne "$1" ] || [ "$output" != "$2" ]; then
        echo "expected '$2' and status $1, found '$output' and status $status"
        exit 1
    fi
    echo "$output"
}

client=$2
expect 0 "3 left"
expect 1 "only 3 left"
kill "$server"
wait "$server" 2>/dev/null || :
server=
