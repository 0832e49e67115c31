/* SPDX-License-Identifier: MIT */
/* Prints the result of one load, for people or as one JSON object. */
#ifndef COMPARE_LOAD_REPORT_H
#define COMPARE_LOAD_REPORT_H

#include "compare/load/load.h"
#include "compare/measure/watcher.h"

#include <stdio.h>

/* w looked at the server, or is NULL. */
void load_report_text(FILE *f, const struct load_options *o, const struct load_result *r,
		      const struct watcher *w);
void load_report_json(FILE *f, const struct load_options *o, const struct load_result *r,
		      const struct watcher *w);

/* Whom, and with what: "tcp://127.0.0.1:7, 64 connections, mode keep, ..."; no end of line. */
void load_report_title(FILE *f, const struct load_options *o);

/* "3 reset (Connection reset by peer), 1 timeout"; "none". */
void load_report_errors(FILE *f, const struct load_errors *e);

#endif
