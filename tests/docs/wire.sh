#!/bin/sh
# docs/wire.md is true: its client works, and the bytes it shows are the ones that coax sends.
# usage: wire.sh TREE CALC-SERVER CALC-CLIENT
set -eu

tree=$1
if ! command -v python3 >/dev/null 2>&1; then
    echo "skipped: python3 is not installed, and the client shown in docs/wire.md is written in it"
    exit 77
fi
export PYTHONDONTWRITEBYTECODE=1

work=$(mktemp -d "${TMPDIR:-/tmp}/coax-wire.XXXXXX")
export COAX_HOME="$work/home" # keys and known hosts: this run's own
server=
end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    rm -rf "$work"
}
trap end EXIT

mkfifo "$work/address"
"$2" plain+tcp://127.0.0.1:0 >"$work/address" &
server=$!
read -r address <"$work/address"
python3 "$tree/docs/wire-client.py" 127.0.0.1 "${address##*:}"
kill "$server"
wait "$server" 2>/dev/null || :
server=

python3 "$tree/tests/docs/wire_bytes.py" "$tree/docs/wire.md" "$2" "$3"
