/*
 * Markers, and where they have been left. Read next: wiping_test.c.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wipe.h"
#include "trace.h"

enum {
    NEEDLES_MAX = 64,
    PIECE = 1 << 20,
    MAPPING_MAX_GIB = 8 /* larger ones are shadows of sanitizers, which hold no bytes of ours */
};

/* Odd, so that it can be undone; what is looked for is only kept multiplied with it. */
#define FACTOR UINT64_C(0x9e3779b97f4a7c15)
#define UNDO UINT64_C(0xf1de83e19937733d)

typedef struct needle {
    uint64_t product;
    uint32_t number; /* UINT32_MAX: a marker, whose number stands behind it */
} needle;

static struct {
    needle items[NEEDLES_MAX];
    uint32_t n;
    uint8_t may_begin[1 << 16]; /* by the upper bits of the product */
} hunt;

void trace_bind_now(char **argv)
{
    if (getenv("LD_BIND_NOW") != NULL || setenv("LD_BIND_NOW", "1", 1) != 0)
        return;
    (void)execv("/proc/self/exe", argv);
}

/* Leaves nothing of it on the stack. */
static uint64_t load(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    const uint64_t product = word * FACTOR;
    cx_wipe(&word, sizeof word);
    return product;
}

/* The same for what is found anyway. */
static uint64_t load_fast(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word * FACTOR;
}

static void add(uint64_t product, uint32_t number)
{
    if (hunt.n == NEEDLES_MAX)
        return;
    hunt.items[hunt.n++] = (needle){ product, number };
    hunt.may_begin[product >> 48] = 1;
}

bool trace_begin(void)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint8_t bytes[8];
    memset(&hunt, 0, sizeof hunt);
    int fd = open("/dev/urandom", O_RDONLY);
    bool is_read = fd >= 0 && read(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes;
    if (fd >= 0)
        close(fd);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)letters[bytes[i] % 64];
    add(load(bytes), UINT32_MAX);
    cx_wipe(bytes, sizeof bytes);
    return is_read && access("/proc/self/mem", R_OK) == 0;
}

void trace_hide(const void *secret, size_t len, uint32_t number)
{
    for (size_t i = 0; i + 8 <= len; i += 8)
        add(load((const uint8_t *)secret + i), number);
}

void trace_put(void *to, size_t len, uint32_t number)
{
    uint8_t *at = to;
    uint64_t word = hunt.items[0].product * UNDO;
    for (size_t i = 0; i < len; i++) {
        const size_t place = i % TRACE_UNIT;
        if (place < 8)
            at[i] = (uint8_t)(word >> 8 * place); /* as it lies in memory: little endian */
        else
            at[i] = (uint8_t)("0123456789abcdef"[number >> (4 * (TRACE_UNIT - 1 - place)) & 15]);
    }
    cx_wipe(&word, sizeof word);
}

/* The number that stands behind the random bytes; false: none does. */
static bool read_number(const uint8_t *at, uint32_t *ret)
{
    uint32_t number = 0;
    for (int i = 0; i < 8; i++) {
        const uint8_t c = at[i];
        if (c >= '0' && c <= '9')
            number = number << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            number = number << 4 | (uint32_t)(c - 'a' + 10);
        else
            return false;
    }
    *ret = number;
    return true;
}

bool trace_is(const void *bytes, size_t len, uint32_t number)
{
    const uint8_t *at = bytes;
    if (len < TRACE_UNIT)
        return false;
    for (size_t i = 0; i + TRACE_UNIT <= len; i += TRACE_UNIT) {
        uint32_t found;
        if (load(at + i) != hunt.items[0].product || !read_number(at + i + 8, &found) ||
            found != number)
            return false;
    }
    return true;
}

static void note(trace_finds *finds, const needle *what, const uint8_t *at, size_t left,
                 uint64_t address, const char *place)
{
    uint32_t number = what->number;
    if (number == UINT32_MAX && (left < TRACE_UNIT || !read_number(at + 8, &number)))
        number = UINT32_MAX; /* its end was overwritten */
    finds->n++;
    if (finds->n_shown == sizeof finds->shown / sizeof finds->shown[0])
        return;
    finds->shown[finds->n_shown].number = number;
    finds->shown[finds->n_shown].address = address;
    (void)snprintf(finds->shown[finds->n_shown].place, sizeof finds->shown[0].place, "%s", place);
    finds->n_shown++;
}

