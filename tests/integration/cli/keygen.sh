#!/bin/sh
# coax keygen: files, modes, races, full disks. Usage: keygen.sh COAX
set -eu
. "$(dirname "$0")/lib.sh"

# The default: where a server looks.
run 0 keygen
id=$(cat out)
is_id "$id"
says "$work/home/server_key"
[ "$(mode_of home) $(mode_of home/server_key)" = '700 600' ] || fail "modes"
[ "$(ls -A home)" = server_key ] || fail "left something behind"
head -n 1 home/server_key | grep -q '^coax-key 1 secret: who can read this file' || fail "the first line"
grep -qF "$id" home/server_key || fail "the id in the file is another"
secret=$(sed -n 's/^secret //p' home/server_key)
run 0 id
prints "$id"
! grep -qF "$secret" out err || fail "prints the secret"

# Never over what is there.
cp home/server_key before
run 1 keygen
says 'exists already, and is never written over'
says 'move the old one away first'
cmp -s before home/server_key || fail "changed the key"
run 2 keygen --force
ln -s nowhere link
run 1 keygen -o link
[ ! -e nowhere ] || fail "followed a link"
mkdir folder
run 1 keygen -o folder
run 1 keygen -o folder/none/key
says "folder/none/key: can't write it: No such file"

# Elsewhere, and for machines.
run 0 keygen -o 'folder/my "key"' --json
grep -qE '^\{"file": "folder/my \\"key\\"", "id": "[a-z2-7]{52}"\}$' out || fail "--json"
[ ! -s err ] || fail "--json says more"
run 0 keygen --output=folder/b
run 0 keygen -ofolder/c
run 2 keygen folder/d
says "a file is named with -o"
run 2 keygen -o
says '-o needs a value'
run 2 keygen --output=
(
    umask 0777
    run 0 keygen -o strict
)
[ "$(mode_of strict)" = 600 ] || fail "the umask took the owner's rights"

# Without a place to put it.
unset COAX_HOME
(unset HOME XDG_CONFIG_HOME; run 1 keygen; says 'neither COAX_HOME, XDG_CONFIG_HOME nor HOME is set')
(HOME=$work/h; export HOME; unset XDG_CONFIG_HOME; run 0 keygen; [ -f h/.config/coax/server_key ] || fail "HOME")
COAX_HOME=$work/home
export COAX_HOME

# A file that may not grow is what a full disk is.
mkdir small
status=0
(ulimit -f 0; exec "$coax" keygen -o small/key) >/dev/null 2>&1 || status=$?
[ "$status" -eq 1 ] || fail "a full disk: exit status $status"
[ -z "$(ls -A small)" ] || fail "a full disk left something behind: $(ls -A small)"

# A folder that may not be written.
chmod 755 "$work"
mkdir -m 555 shut
status=0
as_nobody "$coax" keygen -o "$work/shut/key" >out 2>err || status=$?
[ "$status" -eq 1 ] || fail "a shut folder: exit status $status"
says 'Permission denied'

# Many at once: one makes it.
mkdir race
n=0
while [ "$n" -lt 8 ]; do
    ("$coax" keygen -o race/key >"id-$n" 2>/dev/null || :) &
    n=$((n + 1))
done
wait
cat id-* >ids
[ "$(grep -c . ids)" -eq 1 ] || fail "$(grep -c . ids) of 8 made the same key"
[ "$("$coax" id race/key)" = "$(cat ids)" ] || fail "the key in the file is another's"
[ "$(ls -A race)" = key ] || fail "the race left something behind"
