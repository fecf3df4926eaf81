/*
 * Metrics as Prometheus reads them: the text exposition format, version 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats).
 *
 * A family's HELP and TYPE lines come once, then its samples of all sources, so the sources are read once for
 * each family. What a family is called and counts is in the three tables below. Text is gathered in a small buffer
 * on the stack; numbers are printed without printf's %f, which listens to the locale.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <coax/metrics.h>

#include "base/utf8.h"

typedef struct page {
    coax_metrics_write_fn write;
    void *self;
    bool is_stopped; /* `write` wants no more */
    size_t len;
    char text[1024];
} page;

static void flush(page *out)
{
    if (out->len > 0 && !out->is_stopped)
        out->is_stopped = !out->write(out->self, out->text, out->len);
    out->len = 0;
}

static void put(page *out, const char *text, size_t len)
{
    while (len > 0) {
        size_t room = sizeof out->text - out->len;
        size_t n = len < room ? len : room;
        memcpy(out->text + out->len, text, n);
        out->len += n;
        text += n;
        len -= n;
        if (out->len == sizeof out->text)
            flush(out);
    }
}

static void put_str(page *out, const char *text)
{
    put(out, text, strlen(text));
}

static void put_u64(page *out, uint64_t value)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRIu64, value);
    put_str(out, digits);
}

/* Seconds, from a count of 10^-`digits` of them. */
static void put_seconds(page *out, uint64_t value, int digits)
{
    char text[48];
    uint64_t unit = digits == 9 ? 1000000000u : 1000000u;
    (void)snprintf(text, sizeof text, "%" PRIu64 ".%0*" PRIu64, value / unit, digits, value % unit);
    put_str(out, text);
}

/* A sample's name and labels, as far as they are written. */
typedef struct sample {
    page *out;
    const char *source; /* NULL: no such label */
    bool has_label;
} sample;

static sample begin(page *out, const char *source, const char *name, const char *suffix)
{
    sample it = { out, source, false };
    put_str(out, name);
    put_str(out, suffix);
    return it;
}

/* The format knows three escapes in a label's value. */
static void put_label(sample *it, const char *key, const char *value)
{
    put_str(it->out, it->has_label ? "," : "{");
    it->has_label = true;
    put_str(it->out, key);
    put_str(it->out, "=\"");
    for (; *value != '\0'; value++) {
        if (*value == '\\')
            put_str(it->out, "\\\\");
        else if (*value == '"')
            put_str(it->out, "\\\"");
        else if (*value == '\n')
            put_str(it->out, "\\n");
        else
            put(it->out, value, 1);
    }
    put_str(it->out, "\"");
}

/* Behind the last label; the value and a newline follow. */
static void close_labels(sample *it)
{
    if (it->source != NULL)
        put_label(it, "source", it->source);
    put_str(it->out, it->has_label ? "} " : " ");
}

static void end(sample *it, uint64_t value)
{
    close_labels(it);
    put_u64(it->out, value);
    put_str(it->out, "\n");
}

static void put_head(page *out, const char *name, const char *type, const char *help)
{
    put_str(out, "# HELP ");
    put_str(out, name);
    put_str(out, " ");
    put_str(out, help);
    put_str(out, "\n# TYPE ");
    put_str(out, name);
    put_str(out, " ");
    put_str(out, type);
    put_str(out, "\n");
}

/* Sums of a server or client. */
typedef struct total_family {
    const char *name;
    const char *type;
    const char *help;
    size_t offset; /* of a uint64_t in coax_metrics */
    bool is_servers;
} total_family;

#define TOTAL(name, type, member, is_servers, help)                                                \
    {                                                                                              \
        "coax_" name, type, help, offsetof(coax_metrics, member), is_servers                       \
    }
