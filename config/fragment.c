/* SPDX-License-Identifier: MIT */
/* The settings of one plugin or model on their own. */
#include "config/reader.h"

#include <errno.h>
#include <stdlib.h>

static const char *const no_others[] = { NULL };

int config_read_settings(const char *file, const char *text, const struct modus_setting *rows,
			 void *settings, struct instance *outer,
			 const struct config_sources *sources, struct config_memory **memory,
			 config_report *report, void *arg)
{
	struct config_memory *m = calloc(1, sizeof(*m));
	struct reader r = { file, sources, "", m, report, arg };
	struct document d;

	if (!m) {
		reader_no_memory(&r);
		return reader_tell(&r);
	}
	if (!document_open(&d, &r, text))
		rows_read(&r, config_root_setting(&d.config), 1, rows, no_others, settings, outer);
	document_close(&d);
	if (reader_tell(&r)) {
		config_free_memory(m);
		return -EINVAL;
	}
	*memory = m;
	return 0;
}
