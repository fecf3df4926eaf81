/* The shape of a service: a number that two programs compare to learn whether they agree on the wire.
 *
 * It is the 64-bit FNV-1a hash of a canonical text that says everything bytes depend on and nothing else: no names, no
 * constraints, defaults, docs or order of declaration:
 *
 *   service   one line for each method in ascending id order:
 *                 ID KIND (#HASH) [stream #HASH] -> [(#HASH)] [stream #HASH] [throws (#HASH)...]
 *             ID is eight hexadecimal digits, KIND the number in coax_method_kind, errors in ascending id order
 *   TYPE      bool, u8, ... as in a schema; list<T>; map<K,V>; T[N]; enum:BASE; flags:BASE;
 *             #HASH for a struct, union or error, sixteen hexadecimal digits; @N inside a recursive group
 *   HASH      of  struct{ID:PT;...}  union{ID:T;...}  error=ID{ID:PT;...}  with fields in ascending id order, ids in
 *             decimal, P one of '!' required, '=' defaulted, '?' optional
 *
 * Declarations that contain each other are one group: their texts are written one after the other in the order of
 * their full names, member N's beginning with @N=, and the hash of member N is that of all of it followed by @N. So the
 * work is linear, whatever the services share. The price is that renaming a member of such a group may change the
 * order, and with it the shape: equal shapes agree, but shapes that differ need not disagree.
 */
#include "sema/context.h"

#include <stdlib.h>
#include <string.h>

/* Text that grows; its room is used again for each hash. */
typedef struct text {
    idl_sema *sema;
    char *data;
    size_t len, capacity;
    uint32_t group; /* whose members are written @N */
} text;

static void reserve(text *t, size_t more)
{
    if (t->capacity - t->len > more)
        return;
    size_t wanted = (t->len + more + 1) * 2;
    char *bigger = idl_arena_alloc(t->sema->arena, wanted);
    if (t->len > 0)
        memcpy(bigger, t->data, t->len);
    t->data = bigger;
    t->capacity = wanted;
}

static void put_bytes(text *t, const char *bytes, size_t len)
{
    reserve(t, len);
    memcpy(t->data + t->len, bytes, len);
    t->len += len;
}

static void put(text *t, const char *word)
{
    put_bytes(t, word, strlen(word));
}

/* By hand: printf would be a quarter of the work of all passes. */
static void put_decimal(text *t, uint64_t number)
{
    char digits[20];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put_bytes(t, digits + n, sizeof digits - n);
}

static void put_hex(text *t, uint64_t number, unsigned n_digits)
{
    char digits[16];
    for (unsigned i = n_digits; i > 0; i--, number >>= 4)
        digits[i - 1] = "0123456789abcdef"[number & 15];
    put_bytes(t, digits, n_digits);
}

static void put_decl(text *t, const idl_decl *decl)
{
    const idl_symbol *symbol = idl_symbol_of(decl);
    if (decl->kind == IDL_DECL_ENUM || decl->kind == IDL_DECL_FLAGS) {
        put(t, decl->kind == IDL_DECL_ENUM ? "enum:" : "flags:");
        put(t, idl_type_text(t->sema, decl->type));
    } else if (symbol->group == t->group) {
        put(t, "@");
        put_decimal(t, symbol->place_in_group);
    } else {
        put(t, "#");
        put_hex(t, symbol->shape, 16);
    }
}

static void put_type(text *t, const idl_type *type)
{
    switch (type->kind) {
    case IDL_KIND_NAMED: put_decl(t, type->decl); return;
    case IDL_KIND_LIST:
        put(t, "list<");
        put_type(t, type->item);
        put(t, ">");
        return;
    case IDL_KIND_MAP:
        put(t, "map<");
        put_type(t, type->key);
        put(t, ",");
        put_type(t, type->item);
        put(t, ">");
        return;
    case IDL_KIND_ARRAY:
        put_type(t, type->item);
        put(t, "[");
        put_decimal(t, type->count);
        put(t, "]");
        return;
    default: put(t, idl_type_text(t->sema, type)); return;
    }
}

static void put_record(text *t, const idl_decl *decl)
{
    static const char *const presence[] = { "!", "=", "?" };
    bool is_union = decl->kind == IDL_DECL_UNION;
    put(t, is_union ? "union{" : decl->kind == IDL_DECL_ERROR ? "error=" : "struct{");
    if (decl->kind == IDL_DECL_ERROR) {
        put_hex(t, decl->error_id, 8);
        put(t, "{");
    }
    for (size_t i = 0; i < decl->n_fields; i++) {
        const idl_field *field = decl->by_id[i];
        put_decimal(t, field->id);
        put(t, ":");
        if (!is_union)
            put(t, presence[field->presence]);
        put_type(t, field->type);
        put(t, ";");
    }
    put(t, "}");
}

