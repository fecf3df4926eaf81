/* Reading files into memory, and finding lines in them. Read next: scan.l. */
#include "front/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void idl_sources_init(idl_sources *sources)
{
    *sources = (idl_sources){ .items = NULL, .count = 0, .capacity = 0 };
    idl_arena_init(&sources->arena);
    idl_names_init(&sources->names, &sources->arena);
}

void idl_sources_deinit(idl_sources *sources)
{
    idl_arena_deinit(&sources->arena);
    *sources = (idl_sources){ .items = NULL, .count = 0, .capacity = 0 };
}

/* One past the end of the last file, so that the ends of files are places of their own. */
static uint32_t next_base(const idl_sources *sources)
{
    if (sources->count == 0)
        return 0;
    const idl_source *last = sources->items[sources->count - 1];
    return last->base + last->len + 1;
}

/* Positions are 32 bits wide. A thousand files of the largest size would fill them. */
static bool has_room(const idl_sources *sources, size_t len)
{
    return len <= IDL_SOURCE_MAX_BYTES && next_base(sources) <= UINT32_MAX - 2u - (uint32_t)len;
}

static idl_source *add_source(idl_sources *sources, const char *path, const char *text, size_t len)
{
    sources->items = idl_arena_grow(&sources->arena, sources->items, sources->count,
                                    &sources->capacity, sizeof(idl_source *));
    idl_source *source = idl_arena_alloc(&sources->arena, sizeof *source);
    source->id = (uint32_t)sources->count;
    source->base = next_base(sources);
    source->len = (uint32_t)len;
    source->path = idl_arena_copy(&sources->arena, path, strlen(path));
    source->text = text;
    sources->items[sources->count++] = source;
    return source;
}

/* Reads to the end, whatever the size was said to be: the file may be a pipe, or change meanwhile.
 * `buffer` has room for one byte over the limit. */
static idl_open_result read_all(int fd, char *buffer, size_t *ret_len)
{
    size_t len = 0;
    while (len <= IDL_SOURCE_MAX_BYTES) {
        ssize_t got = read(fd, buffer + len, IDL_SOURCE_MAX_BYTES + 1 - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return IDL_OPEN_UNREADABLE;
        if (got == 0) {
            *ret_len = len;
            return IDL_OPEN_OK;
        }
        len += (size_t)got;
    }
    return IDL_OPEN_TOO_LARGE;
}

static idl_source *find_same_file(const idl_sources *sources, const struct stat *info)
{
    for (size_t i = 0; i < sources->count; i++) {
        idl_source *source = sources->items[i];
        if (source->inode == (uint64_t)info->st_ino && source->device == (uint64_t)info->st_dev &&
            source->inode != 0)
            return source;
    }
    return NULL;
}

static idl_open_result open_fd(idl_sources *sources, int fd, const char *path,
                               idl_source **ret_source)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return IDL_OPEN_UNREADABLE;
    if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return IDL_OPEN_UNREADABLE;
    }
    idl_source *known = S_ISREG(info.st_mode) ? find_same_file(sources, &info) : NULL;
    if (known != NULL) {
        *ret_source = known;
        return IDL_OPEN_OK;
    }
    if (S_ISREG(info.st_mode) && info.st_size > (off_t)IDL_SOURCE_MAX_BYTES)
        return IDL_OPEN_TOO_LARGE;
    /* The whole limit, because the size may lie; pages that are not read into cost nothing. */
    char *buffer = malloc((size_t)IDL_SOURCE_MAX_BYTES + 1);
    if (buffer == NULL)
        return IDL_OPEN_UNREADABLE;
    size_t len = 0;
    idl_open_result result = read_all(fd, buffer, &len);
    if (result == IDL_OPEN_OK && !has_room(sources, len))
        result = IDL_OPEN_TOO_LARGE;
    if (result == IDL_OPEN_OK) {
        char *text = idl_arena_copy(&sources->arena, buffer, len);
        idl_source *source = add_source(sources, path, text, len);
        source->device = (uint64_t)info.st_dev;
        source->inode = S_ISREG(info.st_mode) ? (uint64_t)info.st_ino : 0;
        *ret_source = source;
    }
    int reason = errno;
    free(buffer);
    errno = reason;
    return result;
}

idl_open_result idl_source_open(idl_sources *sources, const char *path, idl_source **ret_source)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? IDL_OPEN_MISSING : IDL_OPEN_UNREADABLE;
    idl_open_result result = open_fd(sources, fd, path, ret_source);
    int reason = errno;
    close(fd);
    errno = reason;
    return result;
}

idl_open_result idl_source_from_memory(idl_sources *sources, const char *path, const char *text,
                                       size_t len, idl_source **ret_source)
{
    if (!has_room(sources, len))
        return IDL_OPEN_TOO_LARGE;
    char *copy = idl_arena_copy(&sources->arena, text, len);
    *ret_source = add_source(sources, path, copy, len);
    return IDL_OPEN_OK;
}

idl_source *idl_source_of(const idl_sources *sources, idl_span span)
{
    if (idl_span_is_none(span) || sources->count == 0)
        return NULL;
    size_t low = 0;
    size_t high = sources->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (sources->items[middle]->base <= span.start)
            low = middle;
        else
            high = middle;
    }
    return sources->items[low];
}

static void build_lines(idl_sources *sources, idl_source *source)
{
    uint32_t n_lines = 1;
    for (uint32_t i = 0; i < source->len; i++)
        n_lines += source->text[i] == '\n';
    uint32_t *starts = idl_arena_array(&sources->arena, n_lines, sizeof *starts);
    uint32_t line = 1;
    for (uint32_t i = 0; i < source->len; i++) {
        if (source->text[i] == '\n')
            starts[line++] = i + 1;
    }
    source->line_starts = starts;
    source->n_lines = n_lines;
}

/* The index of the line that holds the offset. */
static uint32_t line_at(const idl_source *source, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = source->n_lines;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

idl_place idl_source_locate(idl_sources *sources, idl_source *source, uint32_t position)
{
    uint32_t offset = position - source->base;
    if (source->line_starts == NULL)
        build_lines(sources, source);
    if (offset > source->len)
        offset = source->len;
    uint32_t line = line_at(source, offset);
    uint32_t column = 1;
    for (uint32_t i = source->line_starts[line]; i < offset; i++)
        column += ((unsigned char)source->text[i] & 0xC0u) != 0x80u;
    return (idl_place){ .line = line + 1, .column = column };
}

const char *idl_source_line(idl_sources *sources, idl_source *source, uint32_t line,
                            uint32_t *ret_len)
{
    if (source->line_starts == NULL)
        build_lines(sources, source);
    if (line == 0 || line > source->n_lines) {
        *ret_len = 0;
        return source->text + source->len;
    }
    uint32_t start = source->line_starts[line - 1];
    uint32_t end = line < source->n_lines ? source->line_starts[line] - 1 : source->len;
    if (end > start && source->text[end - 1] == '\r')
        end--;
    *ret_len = end - start;
    return source->text + start;
}
