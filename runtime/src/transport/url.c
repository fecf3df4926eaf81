/*
 * The URL parser: one function for each scheme, and one for each kind of complaint.
 *
 * Host names are checked for length and characters before the resolver sees them: libuv 1.44 cuts
 * names of 256 bytes and more, and then looks up another host (CVE-2024-24806).
 * Knows no sockets. Read next: transport.h.
 */
#include <stdio.h>
#include <string.h>

#include <uv.h>

#include "transport/url.h"

#define FORMS                                                                                      \
    "tcp://host:port, tcp://[v6]:port, unix:///path, unix://@name or inproc://name (plain+tcp, "   \
    "plain+unix: not encrypted)"

/** Longest piece of a bad URL that an error shows. */
#define SHOWN_MAX 80

/* What an error shows of a URL: printable ASCII only, so that the words stay valid UTF-8. */
typedef struct shown_url {
    char text[SHOWN_MAX + 4];
} shown_url;

static shown_url show(const char *url)
{
    shown_url shown;
    size_t n = 0;
    for (; url[n] != '\0' && n < SHOWN_MAX; n++) {
        unsigned char c = (unsigned char)url[n];
        shown.text[n] = c >= 0x20u && c < 0x7fu ? (char)c : '?';
    }
    memcpy(shown.text + n, url[n] != '\0' ? "..." : "", url[n] != '\0' ? 4 : 1);
    return shown;
}

static coax_err refuse(coax_error *error, const char *url, const char *what, const char *way_out)
{
    return coax_error_set(error, COAX_ERR_BAD_ADDRESS, "\"%s\": %s; %s", show(url).text, what,
                          way_out);
}

static bool is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static coax_err parse_port(const char *url, const char *port, cx_url *ret_url, coax_error *error)
{
    uint32_t value = 0;
    size_t n = 0;
    for (; port[n] >= '0' && port[n] <= '9' && n < 6; n++)
        value = value * 10u + (uint32_t)(port[n] - '0');
    if (n == 0)
        return refuse(error, url, "the port is missing", "write tcp://host:port");
    if (port[n] != '\0' && !(port[n] >= '0' && port[n] <= '9'))
        return refuse(error, url, "something follows the port", "an address ends with its port");
    if (value > 65535u || n > 5)
        return refuse(error, url, "the port is above 65535",
                      "use 1 to 65535, or 0 to listen on a "
                      "free one");
    ret_url->port = (uint16_t)value;
    return COAX_OK;
}

/* Whether a name is made of digits and dots only, as only an IPv4 address may be. */
static bool looks_numeric(const char *host)
{
    return host[strspn(host, "0123456789.")] == '\0';
}

static coax_err check_host(const char *url, cx_url *parsed, coax_error *error)
{
    const char *host = parsed->text;
    struct sockaddr_in address;
    if (uv_ip4_addr(host, 0, &address) == 0) {
        parsed->host_kind = CX_HOST_IPV4;
        return COAX_OK;
    }
    if (looks_numeric(host))
        return refuse(error, url, "the host is no IPv4 address",
                      "write four numbers from 0 to 255, or a name");
    for (size_t i = 0; host[i] != '\0'; i++) {
        unsigned char c = (unsigned char)host[i];
        if (!is_alnum(c) && c != '-' && c != '.' && c != '_')
            return refuse(error, url, "the host holds a character no host name has",
                          "use letters, digits, '-', '_' and '.', and brackets around IPv6");
    }
    parsed->host_kind = CX_HOST_NAME;
    return COAX_OK;
}

static coax_err parse_v6(const char *url, const char *rest, cx_url *parsed, coax_error *error)
{
    const char *close = strchr(rest, ']');
    if (close == NULL)
        return refuse(error, url, "']' is missing", "write tcp://[address]:port");
    size_t len = (size_t)(close - rest - 1);
    if (len == 0 || len >= 64)
        return refuse(error, url, "between the brackets is no IPv6 address",
                      "write tcp://[::1]:4410, for example");
    memcpy(parsed->text, rest + 1, len);
    parsed->text[len] = '\0';
    struct sockaddr_in6 address;
    if (uv_ip6_addr(parsed->text, 0, &address) != 0)
        return refuse(error, url, "between the brackets is no IPv6 address",
                      "write tcp://[::1]:4410, for example");
    parsed->host_kind = CX_HOST_IPV6;
    if (close[1] != ':')
        return refuse(error, url, "the port is missing", "write tcp://[address]:port");
    return parse_port(url, close + 2, parsed, error);
}

