/*
 * What the codec's tests share.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support.h"

uint64_t test_next(test_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t test_below(test_random *random, uint64_t bound)
{
    return test_next(random) % bound;
}

uint64_t test_number(test_random *random)
{
    return test_next(random) >> test_below(random, 64);
}

static int64_t test_signed(test_random *random)
{
    uint64_t number = test_number(random) >> 1;
    return test_below(random, 2) == 0 ? (int64_t)number : -(int64_t)number - 1;
}

static void *take(coax_arena *arena, size_t size)
{
    void *room = coax_arena_take(arena, size, 16);
    assert(room != NULL);
    if (room == NULL)
        abort();
    return room;
}

/* Mostly ASCII, with longer characters among it, of every header length up to 16 bits. */
static coax_str random_text(test_random *random, coax_arena *arena)
{
    static const char *const letters[] = {
        "a", "Z", "7", " ", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80"
    };
    size_t n = test_below(random, 8) == 0 ? test_below(random, 300) : test_below(random, 24);
    char *text = take(arena, n * 4 + 1);
    coax_str ret = { text, 0 };
    for (size_t i = 0; i < n; i++) {
        const char *letter = letters[test_below(random, test_below(random, 4) == 0 ? 7 : 4)];
        memcpy(text + ret.len, letter, strlen(letter));
        ret.len += strlen(letter);
    }
    return ret;
}

static coax_bytes random_bytes(test_random *random, coax_arena *arena)
{
    size_t len = test_below(random, 16) == 0 ? test_below(random, 70000) : test_below(random, 40);
    uint8_t *bytes = take(arena, len + 1);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)test_next(random);
    coax_bytes ret = { bytes, len };
    return ret;
}

static coax_any random_any(test_random *random)
{
    static const struct {
        const char *bytes;
        size_t len;
    } samples[] = { { "\xc0", 1 },
                    { "\x2a", 1 },
                    { "\x93\x01\xa1x\xc3", 5 },
                    { "\x81\xa1k\x90", 4 },
                    { "\xd6\xff\x00\x00\x00\x01", 6 } };
    size_t i = test_below(random, sizeof samples / sizeof samples[0]);
    coax_any any = { (const uint8_t *)samples[i].bytes, samples[i].len };
    return any;
}

static kinds_inner random_inner(test_random *random, coax_arena *arena)
{
    kinds_inner inner = { (int32_t)test_signed(random), { NULL, 0 } };
    if (test_below(random, 2) == 0)
        inner.b = random_text(random, arena);
    return inner;
}

static const kinds_inner *random_inner_pointer(test_random *random, coax_arena *arena)
{
    kinds_inner *inner = take(arena, sizeof *inner);
    *inner = random_inner(random, arena);
    return inner;
}

static kinds_choice random_choice(test_random *random, coax_arena *arena)
{
    kinds_choice choice;
    memset(&choice, 0, sizeof choice);
    choice.kind = (kinds_choice_kind)(1 + test_below(random, 4));
    switch (choice.kind) {
    case KINDS_CHOICE_INNER: choice.as.inner = random_inner_pointer(random, arena); break;
    case KINDS_CHOICE_NUMBER: choice.as.number = (uint32_t)test_number(random); break;
    case KINDS_CHOICE_TEXT: choice.as.text = random_text(random, arena); break;
    default: choice.as.unknown = random_any(random); break;
    }
    return choice;
}

static double random_double(test_random *random)
{
    double value;
    uint64_t bits = test_next(random);
    memcpy(&value, &bits, sizeof value);
    return test_below(random, 2) == 0 ? value : (double)test_signed(random);
}

static void fill_scalars(test_random *random, coax_arena *arena, kinds_all *ret)
{
    ret->truth = test_below(random, 2) == 0;
    ret->i8 = (int8_t)test_signed(random);
    ret->i16 = (int16_t)test_signed(random);
    ret->i32 = (int32_t)test_signed(random);
    ret->i64 = test_signed(random);
    ret->u8 = (uint8_t)test_number(random);
    ret->u16 = (uint16_t)test_number(random);
    ret->u32 = (uint32_t)test_number(random);
    ret->u64 = test_number(random);
    ret->f32 = (float)test_signed(random);
    ret->f64 = random_double(random);
    ret->text = random_text(random, arena);
    ret->bytes = random_bytes(random, arena);
    ret->time.seconds = test_signed(random);
    ret->time.nanoseconds =
        (uint32_t)(test_below(random, 2) == 0 ? 0 : test_below(random, 1000000000));
    ret->span = test_signed(random);
    for (size_t i = 0; i < sizeof ret->uuid.bytes; i++)
        ret->uuid.bytes[i] = (uint8_t)test_next(random);
    ret->any = random_any(random);
    ret->side = test_below(random, 2) == 0 ? KINDS_SIDE_BUY : KINDS_SIDE_SELL;
    ret->rights = (uint32_t)test_below(random, 4);
}

