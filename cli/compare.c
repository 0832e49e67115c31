/* SPDX-License-Identifier: MIT */
/* modus compare: one service under each concurrency model, under load, side by side. */
#include "cli/baseline.h"
#include "cli/contestants.h"
#include "cli/exchange.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "cli/scenarios.h"
#include "cli/shares.h"
#include "cli/sweep.h"
#include "compare/comparison.h"
#include "compare/measure/syscalls.h"
#include "compare/report/advice_report.h"
#include "compare/report/baseline_report.h"
#include "compare/report/sweep_report.h"
#include "compare/report/table.h"

#include <stdlib.h>
#include <string.h>

struct compare_command {
	struct comparison_options options;
	struct contestants contestants;
	struct talk talk;
	struct scenarios scenarios;
	bool list;
	struct outputs outputs;
	double precision; /* percent */
	bool quick, recommend;
	const char *baseline; /* a file, or NULL */
};

static const struct options options;

static _Noreturn void refuse(const char *option, const char *want, const char *got)
{
	options_refuse(&options, option, got, want);
}

static void add_model(void *command, const char *name)
{
	struct compare_command *c = command;

	contestants_add(&c->contestants, &options, &c->options, name);
}

static void add_rival(void *command, const char *text)
{
	rivals_add(&((struct compare_command *)command)->contestants.rivals, &options, text);
}

static void set_rival_pid(void *command, const char *text)
{
	rivals_set_pid(&((struct compare_command *)command)->contestants.rivals, &options, text);
}

static void add_connections(void *command, const char *text)
{
	struct comparison_options *o = &((struct compare_command *)command)->options;

	if (o->connections_count == COMPARISON_CONNECTIONS_MAX)
		refuse("connections", "at most 16 of them", text);
	o->connections[o->connections_count++] =
		(unsigned)options_number(&options, "connections", text, 1, 1000000);
}

static void add_mode(void *command, const char *name)
{
	struct comparison_options *o = &((struct compare_command *)command)->options;

	if (o->mode_count == COMPARISON_MODES)
		refuse("modes", "at most two of them", name);
	o->modes[o->mode_count++] =
		(enum load_mode)options_choice(&options, "modes", name, load_mode_names);
}

static void set_knee(void *command, const char *text)
{
	sweep_set_bound(&options, &((struct compare_command *)command)->options, text);
}

static void add_scenario(void *command, const char *name)
{
	scenarios_add(&options, &((struct compare_command *)command)->scenarios, name);
}

#define AT(member) .offset = offsetof(struct compare_command, member)

