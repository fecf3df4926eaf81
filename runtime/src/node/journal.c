/*
 * What is logged about connections and listeners.
 *
 * Read next: docs/logs.md.
 */
#include <stdio.h>
#include <string.h>

#include "node/journal.h"
#include "node/server.h"

static const char *side_of(const cx_conn *conn)
{
    return conn->endpoint.config->role == CX_ROLE_SERVER ? "server" : "client";
}

/* Where the peer is, with plain+ where anybody can listen: its address, or what was dialled. */
static void find_address(cx_conn *conn, char *buffer, size_t size)
{
    char place[CX_URL_PRINT_MAX - sizeof CX_URL_PLAIN + 1]; /* the prefix fits in front */
    const cx_endpoint_events *events = conn->endpoint.config->events;
    const bool is_known = events->address(conn, place, sizeof place) > 0;
    const bool is_plain = !conn->wrap.is_sealed && strncmp(place, "inproc:", 7) != 0;
    if (is_known)
        (void)snprintf(buffer, size, "%s%s", is_plain ? CX_URL_PLAIN : "", place);
    else
        (void)snprintf(buffer, size, "%s", conn->target != NULL ? conn->target : "");
}

void cx_journal_bad_input(cx_conn *conn, const coax_error *reason)
{
    const cx_log *log = &conn->loop->core.host.log;
    char address[CX_URL_PRINT_MAX];
    if (!cx_log_wants(log, COAX_LOG_WARN))
        return;
    find_address(conn, address, sizeof address);
    const coax_log_pair pairs[] = { { "address", address }, { "reason", reason->text } };
    cx_log_event(log, COAX_LOG_WARN, "bad_input", pairs, 2);
}

void cx_journal_listening(const coax_server *server)
{
    const cx_log *log = &server->loop->core.host.log;
    char address[CX_URL_PRINT_MAX];
    if (!cx_log_wants(log, COAX_LOG_INFO) || server->n_doors == 0)
        return;
    (void)coax_server_address(server, server->n_doors - 1, address, sizeof address);
    cx_log_fact(log, COAX_LOG_INFO, "listening", "address", "%s", address);
}

void cx_journal_opened(cx_conn *conn)
{
    const cx_log *log = &conn->loop->core.host.log;
    char address[CX_URL_PRINT_MAX];
    if (!cx_log_wants(log, COAX_LOG_INFO))
        return;
    const char *name = conn->endpoint.link.peer_name;
    find_address(conn, address, sizeof address);
    const coax_log_pair pairs[] = { { "side", side_of(conn) },
                                    { "address", address },
                                    { "name", name != NULL ? name : "" } };
    cx_log_event(log, COAX_LOG_INFO, "connection_opened", pairs, 3);
}

void cx_journal_ended(cx_conn *conn, bool was_open, const coax_error *reason)
{
    const cx_log *log = &conn->loop->core.host.log;
    /* Who knocks at a server and goes away again is no news. */
    bool is_news = was_open || conn->endpoint.config->role == CX_ROLE_CLIENT;
    const coax_log_level level = is_news ? COAX_LOG_INFO : COAX_LOG_DEBUG;
    char address[CX_URL_PRINT_MAX];
    if (!cx_log_wants(log, level))
        return;
    find_address(conn, address, sizeof address);
    const coax_log_pair pairs[] = { { "side", side_of(conn) },
                                    { "address", address },
                                    { "code", coax_err_name(reason->code) },
                                    { "reason", reason->text } };
    if (was_open)
        cx_log_event(log, level, "connection_closed", pairs, 4);
    else
        cx_log_event(log, level, "connection_failed", pairs, 4);
}

void cx_journal_expired(cx_conn *conn)
{
    const cx_log *log = &conn->loop->core.host.log;
    char address[CX_URL_PRINT_MAX];
    if (!cx_log_wants(log, COAX_LOG_INFO))
        return;
    find_address(conn, address, sizeof address);
    const char *principal = cx_person_principal(conn->endpoint.session.person);
    const coax_log_pair pairs[] = { { "address", address }, { "principal", principal } };
    cx_log_event(log, COAX_LOG_INFO, "session_expired", pairs, 2);
}