/* ---- groups ---- */

static int by_group_and_name(const void *a, const void *b)
{
    const idl_symbol *x = *(idl_symbol *const *)a;
    const idl_symbol *y = *(idl_symbol *const *)b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return strcmp(x->decl.full_name, y->decl.full_name);
}

static void put_place(text *t, size_t place, const char *end)
{
    put(t, "@");
    put_decimal(t, place);
    put(t, end);
}

/* members[0..n) are a whole group, in the order of their names. */
static void hash_group(text *t, idl_symbol *const *members, size_t n)
{
    t->len = 0;
    t->group = members[0]->group;
    for (size_t i = 0; i < n; i++)
        members[i]->place_in_group = (uint32_t)i;
    for (size_t i = 0; i < n; i++) {
        if (n > 1)
            put_place(t, i, "=");
        put_record(t, &members[i]->decl);
    }
    uint64_t all = idl_fnv64(IDL_FNV64_START, t->data, t->len);
    for (size_t i = 0; i < n; i++) {
        t->len = 0;
        if (n > 1)
            put_place(t, i, "");
        members[i]->shape = idl_fnv64(all, t->data, t->len);
    }
}

/* Tarjan numbered a group after all those it contains, so ascending order has every hash ready in time. */
static void hash_records(idl_sema *sema, text *t)
{
    idl_symbol **records = idl_arena_array(sema->arena, sema->n_symbols, sizeof(idl_symbol *));
    size_t n = 0;
    for (size_t i = 0; i < sema->n_symbols; i++) {
        if (sema->symbols[i]->group != 0)
            records[n++] = sema->symbols[i];
    }
    qsort(records, n, sizeof *records, by_group_and_name);
    for (size_t from = 0; from < n;) {
        size_t to = from + 1;
        while (to < n && records[to]->group == records[from]->group)
            to++;
        hash_group(t, records + from, to - from);
        from = to;
    }
}

/* ---- services ---- */

static int by_method_id(const void *a, const void *b)
{
    const idl_method *x = *(const idl_method *const *)a;
    const idl_method *y = *(const idl_method *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_error_id(const void *a, const void *b)
{
    const idl_decl *x = *(const idl_decl *const *)a;
    const idl_decl *y = *(const idl_decl *const *)b;
    return (x->error_id > y->error_id) - (x->error_id < y->error_id);
}

static void put_side(text *t, const idl_decl *message, const idl_decl *item)
{
    if (message != NULL) {
        put(t, " (");
        put_decl(t, message);
        put(t, ")");
    }
    if (item != NULL) {
        put(t, " stream ");
        put_decl(t, item);
    }
}

static void put_method(text *t, const idl_method *method)
{
    put_hex(t, method->id, 8);
    put(t, " ");
    put_decimal(t, (uint64_t)method->kind);
    put_side(t, method->request, method->request_item);
    put(t, " ->");
    put_side(t, method->response, method->response_item);
    if (method->n_errors > 0) {
        const idl_decl **errors = idl_arena_array(t->sema->arena, method->n_errors, sizeof *errors);
        memcpy(errors, method->errors, method->n_errors * sizeof *errors);
        qsort(errors, method->n_errors, sizeof *errors, by_error_id);
        put(t, " throws");
        for (size_t i = 0; i < method->n_errors; i++)
            put_side(t, errors[i], NULL);
    }
    put(t, "\n");
}

static void hash_service(text *t, idl_decl *service)
{
    size_t n = service->n_methods;
    const idl_method **sorted = idl_arena_array(t->sema->arena, n, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &service->methods[i];
    qsort(sorted, n, sizeof *sorted, by_method_id);
    t->len = 0;
    t->group = UINT32_MAX; /* nobody's */
    for (size_t i = 0; i < n; i++)
        put_method(t, sorted[i]);
    service->shape = idl_fnv64(IDL_FNV64_START, t->data, t->len);
}

static bool has_services(const idl_sema *sema)
{
    for (size_t i = 0; i < sema->n_symbols; i++) {
        if (sema->symbols[i]->decl.kind == IDL_DECL_SERVICE)
            return true;
    }
    return false;
}

bool idl_pass_shapes(idl_sema *sema)
{
    text t = { .sema = sema };
    if (!has_services(sema))
        return true;
    hash_records(sema, &t);
    for (size_t i = 0; i < sema->n_symbols; i++) {
        if (sema->symbols[i]->decl.kind == IDL_DECL_SERVICE)
            hash_service(&t, &sema->symbols[i]->decl);
    }
    return true;
}
