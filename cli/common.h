/* SPDX-License-Identifier: MIT */
/* What several commands do: read a config, say what is wrong with it. */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include "config/config.h"

/* Reads the config file; sentences go to standard error.  With plugins, they are loaded and their
 * rows checked.  Its text is left in *text, to be freed, unless text is NULL.  NULL: it was said
 * why not. */
struct plan *cli_read_config(const char *file, char **text, bool plugins);

/* The same with a text that is there already; only: the service whose plugins are loaded, or NULL.
 */
struct plan *cli_read_text(const char *file, const char *text, bool plugins, const char *only);

/* Prints usage to standard error and returns 2, the status of a command that was called wrongly. */
int cli_usage(const char *usage);

#endif
