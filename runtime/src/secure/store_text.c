/*
 * Reading and printing the store file.
 *
 * What is read is what printing would give, roles apart: line 1 is printed again and compared, numbers have
 * one form, and every other byte lies under a check or is a separator. Read next: store_file.c.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "secure/opaque.h"
#include "secure/sha512.h"
#include "secure/store.h"
#include "secure/store_text.h"

#define CHECK_BYTES 9u
#define CHECK_TEXT 12u /* base64 without padding: whole groups only */
#define RECORD_TEXT 256u
#define SECRET_TEXT 128u
#define FIELDS_MAX (CX_ROLES_MAX + 4) /* "user", name, record, check */
#define LINE_1_MAX 128u
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const char file_word[] = "coax-users ", secret_word[] = "coax-users-secret ";

void cx_store_check_key(const uint8_t secret[COAX_STORE_SECRET_BYTES],
                        uint8_t ret_key[CX_STORE_CHECK_KEY])
{
    const coax_bytes info = cx_piece_text("coax store: checks");
    cx_hkdf_expand(cx_piece(secret, COAX_STORE_SECRET_BYTES), &info, 1, ret_key,
                   CX_STORE_CHECK_KEY);
}

/* The check of two pieces that a zero byte keeps apart: no name holds one. */
static void make_check(const uint8_t key[CX_STORE_CHECK_KEY], coax_str first, coax_bytes second,
                       char ret_text[CHECK_TEXT + 1])
{
    static const uint8_t between = 0;
    crypto_generichash_state state;
    uint8_t hash[crypto_generichash_BYTES];
    (void)crypto_generichash_init(&state, key, CX_STORE_CHECK_KEY, sizeof hash);
    (void)crypto_generichash_update(&state, (const uint8_t *)first.data, first.len);
    (void)crypto_generichash_update(&state, &between, 1);
    if (second.len > 0)
        (void)crypto_generichash_update(&state, second.data, second.len);
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    (void)sodium_bin2base64(ret_text, CHECK_TEXT + 1, hash, CHECK_BYTES, VARIANT);
}

static bool is_check(const uint8_t key[CX_STORE_CHECK_KEY], coax_str first, coax_bytes second,
                     coax_str claimed)
{
    char check[CHECK_TEXT + 1];
    make_check(key, first, second, check);
    return claimed.len == CHECK_TEXT && memcmp(check, claimed.data, CHECK_TEXT) == 0;
}

/* libsodium takes some letters with their eighth bit set for others, so what was read is written again and compared. */
static bool from_base64(coax_str text, uint8_t *ret_bytes, size_t len)
{
    char again[RECORD_TEXT + 1];
    size_t n = 0;
    bool is_right =
        text.len < sizeof again &&
        sodium_base642bin(ret_bytes, len, text.data, text.len, NULL, &n, NULL, VARIANT) == 0 &&
        n == len;
    if (is_right)
        (void)sodium_bin2base64(again, sizeof again, ret_bytes, len, VARIANT);
    is_right = is_right && memcmp(again, text.data, text.len) == 0;
    sodium_memzero(again, sizeof again);
    return is_right;
}

static coax_str part(const char *data, size_t len)
{
    coax_str text = { data, len };
    return text;
}

static bool starts_with(coax_str text, const char *word)
{
    size_t len = strlen(word);
    return text.len >= len && memcmp(text.data, word, len) == 0;
}

/* Takes a decimal number without leading zeros off the front, at most ten digits. */
static bool take_number(coax_str *text, uint64_t *ret_number)
{
    uint64_t number = 0;
    size_t n = 0;
    while (n < text->len && n < 10 && text->data[n] >= '0' && text->data[n] <= '9')
        number = number * 10 + (uint64_t)(text->data[n++] - '0');
    if (n == 0 || (n > 1 && text->data[0] == '0'))
        return false;
    *text = part(text->data + n, text->len - n);
    *ret_number = number;
    return true;
}

static bool take_word(coax_str *text, const char *word)
{
    if (!starts_with(*text, word))
        return false;
    *text = part(text->data + strlen(word), text->len - strlen(word));
    return true;
}

/* ---- reading ---- */

typedef struct reader {
    const char *path;
    const char *at;
    size_t left;
    uint32_t line;
    const uint8_t *check_key;
    cx_user_table *table;
    coax_error *error;
} reader;

