/*
 * Authorized keys as a file that is edited while servers run.
 *
 * A table is replaced only by a whole, good one. Read next: files.h.
 */
#include <string.h>

#include "base/env_system.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "secure/authorized.h"
#include "secure/files.h"

struct cx_authorized {
    const coax_env *env;
    cx_authorized_table *table;
    cx_file_stamp stamp;   /* of the state that was looked at last, good or bad */
    coax_err err;          /* what was said about it */
    uint64_t fingerprint;  /* of the table's text */
    bool is_unsettled;     /* it was just written: its stamp may not change with the next write */
    bool is_stamp_missing; /* there was no file to look at */
    char path[];           /* NUL-terminated */
};

static const uint8_t fingerprint_key[CX_SIPHASH_KEY] = { 0 }; /* nobody gains by two equal texts */

/* Reads the file, and puts its table in the place of the old one if it is good and another. */
static coax_err read_file(cx_authorized *self, bool *ret_is_new, coax_error *error)
{
    cx_file_text text = { NULL, 0, { 0 } };
    cx_authorized_table *table = NULL;
    coax_err err = cx_file_load(self->path, CX_FILE_TRUSTED, CX_AUTHORIZED_MAX, &text, error);
    if (err != COAX_OK)
        return err;
    self->stamp = text.stamp;
    uint64_t fingerprint = cx_siphash(fingerprint_key, text.data, text.len);
    bool is_same = self->table != NULL && fingerprint == self->fingerprint;
    if (!is_same)
        err = cx_authorized_parse(self->env, self->path, text.data, text.len, &table, error);
    cx_file_text_deinit(&text);
    if (err != COAX_OK || is_same)
        return err;
    cx_authorized_table_free(self->table);
    self->table = table;
    self->fingerprint = fingerprint;
    *ret_is_new = true;
    return COAX_OK;
}

coax_err cx_authorized_open(const coax_env *env, const char *path, cx_authorized **ret_authorized,
                            coax_error *error)
{
    char folder[CX_FILE_START];
    bool is_new = false;
    cx_file_start(path, folder);
    size_t folder_len = strlen(folder);
    size_t len = folder_len + strlen(path);
    if (env == NULL)
        env = cx_env_system();
    cx_authorized *self = cx_resize(&env->allocator, NULL, sizeof *self + len + 1);
    if (self == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for authorized keys");
    *self = (cx_authorized){ .env = env };
    memcpy(self->path, folder, folder_len);
    memcpy(self->path + folder_len, path, len - folder_len + 1);
    coax_err err = read_file(self, &is_new, error);
    if (err != COAX_OK) {
        cx_free(&env->allocator, self);
        return err;
    }
    self->is_unsettled = cx_file_stamp_is_recent(&self->stamp);
    *ret_authorized = self;
    return COAX_OK;
}

/* Whether the file is in the state that was looked at last. @param ret_now  What state it is in. */
static bool is_unchanged(const cx_authorized *self, cx_file_stamp *ret_now, bool *ret_is_missing)
{
    *ret_is_missing = cx_file_stamp_read(self->path, ret_now, NULL) != COAX_OK;
    if (*ret_is_missing || self->is_stamp_missing)
        return *ret_is_missing == self->is_stamp_missing;
    /* What is wrong beside the text (its folder, memory) can be put right without a new stamp. */
    if (self->is_unsettled || (self->err != COAX_OK && self->err != COAX_ERR_BAD_MESSAGE))
        return false;
    return cx_file_stamp_same(ret_now, &self->stamp);
}

coax_err cx_authorized_refresh(cx_authorized *self, bool *ret_is_new, coax_error *error)
{
    coax_error why = COAX_ERROR_INIT;
    cx_file_stamp now = { 0 };
    cx_file_stamp before = self->stamp;
    bool is_missing = false;
    bool is_new = false;
    bool was_missing = self->is_stamp_missing;
    if (ret_is_new != NULL)
        *ret_is_new = false;
    if (is_unchanged(self, &now, &is_missing))
        return COAX_OK;
    self->stamp = now; /* of a file that can't be opened, too: it is complained about once */
    self->is_stamp_missing = is_missing;
    self->is_unsettled = !is_missing && cx_file_stamp_is_recent(&now);
    coax_err err = read_file(self, &is_new, &why);
    bool is_told = err == self->err && is_missing == was_missing &&
                   (is_missing || cx_file_stamp_same(&before, &self->stamp));
    self->err = err;
    if (ret_is_new != NULL)
        *ret_is_new = is_new;
    if (err == COAX_OK || is_told)
        return COAX_OK;
    /* The reason first, because it may be cut. */
    return coax_error_set(error, err, "%s (the keys read before stay in force)", why.text);
}

const cx_authorized_key *cx_authorized_find(const cx_authorized *self,
                                            const uint8_t key[COAX_KEY_BYTES])
{
    return cx_authorized_table_find(self->table, key);
}

size_t cx_authorized_count(const cx_authorized *self)
{
    return cx_authorized_table_count(self->table);
}

void cx_authorized_close(cx_authorized *self)
{
    if (self == NULL)
        return;
    cx_authorized_table_free(self->table);
    cx_free(&self->env->allocator, self);
}
