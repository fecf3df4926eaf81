/*
 * The table of budgets. More addresses than it holds at once loosen it for some of them; who has that many is not
 * stopped by counting them one by one anyway, and meets max_unopened and the bound on handshake work.
 */
#include <string.h>

#include "base/siphash.h"
#include "session/budget.h"

#define WAYS 8u
#define SETS 512u

typedef struct place {
    uint64_t tag; /* 0: free */
    cx_bucket bucket;
} place;

struct cx_budget {
    const coax_env *env;
    cx_rate rate;
    uint8_t key[CX_SIPHASH_KEY];
    place places[SETS * WAYS];
};

cx_budget *cx_budget_create(const coax_env *env, uint32_t per_s)
{
    cx_budget *made = env->allocator.resize(env->allocator.self, NULL, sizeof *made);
    if (made == NULL)
        return NULL;
    memset(made, 0, sizeof *made);
    made->env = env;
    made->rate = (cx_rate){ per_s, 10 * (uint64_t)per_s };
    env->random(env->self, made->key, sizeof made->key);
    return made;
}

void cx_budget_destroy(cx_budget *budget)
{
    if (budget != NULL)
        budget->env->allocator.release(budget->env->allocator.self, budget);
}

static place *place_of(cx_budget *budget, const cx_origin *origin)
{
    uint64_t tag = cx_siphash(budget->key, origin, sizeof *origin) | 1;
    place *set = &budget->places[(size_t)(tag >> 32) % SETS * WAYS];
    place *fullest = &set[0];
    for (uint32_t i = 0; i < WAYS; i++) {
        if (set[i].tag == tag)
            return &set[i];
        if (set[i].bucket.full_ns < fullest->bucket.full_ns)
            fullest = &set[i]; /* a free one has never been used */
    }
    *fullest = (place){ .tag = tag };
    return fullest;
}

bool cx_budget_admits(cx_budget *budget, const cx_origin *origin, uint64_t now_ns)
{
    if (budget == NULL || origin->kind == CX_ORIGIN_LOCAL)
        return true;
    return cx_bucket_take(&place_of(budget, origin)->bucket, &budget->rate, 1, now_ns) == 0;
}
