/*
 * Where the program's files lie when they are not named.
 */
#ifndef COAX_CLI_PATHS_H
#define COAX_CLI_PATHS_H

#include <stdbool.h>

#include "cmd.h"

#define CLI_PATH_MAX 4096u

/*
 * The default place of `name`, in `buffer`. @param makes_folder  Its folder is made (0700) if it is not there.
 * @return NULL: there is none, which was said.
 */
const char *cli_default_path(const cli_command *command, const char *name, bool makes_folder,
                             char buffer[CLI_PATH_MAX]);

#endif