static const struct option_row rows[] = {
	{ 'm', "models", "NAME,...", "models to compare (all); none: only those of --against",
	  OPTION_WORDS, .set = add_model },
	{ .name = "talk", .kind = OPTION_ROWS, .rows = exchange_rows, AT(talk) },
	{ 0, "scenario", "NAME,...",
	  "run these in the place of CONFIG; a name has no slash, else it is a path", OPTION_WORDS,
	  .set = add_scenario },
	{ 'l', "list", NULL, "tell the scenarios that there are", OPTION_FLAG, AT(list) },
	{ 'a', "against", "[NAME=]SERVER",
	  "another server, beside them: tcp://HOST:PORT, or a command line with {port}",
	  OPTION_CALL, .set = add_rival },
	{ 0, "against-pid", "PID", "what to measure of the one at tcp://HOST:PORT", OPTION_CALL,
	  .set = set_rival_pid },
	{ 'c', "connections", "N,...",
	  "connections at once (1,64,512; with a script 1,64; quick: 64)", OPTION_WORDS,
	  .set = add_connections },
	{ 'M', "modes", "keep,close",
	  "keep connections open; one per request (both; with a script keep)", OPTION_WORDS,
	  .set = add_mode },
	{ 'd', "duration", "SECONDS", "of each load (so that the budget is enough for six rounds)",
	  OPTION_REAL, AT(options.duration), .least = 0.01, .most = 3600 },
	{ 'w', "warmup", "SECONDS", "before each load (0.2; quick: 0.1)", OPTION_REAL,
	  AT(options.warmup), .most = 3600 },
	{ 'r', "rounds", "N",
	  "how often each is measured (at least 3 times, until --precision is reached or --budget "
	  "is "
	  "spent)",
	  OPTION_NUMBER, AT(options.rounds), .least = 1, .most = STATISTICS_MAX },
	{ 'p', "precision", "PERCENT",
	  "an interval of this width will do, for the rate and the CPU (5)", OPTION_REAL,
	  AT(precision), .least = 0.1, .most = 100 },
	{ 'b', "budget", "SECONDS",
	  "no further round when they are spent (150, for several scenarios 270; quick: 35)",
	  OPTION_REAL, AT(options.budget), .least = 1, .most = 1e6 },
	{ 'k', "knee", "TIME",
	  "then search each one's highest rate with a p99 up to this, 10ms: that has its share "
	  "of the budget",
	  OPTION_CALL, .set = set_knee },
	{ 'q', "quick", NULL, "only 64 connections, within 40 s", OPTION_FLAG, AT(quick) },
	{ 0, "recommend", NULL, "tell which model to put in the config, and why", OPTION_FLAG,
	  AT(recommend) },
	{ 'B', "baseline", "FILE", "an earlier --json: what has changed since", OPTION_TEXT,
	  AT(baseline) },
	{ 'R', "reference", "NAME",
	  "whom the others are compared to, and who takes part twice (the first that serves "
	  "several "
	  "connections at once)",
	  OPTION_TEXT, AT(options.reference) },
	{ 0, "seed", "N", "visits come in the order of the run that told this seed", OPTION_NUMBER,
	  AT(options.seed), .least = 1, .most = 2147483648 },
	{ 's', "size", "BYTES", "size of a message (64)", OPTION_BYTES, AT(options.size),
	  .least = 1, .most = 64 << 20 },
	{ 0, "pipeline", "N", "requests under way on each connection (1)", OPTION_NUMBER,
	  AT(options.pipeline), .least = 1, .most = 1024 },
	{ 'j', "json", "FILE", "write all that was measured there, too", OPTION_TEXT,
	  AT(outputs.path[OUTPUT_JSON]) },
	{ 0, "csv", "FILE", "likewise, a row for each sample", OPTION_TEXT,
	  AT(outputs.path[OUTPUT_CSV]) },
	{ 0, "html", "FILE", "likewise, a page with charts, for a browser", OPTION_TEXT,
	  AT(outputs.path[OUTPUT_HTML]) },
	{ 0, "syscalls", NULL, "count the servers' system calls, too, which slows them",
	  OPTION_FLAG, AT(options.syscalls) },
	{ 'S', "server", "PROGRAM", "the serving program (modus-serve, next to this or installed)",
	  OPTION_TEXT, AT(options.server) },
	{ 0 },
};

static const struct options options = {
	.command = "modus compare",
	.usage = "[OPTION]... [CONFIG]",
	.about = "Serves the first service of CONFIG (default: an echo service) under each "
		 "concurrency model in\n"
		 "turn, puts it under load and prints how the models fared. It has to echo, with "
		 "--script to hold\n"
		 "the dialogue that stands in FILE, with --send and --reply to reply as described, "
		 "with --http to\n"
		 "speak HTTP. Each server begins in an empty directory: relative paths in CONFIG "
		 "are of files that\n"
		 "are new each time; what it reads has to be named with a whole path.\n",
	.after = "Examples:\n"
		 "  modus compare --quick --recommend    within 40 s; which model to take\n"
		 "  modus compare --scenario wait,cpu    loads that --list tells\n"
		 "  modus compare -m pool,epoll -c 1,1000 --html report.html my.conf\n\n"
		 "Exit status: 0; 1 if a server failed, did not reply or replied wrongly;\n"
		 "2 for wrong usage; 130 after Ctrl-C.\n",
	.rows = rows,
};

/* Those that fit what is said, where nothing tells them. */
static void set_modes(struct compare_command *c)
{
	const struct comparison_options *o = &c->options;
	bool unasked = c->talk.kind == TALK_BYTES && !c->talk.wish.send;

	if (!unasked)
		add_mode(c, "keep");
	if (!o->script && o->pipeline <= 1)
		add_mode(c, "close");
}

static void set_defaults(struct compare_command *c)
{
	struct comparison_options *o = &c->options;

	if (!o->size)
		o->size = 64;
	if (!o->connections_count && c->quick)
		add_connections(c, "64");
	if (!o->connections_count) {
		add_connections(c, "1");
		add_connections(c, "64");
		if (!o->script)
			add_connections(c, "512");
	}
	if (o->warmup < 0)
		o->warmup = c->quick ? 0.1 : 0.2;
	if (!o->budget) {
		o->budget = c->quick ? 35 : c->scenarios.count > 1 ? 270 : 150;
		o->limit = o->budget * 1.05;
	}
	o->precision = c->precision / 100;
	if (!o->mode_count)
		set_modes(c);
}

