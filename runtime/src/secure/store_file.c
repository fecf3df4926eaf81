/*
 * The file store: users in a text file, its secret beside it.
 *
 * Two locks. `mutex` guards the table, for moments: lookups of all loops pass under it. `changing` is held
 * by who writes the file, for as long as a disk takes, and logins go on meanwhile; against other processes the
 * file itself is locked. A change is printed from the table, written, renamed, and only then put into the
 * table; what another process changed is seen by its stamp and read. Read next: files.h.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <coax/key.h>

#include "base/env_system.h"
#include "base/memory.h"
#include "secure/files.h"
#include "secure/store_file.h"
#include "secure/store_text.h"

#define LOCK_TRIES 10u /* of a second each: writing many users to a slow disk takes long */

typedef struct file_store {
    const coax_allocator *allocator;
    char *path;
    coax_password_cost cost;
    uint8_t check_key[CX_STORE_CHECK_KEY];
    pthread_mutex_t changing;
    pthread_mutex_t mutex; /* what follows */
    cx_user_table table;
    cx_file_stamp stamp; /* of what was read or written last */
    uint64_t n_reads;
    bool
        is_settled; /* read long enough after it was written that another write shows in the stamp */
    bool is_broken; /* what was read last is no store, and `why` says it */
    coax_error why;
} file_store;

static coax_err no_memory(coax_error *error)
{
    return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a store");
}

/* ---- reading ---- */

static void init_table(cx_user_table *table, const coax_allocator *allocator)
{
    const coax_env *env = cx_env_system();
    uint8_t hash_key[CX_SIPHASH_KEY];
    env->random(env->self, hash_key, sizeof hash_key);
    cx_user_table_init(table, allocator, hash_key);
}

/* Parses into a new table, which takes the old one's place whole. */
static coax_err take_text(file_store *store, const cx_file_text *text, coax_error *error)
{
    cx_user_table table;
    coax_password_cost cost;
    init_table(&table, store->allocator);
    coax_err err = cx_store_text_read(store->path, text->data, text->len, store->check_key, &table,
                                      &cost, error);
    if (err == COAX_OK && store->n_reads > 0 && memcmp(&cost, &store->cost, sizeof cost) != 0)
        err =
            coax_error_set(error, COAX_ERR_BAD_MESSAGE,
                           "the store was made anew with another cost of passwords; open it again");
    if (err != COAX_OK) {
        cx_user_table_deinit(&table);
        return err;
    }
    cx_user_table_deinit(&store->table);
    store->table = table;
    store->cost = cost;
    return COAX_OK;
}

/* Reads the file. What is wrong with its text is remembered, and not read again until it changes. */
static coax_err read_file(file_store *store, coax_error *error)
{
    cx_file_text text = { NULL, 0, { 0 } };
    coax_error why = COAX_ERROR_INIT;
    coax_err err = cx_file_load(store->path, CX_FILE_SECRET, CX_STORE_TEXT_MAX, &text, error);
    if (err != COAX_OK)
        return err;
    err = take_text(store, &text, &why);
    if (err != COAX_ERR_NO_MEMORY) {
        store->stamp = text.stamp;
        store->is_settled = !cx_file_stamp_is_recent(&text.stamp);
        store->is_broken = err != COAX_OK;
        store->why = why;
        store->n_reads++;
    }
    cx_file_text_deinit(&text);
    if (err != COAX_OK && error != NULL)
        *error = why;
    return err;
}

/* Makes the table what the file is now. Under `mutex`. */
static coax_err refresh(file_store *store, coax_error *error)
{
    cx_file_stamp now;
    coax_err err = cx_file_stamp_read(store->path, &now, error);
    if (err != COAX_OK)
        return err;
    bool is_same = store->n_reads > 0 && cx_file_stamp_same(&now, &store->stamp) &&
                   (store->is_settled || cx_file_stamp_is_recent(&now));
    if (!is_same)
        return read_file(store, error);
    if (store->is_broken && error != NULL)
        *error = store->why;
    return store->is_broken ? store->why.code : COAX_OK;
}

