/*
 * Intrusive doubly linked lists: the links live in what is linked, so nothing is allocated and
 * leaving is O(1).
 *
 * A list is a ring through a head that holds no element. Invariant: both pointers are set, in a
 * head and in a linked element; an unlinked element points at itself after cx_list_init. Embed a
 * cx_list and come back with CX_CONTAINER.
 */
#ifndef CX_BASE_LIST_H
#define CX_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct cx_list {
    struct cx_list *next;
    struct cx_list *prev;
} cx_list;

/* The struct of `type` whose member `member` is at `pointer`. */
#define CX_CONTAINER(pointer, type, member)                                                        \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* An empty list, or an element that is in none. */
static inline void cx_list_init(cx_list *list)
{
    list->next = list;
    list->prev = list;
}

static inline bool cx_list_is_empty(const cx_list *list)
{
    return list->next == list;
}

/* Links `element`, which is in no list, as the last one. */
static inline void cx_list_append(cx_list *list, cx_list *element)
{
    element->next = list;
    element->prev = list->prev;
    list->prev->next = element;
    list->prev = element;
}

/* Links `element`, which is in no list, as the first one. */
static inline void cx_list_prepend(cx_list *list, cx_list *element)
{
    cx_list_append(list->next, element);
}

/* Unlinks `element`; fine when it is in no list. */
static inline void cx_list_remove(cx_list *element)
{
    element->prev->next = element->next;
    element->next->prev = element->prev;
    cx_list_init(element);
}

/* Unlinks and returns the first element, NULL when there is none. */
static inline cx_list *cx_list_take_first(cx_list *list)
{
    cx_list *first = list->next;
    if (first == list)
        return NULL;
    cx_list_remove(first);
    return first;
}

/* Moves all of `from` behind the elements of `list`; `from` is empty afterwards. */
static inline void cx_list_append_all(cx_list *list, cx_list *from)
{
    if (cx_list_is_empty(from))
        return;
    from->next->prev = list->prev;
    list->prev->next = from->next;
    from->prev->next = list;
    list->prev = from->prev;
    cx_list_init(from);
}

#endif
