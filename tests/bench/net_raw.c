/*
 * The floor: blocking sockets and nothing else. Read next: net_uv.c.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"

int net_connect(uint16_t port)
{
    struct sockaddr_in address;
    int on = 1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static int read_all(int fd, uint8_t *data, size_t len)
{
    while (len > 0) {
        ssize_t n = recv(fd, data, len, 0);
        if (n <= 0)
            return 1;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

static int write_all(int fd, const uint8_t *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
        if (n <= 0)
            return 1;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

static void serve_one(int fd, const net_sizes *sizes, uint8_t *data)
{
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (read_all(fd, data, sizes->request) == 0 && write_all(fd, data, sizes->reply) == 0)
        continue;
    close(fd);
}

void net_raw_serve(int report, const net_sizes *sizes)
{
    uint8_t *data = malloc(sizes->request);
    int listener = net_listen(report);
    while (listener >= 0) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0 && data != NULL)
            serve_one(fd, sizes, data);
    }
}

int net_raw_trips(uint16_t port, const net_sizes *sizes, double *ns, size_t n)
{
    int fd = net_connect(port);
    uint8_t *data = calloc(1, sizes->request);
    int failed = fd < 0 || data == NULL;
    for (size_t i = 0; i < n && !failed; i++) {
        uint64_t began = bench_now_ns();
        failed = write_all(fd, data, sizes->request) || read_all(fd, data, sizes->reply);
        ns[i] = (double)(bench_now_ns() - began);
    }
    free(data);
    if (fd >= 0)
        close(fd);
    return failed;
}
