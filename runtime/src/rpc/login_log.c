/*
 * The log's entries about logins, all of one shape: whoever guessed wrong and whoever does not exist look the same.
 *
 * Read next: docs/logs.md.
 */
#include <inttypes.h>
#include <stdio.h>

#include "rpc/login_log.h"

/* Room for an address as text. */
enum { ADDRESS_MAX = 300 };

static const char *find_address(const cx_endpoint *endpoint, char buffer[ADDRESS_MAX])
{
    buffer[0] = '\0';
    if (endpoint->config->events->address != NULL)
        (void)endpoint->config->events->address(endpoint->self, buffer, ADDRESS_MAX);
    return buffer;
}

void cx_login_log_ok(cx_endpoint *endpoint, bool has_replaced)
{
    const cx_session *session = &endpoint->session;
    const cx_log *log = &endpoint->core->host.log;
    char address[ADDRESS_MAX];
    char id[24];
    if (!cx_log_wants(log, COAX_LOG_INFO) || session->mechanism == COAX_MECHANISM_NONE)
        return;
    (void)snprintf(id, sizeof id, "%016" PRIx64, session->id);
    const char *principal = cx_person_principal(session->person);
    const char *mechanism = coax_mechanism_name((coax_mechanism)session->mechanism);
    const coax_log_pair pairs[] = { { "address", find_address(endpoint, address) },
                                    { "principal", principal },
                                    { "mechanism", mechanism },
                                    { "key", session->key_id },
                                    { "session", id } };
    cx_log_event(log, COAX_LOG_INFO, "login_ok", pairs, 5);
    if (has_replaced)
        cx_log_event(log, COAX_LOG_INFO, "session_replaced", pairs, 2);
}

static void log_failure(cx_endpoint *endpoint, const cx_login_in *login, coax_err code,
                        const char *reason)
{
    char address[ADDRESS_MAX];
    const char *mechanism = coax_mechanism_name((coax_mechanism)login->mechanism);
    const coax_log_pair pairs[] = { { "address", find_address(endpoint, address) },
                                    { "user", login->user },
                                    { "mechanism", mechanism },
                                    { "key", login->key_id },
                                    { "code", coax_err_name(code) },
                                    { "reason", reason } };
    cx_log_event(&endpoint->core->host.log, COAX_LOG_WARN, "login_failed", pairs, 6);
}

static void log_throttled(cx_endpoint *endpoint, const cx_login_in *login)
{
    char address[ADDRESS_MAX];
    char wait_ms[16];
    const char *mechanism = coax_mechanism_name((coax_mechanism)login->mechanism);
    (void)snprintf(wait_ms, sizeof wait_ms, "%u", (unsigned)login->verdict.retry_after_ms);
    const coax_log_pair pairs[] = { { "address", find_address(endpoint, address) },
                                    { "user", login->user },
                                    { "mechanism", mechanism },
                                    { "wait_ms", wait_ms },
                                    { "reason", login->verdict.reason.text } };
    cx_log_event(&endpoint->core->host.log, COAX_LOG_WARN, "login_throttled", pairs, 5);
}

void cx_login_log_failed(cx_endpoint *endpoint, const cx_login_in *login)
{
    if (login->verdict.retry_after_ms != 0)
        log_throttled(endpoint, login);
    else
        log_failure(endpoint, login, login->verdict.code, login->verdict.reason.text);
}

void cx_login_log_broken(cx_endpoint *endpoint, const cx_login_in *login)
{
    /* A client that sees that its password is wrong goes away without saying more. */
    if (login->stage == CX_LOGIN_SAID)
        log_failure(
            endpoint, login, COAX_ERR_UNAUTHENTICATED,
            "wrong password, or no such user, or it left before it showed that it knows it");
    else if (login->stage < CX_LOGIN_DECIDED)
        log_failure(endpoint, login, COAX_ERR_UNAVAILABLE,
                    "the connection ended before the login was decided");
}

void cx_login_log_flaw(cx_endpoint *endpoint, const cx_login_in *login)
{
    if (login->flaw.code != COAX_OK)
        cx_log_fact(&endpoint->core->host.log, COAX_LOG_ERROR, "keys_unreadable", "reason", "%s",
                    login->flaw.text);
}
