/*
 * Users and passwords: the store a server checks logins against, and how entries come into it.
 *
 * A store holds OPAQUE records (RFC 9807, ristretto255-SHA512, Argon2id), never passwords: what is in
 * it logs in nowhere. The file store is ready made; a database fills a coax_store_ops of its own.
 */
#ifndef COAX_PASSWORD_H
#define COAX_PASSWORD_H

#include <coax/auth.h>

COAX_BEGIN_DECLS

#define COAX_RECORD_BYTES 192u      /* what OPAQUE keeps of a user (RegistrationRecord) */
#define COAX_STORE_SECRET_BYTES 96u /* the server's half: OPRF seed and key */
#define COAX_REGISTER_REQUEST_BYTES 32u
#define COAX_REGISTER_RESPONSE_BYTES 64u

/** What making a guess costs: Argon2id's memory and passes. All users of a store have the same. memory_kib
 * times passes is at most 4,194,304, which takes seconds: a client refuses a server that asks for more. */
typedef struct coax_password_cost {
    uint32_t memory_kib; /* 0: 65,536; 8,192 to 1,048,576 */
    uint32_t passes;     /* 0: 3; 1 to 64 */
} coax_password_cost;

/** One user. Borrowed for the call it is given to. */
typedef struct coax_user {
    size_t size;
    const char *name;         /* the principal */
    const char *const *roles; /* NULL-terminated; NULL: none */
    uint8_t record[COAX_RECORD_BYTES];
} coax_user;

typedef struct coax_store coax_store;

/** A lookup under way, see find. */
typedef struct coax_lookup {
    coax_loop *loop;
    uint32_t index;
    uint32_t generation;
} coax_lookup;

/** A store of one's own. All but `find` and `load` may be NULL where nobody uses them. */
typedef struct coax_store_ops {
    size_t size;
    /**
     * Finds a user; answer with coax_lookup_found, now or later, on the connection's loop. Called on
     * the thread of the connection's loop.
     */
    void (*find)(void *self, coax_lookup lookup, const char *name);
    coax_err (*put)(void *self, const coax_user *user, coax_error *error); /* new, or replaces */
    coax_err (*remove)(void *self, const char *name, coax_error *error);
    /** The store's own secret and cost, made with coax_store_secret_generate and kept for good. */
    coax_err (*load)(void *self, uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                     coax_password_cost *ret_cost, coax_error *error);
    void (*close)(void *self);
    /** Tells every user, each once; stops when on_user returns false. */
    coax_err (*list)(void *self, bool (*on_user)(void *on_user_self, const coax_user *user),
                     void *on_user_self, coax_error *error);
} coax_store_ops;

/** `user` NULL: there is none of that name. @return COAX_OK, COAX_ERR_STALE. */
COAX_API coax_err coax_lookup_found(coax_lookup lookup, const coax_user *user);
/** The store can't be reached: the login is answered with `unavailable`. */
COAX_API coax_err coax_lookup_failed(coax_lookup lookup, const char *words);

/**
 * Wraps one's own; calls `load` once, here. @param ret_store  Owned; close with coax_store_close, after its servers.
 * @return COAX_OK; COAX_ERR_MISUSE: no find or no load; COAX_ERR_BAD_KEY: not a secret of
 * coax_store_secret_generate; COAX_ERR_INVALID_ARGUMENT: cost; COAX_ERR_NO_MEMORY; what load returned.
 */
COAX_API COAX_MUST_USE coax_err coax_store_create(const coax_store_ops *ops, void *self,
                                                  coax_store **ret_store, coax_error *error);

/**
 * The file store. Its secret lies beside it, in `path`.secret; both have mode 0600 and are refused
 * when others may get at them. Changed by writing a new file and renaming it, under a lock, so that readers see the old
 * or the new one, whatever happens. A store that another process changed is read again. Any thread may use it, several at
 * once.
 * @param cost  For a new store; NULL: the default.
 * @return COAX_OK; COAX_ERR_NOT_FOUND (coax_store_create_file makes one); COAX_ERR_ALREADY_EXISTS
 * (coax_store_create_file); COAX_ERR_BAD_KEY: mode, owner, or no secret beside it; COAX_ERR_BAD_MESSAGE: damaged, with
 * the line; COAX_ERR_NOT_SUPPORTED: of a later version; COAX_ERR_INVALID_ARGUMENT: cost; COAX_ERR_SYSTEM;
 * COAX_ERR_NO_MEMORY.
 */
