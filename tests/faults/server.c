/* SPDX-License-Identifier: MIT */
/* The services, processes that a test forks, and what is seen of them. */
#include "tests/faults/server.h"

#include "config/config.h"
#include "core/log.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "handlers/loader.h"
#include "models/models.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef WITH_ASAN
#include <sanitizer/lsan_interface.h>
#endif

enum { SERVERS = 4, STEP_MS = 2, LINGER_MS = 1000 };

static struct server servers[SERVERS];
static long plan_blocks; /* that a plan gives back at its end, as far as they are counted */

/* ---- Plans
 * -------------------------------------------------------------------------------------*/

static const struct modus_plugin *linked(const char *type, const char *path, char *why, size_t size)
{
	const struct modus_plugin *found =
		strcmp(type, "rogue") == 0 ? &rogue_plugin : &every_plugin;

	return loader_check(found, type, why, size);
}

static void report(void *arg, const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
}

static struct plan *read_plan(const char *text)
{
	struct config_sources sources = { models_all, linked, NULL };
	struct plan *plan = NULL;
	int rc = config_read_plan("test.conf", text, &sources, &plan, report, NULL);

	ck_assert_int_eq(rc, 0);
	log_setup(plan->log_format, plan->log_level);
	return plan;
}

struct plan *plan_new(const char *handler, bool datagrams, const char *rows)
{
	char text[2048];
	struct plan *plan;
	long full;

	snprintf(text, sizeof(text),
		 "log_level = \"info\";\nservices = ({ name = \"test\"; listen = [ "
		 "\"tcp://127.0.0.1:0\"%s ];\n  model = { type = \"%s\"; %s };\n"
		 "  handler = { type = \"%s\"; };\n  %s });\n",
		 datagrams ? ", \"udp://127.0.0.1:0\"" : "", subject.model, subject.rows, handler,
		 rows);
	plan = read_plan(text);
	full = wrap_blocks();
	config_free(plan);
	plan_blocks = full - wrap_blocks();
	return read_plan(text);
}

const struct plan_service *plan_first(const struct plan *plan)
{
	return plan->services.items;
}

/* ---- What a process holds
 * ----------------------------------------------------------------------*/

