/*
 * Reading options structs of any version. Read next: client.c.
 */
#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "link/link.h"
#include "node/options.h"
#include "secure/key.h"

/* No version's options are larger: a size beyond it is not a size. */
#define SIZE_SANE 4096u

coax_err cx_options_take(void *ret_options, size_t size, const void *options, coax_error *error)
{
    memset(ret_options, 0, size);
    memcpy(ret_options, &size, sizeof size);
    if (options == NULL)
        return COAX_OK;
    size_t given = 0;
    memcpy(&given, options, sizeof given);
    if (given < sizeof given || given > SIZE_SANE)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `size` is %zu; begin with the _INIT macro of these options",
                              given);
    const uint8_t *bytes = options;
    for (size_t i = size; i < given; i++)
        if (bytes[i] != 0)
            return coax_error_set(error, COAX_ERR_BAD_OPTION,
                                  "option `size` is %zu and byte %zu is set, but this version of "
                                  "coax knows %zu bytes; update coax or leave that option out",
                                  given, i, size);
    size_t known = given < size ? given : size;
    memcpy((uint8_t *)ret_options + sizeof size, bytes + sizeof size, known - sizeof size);
    return COAX_OK;
}

coax_err cx_options_take_small(void *ret_options, size_t size, const void *options,
                               coax_error *error)
{
    size_t given = 0;
    if (options != NULL)
        memcpy(&given, options, sizeof given);
    if (options == NULL || given != 0)
        return cx_options_take(ret_options, size, options, error);
    memcpy(ret_options, options, size);
    memcpy(ret_options, &size, sizeof size);
    return COAX_OK;
}

static coax_err check_name(const char *name, coax_error *error)
{
    size_t len = name != NULL ? strlen(name) : 0;
    if (len > CX_NAME_MAX)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `name` is %zu bytes long; at most %u are allowed", len,
                              CX_NAME_MAX);
    if (len > 0 && !cx_utf8_valid((const uint8_t *)name, len))
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `name` is not UTF-8");
    return COAX_OK;
}

coax_err cx_options_finish(const char **name, coax_limits *limits, coax_error *error)
{
    coax_err rc = cx_limits_resolve(limits, error);
    if (rc == COAX_OK)
        rc = check_name(*name, error);
    if (rc == COAX_OK && *name == NULL)
        *name = "";
    return rc;
}

void cx_options_default(uint32_t *value, uint32_t otherwise)
{
    if (*value == 0)
        *value = otherwise;
}

coax_err cx_options_check_psk(coax_bytes psk, coax_error *error)
{
    if (psk.len == 0)
        return COAX_OK;
    if (psk.len != COAX_KEY_BYTES)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `psk` has %zu bytes, it needs %u",
                              psk.len, COAX_KEY_BYTES);
    if (psk.data == NULL)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `psk` has a length and no bytes");
    if (cx_key_is_zero(psk.data))
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `psk` is all zeros, which everybody can guess; fill it with "
                              "32 random bytes");
    return COAX_OK;
}
