/*
 * What passes from one loop of a server to another: listening sockets, connections, and work.
 *
 * Where the system spreads connections over several sockets of one port each part gets one of its own. Where
 * it doesn't, the first loop accepts and deals the sockets out in turn; a stream is made of one on the
 * loop it goes to, so nothing has been read of it before. Read next: server.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "node/newcomers.h"
#include "node/shards.h"

/* A socket on its way to a part. From malloc: the allocators belong to their loops. */
typedef struct parcel {
    cx_post post;
    coax_server *part;
    int fd;
    bool is_plain;
    char url[CX_URL_PRINT_MAX];
} parcel;

static parcel *pack(const cx_door *door, cx_shard *shard, void (*run)(cx_post *post))
{
    parcel *made = malloc(sizeof *made);
    if (made == NULL)
        return NULL;
    made->post.run = run;
    made->part = shard->part;
    made->fd = -1;
    made->is_plain = door->is_plain;
    (void)door->listener->ops->address(door->listener, made->url, sizeof made->url);
    return made;
}

static void log_trouble(coax_server *server, const coax_error *what)
{
    cx_log_fact(&server->loop->core.host.log, COAX_LOG_ERROR, "accept_failed", "reason", "%s",
                what->text);
}

/* On the part's thread: a connection. */
static void run_connection(cx_post *post)
{
    parcel *it = (parcel *)post;
    coax_server *part = it->part;
    coax_error error = COAX_ERROR_INIT;
    cx_stream *stream = NULL;
    if (part->is_closed || part->is_draining)
        close(it->fd);
    else if ((stream = cx_stream_adopt(&part->loop->net, it->fd, it->url, &error)) != NULL)
        cx_server_accept(part, stream, true, it->is_plain);
    else
        log_trouble(part, &error);
    if (stream == NULL)
        cx_newcomers_let_go(part);
    free(it);
}

/* On the part's thread: a socket to listen on. */
static void run_listening(cx_post *post)
{
    parcel *it = (parcel *)post;
    coax_error error = COAX_ERROR_INIT;
    if (it->part->is_closed || it->part->is_draining)
        close(it->fd);
    else if (cx_server_adopt_door(it->part, it->fd, it->url, it->is_plain, &error) != COAX_OK)
        log_trouble(it->part, &error); /* the other loops still listen */
    free(it);
}

static bool send_off(coax_loop *to, parcel *it)
{
    if (cx_loop_add_own_post(to, &it->post) == COAX_OK)
        return true;
    free(it);
    return false;
}

/* Whose turn it is, but for loops that have as many unopened connections as they may; NULL: it stays here. */
static cx_shard *next_with_room(cx_shards *shards)
{
    for (uint32_t i = 0; i <= shards->count; i++) {
        uint32_t turn = shards->next;
        shards->next = turn == shards->count ? 0 : turn + 1;
        coax_server *server = turn == shards->count ? shards->first : shards->items[turn].part;
        if (!cx_newcomers_are_many(server))
            return turn == shards->count ? NULL : &shards->items[turn];
    }
    return NULL;
}

bool cx_shards_take_socket(cx_door *door, int fd)
{
    cx_shards *shards = door->server->shards;
    if (shards == NULL || !door->deals)
        return false;
    cx_shard *shard = next_with_room(shards);
    if (shard == NULL || !cx_newcomers_reserve(shard->part))
        return false; /* then it stays here, is refused here, or waits here for room */
    parcel *it = pack(door, shard, run_connection);
    if (it != NULL) {
        it->fd = fd;
        if (send_off(shard->loop, it))
            return true;
    }
    cx_newcomers_let_go(shard->part);
    return false;
}

/* One part gets a listening socket. */
static coax_err share_with(cx_door *door, cx_shard *shard, coax_error *error)
{
    cx_listener *listener = door->listener;
    parcel *it = pack(door, shard, run_listening);
    if (it == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a listener");
    coax_err rc = listener->ops->share(listener, door->server->options.backlog, &it->fd, error);
    if (rc != COAX_OK) {
        free(it);
        return rc;
    }
    int fd = it->fd;
    if (!send_off(shard->loop, it))
        close(fd); /* the part has ended */
    return COAX_OK;
}

coax_err cx_shards_listen(cx_door *door, coax_error *error)
{
    cx_shards *shards = door->server->shards;
    if (shards == NULL || door->listener->ops->share == NULL)
        return COAX_OK; /* in-process connections stay on their loop */
    for (uint32_t i = 0; i < shards->count; i++) {
        coax_err rc = share_with(door, &shards->items[i], error);
        if (rc == COAX_ERR_NOT_SUPPORTED) {
            door->deals = true;
            return COAX_OK;
        }
        if (rc != COAX_OK)
            return rc;
    }
    return COAX_OK;
}

/* A function on its way to a part. */
typedef struct errand {
    cx_post post;
    coax_server *part;
    cx_part_fn fn;
    void *arg;
} errand;

static void run_errand(cx_post *post)
{
    errand it = *(errand *)post;
    free(post);
    it.fn(it.part, it.arg);
}

uint32_t cx_shards_post(coax_server *first, cx_part_fn fn, void *arg, bool *ret_short)
{
    cx_shards *shards = first->shards;
    uint32_t sent = 0;
    bool is_short = false;
    for (uint32_t i = 0; shards != NULL && i < shards->count; i++) {
        errand *it = malloc(sizeof *it);
        if (it == NULL) {
            is_short = true;
            continue;
        }
        *it = (errand){ { NULL, run_errand }, shards->items[i].part, fn, arg };
        if (cx_loop_add_own_post(shards->items[i].loop, &it->post) == COAX_OK)
            sent++;
        else
            free(it);
    }
    if (ret_short != NULL)
        *ret_short = is_short;
    return sent;
}
