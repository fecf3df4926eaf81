/*
 * Sinks that write lines: logfmt for people and grep, JSON for machines.
 *
 * A line is one event, whole even when several threads log to one FILE, and nothing in a value can end it early
 * or move a terminal's cursor: values may be a peer's words. Both forms quote values in JSON's way (RFC 8259,
 * section 7), and bytes that are no UTF-8 become U+FFFD. What can't be
 * written is lost: a log has nobody to tell.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/env_system.h"
#include "base/log.h"
#include "base/utf8.h"

/* A line on its way: standard error has no buffer of its own. */
typedef struct line {
    FILE *file;
    size_t len;
    char text[1024];
} line;

static void flush(line *out)
{
    (void)fwrite(out->text, 1, out->len, out->file);
    out->len = 0;
}

static void put(line *out, const char *text, size_t len)
{
    while (len > 0) {
        if (out->len == sizeof out->text)
            flush(out);
        size_t room = sizeof out->text - out->len;
        size_t n = len < room ? len : room;
        memcpy(out->text + out->len, text, n);
        out->len += n;
        text += n;
        len -= n;
    }
}

static void put_str(line *out, const char *text)
{
    put(out, text, strlen(text));
}

/* One character of valid UTF-8, of `len` bytes: escaped where it would be read as something else. */
static void put_character(line *out, const uint8_t *at, size_t len)
{
    char escape[8];
    /* U+0080 to U+009F, terminals' other control characters, are C2 80 to C2 9F. */
    bool is_control = at[0] < 0x20 || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0);
    if (at[0] == '"' || at[0] == '\\') {
        put_str(out, "\\");
        put(out, (const char *)at, 1);
    } else if (at[0] == '\n') {
        put_str(out, "\\n");
    } else if (is_control) {
        (void)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)at[len - 1]);
        put_str(out, escape);
    } else {
        put(out, (const char *)at, len);
    }
}

static size_t length_of(uint8_t first)
{
    return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static void put_quoted(line *out, const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strlen(text);
    put_str(out, "\"");
    while (left > 0) {
        size_t valid = cx_utf8_valid_prefix(at, left);
        left -= valid;
        while (valid > 0) {
            size_t n = length_of(*at);
            put_character(out, at, n);
            at += n;
            valid -= n;
        }
        if (left > 0) {
            put_str(out, "\xef\xbf\xbd");
            at++;
            left--;
        }
    }
    put_str(out, "\"");
}

static void end_line(line *out)
{
    put_str(out, "\n");
    flush(out);
    funlockfile(out->file);
}

void coax_log_to_file(void *self, coax_log_level level, const char *event,
                      const coax_log_pair *pairs, size_t n_pairs)
{
    line out = { .file = self };
    char now[CX_WALL_CLOCK_MAX];
    flockfile(out.file);
    put_str(&out, "time=");
    cx_wall_clock(now, sizeof now);
    put_str(&out, now);
    put_str(&out, " level=");
    put_str(&out, coax_log_level_name(level));
    put_str(&out, " event=");
    put_str(&out, event);
    for (size_t i = 0; i < n_pairs; i++) {
        put_str(&out, " ");
        put_str(&out, pairs[i].key);
        put_str(&out, "=");
        put_quoted(&out, pairs[i].value);
    }
    end_line(&out);
}

void coax_log_json_to_file(void *self, coax_log_level level, const char *event,
                           const coax_log_pair *pairs, size_t n_pairs)
{
    line out = { .file = self };
    char now[CX_WALL_CLOCK_MAX];
    flockfile(out.file);
    put_str(&out, "{\"time\":\"");
    cx_wall_clock(now, sizeof now);
    put_str(&out, now);
    put_str(&out, "\",\"level\":\"");
    put_str(&out, coax_log_level_name(level));
    put_str(&out, "\",\"event\":");
    put_quoted(&out, event);
    for (size_t i = 0; i < n_pairs; i++) {
        put_str(&out, ",");
        put_quoted(&out, pairs[i].key);
        put_str(&out, ":");
        put_quoted(&out, pairs[i].value);
    }
    put_str(&out, "}");
    end_line(&out);
}
