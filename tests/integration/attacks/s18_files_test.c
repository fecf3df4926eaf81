/*
 * S18: paths that lead out of the folder, in both directions, against the handlers and the client of examples/06_files.
 *
 * The flaw: a receiver that writes where the sender's path says, and a sender that reads what the peer's path says. Here the
 * server's paths stay below its folder component by component, and the client's local name never comes from the peer.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>
#include <uv.h>

#include "files_client.h"
#include "handlers.h"
#include "transfer.h"

/* What the example's programs bring along. */

void show_progress(const char *what, uint64_t done, uint64_t size)
{
    (void)what;
    (void)done;
    (void)size;
}

coax_err complain(const char *what, coax_err rc, const char *words)
{
    (void)what;
    (void)words;
    return rc;
}

/*
 *     top/secret            not to be read
 *     top/shared/           the server's folder: inside, way-out -> ../secret, hole -> ..
 *     top/mine/             the client's
 */
typedef struct scene {
    char top[100];
    char shared[120];
    char mine[120];
    coax_loop *loop;
    coax_server *server;
    uv_thread_t thread;
    coax_client *client;
    char url[300];
} scene;

static const char *below(const scene *s, const char *path)
{
    static char full[800];
    (void)snprintf(full, sizeof full, "%s/%s", s->top, path);
    return full;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Names and sizes of all below a folder, as one text. */
static void list(const char *folder, char *ret, size_t size)
{
    struct dirent *entry;
    struct stat stat_of;
    char path[1000];
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        assert_int_equal(lstat(path, &stat_of), 0);
        size_t len = strlen(ret);
        (void)snprintf(ret + len, size - len, "%s %lld;", path, (long long)stat_of.st_size);
        if (S_ISDIR(stat_of.st_mode))
            list(path, ret, size);
    }
    closedir(dir);
}

static void remove_all(const char *folder)
{
    struct dirent *entry;
    char path[1000];
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        struct stat stat_of;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (lstat(path, &stat_of) == 0 && S_ISDIR(stat_of.st_mode))
            remove_all(path);
        else
            (void)unlink(path);
    }
    closedir(dir);
    (void)rmdir(folder);
}

static void run_loop(void *loop)
{
    (void)coax_loop_run(loop);
}

