/*
 * Which transport serves which URL, and the loop's memory. Read next: sock.h.
 */
#include <string.h>

#include "transport/transport.h"

const cx_transport *cx_transport_for(const cx_net *net, const cx_url *url)
{
    if (url->scheme == CX_SCHEME_INPROC)
        return &cx_transport_inproc;
    if (net->sim != NULL)
        return &cx_transport_sim;
    return url->scheme == CX_SCHEME_UNIX ? &cx_transport_unix : &cx_transport_tcp;
}

void *cx_net_take(cx_net *net, size_t size)
{
    void *memory = net->allocator->resize(net->allocator->self, NULL, size);
    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

void cx_net_release(cx_net *net, void *memory)
{
    net->allocator->release(net->allocator->self, memory);
}

char *cx_net_copy(cx_net *net, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = cx_net_take(net, size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}
