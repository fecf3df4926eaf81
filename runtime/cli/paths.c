/*
 * Default paths; see paths.h.
 */
#include <coax/key.h>

#include "out.h"
#include "paths.h"
#include "secure/files.h"

const char *cli_default_path(const cli_command *command, const char *name, bool makes_folder,
                             char buffer[CLI_PATH_MAX])
{
    coax_error error = COAX_ERROR_INIT;
    size_t len = coax_default_path(name, buffer, CLI_PATH_MAX);
    if (len == 0 || len >= CLI_PATH_MAX) {
        cli_complain(command->name,
                     "there is no default place for %s, because %s; name the file instead", name,
                     len == 0 ? "neither COAX_HOME, XDG_CONFIG_HOME nor HOME is set"
                              : "the path is too long");
        return NULL;
    }
    if (makes_folder && cx_file_make_folders(buffer, &error) != COAX_OK) {
        cli_complain(command->name, "%s", error.text);
        return NULL;
    }
    return buffer;
}
