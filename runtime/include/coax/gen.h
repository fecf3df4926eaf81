/*
 * The contract with generated code: everything a generated `<schema>.h` needs, and the guard that
 * both agree on it.
 *
 * Generated headers include this and nothing else of coax; generated clients and servers add
 * gen_client.h or gen_server.h.
 */
#ifndef COAX_GEN_H
#define COAX_GEN_H

#include <coax/arena.h>
#include <coax/bytes.h>
#include <coax/check.h>
#include <coax/descriptor.h>
#include <coax/gen_tables.h>
#include <coax/reader.h>
#include <coax/version.h>
#include <coax/writer.h>

#endif
