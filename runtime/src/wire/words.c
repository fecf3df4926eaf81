/* See words.h. */
#include <stdarg.h>
#include <stdio.h>

#include "wire/words.h"

const coax_field *cx_words_field(const coax_type *type, uint32_t id)
{
    for (uint32_t i = 0; i < type->n_fields; i++) {
        if (type->ids[i] == id)
            return &type->fields[i];
    }
    return NULL;
}

size_t cx_words_append(char *text, size_t size, size_t len, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(text + len, size - len, format, args);
    va_end(args);
    if (wanted < 0)
        return len;
    return (size_t)wanted < size - len ? len + (size_t)wanted : size - 1;
}
