# shellcheck shell=sh
# What the scripts here share; sourced by each with the program as its first argument.
#
# Each runs in a folder of its own, with a COAX_HOME there, and ends at the first thing that is not as it should be.
coax=$1
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 1
COAX_HOME=$work/home
export COAX_HOME
umask 022

fail()
{
    printf 'FAILED: %s\n' "$*"
    printf 'it said:\n'
    cat out err 2>/dev/null
    exit 1
}

# run STATUS WORD...: runs the program; its output is in the files out and err.
run()
{
    wanted=$1
    shift
    status=0
    "$coax" "$@" >out 2>err || status=$?
    [ "$status" -eq "$wanted" ] || fail "coax $*: exit status $status, not $wanted"
    # What went wrong is said, and on standard error only; what went well prints results only.
    if [ "$wanted" -ne 0 ]; then
        [ -s err ] || fail "coax $*: says nothing"
        [ ! -s out ] || fail "coax $*: fails, and prints a result"
    fi
}

# says TEXT: standard error has it.
says()
{
    grep -qF -- "$1" err || fail "does not say: $1"
}

# prints TEXT: standard output is exactly this line.
prints()
{
    printf '%s\n' "$1" >wanted
    cmp -s wanted out || fail "does not print: $1"
}

is_id()
{
    printf '%s' "$1" | grep -qE '^[a-z2-7]{52}$' || fail "is no id: $1"
}

mode_of()
{
    stat -c %a "$1"
}

# as_nobody WORD...: as a user who is not root.
as_nobody()
{
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    else
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    fi
}