static coax_err file_get(void *self, const char *name, cx_store_answer_fn answer, void *answer_self,
                         coax_error *error)
{
    file_store *store = self;
    const coax_str asked = { name, strlen(name) };
    cx_user_entry *entry = NULL;
    (void)pthread_mutex_lock(&store->mutex);
    coax_err err = refresh(store, error);
    if (err == COAX_OK)
        entry = cx_user_table_find(&store->table, asked);
    if (entry != NULL)
        (void)cx_user_entry_ref(entry);
    (void)pthread_mutex_unlock(&store->mutex);
    if (err == COAX_OK)
        answer(answer_self, entry != NULL ? &entry->user : NULL);
    cx_user_entry_unref(entry);
    return err;
}

/* ---- changing ---- */

typedef struct change {
    coax_str name;
    cx_user_entry *put; /* NULL: remove */
    char *text;
    size_t len;
    uint64_t n_reads; /* when it was printed */
} change;

/* What the file is to be. */
static coax_err print_change(file_store *store, change *c, coax_error *error)
{
    (void)pthread_mutex_lock(&store->mutex);
    coax_err err = refresh(store, error);
    const cx_store_change what = { cx_user_table_find(&store->table, c->name), c->put };
    if (err == COAX_OK && c->put == NULL && what.old == NULL)
        err = coax_error_set(error, COAX_ERR_NOT_FOUND, "there is no such user in %.100s",
                             store->path);
    if (err == COAX_OK && cx_user_table_reserve(&store->table) != COAX_OK)
        err = no_memory(error);
    if (err == COAX_OK)
        err = cx_store_text_print(&store->table, &what, &store->cost, store->check_key,
                                  store->allocator, &c->text, &c->len, error);
    c->n_reads = store->n_reads;
    (void)pthread_mutex_unlock(&store->mutex);
    return err;
}

/* If the file was read meanwhile, the table comes from it, and its stamp says from which state. */
static void apply_change(file_store *store, change *c, const cx_file_stamp *stamp)
{
    (void)pthread_mutex_lock(&store->mutex);
    if (store->n_reads == c->n_reads) {
        if (c->put != NULL)
            cx_user_table_put(&store->table, cx_user_entry_ref(c->put));
        else
            (void)cx_user_table_remove(&store->table, c->name);
        store->stamp = *stamp;
        store->is_settled = true; /* its bytes are known, whatever the clock */
    }
    (void)pthread_mutex_unlock(&store->mutex);
}

static coax_err change_locked(file_store *store, change *c, coax_error *error)
{
    cx_file_lock lock;
    cx_file_stamp stamp = { 0 };
    coax_err err = COAX_ERR_UNAVAILABLE;
    for (unsigned i = 0; err == COAX_ERR_UNAVAILABLE && i < LOCK_TRIES; i++)
        err = cx_file_lock_take(store->path, CX_FILE_SECRET, false, &lock, error);
    if (err != COAX_OK)
        return err;
    err = print_change(store, c, error);
    if (err == COAX_OK)
        err = cx_file_lock_replace(&lock, c->text, c->len, &stamp, error);
    if (err == COAX_OK)
        apply_change(store, c, &stamp);
    cx_file_lock_release(&lock);
    if (c->text != NULL)
        coax_wipe(c->text, c->len);
    cx_free(store->allocator, c->text);
    return err;
}

static coax_err file_put(void *self, const coax_user *user, coax_error *error)
{
    file_store *store = self;
    coax_str roles[CX_ROLES_MAX];
    size_t n = 0;
    coax_err err = cx_principal_check(user->name, user->roles, &n, error);
    if (err != COAX_OK)
        return err;
    for (size_t i = 0; i < n; i++)
        roles[i] = (coax_str){ user->roles[i], strlen(user->roles[i]) };
    const coax_str name = { user->name, strlen(user->name) };
    const cx_user_text text = { name, roles, n, user->record };
    change c = { .name = name, .put = cx_user_entry_create(store->allocator, &text) };
    if (c.put == NULL)
        return no_memory(error);
    (void)pthread_mutex_lock(&store->changing);
    err = change_locked(store, &c, error);
    (void)pthread_mutex_unlock(&store->changing);
    cx_user_entry_unref(c.put);
    return err;
}

static coax_err file_remove(void *self, const char *name, coax_error *error)
{
    file_store *store = self;
    change c = { .name = { name, strlen(name) } };
    (void)pthread_mutex_lock(&store->changing);
    coax_err err = change_locked(store, &c, error);
    (void)pthread_mutex_unlock(&store->changing);
    return err;
}

