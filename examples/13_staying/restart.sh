#!/bin/sh
# A client stays while its server ends in good order and another takes its place at the same address.
# usage: restart.sh SERVER CLIENT
set -eu

work=$(mktemp -d "${TMPDIR:-/tmp}/coax-example.XXXXXX")
export COAX_HOME="$work/home" # keys and known hosts: this run's own
server=
client=
end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    [ -z "$client" ] || kill "$client" 2>/dev/null || :
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
fail() {
    echo "restart.sh: $*" >&2
    exit 1
}

# start SERVER ADDRESS: sets $server and $address
start() {
    rm -f "$work/address"
    mkfifo "$work/address"
    "$1" "$2" >"$work/address" 3>&- 4<&- & # or the client would never see the end of its numbers
    server=$!
    read -r address <"$work/address"
}

mkfifo "$work/numbers" "$work/stamps"
start "$1" tcp://127.0.0.1:0
"$2" "$address" <"$work/numbers" >"$work/stamps" &
client=$!
exec 3>"$work/numbers" 4<"$work/stamps"

echo 1 >&3
read -r line <&4
[ "$line" = "1 stamped by $server" ] || fail "the first server: $line"
kill -TERM "$server"
wait "$server" || fail "the server did not end in good order"

start "$1" "$address"
echo 2 >&3
read -r line <&4
[ "$line" = "2 stamped by $server" ] || fail "the second server: $line"
exec 3>&-
wait "$client" || fail "the client ended with $?"
client=
kill -TERM "$server"
wait "$server" || fail "the second server did not end in good order"
server=