/* The path's end says more than its beginning. */
static coax_err refuse(const reader *in, coax_err code, const char *words)
{
    size_t len = strlen(in->path), shown = len < 100 ? len : 100;
    return coax_error_set(in->error, code, "%s%s:%u: %s", shown < len ? "..." : "",
                          in->path + len - shown, (unsigned)in->line, words);
}

static coax_err damaged(const reader *in, const char *words)
{
    return refuse(in, COAX_ERR_BAD_MESSAGE, words);
}

/* The next line, without its LF. */
static coax_err next_line(reader *in, coax_str *ret_line)
{
    in->line++;
    if (in->left == 0)
        return damaged(in, "the file ends here, before its line \"end\": it was cut");
    const char *end = memchr(in->at, '\n', in->left);
    if (end == NULL)
        return damaged(in, "the line has no end: the file was cut");
    *ret_line = part(in->at, (size_t)(end - in->at));
    in->left -= ret_line->len + 1;
    in->at = end + 1;
    return COAX_OK;
}

static size_t print_line_1(const coax_password_cost *cost, const uint8_t *check_key,
                           char ret_text[LINE_1_MAX])
{
    char check[CHECK_TEXT + 1];
    int len = snprintf(ret_text, LINE_1_MAX, "%s1 argon2id memory_kib=%u passes=%u", file_word,
                       (unsigned)cost->memory_kib, (unsigned)cost->passes);
    make_check(check_key, part(ret_text, (size_t)len), cx_piece(NULL, 0), check);
    return (size_t)snprintf(ret_text, LINE_1_MAX, "%s1 argon2id memory_kib=%u passes=%u check=%s",
                            file_word, (unsigned)cost->memory_kib, (unsigned)cost->passes, check);
}

static coax_err read_line_1(reader *in, coax_password_cost *ret_cost)
{
    char wanted[LINE_1_MAX];
    coax_str line;
    uint64_t version = 0, memory = 0, passes = 0;
    coax_error why = COAX_ERROR_INIT;
    coax_err err = next_line(in, &line);
    if (err != COAX_OK)
        return err;
    coax_str rest = line;
    if (!take_word(&rest, file_word) || !take_number(&rest, &version) || !take_word(&rest, " "))
        return damaged(in, "a store of users begins with \"coax-users 1\"");
    if (version != 1)
        return refuse(in, COAX_ERR_NOT_SUPPORTED, "written by a later coax: this one reads 1");
    if (!take_word(&rest, "argon2id memory_kib=") || !take_number(&rest, &memory) ||
        !take_word(&rest, " passes=") || !take_number(&rest, &passes))
        return damaged(in, "what follows \"coax-users 1\" is not a cost of passwords");
    if (memory > UINT32_MAX || passes > UINT32_MAX || memory == 0 || passes == 0)
        return damaged(in, "the cost of passwords is out of bounds");
    const coax_password_cost cost = { (uint32_t)memory, (uint32_t)passes };
    if (cx_password_cost_take(&cost, ret_cost, &why) != COAX_OK)
        return damaged(in, why.text);
    size_t len = print_line_1(&cost, in->check_key, wanted);
    if (len != line.len || memcmp(wanted, line.data, len) != 0)
        return damaged(in, "the line was changed, or the file named like this one and .secret "
                           "belongs to another store");
    return COAX_OK;
}

/* Parts a line at its tabs; 0: there are too many. */
static size_t split(coax_str line, coax_str fields[FIELDS_MAX])
{
    size_t n = 0;
    for (;;) {
        const char *tab = line.len > 0 ? memchr(line.data, '\t', line.len) : NULL;
        size_t len = tab != NULL ? (size_t)(tab - line.data) : line.len;
        if (n == FIELDS_MAX)
            return 0;
        fields[n++] = part(line.data, len);
        if (tab == NULL)
            return n;
        line = part(tab + 1, line.len - len - 1);
    }
}

static coax_err add_user(reader *in, const cx_user_text *user)
{
    if (cx_user_table_find(in->table, user->name) != NULL)
        return damaged(in, "this user stands in the file twice");
    cx_user_entry *entry = cx_user_entry_create(in->table->allocator, user);
    if (entry == NULL || cx_user_table_reserve(in->table) != COAX_OK) {
        cx_user_entry_unref(entry);
        return refuse(in, COAX_ERR_NO_MEMORY, "no memory for the users of this store");
    }
    cx_user_table_put(in->table, entry);
    return COAX_OK;
}