/* Keys are distinct and in no order. */
static void fill_maps(test_random *random, coax_arena *arena, kinds_all *ret)
{
    size_t n = test_below(random, 20), m = test_below(random, 20);
    kinds_count_entry *counts = take(arena, (n + 1) * sizeof *counts);
    kinds_inner_entry *by_number = take(arena, (m + 1) * sizeof *by_number);
    for (size_t i = 0; i < n; i++) {
        char *key = take(arena, 32);
        snprintf(key, 32, "%08x-%02u", (unsigned)test_next(random), (unsigned)i);
        counts[i].key = coax_str_from(key);
        counts[i].value = (uint32_t)test_number(random);
    }
    for (size_t i = 0; i < m; i++) {
        by_number[i].key = (int32_t)((uint32_t)test_next(random) << 5 | (uint32_t)i);
        by_number[i].value = random_inner(random, arena);
    }
    ret->counts.items = counts;
    ret->counts.count = n;
    ret->by_number.items = by_number;
    ret->by_number.count = m;
}

static void fill_lists(test_random *random, coax_arena *arena, kinds_all *ret)
{
    size_t n = test_below(random, 100), m = test_below(random, 5), k = test_below(random, 4);
    uint32_t *numbers = take(arena, (n + 1) * sizeof *numbers);
    kinds_inner *inners = take(arena, (m + 1) * sizeof *inners);
    coax_any *extras = take(arena, (k + 1) * sizeof *extras);
    for (size_t i = 0; i < n; i++)
        numbers[i] = (uint32_t)test_number(random);
    for (size_t i = 0; i < m; i++)
        inners[i] = random_inner(random, arena);
    for (size_t i = 0; i < k; i++)
        extras[i] = random_any(random);
    ret->numbers.items = numbers;
    ret->numbers.count = n;
    ret->inners.items = inners;
    ret->inners.count = m;
    ret->extras.items = extras;
    ret->extras.count = k;
}

void test_fill_all(test_random *random, coax_arena *arena, kinds_all *ret, unsigned depth)
{
    memset(ret, 0, sizeof *ret);
    fill_scalars(random, arena, ret);
    ret->inner = random_inner(random, arena);
    ret->choice = random_choice(random, arena);
    fill_lists(random, arena, ret);
    fill_maps(random, arena, ret);
    for (size_t i = 0; i < 4; i++)
        ret->tag[i] = (uint8_t)test_next(random);
    for (size_t i = 0; i < 3; i++)
        ret->triple[i] = (uint16_t)test_number(random);
    ret->has_maybe = test_below(random, 2) == 0;
    ret->maybe = ret->has_maybe ? (uint32_t)test_number(random) : 0;
    ret->behind = test_below(random, 2) == 0 ? random_inner_pointer(random, arena) : NULL;
    if (test_below(random, 2) == 0)
        ret->note = random_text(random, arena);
    ret->retries = (uint32_t)test_number(random);
    if (depth > 0 && test_below(random, 2) == 0) {
        kinds_all *parent = take(arena, sizeof *parent);
        test_fill_all(random, arena, parent, depth - 1);
        ret->parent = parent;
    }
}

coax_bytes test_encode_all(coax_arena *arena, const kinds_all *value)
{
    size_t size = 1u << 20, len = 0;
    uint8_t *buffer = malloc(size);
    coax_writer out;
    if (buffer == NULL)
        abort();
    coax_writer_init(&out, buffer, size);
    kinds_all_encode(&out, value);
    if (coax_writer_finish(&out, &len) != COAX_OK)
        abort();
    uint8_t *kept = take(arena, len);
    memcpy(kept, buffer, len);
    free(buffer);
    coax_bytes ret = { kept, len };
    return ret;
}

test_guarded test_guard(const void *bytes, size_t len)
{
    test_guarded guarded;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (len + page - 1) / page * page;
    guarded.map_len = room + page;
    int zeroes = open("/dev/zero", O_RDWR); /* POSIX 2008 has no anonymous mappings */
    guarded.map = mmap(NULL, guarded.map_len, PROT_READ | PROT_WRITE, MAP_PRIVATE, zeroes, 0);
    close(zeroes);
    if (guarded.map == MAP_FAILED || mprotect(guarded.map + room, page, PROT_NONE) != 0)
        abort();
    guarded.data = guarded.map + room - len;
    if (len > 0)
        memcpy(guarded.data, bytes, len);
    return guarded;
}

void test_unguard(test_guarded *guarded)
{
    munmap(guarded->map, guarded->map_len);
}

static void *counted_resize(void *self, void *old, size_t size)
{
    test_allocator *allocator = self;
    allocator->n_taken++;
    if (allocator->n_taken == allocator->fail_at)
        return NULL;
    void *memory = realloc(old, size);
    if (old == NULL && memory != NULL)
        allocator->n_live++;
    return memory;
}

static void counted_release(void *self, void *memory)
{
    test_allocator *allocator = self;
    if (memory != NULL)
        allocator->n_live--;
    free(memory);
}

void test_allocator_init(test_allocator *allocator, size_t fail_at)
{
    allocator->table.self = allocator;
    allocator->table.resize = counted_resize;
    allocator->table.release = counted_release;
    allocator->n_taken = 0;
    allocator->n_live = 0;
    allocator->fail_at = fail_at;
}