static void look(trace_finds *finds, const uint8_t *bytes, size_t len, uint64_t address,
                 const char *place)
{
    finds->n_bytes += len;
    for (size_t i = 0; i + 8 <= len; i++) {
        const uint64_t product = load_fast(bytes + i);
        if (!hunt.may_begin[product >> 48])
            continue;
        for (uint32_t k = 0; k < hunt.n; k++) {
            if (hunt.items[k].product == product)
                note(finds, &hunt.items[k], bytes + i, len - i, address + i, place);
        }
    }
}

/* What the search itself needs. */
typedef struct search {
    int memory;
    int pages; /* /proc/self/pagemap; -1: all pages are read */
    uint8_t *piece;
    size_t page_size;
    trace_finds *finds;
} search;

static bool is_there(const search *it, uint64_t address)
{
    uint64_t entry;
    const off_t at = (off_t)(address / it->page_size * sizeof entry);
    if (it->pages < 0 || pread(it->pages, &entry, sizeof entry, at) != (ssize_t)sizeof entry)
        return true;
    return (entry >> 62) != 0; /* in memory, or swapped out */
}

/* Skips the pages that were never touched. @return how many bytes follow that were, at most a piece. */
static size_t next_run(const search *it, uint64_t *at, uint64_t end)
{
    while (*at < end && !is_there(it, *at))
        *at += it->page_size;
    uint64_t to = *at;
    while (to < end && to - *at < PIECE && is_there(it, to))
        to += it->page_size;
    return (size_t)(to - *at);
}

static void look_at_range(const search *it, uint64_t at, uint64_t end, const char *place)
{
    const uint64_t own = (uint64_t)(uintptr_t)it->piece;
    if (at < own && end > own) { /* a mapping that has grown together with our own */
        look_at_range(it, at, own, place);
        at = own;
    }
    if (at >= own && at < own + PIECE + it->page_size)
        at = own + PIECE + it->page_size;
    while (at < end) {
        const size_t len = next_run(it, &at, end);
        /* A page more than is asked for next time, so that nothing hides where two pieces meet. */
        const size_t more = at + len < end ? it->page_size : 0;
        const ssize_t n = len > 0 ? pread(it->memory, it->piece, len + more, (off_t)at) : 0;
        if (n > 0)
            look(it->finds, it->piece, (size_t)n < len + 15 ? (size_t)n : len + 15, at, place);
        at += len;
    }
}

static void look_at_mapping(const search *it, const char *line)
{
    uint64_t from, to;
    char how[8], place[64] = "";
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %63s", &from, &to, how, place) < 3)
        return;
    if (how[0] != 'r' || how[1] != 'w' || to - from > (uint64_t)MAPPING_MAX_GIB << 30)
        return;
    look_at_range(it, from, to, place);
}

void trace_find(trace_finds *ret)
{
    char line[512];
    memset(ret, 0, sizeof *ret);
    search it = { .page_size = (size_t)sysconf(_SC_PAGESIZE), .finds = ret };
    FILE *maps = fopen("/proc/self/maps", "r");
    it.memory = open("/proc/self/mem", O_RDONLY);
    it.pages = open("/proc/self/pagemap", O_RDONLY);
    void *piece = NULL;
    if (posix_memalign(&piece, it.page_size, PIECE + it.page_size) != 0)
        piece = NULL;
    if (maps != NULL && it.memory >= 0 && piece != NULL) {
        it.piece = piece;
        while (fgets(line, sizeof line, maps) != NULL)
            look_at_mapping(&it, line);
    }
    if (piece != NULL)
        cx_wipe(piece, PIECE + it.page_size);
    free(piece);
    if (it.memory >= 0)
        close(it.memory);
    if (it.pages >= 0)
        close(it.pages);
    if (maps != NULL)
        (void)fclose(maps);
}

uint32_t trace_report(const char *when)
{
    trace_finds finds;
    trace_find(&finds);
    for (uint32_t i = 0; i < finds.n_shown; i++)
        fprintf(stderr, "%s: %" PRIx32 " at %" PRIx64 " %s\n", when, finds.shown[i].number,
                finds.shown[i].address, finds.shown[i].place);
    if (finds.n > 0)
        fprintf(stderr, "%s: %u pieces in %" PRIu64 " bytes\n", when, finds.n, finds.n_bytes);
    return finds.n;
}
