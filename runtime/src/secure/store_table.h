/*
 * The users of a file store in memory: found by name in one step, written in the file's order.
 *
 * Entries are counted references, because an answer outlives the lock under which it was found. Invariant:
 * every entry of the list is in the index once, and names differ. The index is keyed at random: names that
 * meet in one place can't be chosen from outside. Knows no file. A table is guarded by its owner; references
 * may be dropped on any thread.
 */
#ifndef CX_SECURE_STORE_TABLE_H
#define CX_SECURE_STORE_TABLE_H

#include <stdatomic.h>

#include <coax/bytes.h>
#include <coax/env.h>
#include <coax/password.h>

#include "base/siphash.h"

/* Part of a file's text; not NUL-terminated. */
typedef struct cx_user_text {
    coax_str name;
    const coax_str *roles;
    size_t n_roles;
    const uint8_t *record; /* COAX_RECORD_BYTES */
} cx_user_text;

typedef struct cx_user_entry {
    atomic_uint refs;
    const coax_allocator *allocator;
    struct cx_user_entry *next; /* in its bucket */
    uint64_t hash;
    size_t name_len;
    size_t n_roles;
    size_t size; /* of all of it */
    coax_user user;
} cx_user_entry;

typedef struct cx_user_table {
    const coax_allocator *allocator; /* NULL: malloc */
    cx_user_entry **buckets;
    cx_user_entry **list;
    size_t n_buckets; /* a power of two, or 0 */
    size_t n_list;
    size_t cap_list;
    uint8_t hash_key[CX_SIPHASH_KEY];
} cx_user_table;

/* An entry with one reference; NULL: no memory. What `text` points to is copied. */
cx_user_entry *cx_user_entry_create(const coax_allocator *allocator, const cx_user_text *text);
cx_user_entry *cx_user_entry_ref(cx_user_entry *entry);
void cx_user_entry_unref(cx_user_entry *entry); /* wiped with the last one; NULL is fine */

/* An empty table that takes no memory yet. */
void cx_user_table_init(cx_user_table *table, const coax_allocator *allocator,
                        const uint8_t hash_key[CX_SIPHASH_KEY]);
void cx_user_table_deinit(cx_user_table *table); /* fine twice */

/* Borrowed; NULL: not there. */
cx_user_entry *cx_user_table_find(const cx_user_table *table, coax_str name);

/* Room for one more, so that the next put can't fail. */
COAX_MUST_USE coax_err cx_user_table_reserve(cx_user_table *table);

/* Takes over one reference: behind all others, or in the place of the one of that name. Needs reserved room. */
void cx_user_table_put(cx_user_table *table, cx_user_entry *entry);

/* Whether there was one. */
bool cx_user_table_remove(cx_user_table *table, coax_str name);

#endif
