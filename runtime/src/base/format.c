/*
 * The formats of @format, each a walk over the text by the grammar of its RFC.
 *
 * Linear, without memory, for text of any length. Read next: format.h.
 */
#include "base/format.h"

#include <stdint.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_alpha(c);
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits. */
bool cx_format_uuid(const char *text, size_t len)
{
    if (len != 36)
        return false;
    for (size_t i = 0; i < len; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text[i] != '-' : !is_hex(text[i]))
            return false;
    }
    return true;
}

/* A decimal number without leading zeros, at most `max`; its length, 0 if there is none. */
static size_t number_len(const char *text, size_t len, uint32_t max)
{
    uint32_t value = 0;
    size_t n = 0;
    for (; n < len && is_digit(text[n]); n++) {
        value = value * 10 + (uint32_t)(text[n] - '0');
        if (value > max || (n > 0 && text[0] == '0'))
            return 0;
    }
    return n;
}

/* Four numbers up to 255; leading zeros are refused, because some readers take them for octal. */
bool cx_format_ipv4(const char *text, size_t len)
{
    size_t at = 0;
    for (unsigned part = 0; part < 4; part++) {
        if (part > 0 && (at == len || text[at++] != '.'))
            return false;
        size_t n = number_len(text + at, len - at, 255);
        if (n == 0)
            return false;
        at += n;
    }
    return at == len;
}

static size_t hex_group_len(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && n < 5 && is_hex(text[n]))
        n++;
    return n;
}

/*
 * RFC 4291, section 2.2: eight groups of up to four hexadecimal digits, one run of zero groups as "::", the last two
 * groups perhaps as IPv4.
 */
bool cx_format_ipv6(const char *text, size_t len)
{
    unsigned groups = 0;
    bool has_gap = false;
    size_t at = 0;
    if (len >= 2 && text[0] == ':' && text[1] == ':') {
        has_gap = true;
        at = 2;
    }
    while (at < len) {
        size_t n = hex_group_len(text + at, len - at);
        if (n == 0 || groups == 8)
            return false;
        if (at + n < len && text[at + n] == '.') {
            groups += 2;
            return groups <= 8 && cx_format_ipv4(text + at, len - at) &&
                   (has_gap ? groups < 8 : groups == 8);
        }
        if (n > 4)
            return false;
        groups++;
        at += n;
        if (at == len)
            break;
        if (text[at++] != ':' || at == len)
            return false;
        if (text[at] == ':') {
            if (has_gap)
                return false;
            has_gap = true;
            at++;
        }
    }
    return has_gap ? groups < 8 : groups == 8;
}

/* RFC 1123, section 2.1, and RFC 1035: labels of 1 to 63 letters, digits and inner hyphens. */
bool cx_format_hostname(const char *text, size_t len)
{
    size_t label = 0;
    if (len == 0 || len > 253)
        return false;
    for (size_t i = 0; i <= len; i++) {
        if (i == len || text[i] == '.') {
            if (label == 0 || label > 63 || text[i - 1] == '-')
                return false;
            label = 0;
        } else if (!is_alnum(text[i]) && (text[i] != '-' || label == 0)) {
            return false;
        } else {
            label++;
        }
    }
    return true;
}

/* The WHATWG HTML standard's "valid email address", in RFC 5321's 254 bytes: what mail in use looks like. */
bool cx_format_email(const char *text, size_t len)
{
    const char *sign = len > 0 && len <= 254 ? memchr(text, '@', len) : NULL;
    if (sign == NULL || sign == text)
        return false;
    for (const char *at = text; at < sign; at++) {
        if (!is_alnum(*at) && !is_one_of(*at, ".!#$%&'*+/=?^_`{|}~-"))
            return false;
    }
    size_t local = (size_t)(sign - text) + 1;
    return cx_format_hostname(text + local, len - local);
}

/* Whether all is of RFC 3986's pchar (unreserved, sub-delims, ':', '@', percent-encoded) or in `extra`. */
static bool is_uri_part(const char *text, size_t len, const char *extra)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '%') {
            if (len - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
                return false;
            i += 2;
        } else if (!is_alnum(text[i]) && !is_one_of(text[i], "-._~!$&'()*+,;=") &&
                   !is_one_of(text[i], extra)) {
            return false;
        }
    }
    return true;
}

/* The position of the first of `stops` from `at` on; `len` if there is none. */
static size_t find_any(const char *text, size_t len, size_t at, const char *stops)
{
    while (at < len && !is_one_of(text[at], stops))
        at++;
    return at;
}

/* RFC 3986, section 3.2: [ userinfo "@" ] host [ ":" port ]. */
static bool is_authority(const char *text, size_t len)
{
    const char *sign = len > 0 ? memchr(text, '@', len) : NULL;
    if (sign != NULL) {
        size_t user = (size_t)(sign - text);
        if (!is_uri_part(text, user, ":"))
            return false;
        text += user + 1;
        len -= user + 1;
    }
    size_t host = 0;
    if (len > 0 && text[0] == '[') {
        host = find_any(text, len, 0, "]");
        if (host == len || !cx_format_ipv6(text + 1, host - 1))
            return false;
        host++;
    } else {
        host = find_any(text, len, 0, ":");
        if (!is_uri_part(text, host, ""))
            return false;
    }
    if (host < len && text[host] != ':')
        return false;
    for (size_t i = host + 1; i < len; i++) {
        if (!is_digit(text[i]))
            return false;
    }
    return true;
}

/* RFC 3986, section 3: scheme ":" hier-part [ "?" query ] [ "#" fragment ]. */
bool cx_format_uri(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && (is_alnum(text[at]) || is_one_of(text[at], "+-.")))
        at++;
    if (at == 0 || at == len || text[at] != ':' || !is_alpha(text[0]))
        return false;
    at++;
    size_t path = at;
    if (len - at >= 2 && text[at] == '/' && text[at + 1] == '/') {
        path = find_any(text, len, at + 2, "/?#");
        if (!is_authority(text + at + 2, path - at - 2))
            return false;
    }
    size_t query = find_any(text, len, path, "?#");
    size_t fragment = find_any(text, len, query, "#");
    if (!is_uri_part(text + path, query - path, ":@/"))
        return false;
    if (query < fragment && !is_uri_part(text + query + 1, fragment - query - 1, ":@/?"))
        return false;
    return fragment == len || is_uri_part(text + fragment + 1, len - fragment - 1, ":@/?");
}

/* A host name, IPv4 address or [IPv6 address], ':' and a port from 1 on. */
bool cx_format_host_port(const char *text, size_t len)
{
    size_t colon = len;
    while (colon > 0 && text[colon - 1] != ':')
        colon--;
    if (colon < 2)
        return false;
    size_t port = number_len(text + colon, len - colon, 65535);
    if (port == 0 || port != len - colon || text[colon] == '0')
        return false;
    size_t host = colon - 1;
    if (text[0] == '[')
        return host > 2 && text[host - 1] == ']' && cx_format_ipv6(text + 1, host - 2);
    return cx_format_hostname(text, host);
}
