/* SPDX-License-Identifier: MIT */
/* modus load: puts a service under load and says how it fared. */
#include "compare/load/load.h"
#include "cli/exchange.h"
#include "cli/knee.h"
#include "cli/options.h"
#include "compare/load/knee.h"
#include "compare/report/load_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct load_command {
	struct load_options options;
	struct watcher watcher; /* root is 0: nothing is watched */
	unsigned server;        /* its process */
	bool syscalls;          /* those of its are counted, too */
	struct talk talk;
	struct company company;
	uint64_t knee; /* nanoseconds; 0: none is searched */
	bool json;
};

static const struct options options;

static void set_company(void *command, const char *text)
{
	struct load_command *c = command;
	char why[256];

	if (company_read(&c->company, text, why, sizeof(why))) {
		fprintf(stderr, "modus load: %s\n", why);
		exit(2);
	}
	c->options.company = &c->company;
}

static void set_knee(void *command, const char *text)
{
	struct load_command *c = command;

	c->knee = knee_bound(text);
	if (!c->knee)
		options_refuse(&options, "knee", text, "a time: 10ms, 500us, 0.01");
}

#define AT(member) .offset = offsetof(struct load_command, member)

static const struct option_row rows[] = {
	{ 'c', "connections", "N", "connections at once (64)", OPTION_NUMBER,
	  AT(options.connections), .least = 1, .most = 1000000 },
	{ 'm', "mode", "keep|close", "keep them open, or one connection per request (keep)",
	  OPTION_CHOICE, AT(options.mode), .names = load_mode_names },
	{ 's', "size", "BYTES", "size of a message (64)", OPTION_BYTES, AT(options.size),
	  .least = 1, .most = 64 << 20 },
	{ .name = "talk", .kind = OPTION_ROWS, .rows = exchange_rows, AT(talk) },
	{ 'C', "company", "KIND=N,...",
	  "clients beside these: silent, trickle, slow, reset, half, herd; N or N%", OPTION_CALL,
	  .set = set_company },
	{ 'd', "duration", "SECONDS", "measured time (3)", OPTION_REAL, AT(options.duration),
	  .most = 86400 },
	{ 'w', "warmup", "SECONDS", "time before it (0.3)", OPTION_REAL, AT(options.warmup),
	  .most = 3600 },
	{ 'p', "pipeline", "N", "requests under way on each connection (1)", OPTION_NUMBER,
	  AT(options.pipeline), .least = 1, .most = 1024 },
	{ 't', "timeout", "SECONDS", "how long to wait for a reply (5)", OPTION_REAL,
	  AT(options.timeout), .most = 3600 },
	{ 'R', "rate", "R",
	  "an open loop: R requests arrive per second, whatever becomes of those before",
	  OPTION_REAL, AT(options.rate), .most = 1e8 },
	{ 'a', "arrivals", "constant|poisson", "how they arrive (constant)", OPTION_CHOICE,
	  AT(options.arrivals), .names = load_arrivals_names },
	{ 0, "think", "SECONDS", "between a reply and the next request of a closed loop (0)",
	  OPTION_REAL, AT(options.think), .most = 3600 },
	{ 0, "per-connection", "N", "requests on a connection before it is closed and opened anew",
	  OPTION_NUMBER, AT(options.per_connection), .least = 2 },
	{ 0, "ramp", "SECONDS", "the connections are opened over so long (0)", OPTION_REAL,
	  AT(options.ramp), .most = 3600 },
	{ 'k', "knee", "TIME",
	  "search the highest rate whose p99 is at most TIME (10ms, 500us, 0.01), from --rate on "
	  "(1000); each step is an open loop",
	  OPTION_CALL, .set = set_knee },
	{ 'T', "threads", "N", "of the client (1)", OPTION_NUMBER, AT(options.threads), .least = 1,
	  .most = 64 },
	{ 'P', "server", "PID", "also tell what this process and all below it use", OPTION_NUMBER,
	  AT(server), .least = 1 },
	{ 0, "syscalls", NULL, "with --server, also count its system calls, which slows it",
	  OPTION_FLAG, AT(syscalls) },
	{ 'j', "json", NULL, "print one JSON object", OPTION_FLAG, AT(json) },
	{ 0 },
};

static const struct options options = {
	.command = "modus load",
	.usage = "[OPTION]... TARGET",
	.about = "Puts the service at TARGET under load: an echo service, each byte of whose "
		 "replies is checked,\n"
		 "or with --script any that holds the dialogue that stands in FILE, or with --send "
		 "and --reply\n"
		 "any whose replies are as described, or with --http an HTTP server.\n"
		 "TARGET is tcp://host:port, udp://host:port, unix:///path, unix-dgram:///path or\n"
		 "http://host:port/path, which is tcp:// with --http /path.\n",
	.after =
		"Exit status: 0; 1 if no request was served, a reply was wrong, the client did not "
		"keep the rate\n(then the figures are invalid), or no knee was found; 2 for wrong "
		"usage.\n",
	.rows = rows,
};

static void choose_talk(struct load_command *c)
{
	if (http_is(c->options.target))
		c->talk.wish.http.url = c->options.target;
	exchange_read(&options, &c->talk);
	talk_put(&c->talk, &c->options);
	if (c->talk.wish.http.url)
		c->options.target = c->talk.http.address;
}

/* Whether the server could be read, where it is to be. */
static void check_watcher(const struct load_command *c, int err)
{
	if (!err)
		return;
	fprintf(stderr, "modus load: process %u cannot be watched: %s\n", c->server,
		strerror(-err));
	exit(2);
}

static void watch(struct load_command *c)
{
	struct tree_usage used;
	char why[256];

	check_watcher(c, tree_read((pid_t)c->server, false, &used));
	watcher_init(&c->watcher, (pid_t)c->server, &c->options);
	if (!c->syscalls)
		return;
	watcher_count_syscalls(&c->watcher);
	if (syscalls_possible(why, sizeof(why))) {
		fprintf(stderr, "modus load: --syscalls: %s\n", why);
		exit(2);
	}
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
							c->server ? &c->watcher : NULL);
	return r.requests && !r.late && !load_errors_wrong(&r.errors) ? 0 : 1;
}

int main(int argc, char **argv)
{
	static struct histogram by_label[SCRIPT_LABELS];
	struct load_command c = { .options = LOAD_DEFAULTS };
	int first = options_read(&options, &c, argc, argv), status;

	if (first + 1 != argc)
		options_misused(&options);
	c.options.target = argv[first];
	choose_talk(&c);
	c.options.by_label = by_label;
	if (c.server && c.knee)
		options_refuse(&options, "server", "it", "no --knee: that is many loads");
	if (c.server)
		watch(&c);
	c.options.stop_fd = options_stop_fd();
	status = c.knee ? knee_run(&c.options, c.knee, c.json) : run(&c);
	if (c.server)
		watcher_free(&c.watcher);
	talk_free(&c.talk);
	return status;
}