COAX_API COAX_MUST_USE coax_err coax_store_open_file(const char *path, coax_store **ret_store,
                                                     coax_error *error);
COAX_API COAX_MUST_USE coax_err coax_store_create_file(const char *path,
                                                       const coax_password_cost *cost,
                                                       coax_store **ret_store, coax_error *error);
COAX_API void coax_store_close(coax_store *store);

/** What its users' passwords cost: for coax_register_finish at a client, which has to use the same. Any thread. */
COAX_API void coax_store_cost(const coax_store *store, coax_password_cost *ret_cost);

/** A new secret for a store of one's own. */
COAX_API void coax_store_secret_generate(uint8_t ret_secret[COAX_STORE_SECRET_BYTES]);

/**
 * Adds or replaces a user here, where the password is known (coax passwd does this). Takes Argon2id's time.
 * @return COAX_OK, COAX_ERR_INVALID_ARGUMENT (name or role), COAX_ERR_NOT_SUPPORTED (no put), the store's own.
 */
COAX_API COAX_MUST_USE coax_err coax_store_set_password(coax_store *store, const char *name,
                                                        const char *const *roles,
                                                        const char *password, coax_error *error);
COAX_API COAX_MUST_USE coax_err coax_store_remove(coax_store *store, const char *name,
                                                  coax_error *error);

/**
 * Tells `on_user` every user there is now, in the store's own order; changes that come meanwhile are not
 * among them, and may be made by it. It stops the telling by returning false.
 * @return COAX_OK, COAX_ERR_NOT_SUPPORTED (no list), the store's own. Any thread for a file store.
 */
COAX_API COAX_MUST_USE coax_err coax_store_list(coax_store *store,
                                                bool (*on_user)(void *self, const coax_user *user),
                                                void *self, coax_error *error);

/*
 * Registration over a connection, where the server never sees the password: three steps, whose
 * bytes travel in calls of your own schema. Let only those make these calls who may set that user's password, and not without
 * end: an answer helps with guessing as much as that to a login does, and nothing throttles your own methods.
 *   client: coax_register_begin   ->  request
 *   server: coax_register_respond ->  response
 *   client: coax_register_finish  ->  record, which the server puts into its store
 */
typedef struct coax_registration coax_registration;

/** The password is needed only here. @param ret_registration  Owned; coax_register_finish frees it. */
COAX_API COAX_MUST_USE coax_err
coax_register_begin(const char *password, coax_registration **ret_registration,
                    uint8_t ret_request[COAX_REGISTER_REQUEST_BYTES], coax_error *error);
/** Keeps nothing. @return COAX_OK, COAX_ERR_BAD_MESSAGE (no request), the store's own. */
COAX_API COAX_MUST_USE coax_err coax_register_respond(
    coax_store *store, const char *name, const uint8_t request[COAX_REGISTER_REQUEST_BYTES],
    uint8_t ret_response[COAX_REGISTER_RESPONSE_BYTES], coax_error *error);
/** Frees `registration`, also on failure. Takes Argon2id's time. `cost` is the store's (coax_store_cost): with another one the
 * user can't log in. @return COAX_OK, COAX_ERR_BAD_MESSAGE (no response), COAX_ERR_INVALID_ARGUMENT (name, cost),
 * COAX_ERR_NO_MEMORY. */
COAX_API COAX_MUST_USE coax_err
coax_register_finish(coax_registration *registration, const coax_password_cost *cost,
                     const char *name, const uint8_t response[COAX_REGISTER_RESPONSE_BYTES],
                     uint8_t ret_record[COAX_RECORD_BYTES], coax_error *error);
/** Gives one up, wiped. NULL is fine. */
COAX_API void coax_registration_free(coax_registration *registration);
/** Adds or replaces a user whose record is there. @return as coax_store_set_password; COAX_ERR_INVALID_ARGUMENT also
 * for what is no record. */
COAX_API COAX_MUST_USE coax_err coax_store_put(coax_store *store, const coax_user *user,
                                               coax_error *error);

COAX_END_DECLS

#endif
