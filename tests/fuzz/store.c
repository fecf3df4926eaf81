/*
 * The store file: no text breaks the reader, and what it reads is printed as text that reads as the same.
 *
 * The first byte says what the rest is: a file, a secret, or users to be printed with right checks and then spoiled, which leads behind
 * the checks that no random text passes.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "secure/store.h"
#include "secure/store_text.h"

static const uint8_t check_key[CX_STORE_CHECK_KEY] = { 1 };
static const uint8_t hash_key[CX_SIPHASH_KEY] = { 2 };
static const coax_password_cost cost = { 8192, 1 };

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

/* The table as text, to be freed. */
static char *print(const cx_user_table *table, size_t *ret_len)
{
    const cx_store_change nothing = { NULL, NULL };
    char *text = NULL;
    must(cx_store_text_print(table, &nothing, &cost, check_key, NULL, &text, ret_len, NULL) ==
         COAX_OK);
    return text;
}

/* An accepted text, printed, is accepted again and gives as many users. */
static void read_and_print(const char *text, size_t len)
{
    cx_user_table table, again;
    coax_password_cost found;
    coax_error error = COAX_ERROR_INIT;
    cx_user_table_init(&table, NULL, hash_key);
    cx_user_table_init(&again, NULL, hash_key);
    coax_err err = cx_store_text_read("a/path", text, len, check_key, &table, &found, &error);
    if (err == COAX_OK) {
        size_t printed_len = 0;
        char *printed = print(&table, &printed_len);
        must(printed_len == len && memcmp(printed, text, len) == 0);
        must(cx_store_text_read("a/path", printed, printed_len, check_key, &again, &found, NULL) ==
             COAX_OK);
        must(again.n_list == table.n_list);
        free(printed);
    } else {
        must(err == COAX_ERR_BAD_MESSAGE || err == COAX_ERR_NOT_SUPPORTED);
        must(strncmp(error.text, "a/path:", 7) == 0);
    }
    cx_user_table_deinit(&table);
    cx_user_table_deinit(&again);
}

/* Takes up to `most` bytes that can be a name; what is left of the input moves on. */
static coax_str take_name(const uint8_t **data, size_t *size, size_t most)
{
    size_t len = *size > 0 ? **data % (most + 1) : 0;
    len = *size > 0 && len < *size - 1 ? len : 0;
    coax_str name = { (const char *)*data + 1, len };
    *data += len + (*size > 0);
    *size -= len + (*size > 0);
    return name;
}

static void add_user(cx_user_table *table, const uint8_t **data, size_t *size)
{
    uint8_t record[COAX_RECORD_BYTES];
    coax_str roles[3];
    size_t n = 0;
    const coax_str name = take_name(data, size, 20);
    memset(record, *size > 0 ? **data : 0, sizeof record);
    for (size_t i = 0; i < 3; i++) {
        roles[n] = take_name(data, size, 12);
        n += cx_principal_is_valid(roles[n].data, roles[n].len);
    }
    if (!cx_principal_is_valid(name.data, name.len))
        return;
    const cx_user_text text = { name, roles, n, record };
    cx_user_entry *entry = cx_user_entry_create(NULL, &text);
    must(entry != NULL && cx_user_table_reserve(table) == COAX_OK);
    cx_user_table_put(table, entry);
}

/* Users from the input; then pairs of a place and a byte that spoil their text. */
static void print_and_spoil(const uint8_t *data, size_t size)
{
    cx_user_table table;
    size_t len = 0, n_users = size > 0 ? data[0] % 4u : 0;
    data += size > 0;
    size -= size > 0;
    cx_user_table_init(&table, NULL, hash_key);
    for (size_t i = 0; i < n_users; i++)
        add_user(&table, &data, &size);
    char *text = print(&table, &len);
    read_and_print(text, len);
    for (; size >= 3; data += 3, size -= 3)
        text[((size_t)data[0] << 8 | data[1]) % len] ^= (char)data[2];
    read_and_print(text, len);
    free(text);
    cx_user_table_deinit(&table);
}

static void read_secret(const char *text, size_t len)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    char printed[CX_STORE_SECRET_TEXT];
    coax_err err = cx_store_secret_read("a/path", text, len, secret, NULL);
    if (err != COAX_OK)
        return;
    cx_store_secret_print(secret, printed);
    must(len == sizeof printed && memcmp(printed, text, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *exact = malloc(size);
    must(exact != NULL);
    memcpy(exact, data + 1, size - 1);
    if (data[0] % 4 == 0)
        read_secret(exact, size - 1);
    else if (data[0] % 4 == 1)
        read_and_print(exact, size - 1);
    else
        print_and_spoil(data + 1, size - 1);
    free(exact);
    return 0;
}