static coax_err parse_tcp(const char *url, const char *rest, cx_url *parsed, coax_error *error)
{
    if (rest[0] == '[')
        return parse_v6(url, rest, parsed, error);
    const char *colon = strchr(rest, ':');
    if (colon == NULL)
        return refuse(error, url, "the port is missing", "write tcp://host:port");
    if (strchr(colon + 1, ':') != NULL)
        return refuse(error, url, "an IPv6 address needs brackets", "write tcp://[address]:port");
    size_t len = (size_t)(colon - rest);
    if (len == 0)
        return refuse(error, url, "the host is missing",
                      "write tcp://host:port; 0.0.0.0 or [::] "
                      "listens on every address");
    if (len > CX_URL_HOST_MAX)
        return refuse(error, url, "the host is longer than 253 characters",
                      "no host name is longer (RFC 1035)");
    memcpy(parsed->text, rest, len);
    parsed->text[len] = '\0';
    coax_err rc = check_host(url, parsed, error);
    return rc != COAX_OK ? rc : parse_port(url, colon + 1, parsed, error);
}

static coax_err parse_unix(const char *url, const char *rest, cx_url *parsed, coax_error *error)
{
    parsed->is_abstract = rest[0] == '@';
    const char *path = parsed->is_abstract ? rest + 1 : rest;
    size_t len = strlen(path);
    if (len == 0)
        return refuse(error, url, "the path is missing", "write unix:///path or unix://@name");
    if (!parsed->is_abstract && path[0] != '/')
        return refuse(error, url, "the path does not begin with '/'",
                      "write unix:///path with three slashes, or unix://@name");
    if (len > CX_URL_PATH_MAX)
        return refuse(error, url, "the path is longer than 107 bytes",
                      "the system takes no longer one; use a shorter folder");
    memcpy(parsed->text, path, len + 1);
    return COAX_OK;
}

static coax_err parse_inproc(const char *url, const char *rest, cx_url *parsed, coax_error *error)
{
    size_t len = strlen(rest);
    if (len == 0)
        return refuse(error, url, "the name is missing", "write inproc://name");
    if (len > CX_URL_NAME_MAX)
        return refuse(error, url, "the name is longer than 128 characters", "use a shorter one");
    for (size_t i = 0; i < len; i++)
        if (!is_alnum((unsigned char)rest[i]) && strchr("-_./", rest[i]) == NULL)
            return refuse(error, url, "the name holds a character that names don't have",
                          "use letters, digits, '-', '_', '.' and '/'");
    memcpy(parsed->text, rest, len + 1);
    return COAX_OK;
}

static bool has_control_characters(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20u || *text == 0x7f)
            return true;
    return false;
}

coax_err cx_url_parse(const char *text, cx_url *ret_url, coax_error *error)
{
    if (text == NULL || text[0] == '\0')
        return coax_error_set(error, COAX_ERR_BAD_ADDRESS, "the address is empty; write " FORMS);
    if (has_control_characters(text))
        return refuse(error, text, "the address holds a control character", "write " FORMS);
    cx_url parsed;
    memset(&parsed, 0, sizeof parsed);
    parsed.is_plain = starts_with(text, CX_URL_PLAIN);
    const char *place = parsed.is_plain ? text + strlen(CX_URL_PLAIN) : text;
    coax_err rc;
    if (starts_with(place, "tcp://")) {
        parsed.scheme = CX_SCHEME_TCP;
        rc = parse_tcp(text, place + 6, &parsed, error);
    } else if (starts_with(place, "unix://")) {
        parsed.scheme = CX_SCHEME_UNIX;
        rc = parse_unix(text, place + 7, &parsed, error);
    } else if (starts_with(place, "inproc://") && parsed.is_plain) {
        rc = refuse(error, text, "inproc:// needs no prefix",
                    "it stays in this process; write inproc://name");
    } else if (starts_with(place, "inproc://")) {
        parsed.scheme = CX_SCHEME_INPROC;
        rc = parse_inproc(text, place + 9, &parsed, error);
    } else if (strstr(text, "://") != NULL) {
        rc = refuse(error, text, "the scheme is unknown", "write " FORMS);
    } else {
        rc = refuse(error, text, "the scheme is missing", "write " FORMS);
    }
    if (rc == COAX_OK)
        *ret_url = parsed;
    return rc;
}

size_t cx_url_print_place(const cx_url *url, char *buffer, size_t size)
{
    int n = 0;
    switch (url->scheme) {
    case CX_SCHEME_TCP:
        n = snprintf(buffer, size, url->host_kind == CX_HOST_IPV6 ? "tcp://[%s]:%u" : "tcp://%s:%u",
                     url->text, (unsigned)url->port);
        break;
    case CX_SCHEME_UNIX:
        n = snprintf(buffer, size, url->is_abstract ? "unix://@%s" : "unix://%s", url->text);
        break;
    case CX_SCHEME_INPROC: n = snprintf(buffer, size, "inproc://%s", url->text); break;
    }
    return n < 0 ? 0 : (size_t)n;
}

size_t cx_url_print(const cx_url *url, char *buffer, size_t size)
{
    char place[CX_URL_PRINT_MAX];
    (void)cx_url_print_place(url, place, sizeof place);
    int n = snprintf(buffer, size, "%s%s", url->is_plain ? CX_URL_PLAIN : "", place);
    return n < 0 ? 0 : (size_t)n;
}
