/*
 * The registry: services as they were registered, their rows in a table by packet id.
 *
 * Read next: dispatch.c.
 */
#include <string.h>

#include "rpc/registry.h"

/* One registered service: this head, the rows, the copy of the user's handlers, in one block. */
struct cx_service {
    cx_service *next;
    void *handlers;
    size_t n_rows;
    cx_row rows[];
};

void cx_registry_init(cx_registry *registry, cx_pool *pool)
{
    memset(registry, 0, sizeof *registry);
    registry->pool = pool;
}

void cx_registry_deinit(cx_registry *registry)
{
    if (registry->pool == NULL)
        return;
    const coax_allocator *allocator = registry->pool->allocator;
    for (cx_service *service = registry->services, *next; service != NULL; service = next) {
        next = service->next;
        allocator->release(allocator->self, service->handlers);
        allocator->release(allocator->self, service);
    }
    cx_idtable_deinit(&registry->rows, registry->pool);
    cx_idtable_deinit(&registry->events, registry->pool);
    memset(registry, 0, sizeof *registry);
}

static bool has_handler(const coax_gen_handler *row, const void *handlers)
{
    void (*handler)(void) = NULL;
    if (handlers == NULL)
        return false;
    memcpy(&handler, (const uint8_t *)handlers + row->offset, sizeof handler);
    return handler != NULL;
}

/* What has a packet id already. */
static const coax_method *find_any(const cx_registry *registry, uint32_t packet_id)
{
    const cx_row *row = cx_idtable_find(&registry->rows, packet_id);
    return row != NULL ? row->method : cx_registry_find_event(registry, packet_id);
}

/* What of the service itself has the id, among its rows before `end` and its events before `method`. */
static const coax_method *find_own(const coax_gen_service *service, const coax_gen_handler *end,
                                   const coax_method *method)
{
    for (const coax_gen_handler *row = service->rows; row < end; row++) {
        if (row->method->id == method->id)
            return row->method;
    }
    const coax_method *events = service->service->methods;
    for (uint32_t i = 0; method->kind == COAX_METHOD_EVENT && &events[i] < method; i++) {
        if (events[i].kind == COAX_METHOD_EVENT && events[i].id == method->id)
            return &events[i];
    }
    return NULL;
}

/* Whether a method's id is free. */
static coax_err judge_id(const cx_registry *registry, const coax_gen_service *service,
                         const coax_gen_handler *end, const coax_method *method, coax_error *error)
{
    const coax_method *other = find_any(registry, method->id);
    if (other == NULL)
        other = find_own(service, end, method);
    if (other == NULL)
        return COAX_OK;
    if (strcmp(other->name, method->name) == 0)
        return coax_error_set(error, COAX_ERR_IN_USE, "%s is served already", method->name);
    return coax_error_set(error, COAX_ERR_IN_USE,
                          "%s and %s have the same packet id 0x%08x: give one of them an @id",
                          method->name, other->name, method->id);
}

/* Whether one row can be added. */
static coax_err judge_row(const cx_registry *registry, const coax_gen_service *service,
                          const coax_gen_handler *row, coax_error *error)
{
    const coax_method *method = row->method;
    if (method->kind == COAX_METHOD_EVENT)
        return coax_error_set(error, COAX_ERR_NOT_SUPPORTED, "%s is an event: it has no handler",
                              method->name);
    return judge_id(registry, service, row, method, error);
}

static coax_err judge_events(const cx_registry *registry, const coax_gen_service *service,
                             size_t *ret_n_rows, coax_error *error)
{
    const coax_service *said = service->service;
    const coax_gen_handler *end = service->n_rows > 0 ? service->rows + service->n_rows : NULL;
    for (uint32_t i = 0; i < said->n_methods; i++) {
        const coax_method *method = &said->methods[i];
        if (method->kind != COAX_METHOD_EVENT)
            continue;
        coax_err err = judge_id(registry, service, end, method, error);
        if (err != COAX_OK)
            return err;
        ++*ret_n_rows;
    }
    return COAX_OK;
}

static coax_err judge(const cx_registry *registry, const coax_gen_service *service,
                      const void *handlers, size_t *ret_n_rows, coax_error *error)
{
    size_t n_rows = 0;
    for (size_t i = 0; i < service->n_rows; i++) {
        if (!has_handler(&service->rows[i], handlers))
            continue;
        coax_err err = judge_row(registry, service, &service->rows[i], error);
        if (err != COAX_OK)
            return err;
        n_rows++;
    }
    coax_err err = judge_events(registry, service, &n_rows, error);
    if (err != COAX_OK)
        return err;
    if (n_rows == 0)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "%s: no handler is set",
                              service->service->name);
    *ret_n_rows = n_rows;
    return COAX_OK;
}

