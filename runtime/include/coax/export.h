/*
 * Marks for the public interface: visibility, must-use, cold paths, printf checking.
 *
 * Everything else in the library is hidden, so that a shared coax exports `coax_` names only.
 */
#ifndef COAX_EXPORT_H
#define COAX_EXPORT_H

#if defined(_WIN32)
#define COAX_API
#elif defined(__GNUC__)
#define COAX_API __attribute__((visibility("default")))
#else
#define COAX_API
#endif

#if defined(__GNUC__)
#define COAX_MUST_USE __attribute__((warn_unused_result))
#define COAX_COLD __attribute__((cold, noinline))
#define COAX_NOINLINE __attribute__((noinline))
#define COAX_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define COAX_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define COAX_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define COAX_MUST_USE
#define COAX_COLD
#define COAX_NOINLINE
#define COAX_PRINTF(format_at, args_at)
#define COAX_LIKELY(condition) (condition)
#define COAX_UNLIKELY(condition) (condition)
#endif

#ifdef __cplusplus
#define COAX_BEGIN_DECLS extern "C" {
#define COAX_END_DECLS }
#else
#define COAX_BEGIN_DECLS
#define COAX_END_DECLS
#endif

#endif
