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
    memset(registry, 0, sizeof *registry);
}

static bool has_handler(const coax_gen_handler *row, const void *handlers)
{
    void (*handler)(void) = NULL;
    memcpy(&handler, (const uint8_t *)handlers + row->offset, sizeof handler);
    return handler != NULL;
}

/* Whether one row can be added. */
static coax_err judge_row(const cx_registry *registry, const coax_gen_service *service,
                          const coax_gen_handler *row, coax_error *error)
{
    const coax_method *method = row->method;
    if (method->kind == COAX_METHOD_EVENT)
        return coax_error_set(error, COAX_ERR_NOT_SUPPORTED, "%s is an event: it has no handler",
                              method->name);
    const cx_row *taken = cx_registry_find(registry, method->id);
    const char *other = taken != NULL ? taken->method->name : NULL;
    for (const coax_gen_handler *before = service->rows; before < row && other == NULL; before++) {
        if (before->method->id == method->id)
            other = before->method->name;
    }
    if (other == NULL)
        return COAX_OK;
    if (strcmp(other, method->name) == 0)
        return coax_error_set(error, COAX_ERR_IN_USE, "%s is served already", method->name);
    return coax_error_set(error, COAX_ERR_IN_USE,
                          "%s and %s have the same packet id 0x%08x: give one of them an @id",
                          method->name, other, method->id);
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
    void *copy = allocator->resize(allocator->self, NULL, handlers_size);
    if (made == NULL || copy == NULL) {
        allocator->release(allocator->self, made);
        allocator->release(allocator->self, copy);
        return NULL;
    }
    memcpy(copy, handlers, handlers_size);
    made->handlers = copy;
    made->n_rows = 0;
    return made;
}

/* Files the rows; on failure those filed are taken out again. */
static coax_err file_rows(cx_registry *registry, cx_service *made, const coax_gen_service *service,
                          void *self)
{
    for (size_t i = 0; i < service->n_rows; i++) {
        const coax_gen_handler *from = &service->rows[i];
        if (!has_handler(from, made->handlers))
            continue;
        cx_row *row = &made->rows[made->n_rows];
        row->method = from->method;
        row->handle = from->handle;
        row->handlers = made->handlers;
        row->self = self;
        if (!cx_idtable_add(&registry->rows, registry->pool, from->method->id, row)) {
            while (made->n_rows-- > 0)
                cx_idtable_remove(&registry->rows, registry->pool,
                                  made->rows[made->n_rows].method->id);
            return COAX_ERR_NO_MEMORY;
        }
        made->n_rows++;
    }
    return COAX_OK;
}

coax_err cx_registry_add(cx_registry *registry, const coax_gen_service *service,
                         const void *handlers, void *self, coax_error *error)
{
    size_t n_rows = 0;
    coax_err err = judge(registry, service, handlers, &n_rows, error);
    if (err != COAX_OK)
        return err;
    const coax_allocator *allocator = registry->pool->allocator;
    cx_service *made = make_service(allocator, n_rows, handlers, service->handlers_size);
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
    return COAX_OK;
}

const cx_row *cx_registry_find(const cx_registry *registry, uint32_t packet_id)
{
    return cx_idtable_find(&registry->rows, packet_id);
}
