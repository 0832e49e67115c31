/* SPDX-License-Identifier: MIT */
#include "compare/measure/watcher.h"

#include <limits.h>
#include <poll.h>

static const double QUIET = 0.0005; /* seconds of CPU within SETTLE_MS */

enum { SETTLE_MS = 10, SETTLE_LOOKS = 60, SETTLED = 3 };

/* Waits until the server has nothing to do, that is has used no CPU for a while, and has no more
 * processes than so many; u is what it used until then. */
static int settle(pid_t root, unsigned processes, struct tree_usage *u)
{
	int err = tree_read(root, false, u);

	for (int i = 0, quiet = 0; i < SETTLE_LOOKS && quiet < SETTLED && !err; i++) {
		double before = u->cpu;

		poll(NULL, 0, SETTLE_MS);
		err = tree_read(root, false, u);
		quiet = u->processes <= processes && u->cpu - before < QUIET ? quiet + 1 : 0;
	}
	return err;
}

/* What the open connections take.  The client waits meanwhile, so all are accepted and none ends: a
 * look in the midst of the load would see whatever share of them happens to be there. */
static int watch_open(struct watcher *w)
{
	int err = settle(w->root, UINT_MAX, &w->open);

	return err ? err : tree_read(w->root, true, &w->open);
}

static void watch(void *arg, enum load_moment moment)
{
	struct watcher *w = arg;
	int err = 0;

	if (moment == (w->whole ? LOAD_START : LOAD_BEGIN))
		err = tree_read(w->root, false, &w->begin);
	else if (moment == LOAD_END && !w->whole)
		err = tree_read(w->root, false, &w->end);
	else if (moment == LOAD_OVER && w->whole)
		err = settle(w->root, w->begin.processes, &w->end);
	if (!err && moment == LOAD_END)
		err = watch_open(w);
	if (err)
		w->err = err;
}

void watcher_init(struct watcher *w, pid_t root, struct load_options *o)
{
	*w = (struct watcher) { .root = root, .whole = o->mode == LOAD_CLOSE };
	o->watch = watch;
	o->arg = w;
}

uint64_t watcher_requests(const struct watcher *w, const struct load_result *r)
{
	return w->whole ? r->answered : r->requests;
}

double watcher_cpu_us(const struct watcher *w, const struct load_result *r)
{
	uint64_t requests = watcher_requests(w, r);

	return requests ? (w->end.cpu - w->begin.cpu) * 1e6 / (double)requests : 0;
}
