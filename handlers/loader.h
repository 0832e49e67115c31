/* SPDX-License-Identifier: MIT */
/*
 * Finds, opens and checks a plugin.  A plugin that does not pass is refused with one sentence that
 * says what was expected and what was found.
 */
#ifndef HANDLERS_LOADER_H
#define HANDLERS_LOADER_H

#include <modus/handler.h>

/*
 * Loads the plugin type: a name ("echo"), looked for as NAME.so in the directories of path, of the
 * environment's MODUS_PLUGIN_PATH and in the installed one, in this order; or a file (with a '/').
 * Returns its descriptor, completed to this core's size and valid for the process's life; the same
 * file gives the same one.  NULL: why holds one sentence.
 */
const struct modus_plugin *loader_open(const char *type, const char *path, char *why, size_t size);

/* Checks a descriptor that is linked in, as loader_open() one of a file; likewise completed. */
const struct modus_plugin *loader_check(const struct modus_plugin *found, const char *file,
					char *why, size_t size);

#endif
