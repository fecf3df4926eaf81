#!/bin/sh
# Keys like ssh: who comes in, what is met for the first time, what was changed. usage: keys.sh SERVER CLIENT COAX
set -eu

server_program=$1
client=$2
coax=$3
work=$(mktemp -d "${TMPDIR:-/tmp}/coax-example.XXXXXX")
export COAX_HOME="$work/home" # known_hosts: this run's own
server=
end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"
fail() {
    echo "keys.sh: $*" >&2
    cat out err >&2
    exit 1
}
# visit STATUS WORDS CLIENT-ARGUMENT...: the client ends with STATUS, and says WORDS
visit() {
    wanted=$1
    words=$2
    shift 2
    status=0
    "$client" "$@" >out 2>err || status=$?
    [ "$status" -eq "$wanted" ] || fail "$* ended with $status, not $wanted"
    cat out err | grep -qF -- "$words" || fail "$* does not say: $words"
}
# start KEY-FILE: sets $server, $address and $id
start() {
    rm -f hello
    mkfifo hello
    "$server_program" "$1" authorized_keys "unix://$work/drawers.sock" >hello &
    server=$!
    exec 3<hello # stays open: the server goes on writing
    read -r address id <&3
}
stop() {
    kill "$server"
    wait "$server" || fail "the server did not end in good order"
    server=
}

: >out
: >err
for who in alice bob eve; do
    "$coax" keygen -o "$who.key" >/dev/null 2>&1
done
"$coax" id alice.key --line alice --roles keeper >authorized_keys
"$coax" id bob.key --line bob >>authorized_keys

# The first start makes the server's key; a first visit writes down its id.
start server.key
[ "$("$coax" id server.key)" = "$id" ] || fail "the server has another id than its key file"
visit 1 key_unknown "$address" alice.key known
visit 0 'I am alice' "$address" alice.key
[ "$("$coax" id "$address")" = "$id" ] || fail "known_hosts has another id"
visit 0 'there is the spare key' "$address" alice.key known
visit 0 'I am alice' "$address" alice.key "$id"
visit 3 permission_denied "$address" bob.key
visit 1 unauthenticated "$address" eve.key
visit 1 key_changed "$address" alice.key "$("$coax" id eve.key)"

# The file is read again when it changes; what can't be read changes nothing.
"$coax" id eve.key --line eve >>authorized_keys
visit 3 'I am eve' "$address" eve.key
echo 'not a line' >>authorized_keys
visit 0 'I am alice' "$address" alice.key
grep -v -e eve -e 'not a line' authorized_keys >new && mv new authorized_keys
visit 1 unauthenticated "$address" eve.key
stop

# Another key at the same address: nobody is let near it until a person has looked.
start other.key
visit 1 'an attack, or a new key?' "$address" alice.key
sed '/^unix:/d' home/known_hosts >new && cat new >home/known_hosts # what the words say to do
visit 0 'I am alice' "$address" alice.key
stop

# Both keys known beforehand: the server may change without anybody noticing.
echo "$address $("$coax" id server.key) # the next one" >>home/known_hosts
start server.key
visit 0 'I am alice' "$address" alice.key known
stop
echo 'keys.sh: all as it should be'
