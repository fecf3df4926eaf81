/*
 * Known hosts as a file: found without a lock, changed under one.
 *
 * Read next: files.h.
 */
#include <stdlib.h>

#include "secure/files.h"
#include "secure/known_hosts.h"

coax_err cx_known_hosts_find(const char *path, const char *address, cx_known_host *ret_host,
                             coax_error *error)
{
    cx_file_text text = { NULL, 0, { 0 } };
    coax_error why = COAX_ERROR_INIT;
    coax_err err = cx_file_load(path, CX_FILE_TRUSTED, CX_KNOWN_HOSTS_MAX, &text, &why);
    if (err == COAX_ERR_NOT_FOUND) {
        ret_host->n_keys = 0;
        return COAX_OK;
    }
    if (err != COAX_OK)
        return coax_error_set(error, err, "%s", why.text);
    err = cx_known_hosts_search(path, text.data, text.len, address, ret_host, error);
    cx_file_text_deinit(&text);
    return err;
}

static coax_err edit_and_replace(const cx_file_lock *lock, const cx_file_text *text,
                                 const char *address, const uint8_t key[COAX_KEY_BYTES],
                                 const char *note, bool replaces, coax_error *error)
{
    char *edited = NULL;
    size_t len = 0;
    coax_err err = cx_known_hosts_edit(text->data, text->len, address, key, note, replaces, &edited,
                                       &len, error);
    if (err != COAX_OK)
        return err;
    err = cx_file_lock_replace(lock, edited, len, NULL, error);
    free(edited);
    return err;
}

/* With the lock held: what is there now decides. */
static coax_err record(const cx_file_lock *lock, const char *path, const char *address,
                       const uint8_t key[COAX_KEY_BYTES], const char *note, bool replaces,
                       coax_error *error)
{
    cx_file_text text = { NULL, 0, { 0 } };
    cx_known_host host = { .n_keys = 0 };
    coax_err err = cx_file_lock_load(lock, CX_KNOWN_HOSTS_MAX, &text, error);
    if (err != COAX_OK)
        return err;
    err = cx_known_hosts_search(path, text.data, text.len, address, &host, error);
    if (err == COAX_OK && !replaces && host.n_keys > 0) {
        if (!cx_known_host_has(&host, key))
            err = cx_known_hosts_changed(path, address, &host, key, error);
    } else if (err == COAX_OK) {
        err = edit_and_replace(lock, &text, address, key, note, replaces, error);
    }
    cx_file_text_deinit(&text);
    return err;
}

static coax_err change(const char *path, const char *address, const uint8_t key[COAX_KEY_BYTES],
                       const char *note, bool replaces, coax_error *error)
{
    cx_file_lock lock;
    coax_err err = cx_file_make_folders(path, error);
    if (err == COAX_OK)
        err = cx_file_lock_take(path, CX_FILE_TRUSTED, true, &lock, error);
    if (err != COAX_OK)
        return err;
    err = record(&lock, path, address, key, note, replaces, error);
    cx_file_lock_release(&lock);
    return err;
}

coax_err cx_known_hosts_add(const char *path, const char *address,
                            const uint8_t key[COAX_KEY_BYTES], const char *note, coax_error *error)
{
    return change(path, address, key, note, false, error);
}

coax_err cx_known_hosts_replace(const char *path, const char *address,
                                const uint8_t key[COAX_KEY_BYTES], const char *note,
                                coax_error *error)
{
    return change(path, address, key, note, true, error);
}