/* ---- listing ---- */

/* The entries of now, each with a reference of its own. @param ret_all  To be freed; NULL with none. */
static coax_err snapshot(file_store *store, cx_user_entry ***ret_all, size_t *ret_n,
                         coax_error *error)
{
    cx_user_entry **all = NULL;
    (void)pthread_mutex_lock(&store->mutex);
    coax_err err = refresh(store, error);
    size_t n = err == COAX_OK ? store->table.n_list : 0;
    if (n > 0)
        all = cx_resize(store->allocator, NULL, n * sizeof(cx_user_entry *));
    if (n > 0 && all == NULL)
        err = no_memory(error);
    for (size_t i = 0; all != NULL && i < n; i++)
        all[i] = cx_user_entry_ref(store->table.list[i]);
    (void)pthread_mutex_unlock(&store->mutex);
    *ret_all = all;
    *ret_n = all != NULL ? n : 0;
    return err;
}

static coax_err file_list(void *self, bool (*on_user)(void *on_user_self, const coax_user *user),
                          void *on_user_self, coax_error *error)
{
    file_store *store = self;
    cx_user_entry **all = NULL;
    size_t n = 0;
    bool goes_on = true;
    coax_err err = snapshot(store, &all, &n, error);
    for (size_t i = 0; i < n; i++) {
        goes_on = goes_on && on_user(on_user_self, &all[i]->user);
        cx_user_entry_unref(all[i]);
    }
    cx_free(store->allocator, all);
    return err;
}

/* ---- opening ---- */

static void file_close(void *self)
{
    file_store *store = self;
    const coax_allocator *allocator = store->allocator;
    cx_user_table_deinit(&store->table);
    (void)pthread_mutex_destroy(&store->mutex);
    (void)pthread_mutex_destroy(&store->changing);
    cx_free(allocator, store->path);
    coax_wipe(store, sizeof *store);
    cx_free(allocator, store);
}

static char *copy_path(const coax_allocator *allocator, const char *path, const char *end)
{
    size_t len = strlen(path), more = strlen(end) + 1;
    char *copy = cx_resize(allocator, NULL, len + more);
    if (copy != NULL) {
        memcpy(copy, path, len);
        memcpy(copy + len, end, more);
    }
    return copy;
}

static coax_err make_file_store(const coax_allocator *allocator, const char *path,
                                const uint8_t secret[COAX_STORE_SECRET_BYTES],
                                file_store **ret_store, coax_error *error)
{
    file_store *store = cx_resize(allocator, NULL, sizeof *store);
    char folder[CX_FILE_START];
    cx_file_start(path, folder);
    char *copy = copy_path(allocator, folder, path);
    if (store == NULL || copy == NULL) {
        cx_free(allocator, store);
        cx_free(allocator, copy);
        return no_memory(error);
    }
    memset(store, 0, sizeof *store);
    store->allocator = allocator;
    store->path = copy;
    cx_store_check_key(secret, store->check_key);
    (void)pthread_mutex_init(&store->mutex, NULL); /* these fail on no system that coax runs on */
    (void)pthread_mutex_init(&store->changing, NULL);
    init_table(&store->table, allocator);
    *ret_store = store;
    return COAX_OK;
}

/* PATH.secret. */
static coax_err read_secret(const char *path, uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                            coax_error *error)
{
    cx_file_text text = { NULL, 0, { 0 } };
    coax_err err = cx_file_load(path, CX_FILE_SECRET, CX_STORE_SECRET_TEXT, &text, error);
    if (err != COAX_OK)
        return err;
    err = cx_store_secret_read(path, text.data, text.len, ret_secret, error);
    cx_file_text_deinit(&text);
    return err;
}

static coax_err open_with(const coax_allocator *allocator, const char *path,
                          const uint8_t secret[COAX_STORE_SECRET_BYTES], coax_store **ret_store,
                          coax_error *error)
{
    static const coax_store_ops ops = { .size = sizeof ops,
                                        .put = file_put,
                                        .remove = file_remove,
                                        .close = file_close,
                                        .list = file_list };
    file_store *store = NULL;
    coax_err err = make_file_store(allocator, path, secret, &store, error);
    if (err != COAX_OK)
        return err;
    err = read_file(store, error);
    if (err == COAX_OK)
        err = cx_store_make(&ops, store, file_get, secret, &store->cost, ret_store, error);
    if (err != COAX_OK)
        file_close(store);
    return err;
}

