#!/bin/sh
# Rule: the events that the library logs are those that docs/logs.md lists, under well-formed names and with their levels.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

page=docs/logs.md

# "file:line level name" of each call; the level is "?" where a variable holds it. A call may stand on several lines.
logged()
{
    find runtime/src -name '*.c' 2>/dev/null | LC_ALL=C sort | xargs -r awk '
        FNR == 1 { call = "" }
        call == "" && /cx_log_(fact|event)\(/ { call = $0; line = FNR; sub(/.*cx_log_(fact|event)\(/, "", call) }
        call != "" && FNR > line { call = call $0 }
        call != "" && (/;/ || /^}/) {
            level = match(call, /COAX_LOG_[A-Z]+/) ? tolower(substr(call, RSTART + 9, RLENGTH - 9)) : "?"
            # Not a definition, and not base/log.c, which passes on what it is given.
            if (match(call, /"[^"]*"/)) print FILENAME ":" line, level, substr(call, RSTART + 1, RLENGTH - 2)
            call = ""
        }'
}

# "line levels name" of each row of the page.
listed()
{
    awk -F '|' '/^\| `[^`]*` \|/ { gsub(/[` ]/, "", $2); gsub(/ /, "", $3); print FNR, $3, $2 }' "$page" 2>/dev/null
}

{
    logged | sed 's/^/logged /'
    listed | sed "s|^|listed |"
} | awk -v page="$page" '
    $1 == "logged" { place[++n] = $2; level[n] = $3; name[n] = $4; is_logged[$4] = 1 }
    $1 == "listed" { row[$4] = $2; levels[$4] = "," $3 "," }
    END {
        for (i = 1; i <= n; i++) {
            if (name[i] !~ /^[a-z]+(_[a-z]+)*$/)
                print place[i] ": the name of an event is lower-case words joined by underscores: " name[i]
            else if (!(name[i] in row))
                print place[i] ": " page " does not list " name[i]
            else if (level[i] != "?" && index(levels[name[i]], "," level[i] ",") == 0)
                print place[i] ": " page " lists " name[i] " with another level than " level[i]
        }
        for (event in row)
            if (!(event in is_logged)) print page ":" row[event] ": nobody logs " event
    }' | LC_ALL=C sort | report "Keep $page and the code alike: programs count these names."
