/* SPDX-License-Identifier: MIT */
/*
 * What one load has shown, as metrics.  Where no request was served no latency and no CPU per
 * request is known.  A load whose client was late (load.h) has measured the client: of it only what
 * it cannot have made better counts, which is who was served and the errors.
 */
#ifndef COMPARE_SAMPLE_H
#define COMPARE_SAMPLE_H

#include "compare/load/load.h"
#include "compare/measure/watcher.h"
#include "compare/statistics.h"

struct sample sample_of(const struct load_result *r, const struct watcher *w);

#endif
