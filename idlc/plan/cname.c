/*
 * The words that are taken, and the spelling of names. See cname.h for the rules.
 *
 * The lists are sorted, for bsearch. A name of the C library that is a function or a type (printf,
 * div_t) is no problem as a member, so only keywords and macros are listed.
 */
#include "plan/cname.h"

#include <stdlib.h>
#include <string.h>

/* Keywords of C11 to C23 and of C++ up to 23, and macros that <assert.h>, <errno.h>, <stdio.h>,
 * <stdbool.h>, <complex.h>, <iso646.h>, <stdalign.h>, <threads.h>, <setjmp.h>, <signal.h>,
 * <stdarg.h>, <limits.h>, <math.h> or a compiler define with ordinary names. Names with a leading
 * underscore and ALL_CAPS_WITH_UNDERSCORE names are not listed one by one; see is_macro_like. */
static const char *const taken_words[] = {
    "BUFSIZ",
    "DOMAIN",
    "EOF",
    "FILE",
    "I",
    "INFINITY",
    "NAN",
    "NDEBUG",
    "NULL",
    "OVERFLOW",
    "PLOSS",
    "SING",
    "TLOSS",
    "UNDERFLOW",
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "arm",
    "asm",
    "assert",
    "atomic_cancel",
    "atomic_commit",
    "atomic_noexcept",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "complex",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "environ",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "far",
    "float",
    "for",
    "fpclassify",
    "friend",
    "goto",
    "huge",
    "i386",
    "if",
    "imaginary",
    "inline",
    "int",
    "interface",
    "isfinite",
    "isgreater",
    "isgreaterequal",
    "isinf",
    "isless",
    "islessequal",
    "islessgreater",
    "isnan",
    "isnormal",
    "isunordered",
    "linux",
    "long",
    "math_errhandling",
    "mips",
    "mutable",
    "namespace",
    "near",
    "new",
    "noexcept",
    "noreturn",
    "not",
    "not_eq",
    "nullptr",
    "offsetof",
    "operator",
    "or",
    "or_eq",
    "pascal",
    "private",
    "protected",
    "public",
    "reflexpr",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "setjmp",
    "short",
    "sigev_notify_attributes",
    "sigev_notify_function",
    "signbit",
    "signed",
    "sizeof",
    "small",
    "sparc",
    "st_atime",
    "st_ctime",
    "st_mtime",
    "static",
    "static_assert",
    "static_cast",
    "stderr",
    "stdin",
    "stdout",
    "struct",
    "sun",
    "switch",
    "synchronized",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "typeof_unqual",
    "union",
    "unix",
    "unsigned",
    "using",
    "va_arg",
    "va_copy",
    "va_end",
    "va_start",
    "vax",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
};

/* Headers of C and POSIX that user code or coax's headers include, by stem. */
static const char *const header_stems[] = {
    "assert",   "complex",   "ctype",   "dirent", "dlfcn",   "endian",      "errno",   "fcntl",
    "features", "fenv",      "float",   "getopt", "grp",     "inttypes",    "iso646",  "limits",
    "locale",   "malloc",    "math",    "memory", "netdb",   "poll",        "pthread", "pwd",
    "sched",    "semaphore", "setjmp",  "signal", "spawn",   "stdalign",    "stdarg",  "stdatomic",
    "stdbool",  "stddef",    "stdint",  "stdio",  "stdlib",  "stdnoreturn", "string",  "strings",
    "sysexits", "syslog",    "termios", "tgmath", "threads", "time",        "uchar",   "unistd",
    "utime",    "wchar",     "wctype",
};

static int compare_words(const void *wanted, const void *row)
{
    return strcmp((const char *)wanted, *(const char *const *)row);
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A word break stands before an upper-case letter that follows a lower-case one or a digit, or that
 * begins a word after an acronym: "HTTPServer" breaks before S. */
static bool breaks_before(const char *name, size_t i)
{
    if (i == 0 || !is_upper(name[i]))
        return false;
    if (is_lower(name[i - 1]) || is_digit(name[i - 1]))
        return true;
    return is_upper(name[i - 1]) && is_lower(name[i + 1]);
}

const char *idl_cname_snake(idl_arena *arena, const char *name)
{
    size_t len = strlen(name);
    char *snake = (char *)idl_arena_array(arena, len + 1, 2);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (breaks_before(name, i))
            snake[n++] = '_';
        if (name[i] == '.')
            snake[n++] = '_';
        else
            snake[n++] = is_upper(name[i]) ? (char)(name[i] - 'A' + 'a') : name[i];
    }
    snake[n] = '\0';
    return snake;
}

const char *idl_cname_upper(idl_arena *arena, const char *name)
{
    char *upper = idl_arena_copy(arena, name, strlen(name));
    for (char *c = upper; *c != '\0'; c++)
        if (is_lower(*c))
            *c = (char)(*c - 'a' + 'A');
    return upper;
}

const char *idl_cname_join(idl_arena *arena, const char *first, const char *second)
{
    size_t first_len = strlen(first);
    size_t second_len = strlen(second);
    char *joined = (char *)idl_arena_alloc(arena, first_len + second_len + 2);
    memcpy(joined, first, first_len);
    joined[first_len] = '_';
    memcpy(joined + first_len + 1, second, second_len + 1);
    return joined;
}

/* E and a digit or capital: <errno.h>; SIG: <signal.h>; and INT_MAX and its like, anything all
 * capitals with an underscore. Such names are rare as fields, and an underscore at their end is
 * better than a broken build. */
static bool is_macro_like(const char *name)
{
    bool has_underscore = false;
    for (const char *c = name; *c != '\0'; c++) {
        if (is_lower(*c))
            return false;
        has_underscore = has_underscore || *c == '_';
    }
    if (has_underscore)
        return true;
    return (name[0] == 'E' && is_upper(name[1])) || strncmp(name, "SIG", 3) == 0;
}

bool idl_cname_is_taken(const char *name)
{
    size_t len = strlen(name);
    if (name[0] == '_' || strncmp(name, "coax_", 5) == 0)
        return true;
    if (len > 2 && strcmp(name + len - 2, "_t") == 0)
        return true; /* uint32_t: C++ refuses a member called as a type that other members have */
    if (is_upper(name[0]) && is_macro_like(name))
        return true;
    return bsearch(name, taken_words, sizeof taken_words / sizeof taken_words[0],
                   sizeof taken_words[0], compare_words) != NULL;
}

const char *idl_cname_member(idl_arena *arena, const char *name)
{
    if (!idl_cname_is_taken(name))
        return name;
    return idl_arena_format(arena, "%s_", name);
}

bool idl_cname_hides_header(const char *stem)
{
    return bsearch(stem, header_stems, sizeof header_stems / sizeof header_stems[0],
                   sizeof header_stems[0], compare_words) != NULL;
}
