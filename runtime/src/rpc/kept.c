/*
 * The queue of items that wait: a list of blocks, each full of small messages or standing for one large one.
 *
 * A block is freed when its last message has gone, so an empty queue holds nothing. Read next: stream_in.c.
 */
#include <string.h>

#include "rpc/kept.h"

/* What a block takes at first, and once it is clear that many items wait. */
enum { FIRST_BLOCK = 512, NEXT_BLOCK = 4096 };

struct cx_kept_block {
    cx_kept_block *next;
    uint8_t *at;    /* the first message: its length, then its bytes */
    uint8_t *end;   /* behind the last one */
    uint8_t *limit; /* of the block */
    size_t cap;
    cx_message large; /* .owned not NULL: this one message, and nothing else */
};

typedef uint32_t message_len;

static size_t room_left(const cx_kept_block *block)
{
    return (size_t)(block->limit - block->end);
}

static cx_kept_block *add_block(cx_kept *kept, cx_pool *pool, size_t size)
{
    size_t cap;
    cx_kept_block *block = cx_pool_take(pool, size, &cap);
    if (block == NULL)
        return NULL;
    memset(block, 0, sizeof *block);
    block->at = (uint8_t *)(block + 1);
    block->end = block->at;
    block->limit = (uint8_t *)block + cap;
    block->cap = cap;
    if (kept->first == NULL)
        kept->first = block;
    else
        kept->last->next = block;
    kept->last = block;
    kept->bytes += cap;
    return block;
}

static cx_kept_block *find_room(cx_kept *kept, cx_pool *pool, size_t size)
{
    cx_kept_block *last = kept->last;
    if (kept->first != NULL && last->large.owned == NULL && room_left(last) >= size)
        return last;
    size_t wish = sizeof *last + size;
    size_t usual = kept->first == NULL ? FIRST_BLOCK : NEXT_BLOCK;
    return add_block(kept, pool, wish > usual ? wish : usual);
}

bool cx_kept_add(cx_kept *kept, cx_pool *pool, cx_message *message)
{
    if (message->owned != NULL) {
        cx_kept_block *block = add_block(kept, pool, sizeof *block);
        if (block == NULL)
            return false;
        block->large = *message;
        kept->bytes += message->owned_cap;
        message->owned = NULL;
        return true;
    }
    const message_len len = (message_len)message->len;
    cx_kept_block *block = find_room(kept, pool, sizeof len + len);
    if (block == NULL)
        return false;
    memcpy(block->end, &len, sizeof len);
    memcpy(block->end + sizeof len, message->data, len);
    block->end += sizeof len + len;
    return true;
}

void cx_kept_first(const cx_kept *kept, cx_message *ret)
{
    const cx_kept_block *block = kept->first;
    if (block->large.owned != NULL) {
        *ret = block->large;
        return;
    }
    message_len len;
    memcpy(&len, block->at, sizeof len);
    *ret = (cx_message){ .data = block->at + sizeof len, .len = len };
}

static void drop_block(cx_kept *kept, cx_pool *pool)
{
    cx_kept_block *block = kept->first;
    kept->first = block->next;
    kept->bytes -= block->cap;
    cx_pool_give_used(pool, block, block->cap, (size_t)(block->end - (uint8_t *)block));
}

void cx_kept_drop_first(cx_kept *kept, cx_pool *pool, cx_message *message)
{
    cx_kept_block *block = kept->first;
    if (block->large.owned != NULL) {
        kept->bytes -= block->large.owned_cap;
        cx_pool_give(pool, message->owned, message->owned_cap);
        message->owned = NULL;
        drop_block(kept, pool);
        return;
    }
    block->at += sizeof(message_len) + message->len;
    if (block->at == block->end)
        drop_block(kept, pool);
}

void cx_kept_clear(cx_kept *kept, cx_pool *pool)
{
    while (kept->first != NULL) {
        const cx_message *large = &kept->first->large;
        if (large->owned != NULL) {
            kept->bytes -= large->owned_cap;
            cx_pool_give(pool, large->owned, large->owned_cap);
        }
        drop_block(kept, pool);
    }
}
