#!/bin/sh
# coax passwd: users of a store, without a terminal. Usage: passwd.sh COAX
set -eu
. "$(dirname "$0")/lib.sh"

cheap='--memory-kib 8192 --passes 1' # Argon2id takes its time otherwise

# with PASSWORD STATUS WORD...: as run, with a line on standard input.
with()
{
    printf '%s\n' "$1" >input
    shift
    run "$@" <input
}

# A store is made only when asked for.
with 'correct horse' 1 passwd users add alice --stdin
says "users: can't look at it: No such file"
says "'coax passwd users add USER --create' makes one"
run 1 passwd users list
run 1 passwd users remove alice
[ ! -e users ] || fail "made a store"
# shellcheck disable=SC2086
with 'correct horse' 0 passwd users add alice --stdin --create --roles admin,billing $cheap
[ ! -s out ] || fail "add prints something"
[ "$(mode_of users) $(mode_of users.secret)" = '600 600' ] || fail "modes"
! grep -q 'correct horse' users users.secret || fail "keeps the password"

# Users come and go.
with 'x' 0 passwd users add 'Bob B' --stdin
run 0 passwd users list
printf 'alice\tadmin,billing\nBob B\n' | cmp -s - out || fail "list"
run 0 passwd users list --json
prints '{"file": "users", "users": [{"name": "alice", "roles": ["admin","billing"]}, {"name": "Bob B", "roles": []}]}'
cp users before
with 'x' 1 passwd users add alice --stdin
says "users has a user alice already; 'set' changes the password"
with 'x' 1 passwd users set carol --stdin
says "users has no user carol; 'add' makes one"
cmp -s before users || fail "changed the store"
with 'another' 0 passwd users set alice --stdin
run 0 passwd users list
grep -qF "$(printf 'alice\tadmin,billing')" out || fail "set took the roles away"
! cmp -s before users || fail "set changed nothing"
with 'another' 0 passwd users set alice --stdin --roles guest
run 0 passwd users list
grep -qx "$(printf 'alice\tguest')" out || fail "set did not change the roles"
run 0 passwd users remove 'Bob B'
run 1 passwd users remove 'Bob B'
says 'there is no such user'
run 0 passwd users list
[ "$(grep -c . out)" -eq 1 ] || fail "remove"
[ "$(echo users*)" = 'users users.secret' ] || fail "left something behind: $(echo users*)"

# Roles are parted by commas: who parts them by blanks would have one that no schema asks for.
with 'x' 2 passwd users set alice --stdin --roles 'admin billing'
says 'has a role with a blank in it; roles are parted by one comma'

# Nobody needs to know the password to give other roles, or none.
cp users before
run 0 passwd users roles alice --roles keeper,auditor
run 0 passwd users list
grep -qx "$(printf 'alice\tkeeper,auditor')" out || fail "roles did not change them"
[ "$(grep alice before | cut -f 4-)" = "$(grep alice users | cut -f 5-)" ] || fail "roles changed the record"
run 0 passwd users roles alice
run 0 passwd users list
grep -qx alice out || fail "roles left some"
run 1 passwd users roles nobody
says "users has no user nobody; 'add' makes one"
run 2 passwd users roles alice --stdin
says '--stdin belongs to add and set'
run 0 passwd users roles alice --roles guest

# What is no password.
with '' 1 passwd users set alice --stdin
says 'the password is empty; nothing was changed'
run 1 passwd users set alice --stdin </dev/null
says 'the password is empty'
with "$(printf '%01025d' 0)" 1 passwd users set alice --stdin
says 'more than 1024 bytes'
printf 'a\0b\n' >nul
run 1 passwd users set alice --stdin <nul
says 'has a NUL in it'
with "$(printf '%01024d' 0)" 0 passwd users set alice --stdin
printf 'no line end' >input
run 0 passwd users set alice --stdin <input
if command -v setsid >/dev/null; then # nobody to ask
    status=0
    setsid -w "$coax" passwd users set alice </dev/null >out 2>err || status=$?
    [ "$status" -eq 1 ] || fail "without a terminal: exit status $status"
    says 'there is no terminal to ask for the password; give it on standard input, with --stdin'
fi

# Words that make no sense.
run 2 passwd
says 'which file'
run 2 passwd users
says 'say add, set, roles, remove or list'
run 2 passwd users delete alice
run 2 passwd users add
says 'which user?'
run 2 passwd users add alice secret
says 'a password is never taken from the command line'
run 2 passwd users list alice
run 2 passwd users add alice --json
run 2 passwd users set alice --create
run 2 passwd users remove alice --stdin
run 2 passwd users add carol --passes 2 --stdin
says 'belong to --create'
for number in 0 -1 x 1x 99999999999 ''; do
    run 2 passwd new add carol --create --memory-kib "$number"
done
for roles in ',' 'a,' ',a' 'a,,b'; do
    run 2 passwd users add carol --roles "$roles"
done
with x 1 passwd users add carol --stdin --roles "$(printf 'a\001')"
with x 1 passwd users add "$(printf 'a\nb')" --stdin
with x 1 passwd users add '' --stdin
with x 1 passwd new add carol --create --stdin --memory-kib 1
[ ! -e new ] || fail "made a store of a wrong cost"

# Files that can't be believed, and disks that are full.
chmod 640 users
run 1 passwd users list
says 'others may read or write it (mode 0640)'
chmod 600 users
cp users before
status=0
(ulimit -f 0; exec "$coax" passwd users remove alice) >/dev/null 2>&1 || status=$?
[ "$status" -eq 1 ] || fail "a full disk: exit status $status"
cmp -s before users || fail "a full disk changed the store"
mv users.secret away
run 1 passwd users list
says 'its secret is not there'
mv away users.secret
sed '2s/guest/admin/; 2s/.$//' before >users
run 1 passwd users list
says 'users:2: '
cp before users

# Many at once lose nothing.
n=0
while [ "$n" -lt 6 ]; do
    (printf 'x\n' | "$coax" passwd users add "user$n" --stdin 2>>race-err || echo "user$n" >>failed) &
    n=$((n + 1))
done
wait
[ ! -e failed ] || fail "at once: $(cat failed race-err)"
run 0 passwd users list
[ "$(grep -c '^user' out)" -eq 6 ] || fail "$(grep -c '^user' out) of 6 users are there"
