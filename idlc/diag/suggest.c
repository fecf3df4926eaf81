/* Edit distance (optimal string alignment) in three rows, given up once it passes the limit. */
#include "diag/suggest.h"

#include <ctype.h>
#include <string.h>

static int lower(char c)
{
    return tolower((unsigned char)c);
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

typedef struct rows {
    size_t before[IDL_SUGGEST_MAX_LEN + 1];
    size_t above[IDL_SUGGEST_MAX_LEN + 1];
    size_t here[IDL_SUGGEST_MAX_LEN + 1];
} rows;

/* Fills the row of from[i]; returns its smallest entry. */
static size_t fill_row(rows *r, const char *from, size_t i, const char *to, size_t to_len)
{
    size_t least = r->here[0] = i + 1;
    for (size_t j = 0; j < to_len; j++) {
        size_t replaced = r->above[j] + (lower(from[i]) != lower(to[j]));
        size_t cost = smallest(r->above[j + 1] + 1, r->here[j] + 1, replaced);
        if (i > 0 && j > 0 && lower(from[i]) == lower(to[j - 1]) &&
            lower(from[i - 1]) == lower(to[j]) && r->before[j - 1] + 1 < cost)
            cost = r->before[j - 1] + 1;
        r->here[j + 1] = cost;
        least = cost < least ? cost : least;
    }
    return least;
}

size_t idl_edit_distance(const char *from, const char *to, size_t limit)
{
    size_t from_len = strlen(from);
    size_t to_len = strlen(to);
    size_t gap = from_len > to_len ? from_len - to_len : to_len - from_len;
    if (from_len > IDL_SUGGEST_MAX_LEN || to_len > IDL_SUGGEST_MAX_LEN || gap > limit)
        return limit + 1;
    rows r = { .before = { 0 } };
    for (size_t j = 0; j <= to_len; j++)
        r.above[j] = j;
    size_t least_above = 0;
    for (size_t i = 0; i < from_len; i++) {
        size_t least = fill_row(&r, from, i, to, to_len);
        /* Two rows, because a swap reaches back past one. */
        if (least > limit && least_above > limit)
            return limit + 1;
        least_above = least;
        memcpy(r.before, r.above, sizeof r.before);
        memcpy(r.above, r.here, sizeof r.above);
    }
    return r.above[to_len] > limit ? limit + 1 : r.above[to_len];
}

void idl_suggest_init(idl_suggest *suggest, const char *wanted)
{
    size_t near = strlen(wanted) / 3;
    *suggest = (idl_suggest){ .wanted = wanted, .best = NULL };
    suggest->best_distance = (near < 1 ? 1 : near) + 1;
}

void idl_suggest_offer(idl_suggest *suggest, const char *candidate)
{
    size_t distance = idl_edit_distance(suggest->wanted, candidate, suggest->best_distance - 1);
    if (distance >= suggest->best_distance)
        return;
    /* One letter for another is no likeness: 'a' is not a misspelt 'b'. */
    if (distance >= strlen(candidate))
        return;
    suggest->best = candidate;
    suggest->best_distance = distance;
}

const char *idl_suggest_best(const idl_suggest *suggest)
{
    return suggest->best;
}

const char *idl_suggest_among(const char *wanted, const char *const *candidates)
{
    idl_suggest suggest;
    idl_suggest_init(&suggest, wanted);
    for (; *candidates != NULL; candidates++)
        idl_suggest_offer(&suggest, *candidates);
    return idl_suggest_best(&suggest);
}
