/*
 * Groups of a server's peers, by name.
 *
 * A group is there while it has a member. Names are looked up by a keyed hash, because programs make
 * them of what peers say (rooms of a chat). A peer leaves its groups when its link closes, before
 * anybody is told of that. Read next: events_out.c.
 */
#include <string.h>

#include "rpc/events_parts.h"

/* Bits of a group's number in the key of a membership; the rest is the peer's index. */
#define NUMBER_BITS 40u

_Static_assert(CX_PEERS_MAX <= 1u << (64 - NUMBER_BITS), "a peer's index fits beside the number");

static cx_pool *pool_of(const cx_hub *hub)
{
    return &hub->core->host.pool;
}

static size_t name_length(const char *name)
{
    return strnlen(name, CX_GROUP_NAME_MAX + 1);
}

bool cx_group_name_is_valid(const char *name)
{
    return name != NULL && name[0] != '\0' && name_length(name) <= CX_GROUP_NAME_MAX;
}

static uint64_t hash_of(const cx_hub *hub, const char *name)
{
    return cx_siphash(hub->key, name, name_length(name));
}

cx_group *cx_group_find(const cx_hub *hub, const char *name)
{
    cx_group *group = cx_idtable_find(&hub->groups, hash_of(hub, name));
    while (group != NULL && strcmp(group->name, name) != 0)
        group = group->next;
    return group;
}

static uint64_t member_key(const cx_group *group, const cx_follower *follower)
{
    uint64_t index = follower->endpoint->peer & UINT32_MAX;
    return index << NUMBER_BITS | (group->number & (((uint64_t)1 << NUMBER_BITS) - 1));
}

static cx_member *find_member(const cx_hub *hub, const cx_group *group, const cx_follower *follower)
{
    return cx_idtable_find(&hub->members, member_key(group, follower));
}

bool cx_group_has(const cx_hub *hub, const cx_group *group, const cx_follower *follower)
{
    return group != NULL && find_member(hub, group, follower) != NULL;
}

/* Puts it in front of another with the same hash, which is once in a lifetime. */
static bool file(cx_hub *hub, cx_group *group)
{
    group->next = cx_idtable_find(&hub->groups, group->hash);
    if (group->next == NULL)
        return cx_idtable_add(&hub->groups, pool_of(hub), group->hash, group);
    cx_idtable_replace(&hub->groups, group->hash, group);
    return true;
}

static cx_group *make(cx_hub *hub, const char *name)
{
    size_t cap;
    size_t len = name_length(name);
    size_t size = sizeof(cx_group) + len + 1;
    cx_group *group = cx_pool_take(pool_of(hub), size, &cap);
    if (group == NULL)
        return NULL;
    cx_list_init(&group->members);
    group->number = hub->n_groups_made++;
    group->n_members = 0;
    group->hash = hash_of(hub, name);
    group->size = size;
    memcpy(group->name, name, len + 1);
    if (file(hub, group))
        return group;
    cx_pool_give(pool_of(hub), group, size);
    return NULL;
}

static void free_if_empty(cx_hub *hub, cx_group *group)
{
    if (group->n_members > 0)
        return;
    cx_group *before = cx_idtable_find(&hub->groups, group->hash);
    while (before != group && before->next != group)
        before = before->next;
    if (before != group)
        before->next = group->next;
    else if (group->next != NULL)
        cx_idtable_replace(&hub->groups, group->hash, group->next);
    else
        cx_idtable_remove(&hub->groups, pool_of(hub), group->hash);
    cx_pool_give(pool_of(hub), group, group->size);
}

static void remove_member(cx_member *member)
{
    cx_follower *follower = member->follower;
    cx_group *group = member->group;
    cx_hub *hub = follower->hub;
    cx_idtable_remove(&hub->members, pool_of(hub), member_key(group, follower));
    cx_list_remove(&member->in_group);
    cx_list_remove(&member->mine);
    cx_pool_give(pool_of(hub), member, sizeof *member);
    follower->n_groups--;
    group->n_members--;
    free_if_empty(hub, group);
}

void cx_groups_forget(cx_follower *follower)
{
    while (!cx_list_is_empty(&follower->memberships))
        remove_member(CX_CONTAINER(follower->memberships.next, cx_member, mine));
}

static coax_err add_member(cx_follower *follower, const char *name)
{
    size_t cap;
    cx_hub *hub = follower->hub;
    cx_group *group = cx_group_find(hub, name);
    if (cx_group_has(hub, group, follower))
        return COAX_OK;
    if (follower->n_groups >= follower->endpoint->config->limits.max_groups)
        return COAX_ERR_RESOURCE_EXHAUSTED;
    if (group == NULL)
        group = make(hub, name);
    cx_member *member = group != NULL ? cx_pool_take(pool_of(hub), sizeof *member, &cap) : NULL;
    if (member == NULL ||
        !cx_idtable_add(&hub->members, pool_of(hub), member_key(group, follower), member)) {
        cx_pool_give(pool_of(hub), member, sizeof *member);
        if (group != NULL)
            free_if_empty(hub, group);
        return COAX_ERR_NO_MEMORY;
    }
    member->group = group;
    member->follower = follower;
    cx_list_append(&group->members, &member->in_group);
    cx_list_append(&follower->memberships, &member->mine);
    group->n_members++;
    follower->n_groups++;
    return COAX_OK;
}

/* The endpoint of a server's peer that is still there. */
static coax_err find_peer(coax_peer peer, const char *group, cx_endpoint **ret)
{
    cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint == NULL || endpoint->link.state == CX_LINK_CLOSED)
        return COAX_ERR_STALE;
    if (endpoint->config->hub == NULL)
        return COAX_ERR_MISUSE;
    *ret = endpoint;
    return cx_group_name_is_valid(group) ? COAX_OK : COAX_ERR_INVALID_ARGUMENT;
}

coax_err coax_peer_join(coax_peer peer, const char *group)
{
    cx_endpoint *endpoint;
    coax_err err = find_peer(peer, group, &endpoint);
    if (err != COAX_OK)
        return err;
    cx_follower *follower = cx_follower_of(endpoint);
    return follower != NULL ? add_member(follower, group) : COAX_ERR_NO_MEMORY;
}

coax_err coax_peer_leave(coax_peer peer, const char *name)
{
    cx_endpoint *endpoint;
    coax_err err = find_peer(peer, name, &endpoint);
    if (err != COAX_OK)
        return err;
    const cx_hub *hub = endpoint->config->hub;
    const cx_group *group = cx_group_find(hub, name);
    cx_member *member = group != NULL && endpoint->follower != NULL
                            ? find_member(hub, group, endpoint->follower)
                            : NULL;
    if (member == NULL)
        return COAX_ERR_NOT_FOUND;
    remove_member(member);
    return COAX_OK;
}

size_t cx_hub_group_size(const cx_hub *hub, const char *name)
{
    const cx_group *group = cx_group_name_is_valid(name) ? cx_group_find(hub, name) : NULL;
    return group != NULL ? group->n_members : 0;
}
