/*
 * The formats of @format (coax_format in <coax/check.h>), each anchored at both ends.
 *
 * They stand in base because two sides need them: the runtime's checks, and idlc, which refuses a default that breaks
 * its own @format. Linear, without memory, for text of any length.
 */
#ifndef CX_BASE_FORMAT_H
#define CX_BASE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

bool cx_format_uuid(const char *text, size_t len);
bool cx_format_ipv4(const char *text, size_t len);
bool cx_format_ipv6(const char *text, size_t len);
bool cx_format_hostname(const char *text, size_t len);
bool cx_format_email(const char *text, size_t len);
bool cx_format_uri(const char *text, size_t len);
bool cx_format_host_port(const char *text, size_t len);

#endif