static void open_scene(scene *s, const files_files_handlers *handlers)
{
    coax_error error = COAX_ERROR_INIT;
    const char *tmp = getenv("TMPDIR");
    memset(s, 0, sizeof *s);
    assert_true(sodium_init() >= 0);
    (void)snprintf(s->top, sizeof s->top, "%.60s/coax-s18.XXXXXX", tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(s->top));
    (void)snprintf(s->shared, sizeof s->shared, "%s/shared", s->top);
    (void)snprintf(s->mine, sizeof s->mine, "%s/mine", s->top);
    assert_int_equal(mkdir(s->shared, 0755) | mkdir(s->mine, 0755), 0);
    assert_int_equal(mkdir(below(s, "shared/sub"), 0755), 0);
    write_file(below(s, "secret"), "nobody's business\n");
    write_file(below(s, "shared/sub/given"), "everybody's\n");
    write_file(below(s, "mine/own"), "one's own\n");
    assert_int_equal(symlink("../secret", below(s, "shared/way-out")), 0);
    assert_int_equal(symlink("..", below(s, "shared/hole")), 0);
    assert_int_equal(symlink("../secret", below(s, "shared/link.part")), 0);
    s->loop = coax_loop_create(NULL);
    coax_err rc = coax_server_create(s->loop, NULL, &s->server, &error);
    if (rc == COAX_OK)
        rc = files_files_serve(s->server, handlers, s->shared);
    if (rc == COAX_OK)
        rc = coax_server_listen(s->server, "plain+tcp://127.0.0.1:0", &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    (void)coax_server_address(s->server, 0, s->url, sizeof s->url);
    assert_int_equal(uv_thread_create(&s->thread, run_loop, s->loop), 0);
    if (coax_dial(s->url, NULL, &s->client, &error) != COAX_OK)
        fail_msg("%s", error.text);
}

static void close_scene(scene *s)
{
    coax_client_close(s->client);
    coax_loop_stop(s->loop);
    assert_int_equal(uv_thread_join(&s->thread), 0);
    assert_int_equal(coax_loop_destroy(s->loop), COAX_OK);
    remove_all(s->top);
}

/* Every way to say "../secret" that has worked somewhere. */
static const char *const ways_out[] = {
    "../secret",
    "sub/../../secret",
    "./../secret",
    "sub/..//../secret",
    "sub/./../../secret",
    "..",
    "../",
    "sub/..",
    "/etc/passwd",
    "//etc/passwd",
    "/",
    "hole/secret",
    "hole/shared/../secret",
    "sub/../hole/secret",
    ".",
    "./sub/given",
    "sub//given",
    "sub/given/",
    "sub/given/../../../secret",
    "../shared/sub/given",
    "../mine/own",
};

#define N_WAYS (sizeof ways_out / sizeof ways_out[0])

static void no_path_leads_out(void **state)
{
    scene s;
    char before[8000] = "";
    char after[8000] = "";
    (void)state;
    open_scene(&s, &folder_handlers);
    char own[800];
    char got[800];
    (void)snprintf(own, sizeof own, "%s", below(&s, "mine/own"));
    (void)snprintf(got, sizeof got, "%s", below(&s, "mine/got"));
    list(s.top, before, sizeof before);
    for (size_t i = 0; i < N_WAYS; i++) {
        coax_err fetched = fetch_file(s.client, ways_out[i], got);
        coax_err stored = store_file(s.client, own, ways_out[i]);
        if (fetched != COAX_ERR_PERMISSION_DENIED || stored != COAX_ERR_PERMISSION_DENIED)
            fail_msg("%s: fetch %s, store %s", ways_out[i], coax_err_name(fetched),
                     coax_err_name(stored));
    }
    /* Nothing is read through a link, nor written: neither the name nor its part may be one. */
    assert_int_equal(fetch_file(s.client, "way-out", got), COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(fetch_file(s.client, "link.part", got), COAX_ERR_PERMISSION_DENIED);
    assert_int_equal(store_file(s.client, own, "link"), COAX_ERR_PERMISSION_DENIED);
    list(s.top, after, sizeof after);
    assert_string_equal(after, before);
    assert_int_equal(fetch_file(s.client, "sub/given", got), COAX_OK);
    assert_int_equal(store_file(s.client, own, "sub/new"), COAX_OK);
    assert_int_equal(store_file(s.client, own, "way-out"), COAX_OK); /* instead of the link */
    assert_int_equal(fetch_file(s.client, "way-out", got), COAX_OK);
    FILE *secret = fopen(below(&s, "secret"), "r");
    assert_non_null(secret);
    assert_non_null(fgets(after, sizeof after, secret));
    assert_int_equal(fclose(secret), 0);
    assert_string_equal(after, "nobody's business\n");
    close_scene(&s);
}

/* A server that lies about everything it is asked. */

static void lie_stat(void *self, coax_call call, const files_files_stat_request *request)
{
    files_stat stat_of = { .size = UINT64_MAX };
    (void)self;
    (void)request;
    (void)files_files_stat_reply(call, &stat_of);
}

static void lie_fetch(void *self, coax_call call, const files_files_fetch_request *request)
{
    const files_piece piece = { { (const uint8_t *)"../../planted", 13 } };
    (void)self;
    (void)request;
    for (int i = 0; i < 100; i++)
        (void)!files_files_fetch_push(call, &piece);
    (void)coax_call_end(call);
}

static void lie_stored(void *self, coax_call call, const files_files_stored_request *request)
{
    const files_files_stored_response reply = { .size = UINT64_MAX };
    (void)self;
    (void)request;
    (void)files_files_stored_reply(call, &reply);
}

static void lie_store(void *self, coax_call call, const files_files_store_request *request)
{
    (void)self;
    (void)request;
    (void)coax_call_fail(call, COAX_ERR_DATA_LOSS, "../../planted");
}

static void a_lying_server_chooses_no_name(void **state)
{
    static const files_files_handlers liar = {
        .stat = lie_stat, .fetch = lie_fetch, .stored = lie_stored, .store = lie_store
    };
    scene s;
    char before[8000] = "";
    char after[8000] = "";
    char own[800];
    char got[800];
    (void)state;
    open_scene(&s, &liar);
    (void)snprintf(own, sizeof own, "%s", below(&s, "mine/own"));
    (void)snprintf(got, sizeof got, "%s", below(&s, "mine/got"));
    list(s.top, before, sizeof before);
    assert_int_equal(fetch_file(s.client, "sub/given", got), COAX_ERR_DATA_LOSS);
    assert_int_equal(store_file(s.client, own, "sub/new"), COAX_ERR_DATA_LOSS);
    list(s.top, after, sizeof after); /* not even what it sent: the digest was wrong */
    assert_string_equal(after, before);
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S18: no path that a client sends leads out of the server's folder", no_path_leads_out,
          NULL, NULL, NULL },
        { "S18: a lying server chooses no name at the client", a_lying_server_chooses_no_name, NULL,
          NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
