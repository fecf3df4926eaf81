/*
 * Refusals of what peers may not or may not yet: two events, and their counts.
 */
#include <inttypes.h>
#include <stdio.h>

#include "rpc/rpc.h"
#include "rpc/events.h"
#include "rpc/registry.h"

/* How often it has happened since it was logged last; 0: it is too early to log it. */
static uint32_t is_due(cx_endpoint *endpoint, cx_grumble *grumble)
{
    uint32_t second = (uint32_t)(cx_core_now(endpoint->core) / UINT64_C(1000000000));
    if (grumble->n < UINT32_MAX)
        grumble->n++;
    if (second < grumble->next_s)
        return 0;
    uint32_t n = grumble->n;
    grumble->n = 0;
    grumble->next_s = second + 1;
    return n;
}

/* The facts of one line; `address` and `times` have room for 256 and 24 characters. */
static void describe(const cx_endpoint *endpoint, uint32_t n, const char *words, char *address,
                     char *times, coax_log_pair ret_pairs[3])
{
    address[0] = '\0';
    if (endpoint->config->events->address != NULL)
        (void)endpoint->config->events->address(endpoint->self, address, 256);
    (void)snprintf(times, 24, "%" PRIu32, n);
    ret_pairs[0] = (coax_log_pair){ "address", address };
    ret_pairs[1] = (coax_log_pair){ "times", times };
    ret_pairs[2] = (coax_log_pair){ "reason", words };
}

/* What it is called, or its number where there is nothing of that name. */
static const char *name_of(const cx_endpoint *endpoint, uint32_t method_id, char buffer[16])
{
    const cx_registry *registry = endpoint->config->registry;
    const cx_hub *hub = endpoint->config->hub;
    const cx_row *row = registry != NULL ? cx_registry_find(registry, method_id) : NULL;
    if (row == NULL && hub != NULL)
        row = cx_registry_find_event_row(hub->registry, method_id);
    if (row != NULL)
        return row->method->name;
    (void)snprintf(buffer, 16, "0x%08" PRIx32, method_id);
    return buffer;
}

void cx_note_denied(cx_endpoint *endpoint, uint32_t method_id, const char *words)
{
    const cx_log *log = &endpoint->core->host.log;
    char address[256], times[24], number[16];
    coax_log_pair pairs[4];
    uint32_t n = is_due(endpoint, &endpoint->denied);
    if (endpoint->config->stats != NULL)
        cx_count_add(&endpoint->config->stats->calls_denied, 1);
    if (n == 0 || !cx_log_wants(log, COAX_LOG_WARN))
        return;
    describe(endpoint, n, words, address, times, pairs);
    pairs[3] = (coax_log_pair){ "method", name_of(endpoint, method_id, number) };
    cx_log_event(log, COAX_LOG_WARN, "call_denied", pairs, 4);
}

void cx_note_limited(cx_endpoint *endpoint, const char *words)
{
    const cx_log *log = &endpoint->core->host.log;
    char address[256], times[24];
    coax_log_pair pairs[3];
    uint32_t n = is_due(endpoint, &endpoint->limited);
    if (endpoint->config->stats != NULL)
        cx_count_add(&endpoint->config->stats->calls_limited, 1);
    if (n == 0 || !cx_log_wants(log, COAX_LOG_WARN))
        return;
    describe(endpoint, n, words, address, times, pairs);
    cx_log_event(log, COAX_LOG_WARN, "peer_limited", pairs, 3);
}
