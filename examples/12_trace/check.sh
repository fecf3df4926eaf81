#!/bin/sh
# Runs the example and compares all that it says.
# usage: check.sh PROGRAM
set -eu

said=$("$1")
wanted='server: desk.Desk.ask ended with unauthenticated: 8 bytes in, 0 out
server: "when?", trace 5f2c
server: desk.Desk.ask ended with ok: 8 bytes in, 7 out
client: unauthenticated: desk.Desk.ask needs a token
client: in front: desk = 7
client: soon
client: at the end: cost = 3'
[ "$said" = "$wanted" ] && exit 0
echo "$said"
echo "check.sh: that is not what 12_trace should say"
exit 1
