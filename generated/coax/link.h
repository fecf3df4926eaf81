/* link.h: see link.idl. */
#ifndef CX_CONTROL_LINK_H
#define CX_CONTROL_LINK_H

#include <coax/gen.h>

COAX_BEGIN_DECLS

#define CX_CONTROL_MAX_NAME 255u
#define CX_CONTROL_MAX_WORDS 255u

typedef struct cx_control_limits {
    uint32_t max_frame;
    uint32_t max_message;
    uint32_t max_concurrent_calls;
} cx_control_limits;

extern const coax_type cx_control_limits_type;
void cx_control_limits_encode(coax_writer *out, const cx_control_limits *value);
void cx_control_limits_decode(coax_reader *in, cx_control_limits *ret);
bool cx_control_limits_check(const cx_control_limits *value, coax_violations *why);

typedef struct cx_control_hello {
    coax_str name;
    uint64_t features;
    cx_control_limits limits;
} cx_control_hello;

extern const coax_type cx_control_hello_type;
void cx_control_hello_encode(coax_writer *out, const cx_control_hello *value);
void cx_control_hello_decode(coax_reader *in, cx_control_hello *ret);
bool cx_control_hello_check(const cx_control_hello *value, coax_violations *why);

typedef struct cx_control_welcome {
    coax_str name;
    uint64_t features;
    cx_control_limits limits;
} cx_control_welcome;

extern const coax_type cx_control_welcome_type;
void cx_control_welcome_encode(coax_writer *out, const cx_control_welcome *value);
void cx_control_welcome_decode(coax_reader *in, cx_control_welcome *ret);
bool cx_control_welcome_check(const cx_control_welcome *value, coax_violations *why);

typedef struct cx_control_goaway {
    coax_str words;
} cx_control_goaway;

extern const coax_type cx_control_goaway_type;
void cx_control_goaway_encode(coax_writer *out, const cx_control_goaway *value);
void cx_control_goaway_decode(coax_reader *in, cx_control_goaway *ret);
bool cx_control_goaway_check(const cx_control_goaway *value, coax_violations *why);

COAX_END_DECLS

#endif
