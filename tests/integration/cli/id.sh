#!/bin/sh
# coax id: of key files, of servers that were met, lines for authorized_keys. Usage: id.sh COAX
set -eu
. "$(dirname "$0")/lib.sh"

run 1 id
says "home/server_key: can't open it: No such file"
says "'coax keygen' makes a key; a server makes its own when it starts"
[ ! -e home ] || fail "asking made a folder"

run 0 keygen -o key
id=$(cat out)
run 0 id key
prints "$id"
run 0 id --json key
prints "{\"file\": \"key\", \"id\": \"$id\"}"
run 0 id -- key
prints "$id"
run 2 id key key
says 'one file or one address'

# Files that can't be believed.
for mode in 640 604 660 666; do
    chmod "$mode" key
    run 1 id key
    says "others may read or write it (mode 0$mode), so it is no secret; chmod 600 it"
done
chmod 600 key
sed 's/^secret ......../secret 00000000/' key >damaged
chmod 600 damaged
run 1 id damaged
says 'its secret and its id do not belong together'
echo 'nonsense' >>key
run 1 id key
says 'line 4: is neither'
sed -i '$d' key
printf 'PEM\n' >other
chmod 600 other
run 1 id other
says 'is no key file of coax'
run 1 id .
says 'is no regular file'
mkfifo -m 600 pipe
run 1 id pipe
says 'is no regular file'
chmod 755 "$work"
mkdir -m 700 shut
if as_nobody test ! -r shut 2>/dev/null; then
    status=0
    as_nobody "$coax" id "$work/shut/key" >out 2>err || status=$?
    [ "$status" -eq 1 ] || fail "a shut folder: exit status $status"
    says 'Permission denied'
fi

# Lines for authorized_keys.
run 0 id key --line alice
prints "$id alice"
run 0 id key --line alice --roles admin,billing
prints "$id alice admin,billing"
for roles in '' ',' 'a,' ',a' 'a b' 'a,,b' '#a'; do
    run 2 id key --line alice --roles "$roles"
done
for name in 'a b' '#a' "$(printf 'a\nb')" "$(printf 'a\001')" "$(printf '\377')" "$(printf '%0256d' 0)"; do
    run 2 id key --line "$name"
done
run 2 id key --roles a
says '--roles belongs to --line'
run 2 id key --line a --json
run 2 id tcp://x:1 --line a
says "a server's id does not log in"
run 2 id key --known-hosts home/known_hosts
says '--known-hosts needs the address'

# Servers that were met.
run 1 id tcp://calc.example:7000
says "nothing is known of tcp://calc.example:7000 in $work/home/known_hosts"
mkdir -m 700 home
printf '# mine\ntcp://calc.example:7000 %s # 2025\nunix:///run/a%%20b %s\n' "$id" "$id" >home/known_hosts
run 0 id tcp://Calc.example:7000
prints "$id"
run 0 id 'unix:///run/a b' --json
prints "{\"file\": \"$work/home/known_hosts\", \"address\": \"unix:///run/a b\", \"ids\": [{\"id\": \"$id\", \"line\": 3}]}"
printf 'tcp://calc.example:7001\n' >>home/known_hosts
run 0 id tcp://calc.example:7000
run 1 id tcp://calc.example:7001
says 'line 4 has no id behind the address; it may have named this server: repair or delete it'
mv home/known_hosts elsewhere
run 0 id tcp://calc.example:7000 --known-hosts elsewhere
chmod 666 elsewhere
run 1 id tcp://calc.example:7000 --known-hosts elsewhere
says 'others may write it (mode 0666)'