static coax_err read_user(reader *in, coax_str line)
{
    coax_str fields[FIELDS_MAX];
    uint8_t record[COAX_RECORD_BYTES];
    size_t n = split(line, fields);
    if (n == 0)
        return damaged(in, "more roles than a user can have, which are 64");
    if (n < 4)
        return damaged(in,
                       "a user's line is \"user\", name, roles, record and check, parted by tabs");
    if (!cx_principal_is_valid(fields[1].data, fields[1].len))
        return damaged(in, "the name is not 1 to 255 bytes of UTF-8 without control characters");
    for (size_t i = 2; i < n - 2; i++)
        if (!cx_principal_is_valid(fields[i].data, fields[i].len))
            return damaged(in, "a role is not 1 to 255 bytes of UTF-8 without control characters");
    if (fields[n - 2].len != RECORD_TEXT || !from_base64(fields[n - 2], record, sizeof record))
        return damaged(in, "the record is not 256 letters of base64");
    if (!is_check(in->check_key, fields[1], cx_piece(record, sizeof record), fields[n - 1]))
        return damaged(in,
                       "the name, the record or the check was changed by hand: delete the line, "
                       "lower the number behind \"end\", and add the user anew");
    const cx_user_text user = { fields[1], fields + 2, n - 4, record };
    return add_user(in, &user);
}

static coax_err read_end(reader *in, coax_str line)
{
    uint64_t count = 0;
    if (!take_word(&line, "end\t") || !take_number(&line, &count) || line.len > 0)
        return damaged(in, "neither a user nor the end");
    if (count != in->table->n_list)
        return damaged(in, "there are not as many users above as this line says");
    in->line++;
    if (in->left > 0)
        return damaged(in, "something follows the end");
    return COAX_OK;
}

coax_err cx_store_text_read(const char *path, const char *text, size_t len,
                            const uint8_t check_key[CX_STORE_CHECK_KEY], cx_user_table *table,
                            coax_password_cost *ret_cost, coax_error *error)
{
    reader in = { path, text, len, 0, check_key, table, error };
    coax_str line;
    coax_err err = read_line_1(&in, ret_cost);
    while (err == COAX_OK) {
        err = next_line(&in, &line);
        if (err == COAX_OK && !starts_with(line, "user\t"))
            return read_end(&in, line);
        if (err == COAX_OK)
            err = read_user(&in, line);
    }
    return err;
}

/* ---- printing ---- */

static size_t size_of(const cx_user_entry *entry)
{
    size_t size = sizeof "user" + entry->name_len + 1 + RECORD_TEXT + 1 + CHECK_TEXT + 1;
    for (size_t i = 0; i < entry->n_roles; i++)
        size += strlen(entry->user.roles[i]) + 1;
    return size;
}

static char *put(char *at, const char *text, size_t len, char behind)
{
    memcpy(at, text, len);
    at[len] = behind;
    return at + len + 1;
}

static char *put_user(char *at, const cx_user_entry *entry, const uint8_t *check_key)
{
    char record[RECORD_TEXT + 1], check[CHECK_TEXT + 1];
    at = put(at, "user", 4, '\t');
    at = put(at, entry->user.name, entry->name_len, '\t');
    for (size_t i = 0; i < entry->n_roles; i++)
        at = put(at, entry->user.roles[i], strlen(entry->user.roles[i]), '\t');
    (void)sodium_bin2base64(record, sizeof record, entry->user.record, COAX_RECORD_BYTES, VARIANT);
    make_check(check_key, part(entry->user.name, entry->name_len),
               cx_piece(entry->user.record, COAX_RECORD_BYTES), check);
    at = put(at, record, RECORD_TEXT, '\t');
    at = put(at, check, CHECK_TEXT, '\n');
    sodium_memzero(record, sizeof record);
    return at;
}

/* What stands in the place of an entry after the change; NULL: nothing. */
static const cx_user_entry *changed(const cx_store_change *change, const cx_user_entry *entry)
{
    return entry == change->old ? change->put : entry;
}

/* The bytes that users take, and how many there are. */
static size_t measure(const cx_user_table *table, const cx_store_change *change, size_t *ret_count)
{
    size_t size = 0, count = 0;
    for (size_t i = 0; i < table->n_list; i++) {
        const cx_user_entry *entry = changed(change, table->list[i]);
        size += entry != NULL ? size_of(entry) : 0;
        count += entry != NULL;
    }
    if (change->old == NULL && change->put != NULL) {
        size += size_of(change->put);
        count++;
    }
    *ret_count = count;
    return size;
}

