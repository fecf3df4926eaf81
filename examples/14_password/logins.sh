#!/bin/sh
# Passwords, users, tokens, own rules: who comes in, and who doesn't. usage: logins.sh SERVER RULES CLIENT COAX
set -eu

server_program=$1
rules_program=$2
client=$3
coax=$4
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
cd "$work"
fail() {
    echo "logins.sh: $*" >&2
    cat out err >&2
    exit 1
}
# visit STATUS WORDS [CLIENT-ARGUMENT...]: the client ends with STATUS, and says WORDS
visit() {
    wanted=$1
    words=$2
    shift 2
    status=0
    "$client" "$address" "$@" >out 2>err || status=$?
    [ "$status" -eq "$wanted" ] || fail "$* ended with $status, not $wanted"
    cat out err | grep -qF -- "$words" || fail "$* does not say: $words"
}
# start PROGRAM [ARGUMENT...]: sets $server and $address
start() {
    program=$1
    shift
    rm -f hello
    mkfifo hello
    "$program" "unix://$work/notes.sock" "$@" >hello 2>said &
    server=$!
    exec 3<hello # stays open: the server goes on writing
    read -r address <&3
}
stop() {
    kill "$server"
    wait "$server" || fail "the server did not end in good order"
    server=
}
: >out
: >err

# One password for everybody.
NOTES_PASSWORD='correct horse' && export NOTES_PASSWORD
start "$server_program"
visit 3 'I am shared, by password'
visit 1 'lets in only who logs in' --nobody
NOTES_PASSWORD='battery staple'
visit 1 'login failed'
stop

# Users, each with a password of his own. The cost is less than the default, because this is a test.
unset NOTES_PASSWORD
echo Tr0ub4dor | "$coax" passwd users add alice --create --memory-kib 8192 --passes 1 --roles writer --stdin >/dev/null
echo Tr0ub4dor | "$coax" passwd users add bob --stdin >/dev/null
start "$server_program" users
NOTES_PASSWORD=Tr0ub4dor && export NOTES_PASSWORD
visit 0 'I am alice, by password' alice
visit 3 'I am bob, by password' bob
visit 1 'login failed' carol # nobody knows whether she exists
NOTES_PASSWORD=wrong
visit 1 'login failed' alice
stop

# A token, and a directory that sees passwords.
NOTES_TOKEN=4ae8f1c09b7d23e65512 && export NOTES_TOKEN
start "$rules_program"
visit 0 'I am robot, by token' --token
NOTES_TOKEN=00000000000000000000
visit 1 'login failed' --token
NOTES_PASSWORD=swordfish
visit 0 'I am erin, by plain' --plain erin
NOTES_PASSWORD=wrong
visit 1 'login failed' --plain erin
stop
if grep -q -e wrong -e swordfish -e 4ae8f1 said; then
    fail 'a secret was printed'
fi
echo 'logins.sh: all as it should be'
