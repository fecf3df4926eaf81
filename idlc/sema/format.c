/* One switch over the runtime's own predicates. */
#include "sema/format.h"

#include <coax/check.h>

#include "base/format.h"

bool idl_format_accepts(int format, const char *text, size_t len)
{
    switch ((coax_format)format) {
    case COAX_FORMAT_UUID: return cx_format_uuid(text, len);
    case COAX_FORMAT_IPV4: return cx_format_ipv4(text, len);
    case COAX_FORMAT_IPV6: return cx_format_ipv6(text, len);
    case COAX_FORMAT_IP: return cx_format_ipv4(text, len) || cx_format_ipv6(text, len);
    case COAX_FORMAT_HOSTNAME: return cx_format_hostname(text, len);
    case COAX_FORMAT_EMAIL: return cx_format_email(text, len);
    case COAX_FORMAT_URI: return cx_format_uri(text, len);
    case COAX_FORMAT_HOST_PORT: return cx_format_host_port(text, len);
    }
    return false;
}
