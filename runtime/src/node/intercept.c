/*
 * Adding interceptors to servers and clients.
 *
 * They are the rpc layer's; here is only when they may be added. Read next: rpc/intercept.h.
 */
#include <coax/intercept.h>

#include "node/client.h"
#include "node/server.h"

coax_err coax_server_intercept(coax_server *server, const coax_interceptor *interceptor)
{
    /* With many loops those are read by other threads from the first listen on. */
    if (server == NULL || interceptor == NULL || server->is_closed || server->n_doors > 0 ||
        server->shards != NULL)
        return COAX_ERR_MISUSE;
    return cx_interceptors_add(&server->interceptors, interceptor);
}

coax_err coax_client_intercept(coax_client *client, const coax_interceptor *interceptor)
{
    if (client == NULL || interceptor == NULL || client->is_used)
        return COAX_ERR_MISUSE;
    return cx_interceptors_add(&client->interceptors, interceptor);
}
