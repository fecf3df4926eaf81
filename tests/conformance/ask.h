/*
 * What defines a function that calls in the stage's style, waits, and gives the result, which is to be freed.
 *
 * Used by stage.c and scene_ask.c; include <stdarg.h>, <stddef.h>, <setjmp.h>, <stdint.h>, <string.h>, cmocka and
 * stage.h before.
 */
#ifndef TESTS_CONFORMANCE_ASK_H
#define TESTS_CONFORMANCE_ASK_H

/* One asking in callback style: the result is kept for the case. */
#define ASK(function, result_type, request_type, stub)                                             \
    typedef struct function##_asked {                                                              \
        result_type result;                                                                        \
        bool is_done;                                                                              \
        bool is_inside;                                                                            \
    } function##_asked;                                                                            \
    static void on_##function(void *self, const result_type *result)                               \
    {                                                                                              \
        function##_asked *asked = self;                                                            \
        assert_false(asked->is_inside);                                                            \
        assert_false(asked->is_done);                                                              \
        asked->is_done = true;                                                                     \
        asked->result = stub##_result_keep(result);                                                \
    }                                                                                              \
    result_type function(stage *s, const request_type *request, const coax_call_options *options)  \
    {                                                                                              \
        result_type result;                                                                        \
        if (s->style != STYLE_CALLBACK) {                                                          \
            coax_err err = stub##_wait(s->client, request, options, &result);                      \
            assert_int_equal(err, result.err);                                                     \
            return result;                                                                         \
        }                                                                                          \
        static coax_error error;                                                                   \
        coax_call_options with_words = COAX_CALL_OPTIONS_INIT;                                     \
        if (options != NULL)                                                                       \
            with_words = *options;                                                                 \
        with_words.error = &error;                                                                 \
        function##_asked asked = { .is_inside = true };                                            \
        coax_err err = stub(s->client, request, &with_words, on_##function, &asked);               \
        asked.is_inside = false;                                                                   \
        if (err == COAX_OK) {                                                                      \
            stage_run_until(s, &asked.is_done);                                                    \
            return asked.result;                                                                   \
        }                                                                                          \
        memset(&result, 0, sizeof result);                                                         \
        result.err = err;                                                                          \
        result.status.code = err;                                                                  \
        result.status.message = error.text;                                                        \
        return result;                                                                             \
    }

#endif
