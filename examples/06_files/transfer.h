/*
 * Fetching and storing one file, from where the last attempt stopped. Both wait, and say on standard error how far
 * they are.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <coax/coax.h>

/* The remote file into `local`; what has come so far is in `local`.part. */
coax_err fetch_file(coax_client *client, const char *remote, const char *local);
/* The file `local` to the server. */
coax_err store_file(coax_client *client, const char *local, const char *remote);

/* Says how far it is: on a terminal in one line, elsewhere each tenth. */
void show_progress(const char *what, uint64_t done, uint64_t size);
/* Says what failed; returns `rc`. */
coax_err complain(const char *what, coax_err rc, const char *words);

#endif
