# Prints C as "file:line:code", with comments left out and strings and characters emptied.

FNR == 1 { in_comment = 0 }

{
    rest = $0
    code = ""
    while (rest != "") {
        if (in_comment) {
            end = index(rest, "*/")
            if (end == 0) { rest = ""; break }
            rest = substr(rest, end + 2)
            in_comment = 0
            code = code " "
            continue
        }
        if (!match(rest, /"|'|\/\*|\/\//)) { code = code rest; break }
        mark = substr(rest, RSTART, RLENGTH)
        code = code substr(rest, 1, RSTART - 1)
        rest = substr(rest, RSTART)
        if (mark == "//") break
        if (mark == "/*") { in_comment = 1; rest = substr(rest, 3); continue }
        closed = mark == "\"" ? match(rest, /^"([^"\\]|\\.)*"/) : match(rest, /^'([^'\\]|\\.)*'/)
        code = code mark mark
        rest = closed ? substr(rest, RLENGTH + 1) : ""
    }
    printf "%s:%d:%s\n", FILENAME, FNR, code
}
