#!/bin/sh
# Runs the example and looks for what it must have told. Usage: check.sh WATCH
set -u
out=$(mktemp)
log=$(mktemp)
trap 'rm -f "$out" "$log"' EXIT

"$1" >"$out" 2>"$log" || { cat "$log"; exit 1; }

expect() # expect FILE PATTERN
{
    grep -q "$2" "$1" || { printf 'missing: %s\n' "$2"; cat "$1"; exit 1; }
}

expect "$out" '^# TYPE coax_calls_ended_total counter$'
expect "$out" '^coax_calls_ended_total{method="watch.Shop.take",direction="in",code="ok",source="shop"} 5$'
expect "$out" '^coax_calls_ended_total{method="watch.Shop.take",direction="out",code="failed_precondition",source="customer"} 1$'
expect "$out" '^coax_call_duration_seconds_count{method="watch.Shop.take",direction="in",source="shop"} 6$'
expect "$log" '^time=[0-9T:.-]*Z level=info event=listening address="tcp://127.0.0.1:[0-9]*"$'
expect "$log" '^time=[0-9T:.-]*Z level=info event=connection_opened side="server" '
expect "$log" '^shop: watch.Shop.take: 6 calls, 1 failed$'
