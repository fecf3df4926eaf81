/*
 * Addresses: what parses prints back to something that parses to the same, and no name is longer
 * than its place.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "transport/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[4097];
    char printed[CX_URL_PRINT_MAX];
    cx_url url;
    cx_url again;
    coax_error error = COAX_ERROR_INIT;
    if (size >= sizeof text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (cx_url_parse(text, &url, &error) != COAX_OK) {
        if (error.code != COAX_ERR_BAD_ADDRESS || error.text[0] == '\0')
            abort();
        return 0;
    }
    if (cx_url_print(&url, printed, sizeof printed) >= sizeof printed)
        abort();
    if (cx_url_parse(printed, &again, NULL) != COAX_OK || memcmp(&url, &again, sizeof url) != 0)
        abort();
    return 0;
}
