/*
 * The bytes are written by hand from docs/wire.md, so that they do not follow a mistake of ours.
 */
#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "raw.h"

int raw_connect(const char *url)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

void raw_hello(int fd)
{
    /* {1: "raw", 3: {1: 32768, 2: 4194304, 3: 1024}} */
    static const char hello[] =
        "COAX\x01\x00\x00\x00"
        "\x10\x00\x00\x00\x16\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        "\x82\x01\xa3raw\x03\x83\x01\xcd\x80\x00\x02\xce\x00\x40\x00\x00\x03\xcd\x04\x00";
    assert_int_equal(send(fd, hello, sizeof hello - 1, MSG_NOSIGNAL), sizeof hello - 1);
}
