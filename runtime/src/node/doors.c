/*
 * Doors: the addresses a server listens on, and what comes in through them.
 *
 * Knows nothing of who is let in (newcomers.c) and of what becomes of a connection (server.c). Read next: shards.h.
 */
#include <stdio.h>
#include <unistd.h>

#include "node/drain.h"
#include "node/journal.h"
#include "node/newcomers.h"
#include "node/shards.h"

static void on_accept(void *self, cx_stream *stream)
{
    cx_door *door = self;
    cx_server_accept(door->server, stream, false, door->is_bare);
}

static bool admits(void *self, const cx_origin *origin)
{
    const cx_door *door = self;
    return cx_newcomers_admit(door->server, origin);
}

static bool on_socket(void *self, int fd)
{
    return cx_shards_take_socket(self, fd);
}

static void on_trouble(void *self, const coax_error *what)
{
    cx_door *door = self;
    cx_log_fact(&door->server->loop->core.host.log, COAX_LOG_ERROR, "accept_failed", "reason", "%s",
                what->text);
}

static void on_door_closed(void *self)
{
    cx_door *door = self;
    coax_server *server = door->server;
    cx_list_remove(&door->links);
    cx_net_release(&server->loop->net, door);
    server->n_doors--;
    cx_server_free_when_done(server);
}

static const cx_listener_events door_events = { .on_accept = on_accept,
                                                .on_trouble = on_trouble,
                                                .on_closed = on_door_closed,
                                                .on_socket = on_socket,
                                                .admits = admits };

static cx_door *make_door(coax_server *server, coax_error *error)
{
    cx_door *door = cx_net_take(&server->loop->net, sizeof *door);
    if (door == NULL)
        (void)coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a listener");
    else
        door->server = server;
    return door;
}

static void file_door(cx_door *door)
{
    coax_server *server = door->server;
    cx_list_append(&server->doors, &door->links);
    server->n_doors++;
    cx_loop_want_turn(server->loop); /* a foreign loop must give libuv a turn to see the socket */
}

coax_err cx_server_adopt_door(coax_server *server, int fd, const char *url, bool is_plain,
                              coax_error *error)
{
    cx_net *net = &server->loop->net;
    cx_door *door = make_door(server, error);
    if (door == NULL) {
        close(fd);
        return COAX_ERR_NO_MEMORY;
    }
    door->is_plain = is_plain;
    door->is_bare = is_plain;
    coax_err rc = cx_listener_adopt(net, fd, url, &door_events, door, &door->listener, error);
    if (rc != COAX_OK)
        cx_net_release(net, door);
    else
        file_door(door);
    return rc;
}

static coax_err open_door(coax_server *server, const cx_url *url, coax_error *error)
{
    cx_net *net = &server->loop->net;
    cx_door *door = make_door(server, error);
    if (door == NULL)
        return COAX_ERR_NO_MEMORY;
    door->is_plain = url->is_plain;
    door->is_bare = url->is_plain || url->scheme == CX_SCHEME_INPROC;
    coax_err rc = cx_transport_for(net, url)->listen(net, url, server->options.backlog,
                                                     &door_events, door, &door->listener, error);
    if (rc != COAX_OK) {
        cx_net_release(net, door);
        return rc;
    }
    file_door(door);
    rc = cx_shards_listen(door, error);
    if (rc != COAX_OK)
        door->listener->ops->close(door->listener);
    return rc;
}

coax_err coax_server_listen(coax_server *server, const char *url, coax_error *error)
{
    cx_url parsed;
    if (server == NULL || server->is_closed || server->is_draining)
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "a server that is neither closed nor draining is needed");
    coax_err rc = cx_url_parse(url, &parsed, error);
    if (rc == COAX_OK && parsed.scheme == CX_SCHEME_TCP && server->loop->net.sim == NULL)
        rc = cx_newcomers_make(server, error);
    if (rc == COAX_OK && parsed.is_plain)
        rc = cx_identity_check_plain(&server->options, url, error);
    else if (rc == COAX_OK && parsed.scheme != CX_SCHEME_INPROC)
        rc = cx_identity_load(&server->identity, server->loop, error);
    if (rc == COAX_OK && server->options.loops > 1)
        rc = cx_shards_start(server, error);
    if (rc == COAX_OK)
        rc = open_door(server, &parsed, error);
    if (rc == COAX_OK)
        cx_journal_listening(server);
    if (rc == COAX_OK && coax_server_get_state(server) == COAX_SERVER_IDLE)
        cx_drain_enter(server, COAX_SERVER_LISTENING);
    return rc;
}

/* What a client has to dial. */
static size_t print_door(const cx_door *door, char *buffer, size_t size)
{
    char place[CX_URL_PRINT_MAX];
    (void)door->listener->ops->address(door->listener, place, sizeof place);
    int n = snprintf(buffer, size, "%s%s", door->is_plain ? CX_URL_PLAIN : "", place);
    return n < 0 ? 0 : (size_t)n;
}

size_t coax_server_address(const coax_server *server, size_t index, char *buffer, size_t size)
{
    const cx_list *doors = server != NULL ? &server->doors : NULL;
    for (cx_list *at = doors != NULL ? doors->next : NULL; at != doors; at = at->next) {
        cx_door *door = CX_CONTAINER(at, cx_door, links);
        if (index-- == 0)
            return print_door(door, buffer, size);
    }
    if (size > 0)
        buffer[0] = '\0';
    return 0;
}
