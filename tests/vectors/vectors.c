/*
 * Vectors of cryptography: found, or skipped; bytes in hexadecimal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vectors.h"

json *vectors_open(const char *name)
{
    char path[1024];
    const char *folder = getenv("COAX_VECTORS");
    (void)snprintf(path, sizeof path, "%s/%s",
                   folder != NULL ? folder : COAX_SOURCE_DIR "/../shared/vectors", name);
    json *tree = json_read_file(path);
    if (tree == NULL) {
        printf("skipped: %s is not there\n", path);
        exit(77);
    }
    return tree;
}

const char *vectors_text(const json *object, const char *key)
{
    const json *member = json_member(object, key);
    return member != NULL && member->kind == JSON_STRING ? member->text : "";
}

coax_bytes vectors_from_hex(const char *text)
{
    size_t len = strlen(text) / 2;
    uint8_t *data = malloc(len + 1);
    assert_non_null(data);
    assert_int_equal(strlen(text) % 2, 0);
    for (size_t i = 0; i < len; i++) {
        char digits[3] = { text[2 * i], text[2 * i + 1], '\0' };
        char *end = NULL;
        data[i] = (uint8_t)strtoul(digits, &end, 16);
        assert_ptr_equal(end, digits + 2);
    }
    return (coax_bytes){ data, len };
}

coax_bytes vectors_bytes(const json *object, const char *key)
{
    return vectors_from_hex(vectors_text(object, key));
}

void vectors_free(coax_bytes bytes)
{
    union {
        const uint8_t *lent;
        uint8_t *own;
    } data = { bytes.data };
    free(data.own);
}

void vectors_check(const json *object, const char *key, const void *bytes, size_t len)
{
    if (json_member(object, key) == NULL)
        fail_msg("the vector has no %s", key);
    coax_bytes wanted = vectors_bytes(object, key);
    if (wanted.len != len || memcmp(wanted.data, bytes, len) != 0)
        fail_msg("%s is not what the vector says", key);
    vectors_free(wanted);
}
