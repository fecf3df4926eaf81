/*
 * A raw client: a socket, and the bytes that open a connection properly.
 */
#ifndef TESTS_INTEGRATION_RAW_H
#define TESTS_INTEGRATION_RAW_H

/** A connected socket to a plain+tcp://127.0.0.1:port address; reads and writes may block. */
int raw_connect(const char *url);
/** Sends preface and HELLO. */
void raw_hello(int fd);

#endif
