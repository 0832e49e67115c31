/* SPDX-License-Identifier: MIT */
#include "compare/comparison.h"

#include "compare/load/script.h"
#include "compare/measure/watcher.h"
#include "compare/progress.h"
#include "compare/stage/scratch.h"
#include "compare/stage/server.h"
#include "compare/stage/subject.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* What a visit takes beside its measured time and warm-up: start, drain, stop, and with a script
 * its beginning; and what all may. */
static const double OVERHEAD = 0.2, ONCE = 1, ALL = 170, LONGEST = 1.5, SHORTEST = 0.3;

struct laboratory {
	struct comparison *comparison;
	struct subject subject;
	struct progress progress;
	char program[PATH_MAX]; /* that serves */
	struct scratch scratch; /* where, empty each time: what the config names without a leading
				 * '/' begins anew */
	char config[sizeof(((struct scratch *)0)->path) + 16]; /* in there */
};

static double latency_us(const struct load_result *r, double percent)
{
	return (double)histogram_percentile(&r->latency, percent) / 1e3;
}

static struct sample sample_of(const struct load_result *r, const struct watcher *w)
{
	struct sample s = { .of = {
				    [METRIC_RATE] =
					    r->seconds > 0 ? (double)r->requests / r->seconds : 0,
				    [METRIC_P50] = latency_us(r, 50),
				    [METRIC_P90] = latency_us(r, 90),
				    [METRIC_P99] = latency_us(r, 99),
				    [METRIC_P999] = latency_us(r, 99.9),
				    [METRIC_MAX] = latency_us(r, 100),
				    [METRIC_SERVED] = r->served,
				    [METRIC_CLIENT_CPU] =
					    r->seconds > 0 ? r->client_cpu / r->seconds : 0,
				    [METRIC_ERRORS] = (double)load_errors_sum(&r->errors),
			    } };

	watcher_sample(w, r, &s);
	return s;
}

static void keep(struct cell *cell, const struct load_result *r, struct watcher *w)
{
	cell->samples[cell->count++] = sample_of(r, w);
	cell->rss |= w->open.rss;
	workers_free(&cell->workers);
	watcher_give_workers(w, &cell->workers);
	histogram_merge(&cell->latency, &r->latency);
	load_errors_add(&cell->errors, &r->errors);
	if (!*cell->wrong)
		memcpy(cell->wrong, r->wrong, sizeof(cell->wrong));
}

/* Loads a server that runs: 0, -EINTR, or another negative errno and a sentence in why.
 * watcher_free() in any case. */
static int load_cell(const struct comparison_options *o, const struct server *s, struct cell *cell,
		     struct load_result *r, struct watcher *w, char *why, size_t size)
{
	struct load_options load = LOAD_DEFAULTS;
	int err;

	load.target = s->target;
	load.mode = cell->mode;
	load.connections = cell->connections;
	load.size = o->size;
	load.script = o->script;
	load.by_label = cell->labels;
	load.duration = o->duration;
	load.warmup = o->warmup;
	load.stop_fd = o->stop_fd;
	watcher_init(w, s->pid, &load);
	err = load_run(&load, r, why, size);
	if (err)
		return err;
	if (r->stopped)
		return -EINTR;
	if (!server_runs(s, why, size))
		return -ECHILD;
	if (w->err)
		snprintf(why, size, "the server's processes could not be read: %s",
			 strerror(-w->err));
	return w->err;
}

static int visit_server(const struct comparison_options *o, struct server *server,
			struct cell *cell, char *why, size_t size)
{
	struct rusage life;
	struct load_result r;
	struct watcher w;
	int err = load_cell(o, server, cell, &r, &w, why, size);

	cell->stubborn += !server_stop(server, &life);
	watcher_ended(&w, &life);
	if (!err)
		keep(cell, &r, &w);
	watcher_free(&w);
	return err;
}

static int visit(struct laboratory *lab, struct cell *cell, char *why, size_t size)
{
	const struct comparison_options *o = &lab->comparison->options;
	struct server server = SERVER_NONE;
	int err = subject_write(&lab->subject, cell->contestant->model, cell->connections,
				lab->config, why, size);

	if (!err)
		err = server_start(&server, lab->program, lab->config,
				   lab->comparison->host.server_cpu, o->stop_fd, why, size);
	if (!err)
		err = visit_server(o, &server, cell, why, size);
	scratch_empty(&lab->scratch);
	return err;
}

static bool stop_wanted(int fd)
{
	struct pollfd stop = { .fd = fd, .events = POLLIN };

	return poll(&stop, 1, 0) > 0;
}

