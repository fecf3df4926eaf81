/*
 * `coax passwd` on a terminal: nothing that is typed is shown, and whatever ends or stops the program leaves the
 * terminal as it was. Argument: the program.
 *
 * Between this process and the program stands a small shell, because a terminal stops only programs that
 * have one.
 */
#define _XOPEN_SOURCE 700 /* posix_openpt */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"

#define PATIENCE_MS 60000
#define TYPED "correct horse"

static const char *program;

/* A terminal with the program on it. */
typedef struct screen {
    int terminal; /* the end where people sit */
    int line;     /* the program's end, to see its settings */
    int reports;  /* from the shell: 's' stopped, 'e' or 'k' and a number: ended, killed */
    int orders;   /* to the shell: anything: go on */
    pid_t shell;
    char shown[8192];
    size_t len;
} screen;

static void to_foreground(pid_t group)
{
    sigset_t output;
    (void)sigemptyset(&output);
    (void)sigaddset(&output, SIGTTOU);
    (void)sigprocmask(SIG_BLOCK, &output, NULL);
    (void)tcsetpgrp(STDIN_FILENO, group);
    (void)sigprocmask(SIG_UNBLOCK, &output, NULL);
}

static void report(int fd, char what, int number)
{
    char bytes[2] = { what, (char)number };
    (void)!write(fd, bytes, sizeof bytes);
}

