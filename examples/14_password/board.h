/*
 * The board of notes that both servers serve.
 */
#ifndef BOARD_H
#define BOARD_H

#include <coax/coax.h>

/** Listens on `url`, says where, and runs until SIGTERM or Ctrl-C. Returns the exit status. */
int board_run(coax_loop *loop, const coax_server_options *options, const char *url);

#endif