static const total_family total_families[] = {
    TOTAL("connections_open", "gauge", connections_open, false, "Connections that are open."),
    TOTAL("connections_opened_total", "counter", connections_opened, false,
          "Connections that were opened; of a client all after the first are reconnects."),
    TOTAL("connections_ended_total", "counter", connections_ended, false,
          "Opened connections that have ended."),
    TOTAL("connections_failed_total", "counter", connections_failed, false,
          "Connections that ended before they were open."),
    TOTAL("connections_accepted_total", "counter", connections_accepted, true,
          "Connections accepted from listeners, refused ones included."),
    TOTAL("connections_refused_total", "counter", connections_refused, true,
          "Connections refused for max_connections or max_unopened."),
    TOTAL("handlers", "gauge", handlers, false, "Requests in handlers' hands."),
    TOTAL("bad_inputs_total", "counter", bad_inputs, false,
          "Calls and connections ended by a peer's bad input."),
    TOTAL("calls_denied_total", "counter", calls_denied, false,
          "Calls, one-way messages and subscriptions refused for @roles or @public."),
    TOTAL("calls_limited_total", "counter", calls_limited, false,
          "What came past max_calls_per_s or max_bytes_per_s."),
    TOTAL("received_bytes_total", "counter", bytes_received, false, "Bytes read from transports."),
    TOTAL("sent_bytes_total", "counter", bytes_sent, false, "Bytes written to transports."),
    TOTAL("received_frames_total", "counter", frames_received, false, "Frames received."),
    TOTAL("sent_frames_total", "counter", frames_sent, false, "Frames sent."),
    TOTAL("received_pings_total", "counter", pings_received, false, "PINGs received."),
    TOTAL("sent_pings_total", "counter", pings_sent, false, "PINGs sent."),
};

static void tell_total(page *out, const total_family *family, const coax_metrics_source *source)
{
    coax_metrics metrics = COAX_METRICS_INIT;
    uint64_t value;
    coax_err err = source->server != NULL ? coax_server_read_metrics(source->server, &metrics)
                                          : coax_client_read_metrics(source->client, &metrics);
    if (err != COAX_OK || (family->is_servers && source->server == NULL))
        return;
    memcpy(&value, (const char *)&metrics + family->offset, sizeof value);
    sample it = begin(out, source->name, family->name, "");
    end(&it, value);
}

/* Numbers of a method, by method and direction. */
typedef enum method_group { ALL_METHODS, ANSWERED, STREAMED } method_group;

typedef struct method_family {
    const char *name;
    const char *type;
    const char *help;
    size_t offset; /* of a uint64_t in coax_method_metrics */
    method_group group;
} method_family;

#define METHOD(name, type, member, group, help)                                                    \
    {                                                                                              \
        "coax_" name, type, help, offsetof(coax_method_metrics, member), group                     \
    }
static const method_family method_families[] = {
    METHOD("calls_started_total", "counter", started, ALL_METHODS, "Calls and one-way messages."),
    METHOD("calls_active", "gauge", active, ALL_METHODS, "Calls under way."),
    METHOD("request_bytes_total", "counter", request_bytes, ALL_METHODS, "Encoded requests."),
    METHOD("reply_bytes_total", "counter", reply_bytes, ANSWERED, "Encoded replies."),
    METHOD("items_received_total", "counter", items_received, STREAMED,
           "Items of streams that came."),
    METHOD("items_sent_total", "counter", items_sent, STREAMED, "Items of streams that left."),
    METHOD("item_bytes_received_total", "counter", item_bytes_received, STREAMED,
           "Encoded items that came."),
    METHOD("item_bytes_sent_total", "counter", item_bytes_sent, STREAMED,
           "Encoded items that left."),
};
static const char ENDED[] = "coax_calls_ended_total";
static const char DURATION[] = "coax_call_duration_seconds";

typedef struct event_family {
    const char *name;
    const char *help;
    size_t offset; /* of a uint64_t in coax_event_metrics */
} event_family;

#define EVENT(name, member, help)                                                                  \
    {                                                                                              \
        "coax_events_" name "_total", help, offsetof(coax_event_metrics, member)                   \
    }
