/*
 * The users of a file store in memory: a list in the file's order, and an index of chains over it.
 *
 * Putting and removing walk the list, which is nothing beside the file that is written for each.
 * Read next: store_text.h.
 */
#include <string.h>

#include <coax/key.h>

#include "base/memory.h"
#include "secure/store_table.h"

/* The entry, pointers to its roles, and the text of all names lie in one block. */
static size_t size_of(const cx_user_text *text)
{
    size_t size = sizeof(cx_user_entry) + (text->n_roles + 1) * sizeof(char *) + text->name.len + 1;
    for (size_t i = 0; i < text->n_roles; i++)
        size += text->roles[i].len + 1;
    return size;
}

static char *put_text(char *to, coax_str text)
{
    memcpy(to, text.data, text.len);
    to[text.len] = '\0';
    return to + text.len + 1;
}

cx_user_entry *cx_user_entry_create(const coax_allocator *allocator, const cx_user_text *text)
{
    size_t size = size_of(text);
    cx_user_entry *entry = cx_resize(allocator, NULL, size);
    if (entry == NULL)
        return NULL;
    memset(entry, 0, sizeof *entry);
    atomic_init(&entry->refs, 1);
    entry->allocator = allocator;
    entry->size = size;
    entry->name_len = text->name.len;
    entry->n_roles = text->n_roles;
    const char **roles = (const char **)(entry + 1);
    char *at = (char *)(roles + text->n_roles + 1);
    entry->user.size = sizeof entry->user;
    entry->user.name = at;
    entry->user.roles = roles;
    at = put_text(at, text->name);
    for (size_t i = 0; i < text->n_roles; i++) {
        roles[i] = at;
        at = put_text(at, text->roles[i]);
    }
    roles[text->n_roles] = NULL;
    memcpy(entry->user.record, text->record, COAX_RECORD_BYTES);
    return entry;
}

cx_user_entry *cx_user_entry_ref(cx_user_entry *entry)
{
    atomic_fetch_add_explicit(&entry->refs, 1, memory_order_relaxed);
    return entry;
}

void cx_user_entry_unref(cx_user_entry *entry)
{
    if (entry == NULL || atomic_fetch_sub_explicit(&entry->refs, 1, memory_order_acq_rel) != 1)
        return;
    const coax_allocator *allocator = entry->allocator;
    coax_wipe(entry, entry->size);
    cx_free(allocator, entry);
}

void cx_user_table_init(cx_user_table *table, const coax_allocator *allocator,
                        const uint8_t hash_key[CX_SIPHASH_KEY])
{
    memset(table, 0, sizeof *table);
    table->allocator = allocator;
    memcpy(table->hash_key, hash_key, CX_SIPHASH_KEY);
}

void cx_user_table_deinit(cx_user_table *table)
{
    for (size_t i = 0; i < table->n_list; i++)
        cx_user_entry_unref(table->list[i]);
    cx_free(table->allocator, table->buckets);
    cx_free(table->allocator, table->list);
    cx_user_table_init(table, table->allocator, table->hash_key);
}

/* The link that leads to the entry of that name, or to the end of its chain. The index is not empty. */
static cx_user_entry **find_link(const cx_user_table *table, coax_str name, uint64_t hash)
{
    cx_user_entry **link = &table->buckets[hash & (table->n_buckets - 1)];
    while (*link != NULL && ((*link)->hash != hash || (*link)->name_len != name.len ||
                             memcmp((*link)->user.name, name.data, name.len) != 0))
        link = &(*link)->next;
    return link;
}

static uint64_t hash_of(const cx_user_table *table, coax_str name)
{
    return cx_siphash(table->hash_key, name.data, name.len);
}

cx_user_entry *cx_user_table_find(const cx_user_table *table, coax_str name)
{
    return table->n_buckets > 0 ? *find_link(table, name, hash_of(table, name)) : NULL;
}

static coax_err grow_index(cx_user_table *table)
{
    size_t n = table->n_buckets > 0 ? table->n_buckets * 2 : 64;
    if (n > SIZE_MAX / 2 / sizeof(cx_user_entry *))
        return COAX_ERR_NO_MEMORY;
    cx_user_entry **buckets = cx_resize(table->allocator, NULL, n * sizeof *buckets);
    if (buckets == NULL)
        return COAX_ERR_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        buckets[i] = NULL;
    cx_free(table->allocator, table->buckets);
    table->buckets = buckets;
    table->n_buckets = n;
    for (size_t i = 0; i < table->n_list; i++) {
        cx_user_entry *entry = table->list[i];
        entry->next = buckets[entry->hash & (n - 1)];
        buckets[entry->hash & (n - 1)] = entry;
    }
    return COAX_OK;
}

coax_err cx_user_table_reserve(cx_user_table *table)
{
    if (table->n_list == table->cap_list) {
        size_t cap = table->cap_list > 0 ? table->cap_list * 2 : 64;
        if (cap > SIZE_MAX / 2 / sizeof(cx_user_entry *))
            return COAX_ERR_NO_MEMORY;
        cx_user_entry **list = cx_resize(table->allocator, table->list, cap * sizeof *list);
        if (list == NULL)
            return COAX_ERR_NO_MEMORY;
        table->list = list;
        table->cap_list = cap;
    }
    return table->n_list < table->n_buckets ? COAX_OK : grow_index(table);
}

static size_t place_of(const cx_user_table *table, const cx_user_entry *entry)
{
    size_t i = 0;
    while (table->list[i] != entry)
        i++;
    return i;
}

void cx_user_table_put(cx_user_table *table, cx_user_entry *entry)
{
    const coax_str name = { entry->user.name, entry->name_len };
    entry->hash = hash_of(table, name);
    cx_user_entry **link = find_link(table, name, entry->hash);
    cx_user_entry *old = *link;
    entry->next = old != NULL ? old->next : NULL;
    *link = entry;
    if (old == NULL) {
        table->list[table->n_list++] = entry;
    } else {
        table->list[place_of(table, old)] = entry;
        cx_user_entry_unref(old);
    }
}

bool cx_user_table_remove(cx_user_table *table, coax_str name)
{
    cx_user_entry *old = cx_user_table_find(table, name);
    if (old == NULL)
        return false;
    *find_link(table, name, old->hash) = old->next;
    size_t place = place_of(table, old);
    table->n_list--;
    memmove(table->list + place, table->list + place + 1,
            (table->n_list - place) * sizeof *table->list);
    cx_user_entry_unref(old);
    return true;
}
