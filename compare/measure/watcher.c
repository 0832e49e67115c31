/* SPDX-License-Identifier: MIT */
#include "compare/measure/watcher.h"

#include <limits.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>

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

/* ---- The moments ------------------------------------------------------------------------------*/

/* Counters begin before there are connections, whose threads and processes inherit them. */
static void syscalls_at(struct watcher *w, enum load_moment moment)
{
	uint64_t now;

	if (moment == LOAD_START && syscalls_open(&w->syscalls, w->root))
		syscalls_close(&w->syscalls);
	if (syscalls_read(&w->syscalls, &now))
		return;
	if (moment == (w->whole ? LOAD_START : LOAD_BEGIN))
		w->syscalls_begin = now;
	if (moment == (w->whole ? LOAD_OVER : LOAD_END)) {
		w->syscalls_had = now - w->syscalls_begin;
		w->syscalls_known = true;
	}
}

/* What only some servers and machines tell is left out without them. */
static int count_begin(struct watcher *w)
{
	if (tasks_read(w->root, &w->tasks))
		tasks_free(&w->tasks);
	if (workers_read(w->root, &w->workers_begin))
		workers_free(&w->workers_begin);
	if (processor_read(w->processor, &w->processor_begin))
		w->processor = -1;
	return tree_read(w->root, false, &w->begin);
}

/* The switches of the whole run are known when the server has ended: watcher_ended(). */
static void switches_end(struct watcher *w)
{
	struct tasks now = { NULL, 0, 0 };

	w->switches_known = !w->whole && w->tasks.count && !tasks_read(w->root, &now) &&
			    tasks_between(&w->tasks, &now, &w->switches);
	tasks_free(&now);
}

static int count_end(struct watcher *w)
{
	int err = w->whole ? settle(w->root, w->begin.processes, &w->end)
			   : tree_read(w->root, false, &w->end);

	if (processor_read(w->processor, &w->processor_end))
		w->processor = -1;
	if (!workers_read(w->root, &w->workers))
		w->worker_count = workers_between(&w->workers_begin, &w->workers);
	switches_end(w);
	w->counted = !err;
	return err;
}

static int watch_tree(struct watcher *w, enum load_moment moment)
{
	int err = 0;

	if (w->counts_syscalls)
		syscalls_at(w, moment);
	if (moment == (w->whole ? LOAD_START : LOAD_BEGIN))
		err = count_begin(w);
	else if (moment == (w->whole ? LOAD_OVER : LOAD_END))
		err = count_end(w);
	if (!err && moment == LOAD_END)
		err = watch_open(w);
	return err;
}

static void watch(void *arg, enum load_moment moment)
{
	struct watcher *w = arg;
	int err;

	if (moment == LOAD_END)
		accept_queue_end(&w->queue);
	err = w->root ? watch_tree(w, moment) : 0;
	if (moment == LOAD_BEGIN && w->queue.fd >= 0)
		accept_queue_begin(&w->queue);
	if (err)
		w->err = err;
}

void watcher_init(struct watcher *w, pid_t root, struct load_options *o)
{
	struct address a;

	*w = (struct watcher) { .root = root, .whole = o->mode == LOAD_CLOSE };
	w->processor = root ? processor_of(root) : -1;
	w->queue = (struct accept_queue) { .fd = -1, .stop_fd = -1 };
	if (!address_parse(o->target, &a) && accept_queue_open(&w->queue, &a))
		accept_queue_close(&w->queue);
	o->watch = watch;
	o->arg = w;
}

void watcher_free(struct watcher *w)
{
	accept_queue_close(&w->queue);
	syscalls_close(&w->syscalls);
	tasks_free(&w->tasks);
	workers_free(&w->workers_begin);
	workers_free(&w->workers);
}

void watcher_count_syscalls(struct watcher *w)
{
	w->counts_syscalls = true;
}

void watcher_ended(struct watcher *w, const struct rusage *life)
{
	struct switches before = tasks_sum(&w->tasks);

	if (!w->whole || !w->tasks.count || (uint64_t)life->ru_nvcsw < before.voluntary ||
	    (uint64_t)life->ru_nivcsw < before.involuntary)
		return;
	w->switches.voluntary = (uint64_t)life->ru_nvcsw - before.voluntary;
	w->switches.involuntary = (uint64_t)life->ru_nivcsw - before.involuntary;
	w->switches_known = true;
}