static const event_family event_families[] = {
    EVENT("emitted", emitted, "Calls of emit."),
    EVENT("queued", queued, "Events queued, one per subscriber."),
    EVENT("dropped", dropped, "Events dropped for max_event_queue, one per subscriber."),
    EVENT("disconnected", disconnected, "Subscribers closed for being slow."),
    EVENT("failed", failed, "Events that could not be queued for a subscriber."),
    EVENT("received", received, "Events handed to handlers."),
    EVENT("bytes", bytes, "Encoded events queued or received."),
};

/* What each_method and each_event carry along. */
typedef struct telling {
    page *out;
    const char *source;
    const method_family *method;
    const event_family *event;
} telling;

static void put_method(sample *it, const coax_method_metrics *row)
{
    put_label(it, "method", row->method != NULL ? row->method->name : "(unknown)");
    put_label(it, "direction", row->is_inbound ? "in" : "out");
}

static bool is_in_group(const coax_method *method, method_group group)
{
    switch (group) {
    case ANSWERED: return method == NULL || method->response != NULL;
    case STREAMED:
        return method != NULL && (method->request_item != NULL || method->response_item != NULL);
    default: return true;
    }
}

static void tell_method(void *self, const coax_method_metrics *row)
{
    const telling *to = self;
    uint64_t value;
    if (!is_in_group(row->method, to->method->group))
        return;
    memcpy(&value, (const char *)row + to->method->offset, sizeof value);
    sample it = begin(to->out, to->source, to->method->name, "");
    put_method(&it, row);
    end(&it, value);
}

/* By code; those that never came are left out, but for success. */
static void tell_ended(void *self, const coax_method_metrics *row)
{
    const telling *to = self;
    for (unsigned i = 0; i < COAX_METRICS_CODES; i++) {
        if (row->ended[i] == 0 && i != 0)
            continue;
        sample it = begin(to->out, to->source, ENDED, "");
        put_method(&it, row);
        put_label(&it, "code", coax_err_name((coax_err)i));
        end(&it, row->ended[i]);
    }
}

static void tell_bucket(const telling *to, const coax_method_metrics *row, const char *bound,
                        uint64_t count)
{
    sample it = begin(to->out, to->source, DURATION, "_bucket");
    put_method(&it, row);
    put_label(&it, "le", bound);
    end(&it, count);
}

/* Buckets count what is below them as well; the last one is the count of all. */
static void tell_duration(void *self, const coax_method_metrics *row)
{
    const telling *to = self;
    char bound[32];
    uint64_t count = 0;
    if (row->method != NULL && row->method->kind == COAX_METHOD_ONEWAY)
        return;
    for (unsigned i = 0; i + 1 < COAX_METRICS_BUCKETS; i++) {
        uint64_t us = coax_metrics_bound_us(i);
        count += row->durations[i];
        (void)snprintf(bound, sizeof bound, "%" PRIu64 ".%06" PRIu64, us / 1000000u, us % 1000000u);
        tell_bucket(to, row, bound, count);
    }
    count += row->durations[COAX_METRICS_BUCKETS - 1];
    tell_bucket(to, row, "+Inf", count);
    sample it = begin(to->out, to->source, DURATION, "_sum");
    put_method(&it, row);
    close_labels(&it);
    put_seconds(to->out, row->duration_ns, 9);
    put_str(to->out, "\n");
    it = begin(to->out, to->source, DURATION, "_count");
    put_method(&it, row);
    end(&it, count);
}

static void tell_event(void *self, const coax_event_metrics *row)
{
    const telling *to = self;
    uint64_t value;
    memcpy(&value, (const char *)row + to->event->offset, sizeof value);
    sample it = begin(to->out, to->source, to->event->name, "");
    put_label(&it, "event", row->event->name);
    end(&it, value);
}

typedef struct reader {
    page *out;
    const coax_metrics_source *sources;
    size_t n_sources;
} reader;

static void each_method(const reader *from, const method_family *family, coax_method_metrics_fn fn)
{
    for (size_t i = 0; i < from->n_sources; i++) {
        const coax_metrics_source *source = &from->sources[i];
        telling to = { from->out, source->name, family, NULL };
        coax_server_each_method(source->server, fn, &to);
        coax_client_each_method(source->client, fn, &to);
    }
}

