/* SPDX-License-Identifier: MIT */
/* What the server of one load used, as text or within a JSON object. */
#ifndef COMPARE_SERVER_REPORT_H
#define COMPARE_SERVER_REPORT_H

#include "compare/measure/watcher.h"

#include <stdio.h>

void server_report_text(FILE *f, const struct load_result *r, const struct watcher *w);
void server_report_json(FILE *f, const struct load_result *r, const struct watcher *w);

#endif
