/* Interning: an open-addressing table of words that live in the arena. Read next: source.c. */
#include "front/names.h"

#include "grammar.h"

#include <stdint.h>
#include <string.h>

#define FIRST_SLOTS 1024u

struct idl_names_entry {
    uint32_t hash;
    uint32_t len;
    int token; /* of a keyword, else 0 */
    char text[];
};

typedef struct keyword {
    const char *word;
    int token;
} keyword;

static const keyword keywords[] = {
#define IDL_KEYWORD(word, token) { word, TOK_##token },
#include "front/keywords.def"
#undef IDL_KEYWORD
};

/* FNV-1a with a final mix, because the table takes the low bits. */
static uint32_t hash_of(const char *text, size_t len)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash ^ (hash >> 15);
}

static void grow(idl_names *names)
{
    uint32_t n_slots = names->n_slots * 2;
    idl_names_entry **slots = idl_arena_array(names->arena, n_slots, sizeof(idl_names_entry *));
    for (uint32_t i = 0; i < names->n_slots; i++) {
        idl_names_entry *entry = names->slots[i];
        if (entry == NULL)
            continue;
        uint32_t at = entry->hash & (n_slots - 1);
        while (slots[at] != NULL)
            at = (at + 1) & (n_slots - 1);
        slots[at] = entry;
    }
    names->slots = slots;
    names->n_slots = n_slots;
}

static idl_names_entry *intern(idl_names *names, const char *text, size_t len)
{
    uint32_t hash = hash_of(text, len);
    uint32_t mask = names->n_slots - 1;
    uint32_t at = hash & mask;
    for (; names->slots[at] != NULL; at = (at + 1) & mask) {
        idl_names_entry *entry = names->slots[at];
        if (entry->hash == hash && entry->len == len && memcmp(entry->text, text, len) == 0)
            return entry;
    }
    idl_names_entry *entry = idl_arena_alloc(names->arena, sizeof *entry + len + 1);
    entry->hash = hash;
    entry->len = (uint32_t)len;
    memcpy(entry->text, text, len);
    names->slots[at] = entry;
    if (++names->n_used > names->n_slots / 2)
        grow(names);
    return entry;
}

void idl_names_init(idl_names *names, idl_arena *arena)
{
    *names = (idl_names){ .arena = arena, .slots = NULL, .n_slots = FIRST_SLOTS, .n_used = 0 };
    names->slots = idl_arena_array(arena, FIRST_SLOTS, sizeof(idl_names_entry *));
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        intern(names, keywords[i].word, strlen(keywords[i].word))->token = keywords[i].token;
}

const char *idl_names_intern(idl_names *names, const char *text, size_t len)
{
    return intern(names, text, len)->text;
}

const char *idl_names_intern_word(idl_names *names, const char *text, size_t len, int *ret_token)
{
    idl_names_entry *entry = intern(names, text, len);
    *ret_token = entry->token;
    return entry->text;
}
