#!/bin/sh
# `idlc c` and `idlc json` as builds use them. Usage: command.sh IDLC CLASH-FOLDER
# Each check is a sentence; all are run, and the exit status says whether all held.
set -u

idlc=$1
clash=$2
scratch=$(mktemp -d) || exit 2
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
failed=0

holds() { # sentence, then a command that succeeds if it is true
    sentence=$1
    shift
    if "$@" >"$scratch/said" 2>&1; then
        echo "ok - $sentence"
    else
        echo "not ok - $sentence"
        sed 's/^/    /' "$scratch/said"
        failed=$((failed + 1))
    fi
}

fails_with() { # exit status, text on standard error, command...
    wanted=$1
    text=$2
    shift 2
    "$@" >out.txt 2>err.txt
    status=$?
    cat err.txt
    [ $status -eq "$wanted" ] && grep -qF -- "$text" err.txt
}

is_quiet() {
    "$@" >out.txt 2>err.txt && cat err.txt && [ ! -s err.txt ]
}

old_files() {
    find "$1" -type f -exec touch -d '2001-01-01T00:00:00' {} +
}

# How many files of a folder were written since old_files.
n_new() {
    [ "$(find "$1" -type f -newermt 2001-06-01 | wc -l)" -eq "$2" ]
}

mkdir common
printf 'namespace common;\nstruct Money { 1: i64 units; }\n' >common/money.idl
printf 'namespace bank;\nimport "common/money.idl";\nstruct A { 1: common.Money m; }\nservice B { rpc go(A) -> A; }\n' >bank.idl

holds 'makes the folders it writes into' "$idlc" c -o made/for/this bank.idl
holds 'writes six files' [ "$(ls made/for/this | wc -l)" -eq 6 ]
holds 'includes an imported header by its stem' grep -q '#include "money.h"' made/for/this/bank.h
holds 'leaves the client out' "$idlc" c -o no_client --no-client bank.idl
holds 'wrote no client then' [ ! -e no_client/bank_client.h ]
holds 'leaves the server out' "$idlc" c -o no_server --no-server bank.idl
holds 'wrote no server then' [ ! -e no_server/bank_server.c ]

"$idlc" c -o gen bank.idl common/money.idl
cp -R gen first
rm -r gen
"$idlc" c -o gen bank.idl common/money.idl
holds 'writes the same bytes again' diff -r first gen
(cd / && "$idlc" c -o "$scratch/elsewhere" "$scratch/bank.idl" "$scratch/common/money.idl")
holds 'writes the same bytes from another folder' diff -r first elsewhere
old_files gen
"$idlc" c -o gen bank.idl common/money.idl
holds 'touches nothing that would stay the same' n_new gen 0
holds 'finds nothing stale then' is_quiet "$idlc" c --check -o gen bank.idl common/money.idl
printf 'namespace bank;\nimport "common/money.idl";\nstruct A { 1: common.Money m; 2: u8? x; }\nservice B { rpc go(A) -> A; }\n' >bank.idl
holds '--check says which file is stale, and where' fails_with 1 "'gen/bank.h' is not what the schema says, from line" "$idlc" c --check -o gen bank.idl
holds '--check shows what it should have' grep -qF 'it should have:' err.txt
holds '--check writes nothing' n_new gen 0
"$idlc" c -o gen bank.idl common/money.idl
holds 'writes only what changed' n_new gen 2
holds 'leaves no temporary files' [ -z "$(find gen -name '*.tmp')" ]
rm gen/bank_client.c
holds '--check says what is missing' fails_with 1 "'gen/bank_client.c' is missing" "$idlc" c --check -o gen bank.idl
printf 'left over\n' >>gen/bank_server.c
"$idlc" c -o gen bank.idl
holds 'cuts off what is behind the end' "$idlc" c --check -o gen bank.idl

printf 'gen/bank.h\ngen/bank.c\ngen/bank_client.h\ngen/bank_client.c\ngen/bank_server.h\ngen/bank_server.c\n' >wanted.txt
"$idlc" c --list-outputs -o gen bank.idl >listed.txt
holds '--list-outputs lists what it would write' diff wanted.txt listed.txt
holds '--list-outputs needs no schema' "$idlc" c --list-outputs -o gen not_there.idl

mkdir 'a b'
cp bank.idl 'a b/$c #1.idl'
cp -R common 'a b'
"$idlc" c -o 'a b' --no-client --no-server --depfile 'a b/dep.d' 'a b/$c #1.idl'
printf '%s\n' 'a\ b/$$c\ \#1.h a\ b/$$c\ \#1.c : a\ b/common/money.idl a\ b/$$c\ \#1.idl' >wanted.txt
holds 'escapes paths in the depfile' diff wanted.txt 'a b/dep.d'
"$idlc" c -o gen --depfile dep.d bank.idl
printf 'all: gen/bank.h\ngen/bank.h:\n\t@echo again\ninclude dep.d\n' >Makefile
if command -v make >/dev/null; then
    touch -d '2001-01-01T00:00:00' common/money.idl bank.idl
    holds 'make is content with the depfile' sh -c 'make -s | grep -q again && exit 1 || exit 0'
    touch -d 'now + 1 hour' common/money.idl
    holds 'make runs again when an imported schema changed' sh -c 'make -s | grep -q again'
fi

printf 'namespace other;\nstruct Money { 1: i64 units; }\n' >money.idl
holds 'refuses two schemas of one name' fails_with 2 "'common/money.idl' and 'money.idl' would both become 'money.h'" \
    "$idlc" c -o gen bank.idl money.idl
cp bank.idl time.idl
holds "refuses to hide a header of the system" fails_with 2 "'time.idl' would become 'time.h'" "$idlc" c -o gen time.idl
printf 'namespace s;\nstruct I { 1: u8 x; }\nservice S { rpc f() -> stream I; event e(I); }\n' >streams.idl
holds 'takes streams and events without a word' is_quiet "$idlc" c -o gen streams.idl
holds 'says in the header what streams and events have' grep -q 'x_next()' gen/streams_client.h
holds 'says nothing of what the schema has not' sh -c '! grep -qE "x_put|x_wait\(|one-way" gen/streams_client.h'

if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    chmod a-w locked
    holds 'names the file and the reason when it cannot write' fails_with 2 'locked/bank.h' "$idlc" c -o locked bank.idl
fi
: >plain_file
holds 'names the folder and the reason when there can be none' fails_with 2 'plain_file' "$idlc" c -o plain_file/x bank.idl
mkdir -p blocked/bank.h
holds 'names the output and the reason when a folder is in its place' fails_with 2 'blocked/bank.h' "$idlc" c -o blocked bank.idl
holds 'json fails when its output cannot be written' fails_with 2 'plain_file' "$idlc" json -o plain_file/x.json bank.idl
[ ! -e /dev/full ] || holds 'json fails when standard output is full' sh -c "! '$idlc' json bank.idl >/dev/full 2>/dev/null"

for schema in "$clash"/*.idl; do
    wanted=$(sed -n '1s,^// ,,p' "$schema")
    name=$(basename "$schema" .idl)
    if [ "$wanted" = ok ]; then
        holds "$name: takes it" is_quiet "$idlc" c -o clash "$schema"
    else
        holds "$name: reports $wanted" fails_with 1 "[$wanted]" "$idlc" c --color=never -o clash "$schema"
    fi
done
[ $failed -eq 0 ]
