/*
 * The names of states, for logs and for people.
 *
 * Read next: client.h, server.h.
 */
#include <coax/client.h>
#include <coax/server.h>

const char *coax_client_state_name(coax_client_state state)
{
    switch (state) {
    case COAX_CLIENT_CONNECTING: return "connecting";
    case COAX_CLIENT_OPEN: return "open";
    case COAX_CLIENT_CLOSED: return "closed";
    case COAX_CLIENT_WAITING: return "waiting";
    case COAX_CLIENT_DRAINING: return "draining";
    }
    return "unknown";
}

const char *coax_server_state_name(coax_server_state state)
{
    switch (state) {
    case COAX_SERVER_IDLE: return "idle";
    case COAX_SERVER_LISTENING: return "listening";
    case COAX_SERVER_DRAINING: return "draining";
    case COAX_SERVER_STOPPED: return "stopped";
    }
    return "unknown";
}
