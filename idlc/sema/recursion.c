/* Which declarations contain which, and that none contains itself by value.
 *
 * The graph is laid out flat once. Two walks over it, both with a stack of their own, because chains of structs are as
 * long as the file: Tarjan's finds the groups that contain each other (is_recursive, and the order for shape.c); a
 * plain depth-first one over containment by value finds types that would be endless. Read next: shape.c.
 */
#include "sema/context.h"

typedef struct edge {
    uint32_t to;
    bool is_by_value;
    const idl_field *field;
} edge;

typedef struct graph {
    idl_sema *sema;
    edge *edges;
    size_t n_edges, capacity;
    uint32_t *first; /* per symbol, and one behind the last */
} graph;

static bool is_record(const idl_decl *decl)
{
    return decl->kind == IDL_DECL_STRUCT || decl->kind == IDL_DECL_UNION ||
           decl->kind == IDL_DECL_ERROR;
}

/* Follows one type down to the declaration it names, if it names one: types branch only at maps, whose keys are plain. */
static void add_edge(graph *g, const idl_decl *from, const idl_field *field)
{
    const idl_type *type = field->type;
    bool is_by_value = from->kind != IDL_DECL_UNION && field->presence != IDL_PRESENCE_OPTIONAL;
    for (; type != NULL && type->kind != IDL_KIND_NAMED; type = type->item)
        is_by_value = is_by_value && type->kind == IDL_KIND_ARRAY;
    if (type == NULL || !is_record(type->decl))
        return;
    g->edges = idl_arena_grow(g->sema->arena, g->edges, g->n_edges, &g->capacity, sizeof(edge));
    g->edges[g->n_edges++] = (edge){ .to = idl_symbol_of(type->decl)->index,
                                     .is_by_value = is_by_value,
                                     .field = field };
}

static void build_graph(graph *g)
{
    idl_sema *sema = g->sema;
    g->first = idl_arena_array(sema->arena, sema->n_symbols + 1, sizeof *g->first);
    for (size_t i = 0; i < sema->n_symbols; i++) {
        const idl_decl *decl = &sema->symbols[i]->decl;
        g->first[i] = (uint32_t)g->n_edges;
        for (size_t f = 0; f < decl->n_fields; f++)
            add_edge(g, decl, &decl->fields[f]);
    }
    g->first[sema->n_symbols] = (uint32_t)g->n_edges;
}

/* ---- groups ---- */

typedef struct tarjan {
    const graph *g;
    uint32_t *number; /* in the order of visits, from 1; 0: not yet */
    uint32_t *low;
    uint32_t *next;    /* edge to follow next */
    uint32_t *path;    /* the walk */
    uint32_t *waiting; /* visited, group still open */
    uint32_t n_path, n_waiting, n_numbered;
} tarjan;

static void visit(tarjan *t, uint32_t v)
{
    t->number[v] = t->low[v] = ++t->n_numbered;
    t->next[v] = t->g->first[v];
    t->path[t->n_path++] = v;
    t->waiting[t->n_waiting++] = v;
}

static bool is_closed(const tarjan *t, uint32_t v)
{
    return t->g->sema->symbols[v]->group != 0;
}

static void close_group(tarjan *t, uint32_t v)
{
    idl_sema *sema = t->g->sema;
    uint32_t group = (uint32_t)++sema->n_groups;
    uint32_t first = t->n_waiting;
    do {
        first--;
        sema->symbols[t->waiting[first]]->group = group;
    } while (t->waiting[first] != v);
    for (uint32_t i = first; i < t->n_waiting; i++)
        sema->symbols[t->waiting[i]]->decl.is_recursive = t->n_waiting - first > 1;
    t->n_waiting = first;
}

static void follow(tarjan *t, uint32_t v, uint32_t to)
{
    if (to == v)
        t->g->sema->symbols[v]->is_self_recursive = true;
    if (t->number[to] == 0)
        visit(t, to);
    else if (!is_closed(t, to) && t->number[to] < t->low[v])
        t->low[v] = t->number[to];
}