/* Runs the program as a job, tells what becomes of it, and lets it go on when told. */
static void be_the_shell(char **words, int reports, int orders)
{
    int status = 0;
    char order;
    pid_t job = fork();
    if (job == 0) {
        (void)setpgid(0, 0);
        to_foreground(getpid());
        (void)close(reports);
        (void)close(orders);
        (void)execv(words[0], words);
        _exit(127);
    }
    for (;;) {
        if (waitpid(job, &status, WUNTRACED) != job)
            _exit(1);
        if (!WIFSTOPPED(status))
            break;
        report(reports, 's', WSTOPSIG(status));
        (void)!read(orders, &order, 1);
        to_foreground(job);
        (void)kill(-job, SIGCONT);
    }
    report(reports, WIFEXITED(status) ? 'e' : 'k',
           WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    _exit(0);
}

static void start(screen *s, const char *store, const char *action)
{
    char *words[] = { strdup(program),
                      strdup("passwd"),
                      strdup(store),
                      strdup(action),
                      strdup("alice"),
                      NULL,
                      NULL,
                      NULL,
                      NULL,
                      NULL,
                      NULL };
    int reports[2];
    int orders[2];
    if (strcmp(action, "add") == 0) {
        const char *const more[] = { "--create", "--memory-kib", "8192", "--passes", "1" };
        for (size_t i = 0; i < 5; i++)
            words[5 + i] = strdup(more[i]);
    }
    *s = (screen){ .terminal = posix_openpt(O_RDWR | O_NOCTTY) };
    assert_true(s->terminal >= 0 && grantpt(s->terminal) == 0 && unlockpt(s->terminal) == 0);
    assert_true(pipe(reports) == 0 && pipe(orders) == 0);
    s->line = open(ptsname(s->terminal), O_RDWR | O_NOCTTY);
    assert_true(s->line >= 0);
    s->shell = fork();
    assert_true(s->shell >= 0);
    if (s->shell == 0) {
        (void)setsid();
        int line = open(ptsname(s->terminal), O_RDWR); /* the first one opened: it is ours now */
        for (int fd = 0; fd < 3; fd++)
            (void)dup2(line, fd);
        (void)close(s->terminal);
        be_the_shell(words, reports[1], orders[0]);
    }
    (void)close(reports[1]);
    (void)close(orders[0]);
    s->reports = reports[0];
    s->orders = orders[1];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        free(words[i]);
}

/* Reads what is shown until `words` came behind `from`. Returns where they end. */
static size_t wait_for(screen *s, size_t from, const char *words)
{
    for (;;) {
        const char *found = strstr(s->shown + from, words);
        if (found != NULL)
            return (size_t)(found - s->shown) + strlen(words);
        struct pollfd ready = { .fd = s->terminal, .events = POLLIN };
        assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
        ssize_t n = read(s->terminal, s->shown + s->len, sizeof s->shown - 1 - s->len);
        if (n <= 0)
            fail_msg("the terminal closed before '%s'; it shows:\n%s", words, s->shown);
        s->len += (size_t)n;
        s->shown[s->len] = '\0';
    }
}

static void type(const screen *s, const char *text)
{
    assert_int_equal(write(s->terminal, text, strlen(text)), (ssize_t)strlen(text));
}

static bool echoes(const screen *s)
{
    struct termios now;
    assert_int_equal(tcgetattr(s->line, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

static void expect_report(const screen *s, char what, int number)
{
    char bytes[2] = { 0, 0 };
    struct pollfd ready = { .fd = s->reports, .events = POLLIN };
    assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
    assert_int_equal(read(s->reports, bytes, sizeof bytes), 2);
    if (bytes[0] != what || bytes[1] != number)
        fail_msg("it became %c %d, not %c %d", bytes[0], bytes[1], what, number);
}

/* The end of a program that went `what`, `number`. The screen never showed a password, and echoes again. */
static void finish(screen *s, char what, int number)
{
    expect_report(s, what, number);
    assert_true(echoes(s));
    type(s, "\004"); /* so that nothing typed is left to be shown */
    struct pollfd ready = { .fd = s->terminal, .events = POLLIN };
    while (poll(&ready, 1, 0) == 1 && s->len < sizeof s->shown - 1) {
        ssize_t n = read(s->terminal, s->shown + s->len, sizeof s->shown - 1 - s->len);
        if (n <= 0)
            break;
        s->len += (size_t)n;
    }
    s->shown[s->len] = '\0';
    if (strstr(s->shown, "horse") != NULL)
        fail_msg("the terminal shows:\n%s", s->shown);
    assert_int_equal(waitpid(s->shell, NULL, 0), s->shell);
    (void)close(s->terminal);
    (void)close(s->line);
    (void)close(s->reports);
    (void)close(s->orders);
}

static void a_typed_password_is_never_shown(void **state)
{
    screen s;
    start(&s, scratch_path(state, "users"), "add");
    size_t at = wait_for(&s, 0, "Password for alice: ");
    assert_false(echoes(&s));
    type(&s, TYPED "\n");
    at = wait_for(&s, at, "Once more: ");
    assert_false(echoes(&s));
    type(&s, TYPED "\n");
    finish(&s, 'e', 0);
    assert_int_equal(scratch_count(*state), 2);
    start(&s, scratch_path(state, "users"), "set");
    at = wait_for(&s, 0, "Password for alice: ");
    type(&s, TYPED "\n");
    (void)wait_for(&s, at, "Once more: ");
    type(&s, TYPED "\n");
    finish(&s, 'e', 0);
}

static void two_that_differ_change_nothing(void **state)
{
    screen s;
    start(&s, scratch_path(state, "users"), "add");
    size_t at = wait_for(&s, 0, "Password for alice: ");
    type(&s, TYPED "\n");
    at = wait_for(&s, at, "Once more: ");
    type(&s, "another horse\n");
    (void)wait_for(&s, at, "the two are not the same; nothing was changed");
    finish(&s, 'e', 1);
}

static void an_end_of_input_is_an_empty_password(void **state)
{
    screen s;
    start(&s, scratch_path(state, "users"), "add");
    size_t at = wait_for(&s, 0, "Password for alice: ");
    type(&s, "\004");
    (void)wait_for(&s, at, "the password is empty; nothing was changed");
    finish(&s, 'e', 1);
}

static void an_interrupt_ends_it_with_the_echo_on(void **state)
{
    screen s;
    start(&s, scratch_path(state, "users"), "add");
    (void)wait_for(&s, 0, "Password for alice: ");
    type(&s, "correct ho\003");
    finish(&s, 'k', SIGINT);
}

static void a_stop_gives_the_echo_back_and_going_on_asks_anew(void **state)
{
    screen s;
    start(&s, scratch_path(state, "users"), "add");
    size_t at = wait_for(&s, 0, "Password for alice: ");
    type(&s, "correct ho\032");
    expect_report(&s, 's', SIGTSTP);
    assert_true(echoes(&s));
    assert_int_equal(write(s.orders, "", 1), 1);
    at = wait_for(&s, at, "Password for alice: ");
    assert_false(echoes(&s));
    type(&s, TYPED "\n");
    (void)wait_for(&s, at, "Once more: ");
    type(&s, TYPED "\n");
    finish(&s, 'e', 0);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_typed_password_is_never_shown),
        IN_A_FOLDER(two_that_differ_change_nothing),
        IN_A_FOLDER(an_end_of_input_is_an_empty_password),
        IN_A_FOLDER(an_interrupt_ends_it_with_the_echo_on),
        IN_A_FOLDER(a_stop_gives_the_echo_back_and_going_on_asks_anew),
    };
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (argc != 2 || terminal < 0) {
        puts(argc != 2 ? "usage: terminal_test COAX" : "skipped: this system gives no terminals");
        return argc != 2 ? 2 : 77;
    }
    (void)close(terminal);
    program = argv[1];
    return cmocka_run_group_tests_name("passwords on a terminal", tests, NULL, NULL);
}
