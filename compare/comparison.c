/* SPDX-License-Identifier: MIT */
#include "compare/comparison.h"

#include "compare/baseline.h"
#include "compare/cells.h"
#include "compare/judgement.h"
#include "compare/loads.h"
#include "compare/measure/watcher.h"
#include "compare/progress.h"
#include "compare/rounds.h"
#include "compare/sample.h"
#include "compare/scenario.h"
#include "compare/stage/scratch.h"
#include "compare/stage/serve.h"
#include "compare/stage/subject.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct laboratory {
	struct comparison *comparison;
	struct subject subject;
	struct progress progress;
	char program[PATH_MAX]; /* that serves */
	struct scratch scratch; /* where, empty each time: what the config names without a leading
				 * '/' begins anew */
	char config[sizeof(((struct scratch *)0)->path) + 16]; /* in there */
};

static void keep(struct cell *cell, const struct load_result *r, struct watcher *w)
{
	cell->samples[cell->count++] = sample_of(r, w);
	cell->rss |= w->open.rss;
	workers_free(&cell->workers);
	watcher_give_workers(w, &cell->workers);
	if (!r->late)
		histogram_merge(&cell->latency, &r->latency);
	load_errors_add(&cell->errors, &r->errors);
	company_add(cell->company, r->company);
	cell->late += r->late;
	cell->overload += r->overload;
	if (cell->visit)
		cell->visit->result = *r;
	if (!*cell->wrong)
		memcpy(cell->wrong, r->wrong, sizeof(cell->wrong));
}

/* Loads a server that runs: 0, -EINTR, or another negative errno and a sentence in why.
 * watcher_free() in any case. */
static int load_cell(const struct comparison_options *o, const struct server *s, struct cell *cell,
		     struct load_result *r, struct watcher *w, char *why, size_t size)
{
	struct load_options load = loads_common(o);
	int err;

