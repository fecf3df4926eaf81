/*
 * What a fuzz target defines: one function that survives every input.
 *
 * A target keeps nothing between calls, so that an input found after hours fails alone too.
 */
#ifndef COAX_TESTS_FUZZ_H
#define COAX_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** Gives the code under test one input. Returns 0; a finding is a crash, a sanitizer's report or a
 * timeout. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