static cx_service *make_service(const coax_allocator *allocator, size_t n_rows,
                                const void *handlers, size_t handlers_size)
{
    cx_service *made =
        allocator->resize(allocator->self, NULL, sizeof *made + n_rows * sizeof made->rows[0]);
    void *copy = handlers != NULL ? allocator->resize(allocator->self, NULL, handlers_size) : NULL;
    if (made == NULL || (handlers != NULL && copy == NULL)) {
        allocator->release(allocator->self, made);
        allocator->release(allocator->self, copy);
        return NULL;
    }
    if (copy != NULL)
        memcpy(copy, handlers, handlers_size);
    made->handlers = copy;
    made->n_rows = 0;
    return made;
}

static cx_idtable *table_of(cx_registry *registry, const cx_row *row)
{
    return row->method->kind == COAX_METHOD_EVENT ? &registry->events : &registry->rows;
}

/* The bit of a name; 0: it has none. */
static uint64_t bit_of(const cx_registry *registry, const char *role)
{
    for (uint32_t i = 0; i < registry->n_roles; i++) {
        if (strcmp(registry->roles[i], role) == 0)
            return UINT64_C(1) << i;
    }
    return 0;
}

uint64_t cx_registry_role_bits(const cx_registry *registry, const char *const *roles)
{
    uint64_t bits = 0;
    for (; *roles != NULL; roles++)
        bits |= bit_of(registry, *roles);
    return bits;
}

/* Names that stay though their row could not be filed do no harm. */
static void note_roles(cx_registry *registry, cx_row *row)
{
    const char *const *role = row->method->roles;
    row->is_guarded = role != NULL && *role != NULL;
    for (; role != NULL && *role != NULL; role++) {
        if (bit_of(registry, *role) == 0 && registry->n_roles < CX_ROLE_BITS)
            registry->roles[registry->n_roles++] = *role;
        uint64_t bit = bit_of(registry, *role);
        row->role_bits |= bit;
        row->has_more_roles |= bit == 0;
    }
}

static bool file_row(cx_registry *registry, cx_service *made, const cx_row *values)
{
    cx_row *row = &made->rows[made->n_rows];
    *row = *values;
    note_roles(registry, row);
    if (!cx_idtable_add(table_of(registry, row), registry->pool, row->method->id, row))
        return false;
    made->n_rows++;
    if ((row->method->flags & COAX_METHOD_SENSITIVE) != 0) {
        registry->holds_sensitive = true;
        cx_pool_keep_secrets(registry->pool);
    }
    return true;
}

/* Files the rows; on failure those filed are taken out again. */
static coax_err file_rows(cx_registry *registry, cx_service *made, const coax_gen_service *service,
                          void *self)
{
    const coax_service *said = service->service;
    bool is_filed = true;
    for (size_t i = 0; i < service->n_rows && is_filed; i++) {
        const coax_gen_handler *from = &service->rows[i];
        const cx_row row = {
            .method = from->method, .handle = from->handle, .handlers = made->handlers, .self = self
        };
        if (has_handler(from, made->handlers))
            is_filed = file_row(registry, made, &row);
    }
    for (uint32_t i = 0; i < said->n_methods && is_filed; i++) {
        const cx_row row = { .method = &said->methods[i] };
        if (row.method->kind == COAX_METHOD_EVENT)
            is_filed = file_row(registry, made, &row);
    }
    while (!is_filed && made->n_rows-- > 0) {
        const cx_row *row = &made->rows[made->n_rows];
        cx_idtable_remove(table_of(registry, row), registry->pool, row->method->id);
    }
    return is_filed ? COAX_OK : COAX_ERR_NO_MEMORY;
}

coax_err cx_registry_add(cx_registry *registry, const coax_gen_service *service,
                         const void *handlers, void *self, coax_error *error)
{
    size_t n_rows = 0;
    coax_err err = judge(registry, service, handlers, &n_rows, error);
    if (err != COAX_OK)
        return err;
    const coax_allocator *allocator = registry->pool->allocator;
    cx_service *made = make_service(allocator, n_rows, service->n_rows > 0 ? handlers : NULL,
                                    service->handlers_size);
    if (made == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to serve %s",
                              service->service->name);
    err = file_rows(registry, made, service, self);
    if (err != COAX_OK) {
        allocator->release(allocator->self, made->handlers);
        allocator->release(allocator->self, made);
        return coax_error_set(error, err, "no memory to serve %s", service->service->name);
    }
    made->next = registry->services;
    registry->services = made;
    for (size_t i = 0; i < made->n_rows; i++)
        registry->has_public |= (made->rows[i].method->flags & COAX_METHOD_PUBLIC) != 0;
    return COAX_OK;
}

bool cx_registry_has_public(const cx_registry *registry)
{
    return registry != NULL && registry->has_public;
}

const cx_row *cx_registry_find(const cx_registry *registry, uint32_t packet_id)
{
    return cx_idtable_find(&registry->rows, packet_id);
}

const cx_row *cx_registry_find_event_row(const cx_registry *registry, uint32_t event_id)
{
    return cx_idtable_find(&registry->events, event_id);
}

const coax_method *cx_registry_find_event(const cx_registry *registry, uint32_t event_id)
{
    const cx_row *row = cx_registry_find_event_row(registry, event_id);
    return row != NULL ? row->method : NULL;
}
