/*
 * Makes the folder, the store and the files.
 */
#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "folk.h"

static const char *const keeper[] = { "keeper", NULL };
static const char *const clerk[] = { "clerk", NULL };

const coax_token folk_tokens[] = {
    { FOLK_KEEPER_TOKEN, "kim", keeper },
    { FOLK_CLERK_TOKEN, "carl", clerk },
    { NULL, NULL, NULL },
};

static const uint8_t cleo_secret[COAX_KEY_BYTES] = "Cleo's own key, as secret as any";

void folk_open(folk *f)
{
    static const coax_password_cost cheap = { .memory_kib = 8192, .passes = 1 };
    const char *tmp = getenv("TMPDIR");
    coax_error error = COAX_ERROR_INIT;
    memset(f, 0, sizeof *f);
    (void)snprintf(f->folder, sizeof f->folder, "%.60s/coax-folk.XXXXXX",
                   tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->store_path, sizeof f->store_path, "%s/users", f->folder);
    (void)snprintf(f->keys_path, sizeof f->keys_path, "%s/authorized_keys", f->folder);
    (void)snprintf(f->known_path, sizeof f->known_path, "%s/known_hosts", f->folder);
    coax_err rc = coax_store_create_file(f->store_path, &cheap, &f->store, &error);
    if (rc == COAX_OK)
        rc = coax_store_set_password(f->store, "ada", keeper, FOLK_ADA_PASSWORD, &error);
    if (rc == COAX_OK)
        rc = coax_store_set_password(f->store, "bob", clerk, FOLK_BOB_PASSWORD, &error);
    if (rc == COAX_OK)
        rc = coax_key_from_bytes(cleo_secret, &f->cleo, &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    coax_key_id(f->cleo, f->cleo_id);
    FILE *keys = fopen(f->keys_path, "w");
    assert_non_null(keys);
    assert_true(fprintf(keys, "%s cleo keeper\n", f->cleo_id) > 0);
    assert_int_equal(fclose(keys), 0);
}

void folk_close(folk *f)
{
    static const char *const ours[] = { "users", "users.secret", "authorized_keys", "known_hosts" };
    struct dirent *entry;
    char path[400];
    coax_store_close(f->store);
    coax_key_free(f->cleo);
    DIR *dir = opendir(f->folder);
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        bool is_ours = entry->d_name[0] == '.' || strstr(entry->d_name, ".lock") != NULL;
        for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
            is_ours = is_ours || strcmp(entry->d_name, ours[i]) == 0;
        if (!is_ours)
            fail_msg("%s/%s is left behind", f->folder, entry->d_name);
        (void)snprintf(path, sizeof path, "%s/%s", f->folder, entry->d_name);
        (void)unlink(path);
    }
    (void)closedir(dir);
    assert_int_equal(rmdir(f->folder), 0);
}
