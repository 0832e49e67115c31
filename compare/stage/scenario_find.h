/* SPDX-License-Identifier: MIT */
/* Where scenarios lie: beside the program in the tree that it was built in, or installed. */
#ifndef COMPARE_SCENARIO_FIND_H
#define COMPARE_SCENARIO_FIND_H

#include <limits.h>
#include <stddef.h>

/* Where the scenario of this name is: a path, if there is a slash in it, else a file NAME.conf in
 * the tree in which this program was built, else where it is installed.  0; -ENOENT and a sentence
 * in why. */
int scenario_find(const char *name, char path[PATH_MAX], char *why, size_t size);

/* Calls each(arg, path) for all that are there, by name; 0, or a negative errno and why. */
int scenario_list(void (*each)(void *arg, const char *path), void *arg, char *why, size_t size);

#endif
