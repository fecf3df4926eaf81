#!/bin/sh
# Rule: nothing is left for later in the text: what can't be done is refused with an error, and what remains is an issue.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

texts | xargs -r grep -nIE '(^|[^A-Za-z0-9_])(TODO|FIXME|XXX|HACK)([^A-Za-z0-9_]|$)' /dev/null |
    sed -E 's/^([^:]*:[0-9]*):.*(TODO|FIXME|XXX|HACK).*/\1: \2/' |
    report "Do it now, or write an issue and delete the mark."
