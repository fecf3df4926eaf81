#!/bin/sh
# Rule: includes go down only, and each library is known in its own place. docs/internals says why; the table is here.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

{ sources '*.c' '*.h' '*.l' '*.y' | xargs -r grep -nE '^[[:space:]]*#[[:space:]]*include' /dev/null; } |
    awk -f "$rule_dir/layers.awk" |
    report "Turn the dependency round with a table of on_* callbacks, or move the code to the layer that needs it."