/* What failed is not tried again; and a server that never got ready is not under another load. */
static void give_up(struct comparison *c, struct cell *cell, int err, const char *why)
{
	for (unsigned i = 0; i < c->count; i++) {
		struct cell *other = &c->cells[i];

		if (other == cell || (err == -ETIMEDOUT && other->contestant == cell->contestant))
			snprintf(other->failure, sizeof(other->failure), "%s", why);
	}
}

static void run_cell(struct laboratory *lab, struct cell *cell)
{
	struct comparison *c = lab->comparison;
	char what[96], why[sizeof(cell->failure)] = "";
	int err;

	snprintf(what, sizeof(what), "%s, %u connection%s, %s", cell->contestant->name,
		 cell->connections, cell->connections == 1 ? "" : "s", load_mode_names[cell->mode]);
	progress_step(&lab->progress, what);
	if (*cell->failure)
		return;
	err = visit(lab, cell, why, sizeof(why));
	if (stop_wanted(c->options.stop_fd))
		c->interrupted = true;
	else if (err)
		give_up(c, cell, err, why);
}

static void run_rounds(struct laboratory *lab)
{
	struct comparison *c = lab->comparison;
	unsigned contestants = c->options.contestant_count;

	for (unsigned round = 0; round < c->options.rounds; round++)
		for (unsigned i = 0; i < c->count && !c->interrupted; i++) {
			unsigned first = i - i % contestants;

			run_cell(lab, &c->cells[first + (i + round) % contestants]);
		}
}

static int cells_make(struct comparison *c)
{
	const struct comparison_options *o = &c->options;

	c->count = o->mode_count * o->connections_count * o->contestant_count;
	c->cells = calloc(c->count, sizeof(*c->cells));
	for (unsigned i = 0; c->cells && i < c->count; i++) {
		struct cell *cell = &c->cells[i];

		cell->contestant = &o->contestants[i % o->contestant_count];
		cell->connections = o->connections[i / o->contestant_count % o->connections_count];
		cell->mode = o->modes[i / o->contestant_count / o->connections_count];
		cell->samples = calloc(o->rounds, sizeof(*cell->samples));
		if (o->script)
			cell->labels = calloc(o->script->label_count, sizeof(*cell->labels));
		if (!cell->samples || (o->script && !cell->labels))
			return -ENOMEM;
	}
	return c->cells ? 0 : -ENOMEM;
}

/* What a visit takes beside its measured time. */
static double aside(const struct comparison_options *o)
{
	return o->warmup + OVERHEAD + (o->script ? ONCE : 0);
}

static double choose_duration(const struct comparison_options *o, unsigned visits)
{
	double each = ALL / visits - aside(o);

	if (o->duration > 0)
		return o->duration;
	return each > LONGEST ? LONGEST : each < SHORTEST ? SHORTEST : each;
}

static int prepare(struct laboratory *lab, char *why, size_t size)
{
	const struct comparison_options *o = &lab->comparison->options;
	int err = subject_open(&lab->subject, o->config, why, size);

	if (!err)
		err = server_find(o->server, lab->program, sizeof(lab->program), why, size);
	if (!err)
		err = scratch_make(&lab->scratch, why, size);
	snprintf(lab->config, sizeof(lab->config), "%s/modus.conf", lab->scratch.path);
	return err;
}

int comparison_run(struct comparison *c, const struct comparison_options *o, char *why, size_t size)
{
	struct laboratory lab = { .comparison = c };
	int err;

	*c = (struct comparison) { .options = *o };
	err = cells_make(c);
	if (err) {
		snprintf(why, size, "out of memory");
		return err;
	}
	c->options.duration = choose_duration(o, c->count * o->rounds);
	host_read(&c->host);
	err = prepare(&lab, why, size);
	if (!err) {
		host_pin(c->host.client_cpu);
		progress_begin(&lab.progress, o->progress, c->count * o->rounds,
			       c->options.duration + aside(o));
		run_rounds(&lab);
		progress_end(&lab.progress);
	}
	scratch_remove(&lab.scratch);
	subject_close(&lab.subject);
	return err;
}

void comparison_free(struct comparison *c)
{
	for (unsigned i = 0; c->cells && i < c->count; i++) {
		free(c->cells[i].samples);
		free(c->cells[i].labels);
		workers_free(&c->cells[i].workers);
	}
	free(c->cells);
	c->cells = NULL;
}

static bool cell_well(const struct cell *cell)
{
	return !*cell->failure && !load_errors_wrong(&cell->errors) &&
	       (!cell->count || statistics_least(cell->samples, cell->count, METRIC_RATE) > 0);
}

bool comparison_well(const struct comparison *c)
{
	for (unsigned i = 0; i < c->count; i++)
		if (!cell_well(&c->cells[i]))
			return false;
	return true;
}
