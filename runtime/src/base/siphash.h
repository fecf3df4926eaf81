/*
 * SipHash-2-4: a hash of text that others choose, with a key that they don't know.
 *
 * For tables whose keys come from outside: without the key nobody can pick names that all meet in
 * one place. Specification: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
 * Any thread.
 */
#ifndef CX_BASE_SIPHASH_H
#define CX_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define CX_SIPHASH_KEY 16u

uint64_t cx_siphash(const uint8_t key[CX_SIPHASH_KEY], const void *data, size_t len);

#endif
