/*
 * Complaints and JSON; see out.h.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "out.h"

void cli_complain(const char *command, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "coax %s: ", command);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static void print_character(const char *text, size_t len)
{
    unsigned char c = (unsigned char)*text;
    if (len == 0)
        fputs("\\ufffd", stdout);
    else if (c == '"' || c == '\\')
        printf("\\%c", c);
    else if (c < 0x20 || c == 0x7f)
        printf("\\u%04x", c);
    else
        putchar(c);
}

void cli_print_json(const char *text)
{
    size_t left = strlen(text);
    putchar('"');
    while (left > 0) {
        size_t n_valid = cx_utf8_valid_prefix((const uint8_t *)text, left);
        for (size_t i = 0; i < n_valid; i++)
            print_character(text + i, 1);
        text += n_valid;
        left -= n_valid;
        if (left > 0) {
            print_character(text++, 0);
            left--;
        }
    }
    putchar('"');
}
