/*
 * What the server does with files; `self` is the folder's path.
 */
#ifndef HANDLERS_H
#define HANDLERS_H

#include "files_server.h"

extern const files_files_handlers folder_handlers;

#endif
