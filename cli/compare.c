/* SPDX-License-Identifier: MIT */
/* modus compare: one service under each concurrency model, under load, side by side. */
#include "compare/comparison.h"
#include "compare/load/script.h"
#include "compare/report/record.h"
#include "compare/report/table.h"
#include "models/models.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct compare_command {
	struct comparison_options options;
	struct script script; /* without a pool: there is none */
	const char *json;
};

static const char usage[] =
	"usage: modus compare [OPTION]... [CONFIG]\n"
	"Serves the first service of CONFIG (default: an echo service) under each concurrency "
	"model in\n"
	"turn, puts it under load and prints how the models fared. It has to echo, or with "
	"--script "
	"to\n"
	"hold the dialogue that stands in FILE. Each server begins in an empty directory: relative "
	"paths in\n"
	"CONFIG are of files that are new each time; what it reads has to be named with a whole "
	"path.\n\n"
	"  -m, --models NAME,...       models to compare (all)\n"
	"  -f, --script FILE           what is said: send, expect, pause, repeat; "
	"docs/comparing.md tells how\n"
	"  -c, --connections N,...     connections at once (1,64,512; with a script 1,64)\n"
	"  -M, --modes keep,close      keep connections open; one per request (both; with a script "
	"keep)\n"
	"  -d, --duration SECONDS      of each load (so that all ends within 3 minutes, at most "
	"1.5)\n"
	"  -w, --warmup SECONDS        before each load (0.2)\n"
	"  -r, --rounds N              how often each is measured; medians are shown (3)\n"
	"  -s, --size BYTES            size of a message (64)\n"
	"  -j, --json FILE             write all samples there, too\n"
	"  -S, --server PROGRAM        the serving program (modus-serve, next to this or "
	"installed)\n"
	"  -h, --help                  print this\n\n"
	"Exit status: 0; 1 if a server failed, did not reply or replied wrongly; 2 for wrong\n"
	"usage; 130 after Ctrl-C.\n";

static const struct option longs[] = {
	{ "models", required_argument, NULL, 'm' },
	{ "script", required_argument, NULL, 'f' },
	{ "connections", required_argument, NULL, 'c' },
	{ "modes", required_argument, NULL, 'M' },
	{ "duration", required_argument, NULL, 'd' },
	{ "warmup", required_argument, NULL, 'w' },
	{ "rounds", required_argument, NULL, 'r' },
	{ "size", required_argument, NULL, 's' },
	{ "json", required_argument, NULL, 'j' },
	{ "server", required_argument, NULL, 'S' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void refuse(const char *option, const char *want, const char *got)
{
	fprintf(stderr, "modus compare: --%s: got '%s', want %s\n", option, got, want);
	exit(2);
}

static unsigned number(const char *option, const char *text, unsigned max)
{
	char *end, want[64];
	unsigned long n = strtoul(text, &end, 10);

	if (*text >= '0' && *text <= '9' && !*end && n >= 1 && n <= max)
		return (unsigned)n;
	snprintf(want, sizeof(want), "a whole number from 1 to %u", max);
	refuse(option, want, text);
	return 0;
}

static double seconds(const char *option, const char *text, double least)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end || !(s >= least && s <= 3600))
		refuse(option, "a number of seconds up to 3600", text);
	return s;
}

static void add_model(struct compare_command *c, const char *name)
{
	struct comparison_options *o = &c->options;
	char known[256] = "one of";
	size_t n = strlen(known);

	if (o->model_count == COMPARISON_MODELS_MAX)
		refuse("models", "fewer of them", name);
	for (const struct modus_model *const *m = models_all; *m; m++) {
		if (!strcmp((*m)->name, name)) {
			o->models[o->model_count++] = *m;
			return;
		}
		if (n < sizeof(known))
			n += (size_t)snprintf(known + n, sizeof(known) - n, " %s", (*m)->name);
	}
	refuse("models", known, name);
}

static void add_connections(struct compare_command *c, const char *text)
{
	struct comparison_options *o = &c->options;

	if (o->connections_count == COMPARISON_CONNECTIONS_MAX)
		refuse("connections", "at most 16 of them", text);
	o->connections[o->connections_count++] = number("connections", text, 1000000);
}

