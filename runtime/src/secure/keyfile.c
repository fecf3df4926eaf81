/*
 * Key files: their text, and <coax/key.h>'s functions that read and write them.
 *
 * Copies of the secret are wiped on every way out. Read next: files.h, for what is refused before it
 * is read.
 */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "secure/files.h"
#include "secure/key.h"
#include "secure/keyfile.h"
#include "secure/lines.h"

#define HEX_LEN (2 * COAX_KEY_BYTES)

static const char title[] = "coax-key";

/* What the lines of a file say. */
typedef struct fields {
    uint8_t secret[COAX_KEY_BYTES];
    uint8_t public_half[COAX_KEY_BYTES];
    bool has_secret;
    bool has_id;
} fields;

static coax_err damaged(const char *path, uint32_t line, const char *why, coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    return coax_error_set(error, COAX_ERR_BAD_KEY,
                          "%s: line %u: %s; restore it from a copy, or move it away and make a new "
                          "one with 'coax keygen' (its id will be another)",
                          cx_file_shown(path, shown), (unsigned)line, why);
}

static coax_err check_title(const char *path, cx_slice line, coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    cx_slice word;
    if (!cx_slice_word(&line, &word) || !cx_slice_is(word, title))
        return coax_error_set(error, COAX_ERR_BAD_KEY,
                              "%s: is no key file of coax: those begin with '%s 1'; 'coax keygen' "
                              "makes one",
                              cx_file_shown(path, shown), title);
    if (!cx_slice_word(&line, &word) || !cx_slice_is(word, "1"))
        return coax_error_set(error, COAX_ERR_BAD_KEY,
                              "%s: has format '%.*s', and this version of coax reads format 1: use "
                              "a newer one",
                              cx_file_shown(path, shown), word.len < 20 ? (int)word.len : 20,
                              word.data);
    return COAX_OK;
}

static bool take_id(fields *f, cx_slice value)
{
    char id[COAX_ID_SIZE];
    if (f->has_id || value.len != sizeof id - 1)
        return false;
    memcpy(id, value.data, value.len);
    id[value.len] = '\0';
    f->has_id = coax_id_parse(id, f->public_half);
    return f->has_id;
}

static bool take_secret(fields *f, cx_slice value)
{
    if (f->has_secret || value.len != HEX_LEN)
        return false;
    f->has_secret =
        sodium_hex2bin(f->secret, sizeof f->secret, value.data, value.len, NULL, NULL, NULL) == 0;
    return f->has_secret;
}

/* Returns what is wrong with one line; NULL: nothing. Never quotes it: it may hold the secret. */
static const char *take_line(fields *f, cx_slice line)
{
    cx_slice name, value, more;
    if (!cx_slice_word(&line, &name) || name.data[0] == '#')
        return NULL;
    (void)cx_slice_word(&line, &value);
    if (cx_slice_word(&line, &more))
        return "has more than a name and a value";
    if (cx_slice_is(name, "id"))
        return take_id(f, value) ? NULL
                                 : "is no id of 52 lower-case letters and digits, or a second one";
    if (cx_slice_is(name, "secret"))
        return take_secret(f, value) ? NULL : "is no secret of 64 hex digits, or a second one";
    return "is neither 'id' nor 'secret'";
}

static coax_err take_lines(const char *path, const char *text, size_t len, fields *f,
                           coax_error *error)
{
    cx_lines lines = cx_lines_of(text, len);
    cx_slice line = { text, 0 };
    (void)cx_lines_next(&lines, &line);
    coax_err err = check_title(path, line, error);
    while (err == COAX_OK && cx_lines_next(&lines, &line)) {
        const char *wrong = take_line(f, line);
        if (wrong != NULL)
            err = damaged(path, lines.number, wrong, error);
    }
    if (err == COAX_OK && (!f->has_id || !f->has_secret))
        err = damaged(path, lines.number,
                      f->has_id ? "the file ends without a secret" : "the file ends without an id",
                      error);
    return err;
}

