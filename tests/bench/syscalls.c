/*
 * Counts the system calls that move bytes or wait, also those libuv makes: the program's own
 * definitions come before the C library's. Each does what the C library's would.
 *
 * Shared with tests/integration. Nothing else may be done here.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "syscalls.h"

/* Ours must be seen by the shared libraries too, whatever this tree is compiled with. */
#pragma GCC visibility push(default)

/* Of a signal set, as the kernel counts it: 64 signals. */
enum { MASK_SIZE = 8 };

static system_calls counted;

system_calls system_calls_so_far(void)
{
    return counted;
}

uint64_t system_calls_sum(const system_calls *calls)
{
    return calls->n_reads + calls->n_writes + calls->n_waits + calls->n_controls;
}

ssize_t read(int fd, void *data, size_t len)
{
    counted.n_reads++;
    return syscall(SYS_read, fd, data, len);
}

ssize_t recv(int fd, void *data, size_t len, int flags)
{
    counted.n_reads++;
    return syscall(SYS_recvfrom, fd, data, len, flags, NULL, NULL);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    counted.n_reads++;
    return syscall(SYS_recvmsg, fd, message, flags);
}

ssize_t write(int fd, const void *data, size_t len)
{
    counted.n_writes++;
    return syscall(SYS_write, fd, data, len);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
    counted.n_writes++;
    return syscall(SYS_writev, fd, parts, n);
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
    counted.n_writes++;
    return syscall(SYS_sendto, fd, data, len, flags, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    counted.n_writes++;
    return syscall(SYS_sendmsg, fd, message, flags);
}

int epoll_pwait(int fd, struct epoll_event *events, int max, int timeout, const sigset_t *mask)
{
    counted.n_waits++;
    return (int)syscall(SYS_epoll_pwait, fd, events, max, timeout, mask, MASK_SIZE);
}

int epoll_wait(int fd, struct epoll_event *events, int max, int timeout)
{
    counted.n_waits++;
    return (int)syscall(SYS_epoll_pwait, fd, events, max, timeout, NULL, MASK_SIZE);
}

int epoll_ctl(int fd, int op, int other, struct epoll_event *event)
{
    counted.n_controls++;
    return (int)syscall(SYS_epoll_ctl, fd, op, other, event);
}

#pragma GCC visibility pop
