/* SPDX-License-Identifier: MIT */
/*
 * The inside of reading.  A text is linted (lint.c: what libconfig would change without a word),
 * parsed by libconfig (document.c) and read by rows: values.c has one value, rows.c one group,
 * hosted.c one plugin, plan.c the whole file.  Errors are counted in the reader and reading goes
 * on.
 */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include "config/config.h"
#include "config/memory.h"

#include <libconfig.h>

struct reader {
	const char *file;
	const struct config_sources *sources;
	const char *plugin_path;
	struct config_memory *memory;
	config_report *report;
	void *arg;
	unsigned errors;
	struct sentence *sentences; /* of the errors, until they are told */
	size_t noted, room;
};

/* report.c: notes a sentence; without a key, it has none. */
void reader_error(struct reader *r, int line, const char *key, const char *format, ...)
	MODUS_FORMAT(4, 5);
void reader_no_memory(struct reader *r);

/* Reports all sentences in the order of their lines, and forgets them.  0, or -EINVAL: there were
 * some. */
int reader_tell(struct reader *r);

enum { GOT_MAX = 80, HINT_MAX = 80 };
const char *reader_got(const config_setting_t *s, char got[GOT_MAX]);
const char *reader_quote(const char *text, char got[GOT_MAX]);

struct settings_nearest;
/* `; did you mean "X"?`, or "" where nothing is near. */
const char *reader_hint(const struct settings_nearest *n, char hint[HINT_MAX]);

/* lint.c: the scalar values of a text, in its order. */
struct lint_value {
	int line;
	bool refused; /* and reported */
};

struct lint {
	struct lint_value *values;
	size_t count;
	bool parse; /* libconfig would see the same text that lint saw */
};

void lint_text(struct reader *r, const char *text, struct lint *l);

/* document.c */
struct document {
	config_t config;
	struct lint lint;
};

/* 0, or -EINVAL when the errors were reported; to be closed in either case. */
int document_open(struct document *d, struct reader *r, const char *text);
void document_close(struct document *d);
int document_line(const config_setting_t *s);
bool document_refused(const config_setting_t *s);

/* values.c: fills the field of a row that is no list, group or plugin. */
void value_read(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		void *field);

/* rows.c: fills the struct out from group (NULL: it is not given), which stands in line.  The
 * caller reads the keys in others, which a NULL ends; plugins are hosted below outer. */
void rows_read(struct reader *r, const config_setting_t *group, int line,
	       const struct modus_setting *rows, const char *const *others, void *out,
	       struct instance *outer);

/* hosted.c: what has a type, in its short form "name" or as a group that says more. */
struct chosen {
	const char *key;               /* "model" */
	const char *type;              /* borrowed from libconfig */
	const config_setting_t *group; /* NULL in the short form */
	int line;
};

/* Whether s (NULL: not given, an error in line) names a type; errors are reported. */
bool chosen_read(struct reader *r, const config_setting_t *s, const char *key, int line,
		 struct chosen *out);
void chosen_rows(struct reader *r, const struct chosen *c, const struct modus_setting *rows,
		 void *out, struct instance *outer);

/* Makes an instance in *slot, owned by outer, or where that is NULL by the slot's owner, and fills
 * its settings. */
void hosted_read(struct reader *r, const struct chosen *c, const char *name, struct instance *outer,
		 struct instance **slot);

/* plan.c; config_read_plan() makes this, its plan is what others see. */
struct held_plan {
	struct plan plan; /* must be first */
	struct config_memory memory;
};

#endif
