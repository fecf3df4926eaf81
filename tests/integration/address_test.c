/*
 * Addresses against the real system: taken, unknown, without a folder, left over; and bad options,
 * by name.
 */
#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe.h"
#include "raw.h"

static coax_loop *loop;
static coax_server *server;
static char folder[] = "/tmp/coax-address-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    loop = coax_loop_create(NULL);
    return coax_server_create(loop, NULL, &server, NULL) != COAX_OK;
}

static int tear_down(void **state)
{
    (void)state;
    return coax_loop_destroy(loop) != COAX_OK;
}

static void assert_listening_fails(const char *url, coax_err code, const char *words)
{
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = coax_server_listen(server, url, &error);
    if (rc != code)
        fail_msg("%s: %s instead of %s: %s", url, coax_err_name(rc), coax_err_name(code),
                 error.text);
    assert_int_equal(error.code, code);
    if (strstr(error.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, words);
}

static void a_port_that_is_taken_is_in_use(void **state)
{
    (void)state;
    char url[300];
    assert_int_equal(coax_server_listen(server, "tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(server, 0, url, sizeof url);
    assert_listening_fails(url, COAX_ERR_IN_USE, url);
}

static void a_foreign_address_can_not_be_listened_on(void **state)
{
    (void)state;
    assert_listening_fails("tcp://192.0.2.1:0", COAX_ERR_BAD_ADDRESS, "tcp://192.0.2.1:0");
    assert_listening_fails("tcp://no-such-host.invalid:0", COAX_ERR_BAD_ADDRESS,
                           "no-such-host.invalid");
    assert_listening_fails("tcp://127.0.0.1", COAX_ERR_BAD_ADDRESS, "the port is missing");
}

static void a_missing_folder_is_the_systems_refusal(void **state)
{
    (void)state;
    assert_listening_fails("unix:///no/such/folder/socket", COAX_ERR_SYSTEM, "ENOENT");
}

static void a_file_that_is_no_socket_is_left_alone(void **state)
{
    (void)state;
    char path[100];
    char url[110];
    struct stat file;
    (void)snprintf(path, sizeof path, "%s/file", folder);
    (void)snprintf(url, sizeof url, "unix://%s", path);
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    close(fd);
    assert_listening_fails(url, COAX_ERR_IN_USE, "a file that is no socket");
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(unlink(path), 0);
}

static void a_live_servers_socket_is_in_use_and_stays(void **state)
{
    (void)state;
    char path[100];
    char url[110];
    struct stat file;
    (void)snprintf(path, sizeof path, "%s/live", folder);
    (void)snprintf(url, sizeof url, "unix://%s", path);
    assert_int_equal(coax_server_listen(server, url, NULL), COAX_OK);
    assert_listening_fails(url, COAX_ERR_IN_USE, "EADDRINUSE");
    assert_int_equal(stat(path, &file), 0);
    coax_server_close(server);
    assert_int_equal(coax_loop_run(loop), COAX_OK);
    assert_int_equal(stat(path, &file), -1); /* closing removes it */
}

static void another_servers_file_is_not_removed_by_closing(void **state)
{
    (void)state;
    char path[100];
    char url[110];
    struct stat file;
    coax_server *second = NULL;
    (void)snprintf(path, sizeof path, "%s/moved", folder);
    (void)snprintf(url, sizeof url, "unix://%s", path);
    assert_int_equal(coax_server_listen(server, url, NULL), COAX_OK);
    assert_int_equal(unlink(path), 0); /* somebody cleans up, and another server starts */
    assert_int_equal(coax_server_create(loop, NULL, &second, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(second, url, NULL), COAX_OK);
    coax_server_close(server);
    assert_int_equal(coax_loop_process(loop), COAX_OK);
    assert_int_equal(stat(path, &file), 0);
}

static bool is_closed;
static coax_error closed_reason;

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    (void)self;
    (void)client;
    if (state != COAX_CLIENT_CLOSED)
        return;
    is_closed = true;
    closed_reason = *reason;
}

static void assert_dialling_ends(const char *url, uint32_t connect_timeout_ms, coax_err code,
                                 const char *words)
{
    coax_client *client = NULL;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.on_state = on_state;
    options.connect_timeout_ms = connect_timeout_ms;
    is_closed = false;
    assert_int_equal(coax_client_create(loop, url, &options, &client, NULL), COAX_OK);
    while (!is_closed)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    assert_int_equal(closed_reason.code, code);
    if (strstr(closed_reason.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", closed_reason.text, words);
    coax_client_close(client);
}

static void a_name_that_does_not_resolve_closes_the_client_with_its_name(void **state)
{
    (void)state;
    assert_dialling_ends("tcp://no-such-host.invalid:1", 0, COAX_ERR_UNAVAILABLE,
                         "looking up the host of tcp://no-such-host.invalid:1");
}

static void a_socket_path_that_is_not_there_closes_the_client(void **state)
{
    (void)state;
    assert_dialling_ends("unix:///no/such/socket", 0, COAX_ERR_UNAVAILABLE, "ENOENT");
}

static void a_server_that_never_answers_meets_connect_timeout(void **state)
{
    (void)state;
    /* A listening socket that nobody accepts from: connected, and silent. */
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    char url[64];
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    (void)snprintf(url, sizeof url, "tcp://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    assert_dialling_ends(url, 40, COAX_ERR_DEADLINE_EXCEEDED, "connect_timeout_ms");
    close(fd);
}

static void a_name_with_several_addresses_is_tried_one_by_one(void **state)
{
    (void)state;
    /* localhost stands for ::1 and 127.0.0.1 on most hosts; the server has only the second. */
    char url[300];
    char named[300];
    coax_client *client = NULL;
    assert_int_equal(coax_server_listen(server, "tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(server, 0, url, sizeof url);
    (void)snprintf(named, sizeof named, "tcp://localhost:%s", strrchr(url, ':') + 1);
    assert_int_equal(coax_client_create(loop, named, NULL, &client, NULL), COAX_OK);
    while (coax_client_get_state(client) == COAX_CLIENT_CONNECTING)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    assert_int_equal(coax_client_get_state(client), COAX_CLIENT_OPEN);
}

static void without_descriptors_connections_are_refused_and_later_accepted_again(void **state)
{
    (void)state;
    char url[300];
    char byte;
    struct rlimit limit;
    struct rlimit less;
    assert_int_equal(coax_server_listen(server, "tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(server, 0, url, sizeof url);
    assert_int_equal(coax_loop_process(loop), COAX_OK);
    int fd = raw_connect(url);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    less = limit;
    less.rlim_cur = (rlim_t)fd + 1; /* none is left */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &less), 0);
    ssize_t n = -1;
    while (n < 0) { /* until the server has shown it the door */
        assert_int_equal(coax_loop_process(loop), COAX_OK);
        n = recv(fd, &byte, 1, MSG_DONTWAIT);
    }
    assert_int_equal(n, 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    close(fd);
    coax_client *client = NULL;
    assert_int_equal(coax_client_create(loop, url, NULL, &client, NULL), COAX_OK);
    while (coax_client_get_state(client) == COAX_CLIENT_CONNECTING)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    assert_int_equal(coax_client_get_state(client), COAX_CLIENT_OPEN);
}

/* Options that can't work, and the name that is told. */
static void assert_client_refuses(const coax_client_options *options, const char *name)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_client_create(loop, "inproc://x", options, &client, &error),
                     COAX_ERR_BAD_OPTION);
    if (strstr(error.text, name) == NULL)
        fail_msg("\"%s\" does not name %s", error.text, name);
    assert_null(client);
}

static void assert_server_refuses(const coax_server_options *options, const char *name)
{
    coax_server *refused = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_server_create(loop, options, &refused, &error), COAX_ERR_BAD_OPTION);
    if (strstr(error.text, name) == NULL)
        fail_msg("\"%s\" does not name %s", error.text, name);
    assert_null(refused);
}

static void options_that_can_not_work_are_refused_by_name(void **state)
{
    (void)state;
    char long_name[300];
    memset(long_name, 'n', sizeof long_name);
    long_name[256] = '\0';
    coax_client_options client = COAX_CLIENT_OPTIONS_INIT;
    client.size = 0;
    assert_client_refuses(&client, "size");
    client.size = 1u << 20;
    assert_client_refuses(&client, "size");
    client = (coax_client_options)COAX_CLIENT_OPTIONS_INIT;
    client.name = long_name;
    assert_client_refuses(&client, "name");
    client.name = "\xff\xfe";
    assert_client_refuses(&client, "name");
    client = (coax_client_options)COAX_CLIENT_OPTIONS_INIT;
    client.limits.max_frame = 5;
    assert_client_refuses(&client, "max_frame");
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.backlog = -1;
    assert_server_refuses(&options, "backlog");
    options = (coax_server_options)COAX_SERVER_OPTIONS_INIT;
    options.name = long_name;
    assert_server_refuses(&options, "name");
    options = (coax_server_options)COAX_SERVER_OPTIONS_INIT;
    options.limits.max_message = UINT32_MAX;
    assert_server_refuses(&options, "max_message");
}

static void options_of_a_newer_version_are_taken_if_what_is_new_is_unused(void **state)
{
    (void)state;
    struct {
        coax_server_options known;
        uint64_t future;
    } newer = { COAX_SERVER_OPTIONS_INIT, 0 };
    coax_server *made = NULL;
    newer.known.size = sizeof newer;
    assert_int_equal(coax_server_create(loop, &newer.known, &made, NULL), COAX_OK);
    newer.future = 1;
    assert_server_refuses(&newer.known, "update coax");
}

static void options_of_an_older_version_are_taken(void **state)
{
    (void)state;
    coax_server *made = NULL;
    coax_server_options older;
    memset(&older, 0xff, sizeof older);
    older.size = offsetof(coax_server_options, limits);
    older.name = "old";
    assert_int_equal(coax_server_create(loop, &older, &made, NULL), COAX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_port_that_is_taken_is_in_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_foreign_address_can_not_be_listened_on, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_missing_folder_is_the_systems_refusal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_no_socket_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_live_servers_socket_is_in_use_and_stays, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_servers_file_is_not_removed_by_closing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_name_that_does_not_resolve_closes_the_client_with_its_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_socket_path_that_is_not_there_closes_the_client, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_never_answers_meets_connect_timeout, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_name_with_several_addresses_is_tried_one_by_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            without_descriptors_connections_are_refused_and_later_accepted_again, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(options_that_can_not_work_are_refused_by_name, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            options_of_a_newer_version_are_taken_if_what_is_new_is_unused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(options_of_an_older_version_are_taken, set_up, tear_down),
    };
    if (mkdtemp(folder) == NULL)
        return 1;
    int failed = cmocka_run_group_tests_name("address", tests, NULL, NULL);
    return rmdir(folder) != 0 ? failed + 1 : failed;
}