static void tell_totals(const reader *from)
{
    for (size_t f = 0; f < sizeof total_families / sizeof total_families[0]; f++) {
        const total_family *family = &total_families[f];
        put_head(from->out, family->name, family->type, family->help);
        for (size_t i = 0; i < from->n_sources; i++)
            tell_total(from->out, family, &from->sources[i]);
    }
}

static void tell_methods(const reader *from)
{
    for (size_t f = 0; f < sizeof method_families / sizeof method_families[0]; f++) {
        const method_family *family = &method_families[f];
        put_head(from->out, family->name, family->type, family->help);
        each_method(from, family, tell_method);
    }
    put_head(from->out, ENDED, "counter", "Calls and one-way messages that have ended, by code.");
    each_method(from, NULL, tell_ended);
    put_head(from->out, DURATION, "histogram",
             "Calls' time from start, or arrival, to the end; streams with their whole life.");
    each_method(from, NULL, tell_duration);
}

static void tell_events(const reader *from)
{
    for (size_t f = 0; f < sizeof event_families / sizeof event_families[0]; f++) {
        const event_family *family = &event_families[f];
        put_head(from->out, family->name, "counter", family->help);
        for (size_t i = 0; i < from->n_sources; i++) {
            const coax_metrics_source *source = &from->sources[i];
            telling to = { from->out, source->name, NULL, family };
            coax_server_each_event(source->server, tell_event, &to);
            coax_client_each_event(source->client, tell_event, &to);
        }
    }
}

static bool is_same_name(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Two sources of one name would give the same sample twice. */
static coax_err check_sources(const coax_metrics_source *sources, size_t n_sources)
{
    for (size_t i = 0; i < n_sources; i++) {
        const char *name = sources[i].name;
        if ((sources[i].server == NULL) == (sources[i].client == NULL))
            return COAX_ERR_MISUSE;
        if (name != NULL && !cx_utf8_valid((const uint8_t *)name, strlen(name)))
            return COAX_ERR_INVALID_ARGUMENT;
        for (size_t k = 0; k < i; k++) {
            if (is_same_name(name, sources[k].name))
                return COAX_ERR_INVALID_ARGUMENT;
        }
    }
    return COAX_OK;
}

coax_err coax_metrics_prometheus(const coax_metrics_source *sources, size_t n_sources,
                                 coax_metrics_write_fn write, void *self)
{
    if ((sources == NULL && n_sources > 0) || write == NULL)
        return COAX_ERR_MISUSE;
    coax_err err = check_sources(sources, n_sources);
    if (err != COAX_OK)
        return err;
    page out = { .write = write, .self = self };
    const reader from = { &out, sources, n_sources };
    tell_totals(&from);
    tell_methods(&from);
    tell_events(&from);
    flush(&out);
    return out.is_stopped ? COAX_ERR_CANCELLED : COAX_OK;
}

typedef struct buffer {
    char *text;
    size_t size;
    size_t len; /* of all, whether it fits or not */
} buffer;

static bool append(void *self, const char *text, size_t len)
{
    buffer *to = self;
    if (to->len + 1 < to->size) {
        size_t room = to->size - 1 - to->len;
        memcpy(to->text + to->len, text, len < room ? len : room);
    }
    to->len += len;
    return true;
}

coax_err coax_metrics_prometheus_text(const coax_metrics_source *sources, size_t n_sources,
                                      char *text, size_t size, size_t *ret_len)
{
    buffer to = { text, size, 0 };
    if (ret_len == NULL || (text == NULL && size > 0))
        return COAX_ERR_MISUSE;
    coax_err err = coax_metrics_prometheus(sources, n_sources, append, &to);
    if (err != COAX_OK)
        return err;
    if (size > 0)
        text[to.len < size ? to.len : size - 1] = '\0';
    *ret_len = to.len;
    return COAX_OK;
}
