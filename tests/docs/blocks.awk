# Finds the fenced blocks of a Markdown file.
#
#   awk -v dir=OUT -v list=1 -f blocks.awk FILE.md
#
# Writes block N to OUT/N and prints "N LINE LANGUAGE REST" for each, where REST is what follows the language behind the
# opening fence: a file to write or quote, or what to expect. A fence inside a longer fence is text.

/^[ \t]*```/ {
    match($0, /`+/)
    if (!is_open) {
        is_open = 1
        fence = RLENGTH
        rest = substr($0, RSTART + RLENGTH)
        language = rest
        sub(/ .*/, "", language)
        sub(/^[^ ]* ?/, "", rest)
        n++
        file = dir "/" n
        printf "" >file
        print n, NR, (language == "" ? "-" : language), rest
        next
    }
    if (RLENGTH >= fence && $0 ~ /^[ \t]*`+[ \t]*$/) {
        is_open = 0
        close(file)
        next
    }
}
is_open { print >file }
END {
    if (is_open) {
        print FILENAME ": a block is never closed" >"/dev/stderr"
        exit 1
    }
}
