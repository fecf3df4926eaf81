#!/bin/sh
# Two people in a room and one in another: each hears what is said where it is, and not its own words.
# usage: talk.sh SERVER CLIENT
set -eu

work=$(mktemp -d "${TMPDIR:-/tmp}/coax-example.XXXXXX")
export COAX_HOME="$work/home" # keys and known hosts: this run's own
pids=
end() {
    for pid in $pids; do kill "$pid" 2>/dev/null || :; done
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkfifo "$work/address" "$work/ann.in" "$work/ann.out" "$work/bob.in" "$work/bob.out" "$work/cid.in" "$work/cid.out"
expect() { # PERSON LINE: the next line that this person sees
    read -r seen <&"$1"
    [ "$seen" = "$2" ] || { echo "expected '$2', seen '$seen'" >&2; exit 1; }
}

"$1" tcp://127.0.0.1:0 >"$work/address" &
server=$!
pids=$server
read -r address <"$work/address"

# Three clients; their inputs are descriptors 3, 4 and 5, their outputs 6, 7 and 8. None keeps another's open.
"$2" kitchen ann "$address" <"$work/ann.in" >"$work/ann.out" &
pids="$pids $!"
exec 3>"$work/ann.in" 6<"$work/ann.out"
expect 6 "(1 in kitchen)"
"$2" kitchen bob "$address" <"$work/bob.in" >"$work/bob.out" 3>&- 6<&- &
pids="$pids $!"
exec 4>"$work/bob.in" 7<"$work/bob.out"
expect 7 "(2 in kitchen)"
expect 6 "bob: (has come)"
"$2" attic cid "$address" <"$work/cid.in" >"$work/cid.out" 3>&- 4>&- 6<&- 7<&- &
pids="$pids $!"
exec 5>"$work/cid.in" 8<"$work/cid.out"
expect 8 "(1 in attic)"

echo "soup is ready" >&3
expect 7 "ann: soup is ready"
echo "nobody hears this" >&5
echo "coming" >&4
expect 6 "bob: coming"
exec 4>&- # bob's input ends, and bob goes
expect 6 "bob: (has left)"

kill -TERM "$server" # drains, and ends by itself
status=0
wait "$server" || status=$?
[ "$status" -eq 0 ] || { echo "the server ended with $status" >&2; exit 1; }
echo "three people talked in two rooms"
