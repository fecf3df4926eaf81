/* Schema files in memory, and places in them.
 *
 * Invariants: `text` is NUL-terminated, at most IDL_SOURCE_MAX_BYTES long, and never changes. A
 * source's `id` is its index in the set. A span is half-open. The line table is built the first time somebody asks for a line.
 *
 * Must not know: tokens or meaning, nor where imports are looked for (sema/load.c). Read next:
 * ast.h.
 */
#ifndef IDL_FRONT_SOURCE_H
#define IDL_FRONT_SOURCE_H

#include "front/arena.h"
#include "front/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IDL_SOURCE_MAX_BYTES (4u * 1024u * 1024u)

/* A place in one of the files. Positions count bytes through all files of a run, in the order they were
 * opened (each begins at its `base`), so that a span is eight bytes and knows its file. */
typedef struct idl_span {
    uint32_t start;
    uint32_t end; /* behind the last byte */
} idl_span;

/* No place, e.g. an error in the command line. */
#define IDL_SPAN_NONE ((idl_span){ .start = UINT32_MAX, .end = UINT32_MAX })

typedef struct idl_source {
    uint32_t id;
    uint32_t base; /* position of its first byte */
    uint32_t len;
    const char *path; /* as diagnostics show it: as given, or found through an import */
    const char *text;
    uint32_t *line_starts; /* lazily; use idl_source_locate */
    uint32_t n_lines;
    uint64_t device; /* of the file; 0 and 0 for text that came from memory */
    uint64_t inode;
} idl_source;

/* All the files of one compilation, and the memory everything derived from them lives in. */
typedef struct idl_sources {
    idl_arena arena;
    idl_names names;
    idl_source **items;
    size_t count;
    size_t capacity;
} idl_sources;

/* Line and column count from 1; the column counts code points, an invalid byte as one. */
typedef struct idl_place {
    uint32_t line;
    uint32_t column;
} idl_place;

typedef enum idl_open_result {
    IDL_OPEN_OK,
    IDL_OPEN_MISSING,    /* no such file: try the next folder, or report */
    IDL_OPEN_UNREADABLE, /* there, and can't be read; errno says why */
    IDL_OPEN_TOO_LARGE,
} idl_open_result;

void idl_sources_init(idl_sources *sources);
void idl_sources_deinit(idl_sources *sources);

/* Reads a file. A file already open under any path (same device and inode) gives the same source
 * again. `ret_source` is written only on IDL_OPEN_OK. Reports nothing: the caller knows the words.
 */
idl_open_result idl_source_open(idl_sources *sources, const char *path, idl_source **ret_source);

/* Adds text that is not in a file (tests, fuzzing); copied. Refuses more than the limit. */
idl_open_result idl_source_from_memory(idl_sources *sources, const char *path, const char *text,
                                       size_t len, idl_source **ret_source);

/* The source of a span, NULL for none. */
idl_source *idl_source_of(const idl_sources *sources, idl_span span);

/* `position` is a span's start or end in this source. */
idl_place idl_source_locate(idl_sources *sources, idl_source *source, uint32_t position);

/* The bytes of a line (from 1) without its line end. Lines past the end are empty. */
const char *idl_source_line(idl_sources *sources, idl_source *source, uint32_t line,
                            uint32_t *ret_len);

/* The bytes a span of this source covers begin here. */
static inline const char *idl_source_text(const idl_source *source, idl_span span)
{
    return source->text + (span.start - source->base);
}

/* The empty span at a file's first byte: for what is wrong with the file as such. */
static inline idl_span idl_source_start(const idl_source *source)
{
    return (idl_span){ .start = source->base, .end = source->base };
}

/* From the start of `a` to the end of `b`. */
static inline idl_span idl_span_join(idl_span a, idl_span b)
{
    return (idl_span){ .start = a.start, .end = b.end > a.start ? b.end : a.start };
}

static inline bool idl_span_is_none(idl_span span)
{
    return span.start == UINT32_MAX;
}

#endif
