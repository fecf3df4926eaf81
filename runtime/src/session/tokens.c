/*
 * Looking tokens up by their keyed digests.
 *
 * Read next: tokens.h.
 */
#include <string.h>

#include "base/wipe.h"
#include "session/session.h"
#include "session/tokens.h"

/* More than this many in a list is no list. */
#define MANY (1u << 20)

static void *take(const coax_env *env, size_t size)
{
    void *memory = env->allocator.resize(env->allocator.self, NULL, size);
    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

static void give(const coax_env *env, void *memory)
{
    env->allocator.release(env->allocator.self, memory);
}

static coax_err check(const coax_token *token, size_t index, coax_error *error)
{
    const size_t len = strlen(token->token);
    coax_error why = COAX_ERROR_INIT;
    if (len < CX_TOKEN_MIN || len > CX_TOKEN_MAX)
        return coax_error_set(
            error, COAX_ERR_BAD_OPTION,
            "option `tokens`: number %zu is %zu bytes long; use %u to %u, made by a "
            "generator",
            index + 1, len, CX_TOKEN_MIN, CX_TOKEN_MAX);
    if (cx_person_check(token->principal, token->roles, &why) != COAX_OK)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `tokens`: number %zu: %s",
                              index + 1, why.text);
    return COAX_OK;
}

/* Bytes of the texts of one entry, and how many roles it has. */
static size_t texts_of(const coax_token *token, size_t *ret_n_roles)
{
    size_t len = strlen(token->principal) + 1;
    size_t n = 0;
    for (; token->roles != NULL && token->roles[n] != NULL; n++)
        len += strlen(token->roles[n]) + 1;
    *ret_n_roles = n;
    return len;
}

/* Copies what an entry says; `pointers` and `chars` move on. */
static void fill(cx_token_entry *entry, const coax_token *token, const char ***pointers,
                 char **chars)
{
    size_t n_roles;
    (void)texts_of(token, &n_roles);
    const char **roles = *pointers;
    entry->principal = *chars;
    *chars = (char *)memcpy(*chars, token->principal, strlen(token->principal) + 1) +
             strlen(token->principal) + 1;
    for (size_t i = 0; i < n_roles; i++) {
        roles[i] = *chars;
        *chars = (char *)memcpy(*chars, token->roles[i], strlen(token->roles[i]) + 1) +
                 strlen(token->roles[i]) + 1;
    }
    entry->roles = roles;
    *pointers += n_roles + 1; /* the NULL is there */
}

static uint32_t place_of(const cx_tokens *tokens, const uint8_t digest[CX_DIGEST_BYTES])
{
    uint32_t hash;
    memcpy(&hash, digest, sizeof hash);
    return hash & tokens->mask;
}

/* The entry of a digest, or the free place it would have. */
static const cx_token_entry *find(const cx_tokens *tokens, const uint8_t digest[CX_DIGEST_BYTES],
                                  uint32_t *ret_place)
{
    uint32_t at = place_of(tokens, digest);
    for (; tokens->places[at] != 0; at = (at + 1) & tokens->mask) {
        const cx_token_entry *entry = &tokens->entries[tokens->places[at] - 1];
        if (cx_secret_is_same(entry->digest, digest))
            return entry;
    }
    *ret_place = at;
    return NULL;
}

static coax_err allocate(cx_tokens *tokens, const coax_token *list, size_t count, coax_error *error)
{
    size_t n_pointers = 0;
    size_t n_chars = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n_roles;
        n_chars += texts_of(&list[i], &n_roles);
        n_pointers += n_roles + 1;
    }
    uint32_t n_places = 16;
    while (n_places < 2 * count)
        n_places *= 2;
    tokens->mask = n_places - 1;
    tokens->entries = take(tokens->env, count * sizeof *tokens->entries);
    tokens->places = take(tokens->env, n_places * sizeof *tokens->places);
    tokens->texts = take(tokens->env, n_pointers * sizeof(char *) + n_chars);
    if (tokens->entries == NULL || tokens->places == NULL || tokens->texts == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for %zu tokens", count);
    const char **pointers = tokens->texts;
    char *chars = (char *)(pointers + n_pointers);
    for (size_t i = 0; i < count; i++)
        fill(&tokens->entries[i], &list[i], &pointers, &chars);
    return COAX_OK;
}

static coax_err file_all(cx_tokens *tokens, const coax_token *list, size_t count, coax_error *error)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t place = 0;
        cx_token_entry *entry = &tokens->entries[i];
        const coax_bytes token = { (const uint8_t *)list[i].token, strlen(list[i].token) };
        cx_secret_digest(tokens->key, token, entry->digest);
        if (find(tokens, entry->digest, &place) != NULL)
            return coax_error_set(error, COAX_ERR_BAD_OPTION,
                                  "option `tokens`: number %zu (`%s`) has the same token as an "
                                  "earlier one",
                                  i + 1, entry->principal);
        tokens->places[place] = (uint32_t)i + 1;
        tokens->count++;
    }
    return COAX_OK;
}

coax_err cx_tokens_init(cx_tokens *tokens, const coax_env *env, const coax_token *list,
                        coax_error *error)
{
    memset(tokens, 0, sizeof *tokens);
    size_t count = 0;
    coax_err err = COAX_OK;
    for (; list != NULL && list[count].token != NULL && err == COAX_OK; count++) {
        err = count < MANY
                  ? check(&list[count], count, error)
                  : coax_error_set(error, COAX_ERR_BAD_OPTION,
                                   "option `tokens` has no end: the last has a NULL token");
    }
    if (err != COAX_OK || count == 0)
        return err;
    tokens->env = env;
    env->random(env->self, tokens->key, sizeof tokens->key);
    err = allocate(tokens, list, count, error);
    if (err == COAX_OK)
        err = file_all(tokens, list, count, error);
    if (err != COAX_OK)
        cx_tokens_deinit(tokens);
    return err;
}

void cx_tokens_deinit(cx_tokens *tokens)
{
    if (tokens->env != NULL) {
        give(tokens->env, tokens->entries);
        give(tokens->env, tokens->places);
        give(tokens->env, tokens->texts);
    }
    cx_wipe(tokens, sizeof *tokens);
}

const cx_token_entry *cx_tokens_find(const cx_tokens *tokens, coax_bytes token)
{
    uint8_t digest[CX_DIGEST_BYTES];
    uint32_t place;
    if (tokens->count == 0)
        return NULL;
    cx_secret_digest(tokens->key, token, digest);
    return find(tokens, digest, &place);
}