coax_err cx_keyfile_parse(const char *path, const char *text, size_t len, coax_key **ret_key,
                          coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    fields f = { .has_id = false };
    coax_key *key = NULL;
    coax_err err = take_lines(path, text, len, &f, error);
    if (err == COAX_OK)
        err = coax_key_from_bytes(f.secret, &key, error);
    if (err == COAX_OK && memcmp(cx_key_public(key), f.public_half, sizeof f.public_half) != 0)
        err = coax_error_set(error, COAX_ERR_BAD_KEY,
                             "%s: its secret and its id do not belong together, so one is damaged; "
                             "restore it from a copy, or move it away and make a new one with "
                             "'coax keygen'",
                             cx_file_shown(path, shown));
    coax_wipe(&f, sizeof f);
    if (err != COAX_OK) {
        coax_key_free(key);
        return err;
    }
    *ret_key = key;
    return COAX_OK;
}

size_t cx_keyfile_print(const coax_key *key, char ret_text[CX_KEYFILE_SIZE])
{
    char id[COAX_ID_SIZE];
    char hex[HEX_LEN + 1];
    coax_key_id(key, id);
    (void)sodium_bin2hex(hex, sizeof hex, cx_key_secret(key), COAX_KEY_BYTES);
    int len = snprintf(ret_text, CX_KEYFILE_SIZE,
                       "%s 1 secret: who can read this file can pass as the id below, so keep it "
                       "at mode 0600\nid %s\nsecret %s\n",
                       title, id, hex);
    coax_wipe(hex, sizeof hex);
    return (size_t)len;
}

coax_err coax_key_load(const char *path, coax_key **ret_key, coax_error *error)
{
    cx_file_text text = { NULL, 0, { 0 } };
    if (path == NULL || ret_key == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "path and ret_key may not be NULL");
    coax_err err = cx_file_load(path, CX_FILE_SECRET, CX_KEYFILE_MAX, &text, error);
    if (err != COAX_OK)
        return err;
    err = cx_keyfile_parse(path, text.data, text.len, ret_key, error);
    cx_file_text_deinit(&text);
    return err;
}

coax_err coax_key_save(const coax_key *key, const char *path, coax_error *error)
{
    char text[CX_KEYFILE_SIZE];
    if (key == NULL || path == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "key and path may not be NULL");
    size_t len = cx_keyfile_print(key, text);
    coax_err err = cx_file_create(path, text, len, error);
    coax_wipe(text, sizeof text);
    return err;
}

/* Makes one and writes it. @return COAX_ERR_ALREADY_EXISTS: another process was faster. */
static coax_err create(const char *path, coax_key **ret_key, coax_error *error)
{
    coax_key *key = NULL;
    coax_err err = cx_file_make_folders(path, error);
    if (err == COAX_OK)
        err = coax_key_generate(&key, error);
    if (err == COAX_OK)
        err = coax_key_save(key, path, error);
    if (err != COAX_OK) {
        coax_key_free(key);
        return err;
    }
    *ret_key = key;
    return COAX_OK;
}

coax_err coax_key_load_or_create(const char *path, coax_key **ret_key, bool *ret_created,
                                 coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    coax_error why = COAX_ERROR_INIT; /* one that does not end it must not be left in `error` */
    /* Who loses the race to create finds the winner's file; unless somebody removes it as fast. */
    for (int turn = 0; turn < 4; turn++) {
        coax_err err = coax_key_load(path, ret_key, &why);
        bool is_missing = err == COAX_ERR_NOT_FOUND;
        if (is_missing)
            err = create(path, ret_key, &why);
        if (err == COAX_OK && ret_created != NULL)
            *ret_created = is_missing;
        if (err == COAX_OK)
            return COAX_OK;
        if (err != COAX_ERR_ALREADY_EXISTS)
            return coax_error_set(error, err, "%s", why.text);
    }
    return coax_error_set(error, COAX_ERR_SYSTEM,
                          "%s: is a symbolic link to nothing, or comes and goes; remove it",
                          cx_file_shown(path, shown));
}