/* The users are looked for first: where there are none, a secret that is missing is no news. */
coax_err cx_store_open_file(const coax_allocator *allocator, const char *path,
                            coax_store **ret_store, coax_error *error)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    cx_file_stamp stamp;
    if (path == NULL || ret_store == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "path and ret_store may not be NULL");
    char *secret_path = copy_path(allocator, path, ".secret");
    if (secret_path == NULL)
        return no_memory(error);
    coax_err err = cx_opaque_ready(error);
    if (err == COAX_OK)
        err = cx_file_stamp_read(path, &stamp, error);
    if (err == COAX_ERR_NOT_FOUND && error != NULL) {
        const coax_error why = *error;
        (void)coax_error_set(error, err, "%.150s; 'coax passwd %.60s add USER --create' makes one",
                             why.text, path);
    }
    if (err == COAX_OK) {
        err = read_secret(secret_path, secret, error);
        if (err == COAX_ERR_NOT_FOUND)
            err =
                coax_error_set(error, COAX_ERR_BAD_KEY,
                               "%.100s: its secret is not there: %.100s; without it no password of "
                               "this store can be checked",
                               path, secret_path);
    }
    if (err == COAX_OK)
        err = open_with(allocator, path, secret, ret_store, error);
    coax_wipe(secret, sizeof secret);
    cx_free(allocator, secret_path);
    return err;
}

/* The secret that is there already was left by who was stopped here, or is made by somebody right now. */
static coax_err make_secret(const char *path, uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                            coax_error *error)
{
    char text[CX_STORE_SECRET_TEXT];
    coax_store_secret_generate(ret_secret);
    cx_store_secret_print(ret_secret, text);
    coax_err err = cx_file_create(path, text, sizeof text, error);
    if (err == COAX_ERR_ALREADY_EXISTS)
        err = read_secret(path, ret_secret, error);
    coax_wipe(text, sizeof text);
    return err;
}

static coax_err write_empty(const coax_allocator *allocator, const char *path,
                            const coax_password_cost *cost,
                            const uint8_t secret[COAX_STORE_SECRET_BYTES], coax_error *error)
{
    const cx_store_change nothing = { NULL, NULL };
    uint8_t check_key[CX_STORE_CHECK_KEY];
    cx_user_table table;
    char *text = NULL;
    size_t len = 0;
    init_table(&table, allocator);
    cx_store_check_key(secret, check_key);
    coax_err err =
        cx_store_text_print(&table, &nothing, cost, check_key, allocator, &text, &len, error);
    if (err == COAX_OK)
        err = cx_file_create(path, text, len, error);
    cx_free(allocator, text);
    coax_wipe(check_key, sizeof check_key);
    return err;
}

coax_err cx_store_create_file(const coax_allocator *allocator, const char *path,
                              const coax_password_cost *cost, coax_store **ret_store,
                              coax_error *error)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    coax_password_cost taken;
    cx_file_stamp stamp;
    if (path == NULL || ret_store == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "path and ret_store may not be NULL");
    coax_err err = cx_password_cost_take(cost, &taken, error);
    if (err == COAX_OK)
        err = cx_opaque_ready(error);
    if (err != COAX_OK)
        return err;
    if (cx_file_stamp_read(path, &stamp, NULL) == COAX_OK)
        return coax_error_set(error, COAX_ERR_ALREADY_EXISTS, "there is a file %.200s already",
                              path);
    char *secret_path = copy_path(allocator, path, ".secret");
    if (secret_path == NULL)
        return no_memory(error);
    err = make_secret(secret_path, secret, error);
    if (err == COAX_OK)
        err = write_empty(allocator, path, &taken, secret, error);
    if (err == COAX_OK)
        err = open_with(allocator, path, secret, ret_store, error);
    coax_wipe(secret, sizeof secret);
    cx_free(allocator, secret_path);
    return err;
}

coax_err coax_store_open_file(const char *path, coax_store **ret_store, coax_error *error)
{
    return cx_store_open_file(NULL, path, ret_store, error);
}

coax_err coax_store_create_file(const char *path, const coax_password_cost *cost,
                                coax_store **ret_store, coax_error *error)
{
    return cx_store_create_file(NULL, path, cost, ret_store, error);
}