	load.target = s->target;
	load.mode = cell->mode;
	load.connections = cell->connections;
	load.by_label = cell->labels;
	if (cell->visit)
		sweep_load(cell->visit, &load);
	watcher_init(w, s->root, &load);
	if (o->syscalls)
		watcher_count_syscalls(w);
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

/* The text of a file, or NULL. */
static char *text_of(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (f && getdelim(&text, &size, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	if (f)
		fclose(f);
	return text;
}

static int start(struct laboratory *lab, struct server *s, struct cell *cell, char *why,
		 size_t size)
{
	const struct contestant *who = cell->contestant;
	int cpu = lab->comparison->host.server_cpu, stop_fd = lab->comparison->options.stop_fd;
	int err;

	if (who->rival && subject_has_datagrams(&lab->subject)) {
		snprintf(why, size, "it is asked over TCP, and this service has datagrams");
		return -EPROTOTYPE;
	}
	if (who->rival)
		return rival_start(s, who->rival, lab->scratch.path, cpu, stop_fd, why, size);
	err = subject_write(&lab->subject, who->model,
			    scenario_clients(lab->comparison->options.scenario, cell->connections),
			    lab->config, why, size);
	if (!err && !cell->config)
		cell->config = text_of(lab->config);
	return err ? err : serve_start(s, lab->program, lab->config, cpu, stop_fd, why, size);
}

static int visit(struct laboratory *lab, struct cell *cell, char *why, size_t size)
{
	const struct comparison_options *o = &lab->comparison->options;
	struct server server = SERVER_NONE;
	int err = start(lab, &server, cell, why, size);

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
	char why[sizeof(cell->failure)] = "";
	int err = visit(lab, cell, why, sizeof(why));

	if (stop_wanted(c->options.stop_fd))
		c->interrupted = true;
	else if (err)
		give_up(c, cell, err, why);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void show_progress(struct laboratory *lab, const struct rounds *r, const struct cell *cell)
{
	char what[160];

	snprintf(what, sizeof(what), "round %u: %s, %u connection%s, %s", r->round,
		 cell->contestant->name, cell->connections, cell->connections == 1 ? "" : "s",
		 load_mode_names[cell->mode]);
	progress_step(&lab->progress, what, now() - r->begin, rounds_left(r, now()));
}

static int run_rounds(struct laboratory *lab)
{
	struct comparison *c = lab->comparison;
	struct rounds rounds;
	int cell, err = rounds_begin(&rounds, c, now());

	while (!err && !c->interrupted && (cell = rounds_next(&rounds, now())) >= 0) {
		show_progress(lab, &rounds, &c->cells[cell]);
		run_cell(lab, &c->cells[cell]);
	}
	c->seconds = now() - rounds.begin;
	rounds_end(&rounds);
	return err;
}

/* All servers are to have the same limits: the first ones, too. */
static int raise_files(char *why, size_t size)
{
	uint64_t most;
	int err = load_raise_files(&most);

	if (err)
		snprintf(why, size, "the limit of open files cannot be raised: %s", strerror(-err));
	return err;
}

static void sweep_one(struct laboratory *lab, struct swept *who)
{
	struct comparison *c = lab->comparison;
	struct sweep *s = &c->sweep;
	struct sweep_visit v;
	struct cell cell;
	char what[160];
	int err;

	sweep_plan_visit(s, who, &v, &cell);
	snprintf(what, sizeof(what), "sweep: %s, %.0f a second", who->contestant->name, v.rate);
	progress_step(&lab->progress, what, now() - s->begin, sweep_left(s, now()));
	err = visit(lab, &cell, cell.failure, sizeof(cell.failure));
	if (stop_wanted(c->options.stop_fd))
		c->interrupted = true;
	else
		sweep_add(s, who, &v, err, cell.failure);
	workers_free(&cell.workers);
	free(cell.config);
}

static int run_sweep(struct laboratory *lab)
{
	struct comparison *c = lab->comparison;
	struct swept *who;
	int err;

	if (c->options.sweep.bound <= 0 || c->interrupted)
		return 0;
	err = sweep_begin(&c->sweep, c, now());
	while (!err && !c->interrupted && (who = sweep_next(&c->sweep, now())))
		sweep_one(lab, who);
	sweep_end(&c->sweep, now());
	return err;
}

bool comparison_any_model(const struct comparison_options *o)
{
	for (unsigned i = 0; i < o->contestant_count; i++)
		if (o->contestants[i].model)
			return true;
	return false;
}

static int prepare(struct laboratory *lab, char *why, size_t size)
{
	const struct comparison_options *o = &lab->comparison->options;
	int err = subject_open(&lab->subject, o->config, why, size);

	if (!err)
		err = loads_check(lab->comparison, subject_has_datagrams(&lab->subject), why, size);
	if (!err && comparison_any_model(o))
		err = serve_find(o->server, lab->program, sizeof(lab->program), why, size);
	if (!err)
		err = scratch_make(&lab->scratch, why, size);
	snprintf(lab->config, sizeof(lab->config), "%s/modus.conf", lab->scratch.path);
	return err;
}

static int run(struct laboratory *lab, char *why, size_t size)
{
	struct comparison *c = lab->comparison;
	int err = prepare(lab, why, size);

	if (err)
		return err;
	host_pin(c->host.client_cpu);
	progress_begin(&lab->progress, c->options.progress, c->options.part);
	err = run_rounds(lab);
	if (!err)
		err = run_sweep(lab);
	progress_end(&lab->progress);
	host_unpin(&c->host);
	if (err)
		snprintf(why, size, "out of memory");
	else
		judgement_make(c);
	return err;
}

int comparison_run(struct comparison *c, const struct comparison_options *o, char *why, size_t size)
{
	struct laboratory lab = { .comparison = c };
	int err;

	*c = (struct comparison) { .options = *o };
	if (!o->seed)
		c->options.seed = chance_seed();
	err = cells_make(c, why, size);
	if (!err)
		err = raise_files(why, size);
	if (err)
		return err;
	c->options.duration = rounds_duration(c);
	host_read(&c->host);
	environment_read(&c->environment);
	err = run(&lab, why, size);
	scratch_remove(&lab.scratch);
	subject_close(&lab.subject);
	return err;
}

void comparison_free(struct comparison *c)
{
	cells_free(c);
	sweep_free(&c->sweep);
	baseline_free(c->baseline);
	c->baseline = NULL;
}
