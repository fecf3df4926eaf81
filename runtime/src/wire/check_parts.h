/*
 * What the checks' files share.
 */
#ifndef CX_WIRE_CHECK_PARTS_H
#define CX_WIRE_CHECK_PARTS_H

#include <coax/check.h>

/* Reports a value that is not in @in's set, or is in @not_in's. `value` is left out if the field is @sensitive. */
COAX_COLD void cx_check_fail_in(coax_violations *why, uint32_t id, const char *value, bool wanted);

/* The formats of <coax/check.h>, each anchored at both ends. */
bool cx_format_uuid(const char *text, size_t len);
bool cx_format_ipv4(const char *text, size_t len);
bool cx_format_ipv6(const char *text, size_t len);
bool cx_format_hostname(const char *text, size_t len);
bool cx_format_email(const char *text, size_t len);
bool cx_format_uri(const char *text, size_t len);
bool cx_format_host_port(const char *text, size_t len);

#endif
