# shellcheck shell=sh disable=SC2154
# What the rules share; sourced by each of them after it has set `rule_dir`.
#
# A rule prints its findings as "file:line: what is wrong" and ends through `report`, which turns findings into the exit
# status and adds what to do about them. Paths are relative to the tree that is checked, which is the first argument.

# Code of ours: neither what idlc wrote, nor what tests keep as data (below tests/golden/NAME), nor builds.
sources() # sources NAME-PATTERN...: the files under the folders that hold code
{
    sources_names=
    for pattern in "$@"; do
        sources_names="$sources_names -o -name $pattern"
    done
    set -f
    # shellcheck disable=SC2086 # the patterns are words for find
    find idlc runtime schemas examples tests \
        \( -name fixtures -o -path 'tests/golden/*/*' -o -name corpus -o -name 'build*' \) -prune -o \
        -type f \( -false $sources_names \) -print 2>/dev/null | LC_ALL=C sort
    set +f
}

# Every text file but the rules themselves, which must name what they look for.
texts()
{
    find . \( -name .git -o -path ./build -o -path ./tests/lint -o -name corpus \) -prune -o \
        -type f -print | sed 's|^\./||' | LC_ALL=C sort
}

# The C files given, as "file:line:code" without comments and without what stands in strings.
code_only()
{
    xargs -r awk -f "$rule_dir/code_only.awk"
}

# report WHAT-TO-DO: reads findings, shows them, and succeeds if there were none.
report()
{
    awk -v advice="$1" '
        { print; n++ }
        END { if (n > 0) { print n " finding" (n > 1 ? "s" : "") ". " advice; exit 1 } }'
}

cd "${1:?usage: $0 TREE}" || exit 2
