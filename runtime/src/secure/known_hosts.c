/*
 * Known hosts as text: finding an address, changing a line, and the words for a key that is not the
 * one on record.
 *
 * Knows no files. Read next: known_hosts_file.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "secure/files.h"
#include "secure/known_hosts.h"
#include "secure/lines.h"

/* The most that is kept of a note. */
#define NOTE_MAX 200u
/* An address with every byte as %XX, an id, a note, and what is between them. */
#define LINE_MAX_LEN (3 * CX_KNOWN_ADDRESS_MAX + COAX_ID_SIZE + NOTE_MAX + 8)

static const char heading[] =
    "# Servers that coax has met: the address as it is dialled, and the id that answered there.\n"
    "# Delete a line to meet its server anew, once its owner has told you that the key is another.\n";

/* One line, understood. */
typedef struct entry {
    cx_slice address; /* as it is written */
    uint8_t key[COAX_KEY_BYTES];
    cx_slice comment; /* with its '#'; empty: none */
} entry;

bool cx_known_host_has(const cx_known_host *host, const uint8_t key[COAX_KEY_BYTES])
{
    for (uint32_t i = 0; i < host->n_keys; i++) {
        if (memcmp(host->keys[i].key, key, COAX_KEY_BYTES) == 0)
            return true;
    }
    return false;
}

/* ---------------------------------------------------------------- reading */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Takes one character off a written address. Returns -1 for a % that no two digits follow. */
static int next_byte(cx_slice *written)
{
    char c = *written->data;
    size_t n = 1;
    int value = (unsigned char)c;
    if (c == '%') {
        int high = written->len > 2 ? hex_value(written->data[1]) : -1;
        int low = written->len > 2 ? hex_value(written->data[2]) : -1;
        if (high < 0 || low < 0)
            return -1;
        value = high << 4 | low;
        n = 3;
    }
    written->data += n;
    written->len -= n;
    return value;
}

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Whether a written address names `address`. Paths have capitals that matter; host names have not. */
static bool names(cx_slice written, const char *address)
{
    bool has_host = strncmp(address, "tcp://", 6) == 0;
    while (written.len > 0 && *address != '\0') {
        int a = next_byte(&written);
        int b = (unsigned char)*address++;
        if (a != b && (!has_host || lower(a) != lower(b)))
            return false;
    }
    return written.len == 0 && *address == '\0';
}

static bool is_address(cx_slice written)
{
    while (written.len > 0) {
        if (next_byte(&written) <= 0)
            return false;
    }
    return true;
}

/* Returns what is wrong with a line that has a first word; NULL: nothing. */
static const char *read_line(cx_slice line, entry *ret_entry)
{
    char id[COAX_ID_SIZE];
    cx_slice word;
    (void)cx_slice_word(&line, &ret_entry->address);
    if (!is_address(ret_entry->address))
        return "has an address that can't be read (a % needs two hex digits behind it)";
    if (!cx_slice_word(&line, &word))
        return "has no id behind the address";
    if (word.len != sizeof id - 1)
        return "has an id that is not of 52 lower-case letters and digits";
    memcpy(id, word.data, word.len);
    id[word.len] = '\0';
    if (!coax_id_parse(id, ret_entry->key))
        return "has an id with characters that ids don't have (they have a-z and 2-7)";
    while (line.len > 0 && cx_is_blank(line.data[0])) {
        line.data++;
        line.len--;
    }
    if (line.len > 0 && line.data[0] != '#')
        return "has something behind the id that is no comment (they begin with #)";
    ret_entry->comment = line;
    return NULL;
}

static bool has_entry(cx_slice line)
{
    cx_slice word;
    return cx_slice_word(&line, &word) && word.data[0] != '#';
}

coax_err cx_known_hosts_search(const char *path, const char *text, size_t len, const char *address,
                               cx_known_host *ret_host, coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    cx_lines lines = cx_lines_of(text, len);
    cx_slice line;
    cx_known_host host = { .n_keys = 0 };
    const char *wrong = NULL;
    uint32_t wrong_line = 0;
    while (cx_lines_next(&lines, &line)) {
        entry found;
        const char *why = has_entry(line) ? read_line(line, &found) : "";
        if (why != NULL && why[0] != '\0' && wrong == NULL) {
            wrong = why;
            wrong_line = lines.number;
        }
        if (why != NULL || !names(found.address, address) || host.n_keys == CX_KNOWN_KEYS_MAX)
            continue;
        memcpy(host.keys[host.n_keys].key, found.key, COAX_KEY_BYTES);
        host.keys[host.n_keys++].line = lines.number;
    }
    if (host.n_keys == 0 && wrong != NULL)
        return coax_error_set(error, COAX_ERR_BAD_MESSAGE,
                              "%s: line %u %s; it may have named this server: repair or delete it",
                              cx_file_shown(path, shown), (unsigned)wrong_line, wrong);
    *ret_host = host;
    return COAX_OK;
}

/* ---------------------------------------------------------------- changing */

static bool is_written_as_it_is(unsigned char c)
{
    return c > 0x20 && c != 0x7f && c != '%' && c != '#';
}

