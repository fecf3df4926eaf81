/*
 * Passwords from a terminal or from standard input; see terminal.h.
 *
 * While the echo is off, signals are let through only in pselect, which returns on one: the terminal is put
 * right before the signal does what it does.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include <coax/key.h>

#include "terminal.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

#define N_SIGNALS (sizeof signals / sizeof signals[0])

/* Handlers can reach nothing else. */
static volatile sig_atomic_t arrived;

static void note(int number)
{
    arrived = number;
}

/* What the terminal and the signals were. */
typedef struct before {
    struct termios echoing;
    struct sigaction actions[N_SIGNALS];
    sigset_t mask;
} before;

/* Echo off, signals held back; `b->echoing` is filled. @return false: errno says why. */
static bool hide(int fd, before *b)
{
    struct sigaction noted = { .sa_handler = note };
    sigset_t held;
    (void)sigemptyset(&held);
    (void)sigemptyset(&noted.sa_mask);
    for (size_t i = 0; i < N_SIGNALS; i++)
        (void)sigaddset(&held, signals[i]);
    arrived = 0;
    (void)sigprocmask(SIG_BLOCK, &held, &b->mask);
    for (size_t i = 0; i < N_SIGNALS; i++) {
        (void)sigaction(signals[i], NULL, &b->actions[i]);
        if (b->actions[i].sa_handler != SIG_IGN)
            (void)sigaction(signals[i], &noted, NULL);
    }
    struct termios silent = b->echoing;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    silent.c_lflag |= ICANON | ISIG;
    return tcsetattr(fd, TCSAFLUSH, &silent) == 0; /* what was typed before is not the password */
}

static void show(int fd, const before *b)
{
    while (tcsetattr(fd, TCSAFLUSH, &b->echoing) != 0 && errno == EINTR)
        continue;
    for (size_t i = 0; i < N_SIGNALS; i++)
        (void)sigaction(signals[i], &b->actions[i], NULL);
    (void)sigprocmask(SIG_SETMASK, &b->mask, NULL);
}

/* One byte. Returns 1, 0 at the end, -1 with errno; EINTR: a signal arrived. */
static ssize_t read_byte(int fd, const sigset_t *mask, char *ret_byte)
{
    if (mask != NULL) {
        fd_set ready;
        FD_ZERO(&ready);
        FD_SET(fd, &ready);
        if (pselect(fd + 1, &ready, NULL, NULL, NULL, mask) < 0)
            return -1;
    }
    ssize_t n;
    do
        n = read(fd, ret_byte, 1);
    while (n < 0 && errno == EINTR);
    return n;
}

/* Reads a line, and what of it is too long. `mask` NULL: no signals to mind. */
static cli_read read_line(int fd, const sigset_t *mask, char password[CLI_PASSWORD_SIZE])
{
    size_t len = 0;
    bool is_too_long = false;
    bool is_odd = false;
    char byte = 0;
    ssize_t n;
    while ((n = read_byte(fd, mask, &byte)) == 1 && byte != '\n') {
        is_odd |= byte == '\0';
        if (len == CLI_PASSWORD_SIZE - 1)
            is_too_long = true;
        else
            password[len++] = byte;
    }
    coax_wipe(&byte, sizeof byte);
    if (len > 0 && password[len - 1] == '\r') /* a file from another system */
        len--;
    password[len] = '\0';
    if (n < 0)
        return CLI_READ_FAILED;
    if (is_odd)
        return CLI_READ_ODD;
    return is_too_long ? CLI_READ_TOO_LONG : len == 0 ? CLI_READ_EMPTY : CLI_READ_OK;
}

static bool write_all(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
    return true;
}

/* Asks once. @param ret_signal  The signal that cut it short, 0: none. */
static cli_read ask_once(int fd, const char *prompt, char password[CLI_PASSWORD_SIZE],
                         int *ret_signal)
{
    before b;
    cli_read result = CLI_READ_FAILED;
    if (tcgetattr(fd, &b.echoing) != 0)
        return CLI_READ_FAILED;
    bool is_hidden = hide(fd, &b);
    int number = errno;
    if (is_hidden && write_all(fd, prompt)) {
        result = read_line(fd, &b.mask, password);
        number = errno;
        (void)write_all(fd, "\n"); /* Enter was not shown either */
    }
    *ret_signal = (int)arrived;
    show(fd, &b);
    errno = number;
    return result;
}

cli_read cli_terminal_ask(const char *prompt, char ret_password[CLI_PASSWORD_SIZE])
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return CLI_READ_NO_TERMINAL;
    if (fd >= FD_SETSIZE) {
        (void)close(fd);
        errno = EMFILE;
        return CLI_READ_FAILED;
    }
    for (;;) {
        int number = 0;
        cli_read result = ask_once(fd, prompt, ret_password, &number);
        if (number == 0) {
            (void)close(fd);
            return result;
        }
        coax_wipe(ret_password, CLI_PASSWORD_SIZE);
        (void)raise(number); /* ends the process, or stops it until it is asked again */
    }
}

cli_read cli_read_line(char ret_password[CLI_PASSWORD_SIZE])
{
    return read_line(STDIN_FILENO, NULL, ret_password);
}
