#!/bin/sh
# Fetches and stores, goes on with what broke off, and is refused outside of the folder.
# usage: transfer.sh SERVER CLIENT
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
fail() { echo "$1" >&2; exit 1; }

mkdir -p "$work/shared/sub"
head -c 3000000 /dev/urandom >"$work/big"
cp "$work/big" "$work/shared/sub/big"
echo secret >"$work/secret"
ln -s "$work/secret" "$work/shared/way-out"
mkfifo "$work/address"
"$1" "$work/shared" tcp://127.0.0.1:0 >"$work/address" &
server=$!
read -r address <"$work/address"
client=$2

"$client" fetch sub/big "$work/copy" "$address" 2>"$work/said"
cmp "$work/big" "$work/copy" || fail "fetched something else"
grep -q "3000000 of 3000000 bytes" "$work/said" || fail "progress was not shown"

head -c 1234567 "$work/big" >"$work/half.part" # an attempt that broke off
"$client" fetch sub/big "$work/half" "$address" 2>"$work/said"
cmp "$work/big" "$work/half" || fail "resumed to something else"
grep -q "goes on at byte 1234567" "$work/said" || fail "it began anew"

"$client" store "$work/big" sub/stored "$address" 2>"$work/said"
cmp "$work/big" "$work/shared/sub/stored" || fail "stored something else"
head -c 2000000 "$work/big" >"$work/shared/again.part"
"$client" store "$work/big" again "$address" 2>"$work/said"
cmp "$work/big" "$work/shared/again" || fail "resumed to something else"
grep -q "goes on at byte 2000000" "$work/said" || fail "it began anew"

head -c 1000 /dev/zero >"$work/bad.part" # another file's beginning
! "$client" fetch sub/big "$work/bad" "$address" 2>"$work/said" || fail "a wrong part went unnoticed"
grep -q "data_loss" "$work/said" || fail "a wrong part was not named"

for path in ../secret sub/../../secret /etc/passwd way-out ./secret sub//big; do
    ! "$client" fetch "$path" "$work/stolen" "$address" 2>"$work/said" || fail "$path was given away"
    grep -q "permission_denied" "$work/said" || fail "$path: $(cat "$work/said")"
done
! "$client" store "$work/big" ../planted "$address" 2>"$work/said" || fail "it was stored outside"
[ ! -e "$work/planted" ] && [ ! -e "$work/planted.part" ] || fail "something lies outside"
echo "files went both ways, in one go and in two, and none outside the folder"
