#!/bin/sh
# From a schema to a call, in one minute: shows what coax does, and fails if anything is not as it should be.
#
# Reads BUILD_DIR (default: build/release): where the tree was built. `./dev demo` builds, then runs this.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "${BUILD_DIR:-$root/build/release}" && pwd)
idlc=$build/idlc/idlc
bin=$build/examples/01_calc
work=$(mktemp -d "${TMPDIR:-/tmp}/coax-demo.XXXXXX")
export COAX_HOME="$work/home" # keys and known hosts: this run's own
server=

# The server is ours to end, however this script ends.
end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '\n== %s\n' "$*"; }

say "1. The schema: examples/01_calc/calc.idl"
sed 's/^/    /' "$here/calc.idl"

say "2. Compile it"
echo "    \$ idlc c -o generated calc.idl"
(cd "$here" && "$idlc" c -o "$work/generated" calc.idl)
for file in "$work"/generated/*; do
    [ "$(wc -l <"$file")" -gt 0 ] # an empty output would be a fault
    printf '    %5d lines  %s\n' "$(wc -l <"$file")" "${file##*/}"
done

say "3. Start a server built from it, on a free port"
mkfifo "$work/address"
"$bin/server" tcp://127.0.0.1:0 >"$work/address" &
server=$!
read -r address <"$work/address" || { echo "the server did not start" >&2; exit 1; }
echo "    listening on $address"

say "4. Call it: a client that waits"
"$bin/client" "$address" >"$work/output"
sed 's/^/    /' "$work/output"

say "5. Call it: a client that doesn't wait"
"$bin/async" "$address" >"$work/output"
sed 's/^/    /' "$work/output"

say "6. End the server, and call again: a lost server is an error at once"
kill "$server" # fails when it is gone: it must have survived all of the above
wait "$server" 2>/dev/null || :
server=
if "$bin/client" "$address" >"$work/output" 2>&1; then
    echo "a call without a server succeeded" >&2
    exit 1
fi
sed 's/^/    /' "$work/output"

say "Done. Next: docs/guide/README.md, or the same by hand: examples/01_calc/README.md"
