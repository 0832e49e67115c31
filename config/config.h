/* SPDX-License-Identifier: MIT */
/*
 * Reads text into typed, checked settings, and writes them and what is known of them.  It knows
 * kinds of rows, not rows.  No name here may be one of libconfig's own, which has config_read().
 *
 * Every error is one sentence, "file:line: key: got X, want Y (unit, range)", given to report();
 * reading goes on to find all of them, then returns -EINVAL.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "core/plan.h"

#include <stdio.h>

enum { CONFIG_FILE_MAX = 256 << 10 }; /* bytes; some thousand services */

/* How types are looked up. */
struct config_sources {
	const struct modus_model *const *models; /* a NULL ends them */
	/* As loader_open() in handlers/loader.h.  NULL: handlers are only checked to have a type.
	 */
	const struct modus_plugin *(*open_plugin)(const char *type, const char *path, char *why,
						  size_t size);
	/* The one service whose handler is opened: a process loads no other's.  NULL: all. */
	const char *only;
	/* Tried by name before open_plugin, as loader_check() completed them; a NULL ends them. */
	const struct modus_plugin *const *linked;
};

typedef void config_report(void *arg, const char *sentence);

/* Reads the file into *text, which the caller frees.  0; a negative errno: why has one sentence. */
int config_load_file(const char *path, char **text, char *why, size_t size);

/* Reads the config in text; file names it in sentences.  0: *out is freed with config_free(). */
int config_read_plan(const char *file, const char *text, const struct config_sources *sources,
		     struct plan **out, config_report *report, void *arg);
void config_free(struct plan *plan); /* and the instances in it */

/*
 * Reads text such as `upstream = "tcp://x"; retries = 3;` into settings, as rows say.  HOSTED rows
 * open their plugins with sources, and hang them below outer; where either is NULL such a key is an
 * error.  0: the texts and lists that settings point to live until *memory is freed; else there is
 * nothing to free.  A plugin's check() is the caller's to call.
 */
struct config_memory;
int config_read_settings(const char *file, const char *text, const struct modus_setting *rows,
			 void *settings, struct instance *outer,
			 const struct config_sources *sources, struct config_memory **memory,
			 config_report *report, void *arg);
void config_free_memory(struct config_memory *memory);

/* Writes a reference of rows: key, type, unit, range, default and sentence; groups are indented. */
void config_show_rows(FILE *out, const struct modus_setting *rows);

/* Writes what plan, which config_read_plan() made, comes to, each value with its origin, in a form
 * that can be read again. */
void config_show_plan(FILE *out, const struct plan *plan);

#endif
