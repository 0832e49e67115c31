/* SPDX-License-Identifier: MIT */
/* A service without processes, threads or sockets: its beginning and its end. */
#include "handlers/testing/testing.h"

#include "config/config.h"
#include "core/fatal.h"
#include "core/log.h"
#include "core/news.h"
#include "core/settings.h"
#include "handlers/loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIBERS = 256, STACK = 64 << 10, HELPER_WAIT_MS = 15000, BEGINNING_MS = 1000000 };

/* News goes from each service of the process to each: the one list that no struct can hold. */
static struct {
	struct scoreboard *all[NEWS_BOARDS];
	size_t count;
} service_boards;

static bool add_board(struct scoreboard *b)
{
	if (service_boards.count == NEWS_BOARDS)
		return false;
	service_boards.all[service_boards.count++] = b;
	news_boards(service_boards.all, service_boards.count);
	return true;
}

static void remove_board(const struct scoreboard *b)
{
	for (size_t i = 0; i < service_boards.count; i++)
		if (service_boards.all[i] == b)
			service_boards.all[i] = service_boards.all[--service_boards.count];
	news_boards(service_boards.all, service_boards.count);
}

void testing_abort(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("modus-test: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

void *testing_must(void *memory)
{
	if (!memory)
		testing_abort("out of memory");
	return memory;
}

static void say(void *arg, const char *sentence)
{
	fprintf(stderr, "modus-test: %s\n", sentence);
}

const struct modus_plugin *modus_test_load(const char *file)
{
	const struct modus_plugin *p;
	char why[512];

	p = loader_open(file, "", why, sizeof(why));
	if (!p)
		say(NULL, why);
	return p;
}

/* ---- Beginning ---- */

static int read_settings(struct modus_test *t, const char *text)
{
	struct config_sources sources = { .open_plugin = loader_open };
	struct instance *i = t->service.handler;
	char why[256] = "";
	int rc;

	rc = config_read_settings("settings", text ? text : "", t->plugin->settings, i->settings, i,
				  &sources, &t->settings, say, NULL);
	if (rc || !t->plugin->check)
		return rc;
	rc = t->plugin->check(i->settings, why, sizeof(why));
	if (rc)
		fprintf(stderr, "modus-test: plugin %s refuses its settings: %s\n", t->plugin->name,
			*why ? why : "it does not say why");
	return rc;
}

static size_t no_workers(const void *settings)
{
	return 1 + TESTING_PLACES;
}

static void make_service(struct modus_test *t)
{
	bool reentrant = t->plugin->flags & MODUS_REENTRANT;

	t->model = (struct modus_model) {
		.name = "script",
		.summary = "runs a handler against a script",
		.capabilities = MODUS_EVENTED | (reentrant ? MODUS_CONCURRENT : 0),
		.workers = no_workers,
		.io = &t->io,
		.task_io = &t->io,
	};
	settings_defaults(plan_service_rows, &t->plan);
	t->plan.limits.connections = INT64_MAX;
	t->plan.name = t->plugin->name;
	t->plan.model = &t->model;
	t->plan.handler = t->service.handler;
	t->service.plan = &t->plan;
	t->service.model = &t->model;
	t->service.listeners = &t->listeners;
	t->service.drain_fd = t->service.cancel_fd = -1;
	instance_number(t->service.handler, &t->service.instances);
	admission_open(&t->service.admission, &t->plan); /* without rules it cannot fail */
}

/* Without threads: the poller does their work. */
static int open_places(struct modus_test *t)
{
	t->helpers = (struct helpers) { .service = &t->service, .wait_ms = HELPER_WAIT_MS };
	for (unsigned i = 0; i < TESTING_PLACES; i++)
		worker_init(&t->places[i], &t->service, 1 + i, &t->io);
	return helpers_start(&t->helpers);
}

static int open_loop(struct modus_test *t)
{
	size_t wish = t->plugin->stack_size;
	struct loop_options o = {
		.poller = &script_poller,
		.io = &t->io,
		.helpers = &t->helpers,
		.fibers = FIBERS,
		.stack = wish > STACK ? wish : STACK,
		.ticks = true,
	};
	int rc = loop_open(&t->loop, &t->service, &o);

	t->loop.worker.dialer = &script_dialer;
	t->loop.worker.poison = true;
	return rc;
}

static void close_all(struct modus_test *t)
{
	if (t->loop.poller) {
		for (unsigned i = 0; i < TESTING_PLACES; i++)
			worker_finish(&t->places[i]);
		helpers_stop(&t->helpers);
		loop_close(&t->loop);
	}
	for (size_t i = 0; i < t->client_count; i++)
		client_free(t->clients[i]);
	free(t->clients);
	free(t->foreign);
	if (t->board)
		remove_board(t->board);
	scoreboard_free(t->board);
	admission_close(&t->service.admission);
	instance_free(t->service.handler);
	config_free_memory(t->settings);
	free(t);
}

static int open_all(struct modus_test *t, const char *settings)
{
	int rc;

	t->now = BEGINNING_MS;
	t->phase_due = DEADLINE_NEVER;
	script_strategy(&t->io);
	watch_plugin(t);
	t->service.handler = instance_new(&t->watched, t->plugin->name);
	if (!t->service.handler)
		testing_abort("out of memory");
	rc = read_settings(t, settings);
	if (rc)
		return rc;
	make_service(t);
	t->board = scoreboard_new(1 + TESTING_PLACES);
	if (!t->board || !add_board(t->board))
		testing_abort("out of memory, or more than %d services", NEWS_BOARDS);
	t->service.board = t->board;
	scoreboard_begin(t->board);
	rc = open_places(t);
	rc = rc ? rc : open_loop(t);
	if (rc)
		testing_abort("no loop can be made: %s", errno_name(rc));
	return 0;
}

static void start(struct modus_test *t, struct modus_conn *task)
{
	t->started = instance_start(t->service.handler, task) == 0;
}

struct modus_test *modus_test_begin(const struct modus_plugin *plugin, const char *settings)
{
	struct modus_test *t = calloc(1, sizeof(*t));
	char why[512];

	log_setup(PLAN_LOG_TEXT, MODUS_WARNING);
	if (!t)
		testing_abort("out of memory");
	t->plugin = loader_check(plugin, "the plugin", why, sizeof(why));
	if (!t->plugin) {
		say(NULL, why);
		free(t);
		return NULL;
	}
	if (open_all(t, settings) == 0) {
		script_run_task(t, "start", start);
		if (t->started) {
			loop_begin(&t->loop);
			return t;
		}
	}
	close_all(t);
	return NULL;
}

void modus_test_deadline(struct modus_test *t, enum modus_deadline which, int ms)
{
	if (ms < 1)
		testing_abort("a deadline is %d ms, want at least 1", ms);
	switch (which) {
	case MODUS_IDLE:
		t->plan.timeouts.idle = ms;
		break;
	case MODUS_REQUEST:
		t->plan.timeouts.request = ms;
		break;
	case MODUS_WRITE:
		t->plan.timeouts.write = ms;
		break;
	}
}

/* ---- The end ---- */

static void stop(struct modus_test *t, struct modus_conn *task)
{
	instance_stop(t->service.handler, task);
}

void modus_test_end(struct modus_test *t)
{
	if (!t)
		return;
	modus_test_drain(t, 0);
	if (t->loop.table.count > 0) {
		t->phase_due = t->now;
		modus_test_elapse(t, 0);
	}
	if (t->loop.table.count > 0)
		testing_abort("plugin %s: %zu connections stand at the end of the test",
			      t->plugin->name, t->loop.table.count);
	t->phase_due = DEADLINE_NEVER;
	for (unsigned i = 0; i < TESTING_PLACES; i++)
		worker_detach(&t->places[i]);
	t->stopping = true;
	script_run_task(t, "stop", stop);
	close_all(t);
}
