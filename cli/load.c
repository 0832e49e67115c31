/* SPDX-License-Identifier: MIT */
/* modus load: puts a service under load and says how it fared. */
#include "compare/load/load.h"
#include "compare/load/script.h"
#include "compare/report/load_report.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

struct load_command {
	struct load_options options;
	struct watcher watcher; /* root is 0: nothing is watched */
	struct script script;   /* without a pool: there is none */
	bool json;
};

static const char usage[] =
	"usage: modus load [OPTION]... TARGET\n"
	"Puts the service at TARGET under load: an echo service, each byte of whose replies is "
	"checked,\n"
	"or with --script any that holds the dialogue that stands in FILE.\n"
	"TARGET is tcp://host:port, udp://host:port, unix:///path or unix-dgram:///path.\n\n"
	"  -c, --connections N     connections at once (64)\n"
	"  -m, --mode keep|close   keep them open, or one connection per request (keep)\n"
	"  -s, --size BYTES        size of a message (64)\n"
	"  -f, --script FILE       what is said: send, expect, pause, repeat; docs/comparing.md "
	"tells how\n"
	"  -d, --duration SECONDS  measured time (3)\n"
	"  -w, --warmup SECONDS    time before it (0.3)\n"
	"  -p, --pipeline N        requests under way on each connection (1)\n"
	"  -t, --timeout SECONDS   how long to wait for a reply (5)\n"
	"  -P, --server PID        also tell what this process and all below it use\n"
	"  -j, --json              print one JSON object\n"
	"  -h, --help              print this\n\n"
	"Exit status: 0; 1 if no request was served or a reply was wrong; 2 for wrong usage.\n";

static const struct option longs[] = {
	{ "connections", required_argument, NULL, 'c' },
	{ "mode", required_argument, NULL, 'm' },
	{ "size", required_argument, NULL, 's' },
	{ "script", required_argument, NULL, 'f' },
	{ "duration", required_argument, NULL, 'd' },
	{ "warmup", required_argument, NULL, 'w' },
	{ "pipeline", required_argument, NULL, 'p' },
	{ "timeout", required_argument, NULL, 't' },
	{ "server", required_argument, NULL, 'P' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void refuse(const char *what, const char *got)
{
	fprintf(stderr, "modus load: %s, not '%s' (see modus load --help)\n", what, got);
	exit(2);
}

static unsigned number(const char *text, const char *name)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);
	char what[64];

	if (*text >= '0' && *text <= '9' && !*end && n <= 1 << 30)
		return (unsigned)n;
	snprintf(what, sizeof(what), "--%s must be a whole number", name);
	refuse(what, text);
	return 0;
}

static double seconds(const char *text, const char *name)
{
	char *end;
	double s = strtod(text, &end);
	char what[64];

	if (end != text && !*end && s >= 0 && s <= 86400)
		return s;
	snprintf(what, sizeof(what), "--%s must be a number of seconds", name);
	refuse(what, text);
	return 0;
}

static enum load_mode mode(const char *text)
{
	if (!strcmp(text, "keep"))
		return LOAD_KEEP;
	if (strcmp(text, "close"))
		refuse("--mode must be keep or close", text);
	return LOAD_CLOSE;
}

static void set_script(struct load_command *c, const char *path)
{
	char why[512];

	script_free(&c->script);
	if (script_read(&c->script, path, why, sizeof(why))) {
		fprintf(stderr, "modus load: %s\n", why);
		exit(2);
	}
	c->options.script = &c->script;
}

static void set(struct load_command *c, int option)
{
	struct load_options *o = &c->options;

	switch (option) {
	case 'c':
		o->connections = number(optarg, "connections");
		break;
	case 'm':
		o->mode = mode(optarg);
		break;
	case 's':
		o->size = number(optarg, "size");
		break;
	case 'f':
		set_script(c, optarg);
		break;
	case 'd':
		o->duration = seconds(optarg, "duration");
		break;
	case 'w':
		o->warmup = seconds(optarg, "warmup");
		break;
	case 'p':
		o->pipeline = number(optarg, "pipeline");
		break;
	case 't':
		o->timeout = seconds(optarg, "timeout");
		break;
	case 'P':
		c->watcher.root = (pid_t)number(optarg, "server");
		if (c->watcher.root == 0)
			refuse("--server must be the number of a process", optarg);
		break;
	case 'j':
		c->json = true;
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		fputs("see modus load --help\n", stderr);
		exit(2);
	}
}

/* Whether the server could be read, where it is to be. */
static void check_watcher(const struct load_command *c, int err)
{
	if (!err)
		return;
	fprintf(stderr, "modus load: process %d cannot be watched: %s\n", (int)c->watcher.root,
		strerror(-err));
	exit(2);
}

static void watch(struct load_command *c)
{
	struct tree_usage used;

	check_watcher(c, tree_read(c->watcher.root, false, &used));
	watcher_init(&c->watcher, c->watcher.root, &c->options);
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

static int run(struct load_command *c)
{
	struct load_result r;
	char why[256];

	if (load_run(&c->options, &r, why, sizeof(why))) {
		fprintf(stderr, "modus load: %s\n", why);
		return 2;
	}
	check_watcher(c, c->watcher.err);
	(c->json ? load_report_json : load_report_text)(stdout, &c->options, &r,
							c->watcher.root ? &c->watcher : NULL);
	return r.requests && !load_errors_wrong(&r.errors) ? 0 : 1;
}

int main(int argc, char **argv)
{
	static struct histogram by_label[SCRIPT_LABELS];
	struct load_command c = { .options = LOAD_DEFAULTS };
	int option, status;

	while ((option = getopt_long(argc, argv, "c:m:s:f:d:w:p:t:P:jh", longs, NULL)) >= 0)
		set(&c, option);
	if (optind + 1 != argc) {
		fputs(usage, stderr);
		return 2;
	}
	c.options.target = argv[optind];
	c.options.by_label = by_label;
	if (c.watcher.root)
		watch(&c);
	c.options.stop_fd = stop_open();
	status = run(&c);
	script_free(&c.script);
	return status;
}