static void add_mode(struct compare_command *c, const char *name)
{
	struct comparison_options *o = &c->options;

	if (o->mode_count == COMPARISON_MODES)
		refuse("modes", "at most two of them", name);
	if (!strcmp(name, "keep"))
		o->modes[o->mode_count++] = LOAD_KEEP;
	else if (!strcmp(name, "close"))
		o->modes[o->mode_count++] = LOAD_CLOSE;
	else
		refuse("modes", "keep or close", name);
}

/* Calls add for each word between commas. */
static void each(struct compare_command *c, char *words,
		 void (*add)(struct compare_command *c, const char *word))
{
	char *word;

	while ((word = strsep(&words, ",")))
		add(c, word);
}

static void set_script(struct compare_command *c, const char *path)
{
	char why[512];

	script_free(&c->script);
	if (script_read(&c->script, path, why, sizeof(why))) {
		fprintf(stderr, "modus compare: %s\n", why);
		exit(2);
	}
	c->options.script = &c->script;
}

static void set(struct compare_command *c, int option)
{
	struct comparison_options *o = &c->options;

	switch (option) {
	case 'm':
		each(c, optarg, add_model);
		break;
	case 'f':
		set_script(c, optarg);
		break;
	case 'c':
		each(c, optarg, add_connections);
		break;
	case 'M':
		each(c, optarg, add_mode);
		break;
	case 'd':
		o->duration = seconds("duration", optarg, 0.01);
		break;
	case 'w':
		o->warmup = seconds("warmup", optarg, 0);
		break;
	case 'r':
		o->rounds = number("rounds", optarg, STATISTICS_MAX);
		break;
	case 's':
		o->size = number("size", optarg, 64 << 20);
		break;
	case 'j':
		c->json = optarg;
		break;
	case 'S':
		o->server = optarg;
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		fputs("see modus compare --help\n", stderr);
		exit(2);
	}
}

static void set_defaults(struct compare_command *c)
{
	struct comparison_options *o = &c->options;

	if (!o->model_count)
		for (const struct modus_model *const *m = models_all; *m; m++)
			add_model(c, (*m)->name);
	if (!o->connections_count) {
		add_connections(c, "1");
		add_connections(c, "64");
		if (!o->script)
			add_connections(c, "512");
	}
	if (!o->mode_count) {
		add_mode(c, "keep");
		if (!o->script)
			add_mode(c, "close");
	}
	for (unsigned i = 0; i < o->mode_count; i++)
		if (o->script && o->modes[i] == LOAD_CLOSE)
			refuse("modes", "keep, where there is a script", "close");
}

/* A descriptor that becomes readable on SIGINT and SIGTERM, which then do nothing else. */
static int stop_open(void)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	return signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Opened before the first load, so that a name that cannot be written is known then. */
static FILE *record_open(const char *path)
{
	FILE *f = path ? fopen(path, "we") : NULL;

	if (path && !f) {
		fprintf(stderr, "modus compare: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	return f;
}

static int print(const struct comparison *c, FILE *record)
{
	table_print(stdout, c);
	notes_print(stdout, c);
	if (record)
		record_write(record, c);
	if (c->interrupted)
		return 130;
	return comparison_well(c) ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct compare_command c = { .options = { .rounds = 3, .size = 64, .warmup = 0.2 } };
	struct comparison comparison;
	char why[1024];
	FILE *record;
	int option, status = 2;

	while ((option = getopt_long(argc, argv, "m:f:c:M:d:w:r:s:j:S:h", longs, NULL)) >= 0)
		set(&c, option);
	if (argc - optind > 1) {
		fputs(usage, stderr);
		return 2;
	}
	set_defaults(&c);
	c.options.config = argv[optind];
	c.options.stop_fd = stop_open();
	c.options.progress = isatty(STDERR_FILENO) ? stderr : NULL;
	record = record_open(c.json);
	if (comparison_run(&comparison, &c.options, why, sizeof(why)))
		fprintf(stderr, "modus compare: %s\n", why);
	else
		status = print(&comparison, record);
	comparison_free(&comparison);
	script_free(&c.script);
	if (record && fclose(record)) {
		fprintf(stderr, "modus compare: %s: %s\n", c.json, strerror(errno));
		return 2;
	}
	return status;
}
