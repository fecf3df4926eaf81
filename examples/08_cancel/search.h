/*
 * The two services of this example, each with what it knows of a search under way. One at a time is enough here.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <coax/coax.h>

/* Finds hits for ever, until nobody looks at them any more. */
typedef struct back {
    coax_loop *loop;
    coax_call call;
    int n_found;
    bool has_stopped;
} back;

/* Asks the back for whoever asks it. */
typedef struct front {
    coax_client *to_back;
    coax_call call;
    bool has_stopped;
} front;

coax_err back_listen(back *b, const char *url, coax_error *error);
coax_err front_listen(front *f, coax_loop *loop, const char *url, const char *back_url,
                      coax_error *error);

#endif
