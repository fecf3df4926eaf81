/* JSON, two spaces deep for each level, because people read it too. */
#include "diag/json.h"

#include "front/utf8.h"

#include <inttypes.h>
#include <string.h>

static void put_text(FILE *out, const char *text)
{
    size_t len = strlen(text);
    fputc('"', out);
    for (size_t at = 0; at < len;) {
        unsigned char c = (unsigned char)text[at];
        size_t n_bytes = idl_utf8_length(text + at, len - at);
        if (n_bytes == 0)
            fputs("\xEF\xBF\xBD", out);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < 0x20 || c == 0x7f)
            fprintf(out, "\\u%04x", c);
        else
            fwrite(text + at, 1, n_bytes, out);
        at += n_bytes == 0 ? 1 : n_bytes;
    }
    fputc('"', out);
}

static void begin_item(idl_json *json, const char *key)
{
    if (json->needs_comma)
        fputc(',', json->out);
    if (json->depth > 0)
        fprintf(json->out, "\n%*s", json->depth * 2, "");
    json->needs_comma = true;
    if (key != NULL) {
        put_text(json->out, key);
        fputs(": ", json->out);
    }
}

static void begin_group(idl_json *json, const char *key, char bracket)
{
    begin_item(json, key);
    fputc(bracket, json->out);
    json->depth++;
    json->needs_comma = false;
}

static void end_group(idl_json *json, char bracket)
{
    json->depth--;
    if (json->needs_comma)
        fprintf(json->out, "\n%*s", json->depth * 2, "");
    fputc(bracket, json->out);
    json->needs_comma = true;
    if (json->depth == 0)
        fputc('\n', json->out);
}

void idl_json_begin_object(idl_json *json, const char *key)
{
    begin_group(json, key, '{');
}

void idl_json_end_object(idl_json *json)
{
    end_group(json, '}');
}

void idl_json_begin_array(idl_json *json, const char *key)
{
    begin_group(json, key, '[');
}

void idl_json_end_array(idl_json *json)
{
    end_group(json, ']');
}

void idl_json_string(idl_json *json, const char *key, const char *text)
{
    begin_item(json, key);
    put_text(json->out, text);
}

void idl_json_number(idl_json *json, const char *key, uint64_t number)
{
    begin_item(json, key);
    fprintf(json->out, "%" PRIu64, number);
}

void idl_json_bool(idl_json *json, const char *key, bool value)
{
    begin_item(json, key);
    fputs(value ? "true" : "false", json->out);
}
