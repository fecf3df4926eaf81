/*
 * The file store of password.h, with an allocator of the caller's: for tests, which let memory fail.
 */
#ifndef CX_SECURE_STORE_FILE_H
#define CX_SECURE_STORE_FILE_H

#include <coax/env.h>

#include "secure/store.h"

/* `allocator` NULL: malloc. It must be safe for threads if the store is used by several. Else as
 * coax_store_open_file and coax_store_create_file. */
COAX_MUST_USE coax_err cx_store_open_file(const coax_allocator *allocator, const char *path,
                                          coax_store **ret_store, coax_error *error);
COAX_MUST_USE coax_err cx_store_create_file(const coax_allocator *allocator, const char *path,
                                            const coax_password_cost *cost, coax_store **ret_store,
                                            coax_error *error);

#endif
