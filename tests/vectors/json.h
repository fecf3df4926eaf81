/*
 * A small JSON reader for test data: whole files, trusted, into a tree.
 */
#ifndef TESTS_VECTORS_JSON_H
#define TESTS_VECTORS_JSON_H

#include <stdbool.h>
#include <stddef.h>

typedef enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
} json_kind;

typedef struct json {
    json_kind kind;
    bool truth;
    char *text; /* of a string, unescaped; of a number, as written */
    char *key;  /* in an object */
    struct json *items;
    size_t count;
} json;

/* Parses the file; NULL when it isn't there. Ends the program when it is no JSON. Free with json_free. */
json *json_read_file(const char *path);
void json_free(json *tree);

/* The member `key`, or NULL. */
const json *json_member(const json *object, const char *key);

#endif
