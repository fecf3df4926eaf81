/*
 * A small JSON reader for test data.
 *
 * Not for input from anybody: what is no JSON ends the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

typedef struct cursor {
    const char *at;
} cursor;

static void fail(const cursor *in)
{
    fprintf(stderr, "no JSON at: %.40s\n", in->at);
    exit(1);
}

static void *must(void *memory)
{
    if (memory == NULL)
        exit(1);
    return memory;
}

static void skip_space(cursor *in)
{
    in->at += strspn(in->at, " \t\r\n");
}

static void expect(cursor *in, char c)
{
    skip_space(in);
    if (*in->at++ != c)
        fail(in);
}

static size_t put_utf8(char *to, unsigned long number)
{
    if (number < 0x80) {
        to[0] = (char)number;
        return 1;
    }
    if (number < 0x800) {
        to[0] = (char)(0xc0 | number >> 6);
        to[1] = (char)(0x80 | (number & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | number >> 12);
    to[1] = (char)(0x80 | (number >> 6 & 0x3f));
    to[2] = (char)(0x80 | (number & 0x3f));
    return 3;
}

static size_t read_escape(cursor *in, char *to)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = *in->at++;
    if (c == 'u') {
        char digits[5] = { 0 };
        memcpy(digits, in->at, 4);
        in->at += 4;
        return put_utf8(to, strtoul(digits, NULL, 16));
    }
    const char *name = strchr(names, c);
    if (c == '\0' || name == NULL)
        fail(in);
    else
        *to = values[name - names];
    return 1;
}

static char *read_string(cursor *in)
{
    expect(in, '"');
    char *text = must(malloc(strlen(in->at) + 1));
    size_t len = 0;
    while (*in->at != '"') {
        if (*in->at == '\0')
            fail(in);
        if (*in->at == '\\') {
            in->at++;
            len += read_escape(in, text + len);
        } else {
            text[len++] = *in->at++;
        }
    }
    in->at++;
    text[len] = '\0';
    return must(realloc(text, len + 1));
}

static json read_value(cursor *in);

/* Items up to `close`; members where `is_object`. Recursion is bounded by the file, which is ours. */
static json read_items(cursor *in, bool is_object)
{
    json tree = { is_object ? JSON_OBJECT : JSON_ARRAY, false, NULL, NULL, NULL, 0 };
    char close = is_object ? '}' : ']';
    in->at++;
    skip_space(in);
    while (*in->at != close) {
        char *key = NULL;
        if (is_object) {
            key = read_string(in);
            expect(in, ':');
        }
        tree.items = must(realloc(tree.items, (tree.count + 1) * sizeof *tree.items));
        tree.items[tree.count] = read_value(in);
        tree.items[tree.count++].key = key;
        skip_space(in);
        if (*in->at == ',')
            in->at++;
        else if (*in->at != close)
            fail(in);
        skip_space(in);
    }
    in->at++;
    return tree;
}

static json read_word(cursor *in)
{
    json value = { JSON_NUMBER, false, NULL, NULL, NULL, 0 };
    size_t len = strcspn(in->at, ",]} \t\r\n");
    if (len == 0)
        fail(in);
    value.text = must(malloc(len + 1));
    memcpy(value.text, in->at, len);
    value.text[len] = '\0';
    in->at += len;
    value.truth = strcmp(value.text, "true") == 0;
    if (strcmp(value.text, "null") == 0)
        value.kind = JSON_NULL;
    else if (value.truth || strcmp(value.text, "false") == 0)
        value.kind = JSON_BOOL;
    return value;
}

static json read_value(cursor *in)
{
    skip_space(in);
    if (*in->at == '{' || *in->at == '[')
        return read_items(in, *in->at == '{');
    if (*in->at == '"') {
        json value = { JSON_STRING, false, read_string(in), NULL, NULL, 0 };
        return value;
    }
    return read_word(in);
}

static char *read_all(FILE *file)
{
    size_t len = 0, cap = 1 << 16;
    char *text = must(malloc(cap));
    for (size_t n; (n = fread(text + len, 1, cap - len - 1, file)) > 0;) {
        len += n;
        if (cap - len == 1)
            text = must(realloc(text, cap *= 2));
    }
    text[len] = '\0';
    return text;
}

json *json_read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    char *text = read_all(file);
    fclose(file);
    cursor in = { text };
    json *tree = must(malloc(sizeof *tree));
    *tree = read_value(&in);
    free(text);
    return tree;
}

static void free_inside(json *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        free_inside(&tree->items[i]);
    free(tree->items);
    free(tree->text);
    free(tree->key);
}

void json_free(json *tree)
{
    if (tree == NULL)
        return;
    free_inside(tree);
    free(tree);
}

const json *json_member(const json *object, const char *key)
{
    for (size_t i = 0; i < object->count; i++) {
        if (object->items[i].key != NULL && strcmp(object->items[i].key, key) == 0)
            return &object->items[i];
    }
    return NULL;
}
