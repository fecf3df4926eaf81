#!/bin/sh
# Rule: no function that cannot be called safely, or that has a better sibling in the tree.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

banned='sprintf|vsprintf|strcpy|strcat|stpcpy|gets|atoi|atol|atoll|atof|strtok|alloca|rand|srand|random|tmpnam|mktemp|tempnam'
library_only='system|popen|abort|exit|setjmp|longjmp|getenv|setenv|signal|printf|puts|perror'

{
    sources '*.c' '*.h' '*.l' '*.y' | code_only |
        grep -E "(^|[^A-Za-z0-9_.>])($banned)[[:space:]]*\(" |
        sed -E "s/^([^:]*:[0-9]*):.*[^A-Za-z0-9_.>]($banned)[[:space:]]*\(.*/\1: \2 is banned/"
    # A library neither ends the process, nor takes its signals, nor prints.
    find runtime/src runtime/include -name '*.[ch]' 2>/dev/null | LC_ALL=C sort | code_only |
        grep -E "(^|[^A-Za-z0-9_.>])($library_only)[[:space:]]*\(" |
        grep -vE '^runtime/src/secure/home[.]c:.*getenv' | # the default paths: the one place
        sed -E "s/^([^:]*:[0-9]*):.*[^A-Za-z0-9_.>]($library_only)[[:space:]]*\(.*/\1: \2 has no place in a library/"
    # A scanf conversion of text without a width.
    sources '*.c' '*.h' | xargs -r grep -nE 'scanf *\(.*%(\[|s|l\[|ls)' /dev/null |
        sed -E 's/^([^:]*:[0-9]*):.*/\1: scanf without a width/'
} | report "Use snprintf, cx_ buffers, strtoul with its checks, the environment table, or an error the caller gets."