/* ---- The figures ------------------------------------------------------------------------------*/

uint64_t watcher_requests(const struct watcher *w, const struct load_result *r)
{
	return w->whole ? r->answered : r->requests;
}

double watcher_cpu_us(const struct watcher *w, const struct load_result *r)
{
	uint64_t requests = watcher_requests(w, r);

	return requests ? (w->end.cpu - w->begin.cpu) * 1e6 / (double)requests : NAN;
}

void watcher_give_workers(struct watcher *w, struct workers *to)
{
	*to = w->workers;
	to->count = w->worker_count;
	w->workers = (struct workers) { NULL, 0 };
	w->worker_count = 0;
}

/* Below this much CPU a few ticks decide. */
static const double TELLING = 0.2;

/* The user's part of the CPU: as the processes tell, unless more than a tenth of it is of such
 * whose word is nothing worth; then as the CPU tells, if the server had it to itself. */
static double user_share(const struct watcher *w)
{
	double cpu = w->end.cpu - w->begin.cpu, user = w->end.user - w->begin.user,
	       system = w->end.system - w->begin.system;

	if (w->end.waited - w->begin.waited + w->end.faint > cpu / 10) {
		user = w->processor_end.user - w->processor_begin.user;
		system = w->processor_end.system - w->processor_begin.system;
		if (w->processor < 0 || fabs(user + system - cpu) > cpu / 5)
			return NAN;
	}
	return cpu >= TELLING && user + system > 0 ? user / (user + system) : NAN;
}

static void sample_open(const struct watcher *w, struct sample *s)
{
	s->of[METRIC_MEMORY] = (double)w->open.memory / 1e6;
	s->of[METRIC_MEMORY_PEAK] = (double)w->open.peak / 1e6;
	s->of[METRIC_PROCESSES] = w->open.processes;
	s->of[METRIC_THREADS] = w->open.threads;
}

static void sample_counts(const struct watcher *w, const struct load_result *r, struct sample *s)
{
	double requests = (double)watcher_requests(w, r), each = requests > 0 ? 1 / requests : NAN;
	double cpu = watcher_cpu_us(w, r), user = cpu * user_share(w);
	uint64_t minor = w->end.minor_faults - w->begin.minor_faults;
	uint64_t major = w->end.major_faults - w->begin.major_faults;

	s->of[METRIC_CPU] = cpu;
	s->of[METRIC_CPU_USER] = user;
	s->of[METRIC_CPU_SYSTEM] = cpu - user;
	s->of[METRIC_FAULTS_MINOR] = (double)minor * each;
	s->of[METRIC_FAULTS_MAJOR] = (double)major * each;
	if (w->syscalls_known)
		s->of[METRIC_SYSCALLS] = (double)w->syscalls_had * each;
	if (!w->switches_known)
		return;
	s->of[METRIC_SWITCHES_VOLUNTARY] = (double)w->switches.voluntary * each;
	s->of[METRIC_SWITCHES_INVOLUNTARY] = (double)w->switches.involuntary * each;
}

void watcher_sample(const struct watcher *w, const struct load_result *r, struct sample *s)
{
	static const enum metric mine[] = {
		METRIC_CPU,
		METRIC_CPU_USER,
		METRIC_CPU_SYSTEM,
		METRIC_MEMORY,
		METRIC_MEMORY_PEAK,
		METRIC_PROCESSES,
		METRIC_THREADS,
		METRIC_FAULTS_MINOR,
		METRIC_FAULTS_MAJOR,
		METRIC_SWITCHES_VOLUNTARY,
		METRIC_SWITCHES_INVOLUNTARY,
		METRIC_SYSCALLS,
		METRIC_QUEUE_MEAN,
		METRIC_QUEUE_PEAK,
		METRIC_BALANCE,
	};

	for (size_t i = 0; i < sizeof(mine) / sizeof(mine[0]); i++)
		s->of[mine[i]] = NAN;
	if (w->open.processes)
		sample_open(w, s);
	if (w->counted) /* a load that was interrupted may not have got so far */
		sample_counts(w, r, s);
	if (w->queue.looks) {
		s->of[METRIC_QUEUE_MEAN] = (double)w->queue.sum / (double)w->queue.looks;
		s->of[METRIC_QUEUE_PEAK] = w->queue.peak;
	}
	if (w->worker_count)
		s->of[METRIC_BALANCE] = workers_balance(&w->workers, w->worker_count);
}
