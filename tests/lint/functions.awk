# Measures functions of C files laid out by clang-format: the body's braces stand alone at the left margin.

FNR == 1 { start = 0 }
/^{/ { start = FNR; next }
/^}/ && start {
    len = FNR - start + 1
    n_functions++
    if (len > 40) {
        n_long++
        long_ones = long_ones sprintf("%s:%d: %d lines\n", FILENAME, start, len)
    }
    if (len > 80) printf "%s:%d: a function of %d lines, at most 80 allowed\n", FILENAME, start, len
    start = 0
}
END {
    if (n_long * 10 > n_functions && n_functions > 0)
        printf "%d of %d functions are over 40 lines, at most a tenth may be:\n%s", n_long, n_functions, long_ones
    else
        printf "note: %d functions, %d of them over 40 lines\n", n_functions, n_long > "/dev/stderr"
}