coax_err cx_store_text_print(const cx_user_table *table, const cx_store_change *change,
                             const coax_password_cost *cost,
                             const uint8_t check_key[CX_STORE_CHECK_KEY],
                             const coax_allocator *allocator, char **ret_text, size_t *ret_len,
                             coax_error *error)
{
    char first[LINE_1_MAX], last[32];
    size_t count = 0, users = measure(table, change, &count);
    size_t first_len = print_line_1(cost, check_key, first);
    size_t last_len = (size_t)snprintf(last, sizeof last, "end\t%zu", count);
    size_t size = first_len + 1 + users + last_len + 1;
    if (size > CX_STORE_TEXT_MAX)
        return coax_error_set(error, COAX_ERR_TOO_LARGE,
                              "the store's file would have over %zu bytes: so many users belong "
                              "into a database (coax_store_create)",
                              CX_STORE_TEXT_MAX);
    char *text = cx_resize(allocator, NULL, size);
    if (text == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a store's %zu bytes", size);
    char *at = put(text, first, first_len, '\n');
    for (size_t i = 0; i < table->n_list; i++) {
        const cx_user_entry *entry = changed(change, table->list[i]);
        at = entry != NULL ? put_user(at, entry, check_key) : at;
    }
    if (change->old == NULL && change->put != NULL)
        at = put_user(at, change->put, check_key);
    at = put(at, last, last_len, '\n');
    *ret_text = text;
    *ret_len = (size_t)(at - text);
    return COAX_OK;
}

/* ---- the secret ---- */

coax_err cx_store_secret_read(const char *path, const char *text, size_t len,
                              uint8_t ret_secret[COAX_STORE_SECRET_BYTES], coax_error *error)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES], key[CX_STORE_CHECK_KEY];
    reader in = { path, text, len, 0, key, NULL, error };
    coax_str line;
    coax_err err = next_line(&in, &line);
    if (err != COAX_OK)
        return err;
    coax_str rest = line;
    uint64_t version = 0;
    if (!take_word(&rest, secret_word) || !take_number(&rest, &version) || !take_word(&rest, " "))
        return damaged(&in, "a store's secret begins with \"coax-users-secret 1\"");
    if (version != 1)
        return refuse(&in, COAX_ERR_NOT_SUPPORTED, "written by a later coax: this one reads 1");
    bool is_right = rest.len == SECRET_TEXT + 1 + CHECK_TEXT && rest.data[SECRET_TEXT] == ' ' &&
                    in.left == 0 &&
                    from_base64(part(rest.data, SECRET_TEXT), secret, sizeof secret);
    if (is_right) {
        cx_store_check_key(secret, key);
        is_right = is_check(key, part(line.data, line.len - CHECK_TEXT - 1), cx_piece(NULL, 0),
                            part(rest.data + SECRET_TEXT + 1, CHECK_TEXT));
    }
    if (is_right)
        memcpy(ret_secret, secret, sizeof secret);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(key, sizeof key);
    return is_right ? COAX_OK
                    : damaged(&in, "the secret was changed; without it no password of this store "
                                   "can be checked: bring it back from a copy");
}

void cx_store_secret_print(const uint8_t secret[COAX_STORE_SECRET_BYTES],
                           char ret_text[CX_STORE_SECRET_TEXT])
{
    char base64[SECRET_TEXT + 1], check[CHECK_TEXT + 1];
    uint8_t key[CX_STORE_CHECK_KEY];
    (void)sodium_bin2base64(base64, sizeof base64, secret, COAX_STORE_SECRET_BYTES, VARIANT);
    cx_store_check_key(secret, key);
    char *at = put(ret_text, secret_word, sizeof secret_word - 1, '1');
    *at++ = ' ';
    memcpy(at, base64, SECRET_TEXT);
    at += SECRET_TEXT;
    make_check(key, part(ret_text, (size_t)(at - ret_text)), cx_piece(NULL, 0), check);
    *at++ = ' ';
    (void)put(at, check, CHECK_TEXT, '\n');
    sodium_memzero(base64, sizeof base64);
    sodium_memzero(key, sizeof key);
}
