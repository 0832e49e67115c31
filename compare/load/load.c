/* SPDX-License-Identifier: MIT */
/*
 * A run of the engine: the connections are dealt out to so many threads, each of which goes through
 * the phases (load_phases.c) with an epoll, a schedule and a result of its own.  Nothing is shared
 * while they run; the results are put together afterwards, exactly.
 */
#include "compare/load/load.h"

#include "compare/load/exchange.h"
#include "compare/load/script.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct part {
	pthread_t thread;
	struct load load;
	struct load_options options;
	struct load_result result;
	struct histogram by_label[SCRIPT_LABELS];
};

struct run {
	const struct load_options *options;
	struct load_crew crew;
	struct part *parts;
	unsigned ready; /* of them, to be freed */
};

static int part_init(struct run *run, const struct address *target, unsigned number)
{
	const struct load_options *o = run->options;
	struct part *p = &run->parts[number];

	p->options = *o;
	p->options.by_label = o->by_label ? p->by_label : NULL;
	p->load = (struct load) {
		.options = &p->options,
		.exchange = exchange_of(o),
		.result = &p->result,
		.target = *target,
		.crew = &run->crew,
		.part = number,
	};
	run->ready++;
	return load_init(&p->load);
}

static void *part_run(void *arg)
{
	struct part *p = arg;

	/* Until all have started, or it is known that they cannot. */
	pthread_mutex_lock(&p->load.crew->gate);
	pthread_mutex_unlock(&p->load.crew->gate);
	if (!p->load.crew->failed)
		load_phases(&p->load);
	return NULL;
}

/* The first part runs in the calling thread. */
static int run_parts(struct run *run)
{
	struct load_crew *crew = &run->crew;
	unsigned started = 1;
	int err = 0;

	pthread_mutex_lock(&crew->gate);
	for (; started < crew->parts && !err; started += !err)
		err = pthread_create(&run->parts[started].thread, NULL, part_run,
				     &run->parts[started]);
	crew->failed = err != 0;
	pthread_mutex_unlock(&crew->gate);
	part_run(&run->parts[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(run->parts[i].thread, NULL);
	return crew->company_failed ? -ENOMEM : -err;
}

static void run_merge(struct run *run, struct load_result *r)
{
	const struct load_options *o = run->options;
	unsigned labels = o->script && o->by_label ? o->script->label_count : 0;
	double sum = 0, squares = 0;

	for (unsigned i = 0; i < run->crew.parts; i++) {
		const struct part *p = &run->parts[i];

		load_result_merge(r, &p->result);
		for (unsigned label = 0; label < labels; label++)
			histogram_merge(&o->by_label[label], &p->by_label[label]);
		for (unsigned n = 0; n < p->load.count; n++) {
			double served = (double)p->load.conns[n].served;

			r->served += served > 0;
			sum += served;
			squares += served * served;
		}
	}
	memcpy(r->company, run->crew.company_count, sizeof(r->company));
	r->asked = o->connections;
	r->stopped = run->crew.stopped;
	r->fairness = squares > 0 ? sum * sum / (squares * o->connections) : 0;
	load_result_judge(r, o);
}

static int run_init(struct run *run, const struct address *target)
{
	int err = 0;

	run->crew.parts = run->options->threads ? run->options->threads : 1;
	pthread_mutex_init(&run->crew.gate, NULL);
	pthread_barrier_init(&run->crew.meeting, NULL, run->crew.parts);
	run->parts = calloc(run->crew.parts, sizeof(*run->parts));
	if (!run->parts)
		return -ENOMEM;
	for (unsigned i = 0; i < run->crew.parts && !err; i++)
		err = part_init(run, target, i);
	return err;
}

static void run_free(struct run *run)
{
	for (unsigned i = 0; i < run->ready; i++)
		load_free(&run->parts[i].load);
	free(run->parts);
	pthread_barrier_destroy(&run->crew.meeting);
	pthread_mutex_destroy(&run->crew.gate);
}

int load_run(const struct load_options *o, struct load_result *r, char *why, size_t size)
{
	struct run run = { .options = o };
	struct address target;
	int err = load_check(o, &target, why, size);

	memset(r, 0, sizeof(*r));
	r->asked = o->connections;
	if (err)
		return err;
	err = run_init(&run, &target);
	if (!err)
		err = run_parts(&run);
	if (err)
		snprintf(why, size, "cannot prepare %u connections: %s", o->connections,
			 strerror(-err));
	else
		run_merge(&run, r);
	run_free(&run);
	return err;
}
