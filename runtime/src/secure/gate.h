/*
 * The gate in front of IK's first message: 16 bytes that only who knows the server's public key can make.
 *
 * It costs a hash where the message behind it costs four Diffie-Hellmans, so a flood from strangers is cheap. It proves
 * nothing else, and is no secret between those who know the key. Specification: docs/wire.md, docs/decisions/0022.
 */
#ifndef CX_SECURE_GATE_H
#define CX_SECURE_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/bytes.h>

#include "secure/dh.h"
#include "secure/preface.h"

#define CX_GATE 16u

/* Over the preface and the message (without its length). */
void cx_gate_compute(const uint8_t server_key[CX_DH], const uint8_t preface[CX_PREFACE_LEN],
                     coax_bytes message, uint8_t ret_gate[CX_GATE]);
/* In constant time. */
bool cx_gate_is_right(const uint8_t gate[CX_GATE], const uint8_t server_key[CX_DH],
                      const uint8_t preface[CX_PREFACE_LEN], coax_bytes message);

#endif