static int print(const struct compare_command *command, const struct comparison *c)
{
	if (c->options.scenario)
		scenarios_head(c->options.scenario);
	table_print(stdout, c);
	notes_print(stdout, c);
	sweep_report(stdout, c);
	if (command->recommend)
		advice_report(stdout, c);
	if (c->baseline)
		baseline_report(stdout, c);
	if (c->interrupted)
		return 130;
	return comparison_well(c) && sweep_well(&c->sweep) ? 0 : 1;
}

static void apply(struct compare_command *c, const struct scenario *s)
{
	unsigned models =
		c->options.contestant_count || c->contestants.no_models ? 0 : s->model_count;

	for (unsigned i = 0; i < models; i++)
		add_model(c, s->models[i]);
	scenarios_apply(s, c->quick, &c->options);
}

/* The one of the comparisons that stands at that place; budget and limit are of all. */
static struct compare_command one_of(const struct compare_command *c, unsigned at)
{
	struct compare_command one = *c;

	if (c->scenarios.count) {
		apply(&one, c->scenarios.all[at]);
		snprintf(one.options.part, sizeof(one.options.part), "%s, %u of %u",
			 c->scenarios.all[at]->name, at + 1, c->scenarios.count);
	}
	set_defaults(&one);
	contestants_join(&c->contestants, &options, &one.options);
	return one;
}

/* One after the other, of which the worst status counts; none after one that was interrupted. */
static int run(const struct compare_command *c, struct comparison all[SCENARIOS_MAX],
	       unsigned *count)
{
	struct shares shares;
	struct compare_command one;
	int status = 0, own = 0;
	char why[1024];

	shares_begin(&shares);
	do {
		one = one_of(c, shares.count);
		shares_add(&shares, &one.options);
	} while (shares.count < c->scenarios.count);
	do {
		one = one_of(c, *count);
		shares_take(&shares, *count, &one.options);
		sweep_plan(&one.options);
		if (comparison_run(&all[*count], &one.options, why, sizeof(why))) {
			fprintf(stderr, "modus compare: %s\n", why);
			comparison_free(&all[*count]);
			return 2;
		}
		if (*count)
			printf("\n");
		baseline_join(&all[*count], c->baseline, *count);
		own = print(c, &all[*count]);
		++*count;
		status = own > status ? own : status;
	} while (*count < c->scenarios.count && own != 130);
	return status;
}

static void check_talk(const struct compare_command *c, int arguments)
{
	const struct talk_wish *w = &c->talk.wish;
	const char *name = w->script ? "script" : w->http.path ? "http" : "reply";
	const char *text = w->script ? w->script : w->http.path ? w->http.path : w->reply;

	if (c->scenarios.count && text)
		refuse(name, "none beside --scenario, which brings what is said", text);
	if (w->http.path && !arguments && !c->contestants.no_models)
		refuse("http",
		       "it with a CONFIG whose service speaks HTTP, or with --models none and "
		       "--against",
		       text);
}

static void check(const struct compare_command *c, int arguments)
{
	char why[256];

	if (c->options.syscalls && syscalls_possible(why, sizeof(why))) {
		fprintf(stderr, "modus compare: --syscalls: %s\n", why);
		exit(2);
	}
	if (c->list)
		scenarios_print(&options);
	sweep_check(&options, &c->options, &c->scenarios);
	baseline_check(c->baseline);
	if (arguments > (c->scenarios.count ? 0 : 1))
		options_misused(&options);
	if (c->recommend && c->contestants.no_models)
		refuse("recommend", "models to choose from", "it beside --models none");
	contestants_check(&c->contestants, &options, &c->options, arguments);
	check_talk(c, arguments);
}

int main(int argc, char **argv)
{
	struct compare_command c = { .options = { .warmup = -1 }, .precision = 5 };
	static struct comparison all[SCENARIOS_MAX];
	int first = options_read(&options, &c, argc, argv), status;
	unsigned count = 0;

	exchange_read(&options, &c.talk);
	c.options.talk = &c.talk;
	c.options.script = c.talk.kind == TALK_SCRIPT ? &c.talk.script : NULL;
	check(&c, argc - first);
	c.options.config = argv[first];
	c.options.stop_fd = options_stop_fd();
	c.options.progress = stderr;
	outputs_open(&c.outputs);
	status = run(&c, all, &count);
	if (count)
		legend_print(stdout, &all[0]);
	if (count)
		outputs_write(&c.outputs, all, count);
	while (count > 0)
		comparison_free(&all[--count]);
	scenarios_free(&c.scenarios);
	talk_free(&c.talk);
	return status;
}
