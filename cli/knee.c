/* SPDX-License-Identifier: MIT */
#include "cli/knee.h"

#include "compare/load/knee.h"
#include "compare/report/knee_report.h"

enum { STOPPED = 1 };
static const double FIRST = 1000;
static const double ENOUGH = 100; /* requests for a p99 */

struct knee_command {
	struct load_options load;
	uint64_t bound;
	bool json;
};

/* 0, STOPPED, or a negative errno. */
static int measure(struct knee_command *c, struct knee_step *step)
{
	struct load_result r;
	char why[256];
	int err;

	c->load.rate = step->rate;
	err = load_run(&c->load, &r, why, sizeof(why));
	if (err)
		fprintf(stderr, "modus load: %s\n", why);
	if (err || r.stopped)
		return err ? err : STOPPED;
	step->achieved = (double)r.requests / r.seconds;
	step->p50 = histogram_percentile(&r.latency, 50);
	step->p99 = histogram_percentile(&r.latency, 99);
	step->errors = load_errors_sum(&r.errors);
	step->overload = r.overload;
	step->late = r.late;
	step->under = knee_is_under(step, c->bound);
	if (!c->json)
		knee_report_step(stdout, step);
	return 0;
}

static int search(struct knee_command *c, struct knee *k)
{
	int err = 0;

	while (!err && knee_next(k) > 0) {
		struct knee_step step = { .rate = knee_next(k) };

		err = measure(c, &step);
		if (!err)
			knee_add(k, &step);
	}
	return err;
}

int knee_run(const struct load_options *o, uint64_t bound, bool json)
{
	struct knee_command c = { .load = *o, .bound = bound, .json = json };
	const struct knee_range range = {
		.origin = o->rate > 0 ? o->rate : FIRST,
		.least = ENOUGH / o->duration,
		.per_octave = KNEE_FINE,
		.step = KNEE_FINE,
	};
	struct knee k;
	int err;

	c.load.rate = 0;
	if (!json)
		knee_report_title(stdout, &c.load, bound);
	knee_begin(&k, &range);
	err = search(&c, &k);
	if (err < 0)
		return 2;
	if (json)
		knee_report_json(stdout, o, &k, bound, err == STOPPED);
	else
		knee_report_end(stdout, &k, err == STOPPED);
	return k.rate > 0 ? 0 : 1;
}