/* Writes "address id [# note]\n" without a NUL. Returns its length. */
static size_t print_line(char *to, const char *address, const uint8_t key[COAX_KEY_BYTES],
                         cx_slice comment, const char *note)
{
    static const char digits[] = "0123456789abcdef";
    char *at = to;
    for (; *address != '\0'; address++) {
        unsigned char c = (unsigned char)*address;
        if (is_written_as_it_is(c)) {
            *at++ = (char)c;
            continue;
        }
        *at++ = '%';
        *at++ = digits[c >> 4];
        *at++ = digits[c & 15];
    }
    *at++ = ' ';
    coax_id_print(key, at);
    at += COAX_ID_SIZE - 1;
    if (note != NULL || comment.len > 0)
        *at++ = ' ';
    if (note != NULL) {
        *at++ = '#';
        *at++ = ' ';
        for (size_t i = 0; i < NOTE_MAX && note[i] != '\0'; i++)
            *at++ = (unsigned char)note[i] < 0x20 ? ' ' : note[i];
    } else if (comment.len > 0) {
        memcpy(at, comment.data, comment.len);
        at += comment.len;
    }
    *at++ = '\n';
    return (size_t)(at - to);
}

/* A new line at the end. `to` has room for everything. */
static size_t append(char *to, const char *text, size_t len, const char *address,
                     const uint8_t key[COAX_KEY_BYTES], const char *note)
{
    size_t at = 0;
    if (len == 0) {
        at = sizeof heading - 1;
        memcpy(to, heading, at);
    } else {
        memcpy(to, text, len);
        at = len;
        if (text[len - 1] != '\n')
            to[at++] = '\n';
    }
    return at + print_line(to + at, address, key, (cx_slice){ NULL, 0 }, note);
}

/* The new key in the place of the first line, without the others. Returns 0: there is no such line. */
static size_t replace(char *to, const char *text, size_t len, const char *address,
                      const uint8_t key[COAX_KEY_BYTES], const char *note)
{
    cx_lines lines = cx_lines_of(text, len);
    cx_slice line;
    size_t at = 0;
    bool is_replaced = false;
    for (const char *start = text; cx_lines_next(&lines, &line); start = lines.at) {
        entry found;
        if (!has_entry(line) || read_line(line, &found) != NULL || !names(found.address, address)) {
            size_t n = (size_t)(lines.at - start);
            memcpy(to + at, start, n);
            at += n;
            continue;
        }
        if (!is_replaced)
            at += print_line(to + at, address, key, found.comment, note);
        is_replaced = true;
    }
    return is_replaced ? at : 0;
}

coax_err cx_known_hosts_edit(const char *text, size_t len, const char *address,
                             const uint8_t key[COAX_KEY_BYTES], const char *note, bool replaces,
                             char **ret_text, size_t *ret_len, coax_error *error)
{
    size_t address_len = strlen(address);
    if (address_len == 0 || address_len > CX_KNOWN_ADDRESS_MAX)
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT,
                              "an address of %zu bytes can't be recorded: 1 to %u can", address_len,
                              CX_KNOWN_ADDRESS_MAX);
    if (len + LINE_MAX_LEN > CX_KNOWN_HOSTS_MAX)
        return coax_error_set(
            error, COAX_ERR_TOO_LARGE,
            "the file of known hosts is full (%zu bytes); delete lines of servers "
            "that are gone",
            len);
    /* A replaced line is written anew with the comment it had, so it may be longer by the escapes. */
    char *edited = malloc(len + sizeof heading + LINE_MAX_LEN);
    if (edited == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to change known hosts");
    size_t n = replaces ? replace(edited, text, len, address, key, note) : 0;
    if (n == 0)
        n = append(edited, text, len, address, key, note);
    *ret_text = edited;
    *ret_len = n;
    return COAX_OK;
}

/* ---------------------------------------------------------------- words */

/* The end of a path, for words that have little room. */
static const char *tail_of(const char *path, size_t most, char buffer[CX_FILE_SHOWN])
{
    size_t len = strlen(path);
    if (len <= most)
        return path;
    (void)snprintf(buffer, CX_FILE_SHOWN, "...%s", path + len - (most - 3));
    return buffer;
}

coax_err cx_known_hosts_changed(const char *path, const char *address, const cx_known_host *host,
                                const uint8_t shown[COAX_KEY_BYTES], coax_error *error)
{
    char buffer[CX_FILE_SHOWN];
    char words[2 * COAX_ERROR_TEXT_MAX];
    char old_id[COAX_ID_SIZE];
    char new_id[COAX_ID_SIZE];
    unsigned line = host->n_keys > 0 ? (unsigned)host->keys[0].line : 0;
    coax_id_print(host->keys[0].key, old_id);
    coax_id_print(shown, new_id);
    int len = snprintf(words, sizeof words,
                       "%s shows id %s, but line %u of %s has %s: an attack, or a new key? Ask its "
                       "owner for 'coax id'; only if it is new, delete that line",
                       address, new_id, line, path, old_id);
    /* Ids in full matter less than what to do: 16 letters of one are beyond anybody's making. */
    if (len < 0 || len >= COAX_ERROR_TEXT_MAX)
        (void)snprintf(words, sizeof words,
                       "%.40s shows id %.16s..., but line %u of %s has %.16s...: an attack, or a "
                       "new key? Ask its owner for 'coax id'; only if it is new, delete that line",
                       address, new_id, line, tail_of(path, 44, buffer), old_id);
    return coax_error_set(error, COAX_ERR_KEY_CHANGED, "%s", words);
}

coax_err cx_known_hosts_unknown(const char *path, const char *address,
                                const uint8_t shown[COAX_KEY_BYTES], coax_error *error)
{
    char buffer[CX_FILE_SHOWN];
    char id[COAX_ID_SIZE];
    coax_id_print(shown, id);
    return coax_error_set(
        error, COAX_ERR_KEY_UNKNOWN,
        "%.40s shows id %s, which %s does not know; if its owner's 'coax id' says "
        "the same, add a line with that address and id",
        address, id, tail_of(path, 54, buffer));
}
