#!/bin/sh
# The commands from outside: exit status, where output goes, help, and what is said of wrong words.
# usage: front_commands_test.sh IDLC
set -u
idlc=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

# run STATUS WORD...: runs idlc with the words; its output is then in out and err.
run() {
    wanted=$1
    shift
    "$idlc" "$@" >out 2>err
    status=$?
    if [ "$status" -ne "$wanted" ]; then
        echo "idlc $*: status $status, not $wanted"
        cat out err
        failures=$((failures + 1))
    fi
}

# says FILE TEXT: the output holds the text.
says() {
    if ! grep -qF -- "$2" "$1"; then
        echo "$1 does not say: $2"
        cat "$1"
        failures=$((failures + 1))
    fi
}

# says_not FILE TEXT: it does not.
says_not() {
    ! grep -qF -- "$2" "$1" || {
        echo "said on $1: $2"
        failures=$((failures + 1))
    }
}

silent() {
    if [ -s "$1" ]; then
        echo "$1 should be empty:"
        cat "$1"
        failures=$((failures + 1))
    fi
}

printf 'namespace a;\nstruct S {\n    1: u32 x;\n}\n' >good.idl
printf 'namespace b;\nstruct S {\n    1: u32 x\n}\n' >bad.idl

run 0 check good.idl
silent out
silent err
run 0 check good.idl ./good.idl
run 1 check bad.idl
silent out
says err "bad.idl:3:13"
run 1 check --diagnostics=gcc bad.idl
says err "bad.idl:3:13: error: ';' is missing behind 'x' [E0102]"
run 1 check --diagnostics json good.idl bad.idl
silent err
says out '"id": "E0102"'
run 1 check --diagnostics=sarif bad.idl
says out '"ruleId": "E0102"'
run 1 check --color=always bad.idl
says err "$(printf '\033[1;31merror[E0102]')"
run 1 check --color=auto bad.idl
if grep -q "$(printf '\033')" err; then
    echo "colour where nobody asked and no terminal is"
    failures=$((failures + 1))
fi

run 2 check
says err "no schema file is named"
run 2 check missing.idl
says err "can't read 'missing.idl': No such file or directory"
run 2 check .
says err "can't read '.': Is a directory"
run 2 check missing.idl bad.idl
says err "bad.idl:3:13"
run 2 check --colour=never good.idl
says err "did you mean '--color'?"
run 2 check --color=sometimes good.idl
says err "it is auto, always or never"
run 2 check --diagnostics=jsn good.idl
says err "did you mean 'json'?"
run 2 check -I
says err "'-I' needs a value: DIR"
run 0 check -- good.idl

head -c 4194305 /dev/zero >large.idl
run 2 check large.idl
says err "E0006"
rm large.idl

run 2
says err "usage: idlc COMMAND"
run 2 chek good.idl
says err "there is no command 'chek'"
says err "did you mean 'check'?"
run 2 --versoin
says err "did you mean '--version'?"
run 0 --version
says out "idlc "
run 0 --help
says out "explain"
run 0 help check
says out "usage: idlc check [OPTIONS] FILE..."
says out "--diagnostics=FORMAT"
run 0 check --help
says out "usage: idlc check"
run 2 help nothing

run 0 explain
says out "E0102  missing-semicolon"
run 0 explain E0102
says out "E0102  missing-semicolon  (error)"
says out "Refused:"
says out "    2: u32 y;"
run 0 explain e0102 dangling-doc
says out "W0501"
run 0 explain W0606
says out "retired"
says_not out "Refused:"
run 2 explain missing-semicolons
says err "did you mean 'missing-semicolon'?"
run 2 explain E9999

if [ -w /dev/full ]; then
    "$idlc" explain >/dev/full 2>err
    [ $? -eq 2 ] || { echo "a full disk looked like success"; failures=$((failures + 1)); }
    says err "can't write standard output"
fi

[ "$failures" -eq 0 ] || { echo "$failures failures"; exit 1; }
