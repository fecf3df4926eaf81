/*
 * Sessions and the people they belong to.
 *
 * Read next: login_in.h.
 */
#include <string.h>

#include "session/session.h"

#define NS_PER_MS 1000000u

coax_err cx_person_check(const char *principal, const char *const *roles, coax_error *error)
{
    coax_error why = COAX_ERROR_INIT;
    if (principal == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "an identity needs a `principal`");
    if (cx_principal_check(principal, roles, NULL, &why) == COAX_OK)
        return COAX_OK;
    return coax_error_set(error, COAX_ERR_MISUSE, "%s", why.text);
}

static size_t text_size(const char *text)
{
    return strlen(text) + 1;
}

coax_err cx_person_make(cx_pool *pool, const char *principal, const char *const *roles,
                        cx_person **ret_person)
{
    size_t n = 0;
    size_t texts = text_size(principal);
    for (; roles != NULL && roles[n] != NULL; n++)
        texts += text_size(roles[n]);
    size_t cap;
    cx_person *person =
        cx_pool_take(pool, sizeof *person + (n + 1) * sizeof person->roles[0] + texts, &cap);
    if (person == NULL)
        return COAX_ERR_NO_MEMORY;
    char *at = (char *)&person->roles[n + 1];
    person->cap = cap;
    person->refs = 1;
    person->n_roles = (uint32_t)n;
    person->principal = memcpy(at, principal, text_size(principal));
    at += text_size(principal);
    for (size_t i = 0; i < n; i++) {
        person->roles[i] = memcpy(at, roles[i], text_size(roles[i]));
        at += text_size(roles[i]);
    }
    person->roles[n] = NULL;
    *ret_person = person;
    return COAX_OK;
}

void cx_person_unref(cx_person *person, cx_pool *pool)
{
    if (person != NULL && --person->refs == 0)
        cx_pool_give(pool, person, person->cap);
}

const char *cx_person_principal(const cx_person *person)
{
    return person != NULL ? person->principal : "";
}

const char *const *cx_person_roles(const cx_person *person)
{
    static const char *const none[] = { NULL };
    return person != NULL ? person->roles : none;
}

bool cx_person_has_role(const cx_person *person, const char *role)
{
    for (const char *const *at = cx_person_roles(person); *at != NULL; at++)
        if (strcmp(*at, role) == 0)
            return true;
    return false;
}

void cx_session_deinit(cx_session *session, cx_pool *pool)
{
    cx_person_unref(session->person, pool);
    memset(session, 0, sizeof *session);
}

void cx_session_read(const cx_session *session, uint64_t now, coax_session *ret_session)
{
    const uint64_t age = now > session->begun_ns ? now - session->begun_ns : 0;
    const uint64_t left = session->ends_ns > now ? session->ends_ns - now : 0;
    *ret_session = (coax_session){
        .id = session->id,
        .mechanism = (coax_mechanism)session->mechanism,
        .is_encrypted = session->is_encrypted,
        .principal = cx_person_principal(session->person),
        .roles = cx_person_roles(session->person),
        .key_id = session->key_id,
        .age_ms = age / NS_PER_MS,
        .remaining_ms = session->ends_ns == CX_NEVER_NS ? UINT64_MAX : left / NS_PER_MS,
    };
}