static void walk_from(tarjan *t, uint32_t start)
{
    visit(t, start);
    while (t->n_path > 0) {
        uint32_t v = t->path[t->n_path - 1];
        if (t->next[v] < t->g->first[v + 1]) {
            follow(t, v, t->g->edges[t->next[v]++].to);
            continue;
        }
        t->n_path--;
        if (t->low[v] == t->number[v])
            close_group(t, v);
        if (t->n_path > 0 && t->low[v] < t->low[t->path[t->n_path - 1]] && !is_closed(t, v))
            t->low[t->path[t->n_path - 1]] = t->low[v];
    }
}

static void find_groups(const graph *g)
{
    idl_sema *sema = g->sema;
    tarjan t = { .g = g };
    uint32_t **arrays[] = { &t.number, &t.low, &t.next, &t.path, &t.waiting };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = idl_arena_array(sema->arena, sema->n_symbols, sizeof(uint32_t));
    for (uint32_t v = 0; v < sema->n_symbols; v++) {
        if (t.number[v] == 0 && is_record(&sema->symbols[v]->decl))
            walk_from(&t, v);
    }
    for (uint32_t v = 0; v < sema->n_symbols; v++) {
        idl_symbol *symbol = sema->symbols[v];
        symbol->decl.is_recursive = symbol->decl.is_recursive || symbol->is_self_recursive;
    }
}

/* ---- endless types ---- */

typedef enum color { WHITE, GREY, BLACK } color;

typedef struct search {
    const graph *g;
    uint8_t *color;
    uint32_t *next;
    uint32_t *path;
    uint32_t n_path;
} search;

static const edge *taken(const search *s, uint32_t at)
{
    return &s->g->edges[s->next[s->path[at]] - 1];
}

static void report_endless(const search *s, uint32_t to)
{
    idl_sema *sema = s->g->sema;
    uint32_t from = 0;
    while (s->path[from] != to)
        from++;
    const idl_field *field = taken(s, from)->field;
    const char *name = sema->symbols[to]->decl.name;
    bool is_direct = from + 1 == s->n_path;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_ENDLESS_TYPE, field->name_span,
                                    is_direct ? "every '%s' would contain another '%s'"
                                              : "every '%s' would contain another '%s' in the end",
                                    name, name);
    for (uint32_t i = from + 1; i < s->n_path; i++)
        idl_report_note(sema->diag, r, taken(s, i)->field->name_span, "through '%s' of '%s'",
                        taken(s, i)->field->name, sema->symbols[s->path[i]]->decl.name);
    idl_report_help(sema->diag, r, "make the field optional with '?', or a list");
}

static void enter(search *s, uint32_t v)
{
    s->color[v] = GREY;
    s->next[v] = s->g->first[v];
    s->path[s->n_path++] = v;
}

static void search_from(search *s, uint32_t start)
{
    enter(s, start);
    while (s->n_path > 0) {
        uint32_t v = s->path[s->n_path - 1];
        if (s->next[v] == s->g->first[v + 1]) {
            s->color[v] = BLACK;
            s->n_path--;
            continue;
        }
        const edge *e = &s->g->edges[s->next[v]++];
        if (!e->is_by_value || s->color[e->to] == BLACK)
            continue;
        if (s->color[e->to] == GREY)
            report_endless(s, e->to);
        else
            enter(s, e->to);
    }
}

static void find_endless(const graph *g)
{
    idl_sema *sema = g->sema;
    search s = { .g = g };
    s.color = idl_arena_array(sema->arena, sema->n_symbols, 1);
    s.next = idl_arena_array(sema->arena, sema->n_symbols, sizeof *s.next);
    s.path = idl_arena_array(sema->arena, sema->n_symbols, sizeof *s.path);
    for (uint32_t v = 0; v < sema->n_symbols && !idl_diag_is_full(sema->diag); v++) {
        if (s.color[v] == WHITE && is_record(&sema->symbols[v]->decl))
            search_from(&s, v);
    }
}

bool idl_pass_recursion(idl_sema *sema)
{
    graph g = { .sema = sema };
    build_graph(&g);
    find_groups(&g);
    find_endless(&g);
    return !idl_diag_is_full(sema->diag);
}