static long entries(const char *path)
{
	DIR *d = opendir(path);
	long n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

#ifdef WITH_TSAN
enum { OWN_THREADS = false }; /* with the first, the tool starts one that stays */
#else
enum { OWN_THREADS = true };
#endif

struct held held_now(void)
{
	return (struct held) { .descriptors = entries("/proc/self/fd"),
			       .threads = OWN_THREADS ? entries("/proc/self/task") : 0,
			       .blocks = wrap_blocks(),
			       .mappings = wrap_mappings() };
}

bool held_is(struct held want, const char *when)
{
	int64_t end = now_ms() + LINGER_MS;
	struct held now = held_now();

	while (now.threads > want.threads && now_ms() < end) {
		pause_ms(1);
		now = held_now();
	}
	if (memcmp(&now, &want, sizeof(now)) == 0)
		return true;
	modus_log(MODUS_ERROR, "leaked %s: %ld descriptors, %ld threads, %ld blocks, %ld mappings",
		  when, now.descriptors - want.descriptors, now.threads - want.threads,
		  now.blocks - want.blocks, now.mappings - want.mappings);
	return false;
}

/* ---- Their life
 * --------------------------------------------------------------------------------*/

static struct server *serving; /* by this process */

static void say_ready(void *arg)
{
	modus_log(MODUS_INFO, "ready: 1 service");
}

/* What the process held before is held after, but for the plan. */
static int carry_out(struct held before, struct plan *plan, struct listeners *listeners,
		     struct scoreboard *board, void (*ready)(void *arg), void *arg)
{
	int rc = serving->hosted ? hosted_run(plan_first(plan), listeners, board, ready)
				 : service_run(plan_first(plan), listeners, board, ready, arg);

	if (waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD)
		modus_log(MODUS_ERROR, "leaked by the service: children");
	config_free(plan);
	log_name("test"); /* the other was the plan's */
	before.blocks -= plan_blocks;
	if (arg && *(int *)arg < 0)
		before.descriptors--; /* by which it said that it is ready */
	held_is(before, "by the service");
	return rc ? 1 : 0;
}

static int serve_one(size_t index, struct listeners *listeners, struct scoreboard *board,
		     void (*ready)(void *arg), void *arg)
{
	return carry_out(held_now(), serving->plan, listeners, board, ready, arg);
}

static int supervise(struct server *s)
{
	struct held before = held_now();
	int rc = supervisor_run(s->plan, serve_one);

	held_is(before, "by the supervisor");
	return rc ? 1 : 0;
}

static int be_server(struct server *s)
{
	if (!s->supervised)
		return carry_out(held_now(), s->plan, s->listeners, s->board, say_ready, NULL);
	return supervise(s);
}

static void begin(struct server *s)
{
	pid_t parent = getpid();

	fflush(stdout);
	s->pid = fork();
	ck_assert_int_ge(s->pid, 0);
	if (s->pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0);
	if (getppid() != parent || dup2(s->log, 2) < 0)
		_exit(126);
	serving = s;
	wrap_enter();
	s->status = be_server(s);
#ifdef WITH_ASAN
	if (!s->supervised)
		__lsan_do_recoverable_leak_check();
#endif
	_exit(s->status);
}

static struct server *new_server(const char *handler, const char *rows, bool supervised)
{
	struct server *s = servers;

	while (s < servers + SERVERS && s->log)
		s++;
	ck_assert_ptr_ne(s, servers + SERVERS);
	*s = (struct server) { .supervised = supervised };
	snprintf(s->file, sizeof(s->file), "%s/log.%d.%d", subject.dir, (int)getpid(),
		 (int)(s - servers));
	s->log = open(s->file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	ck_assert_int_ge(s->log, 0);
	s->plan = plan_new(handler, strcmp(handler, "every") == 0, rows);
	return s;
}

static bool is_ready(struct server *s)
{
	int64_t end = now_ms() + PATIENCE;

	while (server_runs(s) && !server_logged(s, "ready: ")) {
		ck_assert_msg(now_ms() < end, "it neither serves nor ends");
		pause_ms(STEP_MS);
	}
	return s->pid;
}

static struct server *serve_here(const char *handler, const char *rows, bool hosted)
{
	struct server *s = new_server(handler, rows, false);

	s->hosted = hosted;
	ck_assert_int_eq(listeners_open(plan_first(s->plan), &s->listeners), 0);
	s->board = scoreboard_new(service_slots(plan_first(s->plan)));
	ck_assert_ptr_nonnull(s->board);
	begin(s);
	return is_ready(s) ? s : NULL;
}

struct server *serve_perhaps(const char *handler, const char *rows)
{
	return serve_here(handler, rows, false);
}

static struct server *surely(struct server *s)
{
	ck_assert_msg(s, "it does not serve");
	return s;
}

struct server *serve(const char *handler, const char *rows)
{
	return surely(serve_perhaps(handler, rows));
}

struct server *serve_hosted(const char *handler, const char *rows)
{
	return surely(serve_here(handler, rows, true));
}

struct server *supervise_perhaps(const char *handler, const char *rows)
{
	struct server *s = new_server(handler, rows, true);

	begin(s);
	is_ready(s);
	return s;
}

struct server *serve_supervised(const char *handler, const char *rows)
{
	struct server *s = supervise_perhaps(handler, rows);

	return surely(s->pid ? s : NULL);
}

bool server_runs(struct server *s)
{
	if (s->pid && waitpid(s->pid, &s->status, WNOHANG) == s->pid)
		s->pid = 0;
	return s->pid;
}

void server_term(struct server *s)
{
	if (server_runs(s))
		kill(s->pid, SIGTERM);
}

void server_vanishes(struct server *s, int within_ms)
{
	int64_t end = now_ms() + within_ms;

	while (server_runs(s)) {
		ck_assert_msg(now_ms() < end, "the server still runs after %d ms", within_ms);
		pause_ms(STEP_MS);
	}
}

bool server_exited(const struct server *s, int *status)
{
	*status = WIFEXITED(s->status) ? WEXITSTATUS(s->status) : WTERMSIG(s->status);
	return WIFEXITED(s->status);
}

void server_ends(struct server *s, int within_ms)
{
	int status;

	server_vanishes(s, within_ms);
	ck_assert_msg(server_exited(s, &status) && status == 0, "the server ended with %d", status);
	server_is_clean(s);
}

void server_stop(struct server *s)
{
	server_term(s);
	server_ends(s, PATIENCE);
}

void servers_after_test(void)
{
	for (struct server *s = servers; s < servers + SERVERS && s->log; s++) {
		if (s->pid) {
			kill(-s->pid, SIGKILL);
			waitpid(s->pid, NULL, 0);
		}
		listeners_close(s->listeners);
		scoreboard_free(s->board);
		config_free(s->plan);
		close(s->log);
		unlink(s->file);
		*s = (struct server) { .pid = 0 };
	}
}
