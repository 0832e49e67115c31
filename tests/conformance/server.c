/* SPDX-License-Identifier: MIT */
/* The servers: processes that carry out configs, and their logs. */
#include "tests/conformance/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SERVERS = 32, STEP_MS = 2, LOG_TAIL = 3000 };

struct server {
	pid_t pid;         /* 0: none */
	int log, input[2]; /* its standard input: a pipe, written to here */
	bool shared, may_report;
	char *text;       /* its config */
	char config[128]; /* where that lies */
};

static struct server servers[SERVERS];

/* ---- The log ----------------------------------------------------------------------------------*/

static const char *log_text(const struct server *s)
{
	static char text[1 << 20];
	ssize_t n = pread(s->log, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

bool server_logged(const struct server *s, const char *text)
{
	return strstr(log_text(s), text);
}

void server_logs(const struct server *s, const char *text)
{
	int64_t end = now_ms() + PATIENCE;

	while (!server_logged(s, text)) {
		ck_assert_msg(now_ms() < end, "want \"%s\" in the log, which is\n%s", text,
			      log_text(s));
		pause_ms(STEP_MS);
	}
}

const char *server_url(const struct server *s, const char *service)
{
	static char url[160];
	char want[128];
	const char *at;

	snprintf(want, sizeof(want), "%s: listening on ", service);
	at = strstr(log_text(s), want);
	ck_assert_msg(at, "want \"%s\" in the log, which is\n%s", want, log_text(s));
	at += strlen(want);
	snprintf(url, sizeof(url), "%.*s", (int)strcspn(at, " \n"), at);
	return url;
}

static void expect_no_report(const struct server *s)
{
	static const char *const reports[] = { "ERROR: AddressSanitizer", "ERROR: LeakSanitizer",
					       "WARNING: ThreadSanitizer", "FATAL: ThreadSanitizer",
					       "runtime error:" };
	const char *at;

	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		at = strstr(log_text(s), reports[i]);
		ck_assert_msg(!at, "a sanitizer reports:\n%.4000s", at);
	}
}

/* ---- Its life ---------------------------------------------------------------------------------*/

static void be_server(const struct server *s, const char *mode, pid_t parent)
{
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0);
	if (getppid() != parent || dup2(s->input[0], 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(s->log, 2) < 0)
		_exit(126);
	close(null);
	execl(MODUS_SERVE, "modus-serve", mode ? mode : s->config, mode ? s->config : NULL,
	      (char *)NULL);
	_exit(127);
}

static struct server *free_server(void)
{
	for (struct server *s = servers; s < servers + SERVERS; s++)
		if (!s->text)
			return s;
	ck_abort_msg("too many servers at once");
}

static void forget(struct server *s)
{
	if (s->pid) {
		kill(-s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	close(s->log);
	close(s->input[0]);
	close(s->input[1]);
	unlink(s->config);
	free(s->text);
	*s = (struct server) { .pid = 0 };
}

static struct server *start(const char *mode)
{
	struct server *s = free_server();
	pid_t parent = getpid();

	*s = (struct server) { .log = memfd_create("log", MFD_CLOEXEC) };
	ck_assert_int_eq(pipe2(s->input, O_CLOEXEC), 0);
	snprintf(s->config, sizeof(s->config), "%s/%d.conf", subject.dir, (int)(s - servers));
	s->text = strdup(config_write(s->config));
	s->pid = fork();
	ck_assert_int_ge(s->pid, 0);
	if (s->pid == 0)
		be_server(s, mode, parent);
	return s;
}

static struct server *await_ready(struct server *s)
{
	int64_t end = now_ms() + PATIENCE;

	while (!server_logged(s, "ready: ")) {
		ck_assert_msg(server_runs(s), "the server ended at its start:\n%s", log_text(s));
		ck_assert_msg(now_ms() < end, "the server is not ready:\n%s", log_text(s));
		pause_ms(STEP_MS);
	}
	return s;
}

struct server *server_supervised(void)
{
	return await_ready(start(NULL));
}

struct server *server_alone(void)
{
	return await_ready(start("--foreground"));
}

struct server *server_begins(void)
{
	struct server *s = start(NULL);

	server_logs(s, "listening on ");
	return s;
}

void server_is_ready(struct server *s)
{
	await_ready(s);
}

/* Adds the one service to a config that begins. */
static void plan_one(const char *model_rows, const char *handler, const char *rows)
{
	const char *kept = subject.rows;
	char both[256];

	snprintf(both, sizeof(both), "%s %s", kept, model_rows);
	subject.rows = both;
	config_begin();
	config_add("test", NULL, handler, rows);
	subject.rows = kept;
}

struct server *server_sized(const char *model_rows, const char *handler, const char *rows)
{
	plan_one(model_rows, handler, rows);
	return server_alone();
}

struct server *server_new(const char *handler, const char *rows)
{
	return server_sized("", handler, rows);
}

/* The same but for the place of its socket. */
static bool serves(const struct server *s, const char *model_rows, const char *handler,
		   const char *rows)
{
	char want[1280];

	snprintf(want, sizeof(want), "%s %s };\n  handler = { %s };\n  %s }", subject.rows,
		 model_rows, handler, rows);
	return s->shared && strstr(s->text, want);
}

static struct server *share(const char *model_rows, const char *handler, const char *rows)
{
	struct server *s;

	for (s = servers; s < servers + SERVERS; s++)
		if (serves(s, model_rows, handler, rows))
			return s;
	s = server_sized(model_rows, handler, rows);
	s->shared = true;
	return s;
}

struct server *server_shared(const char *handler, const char *rows)
{
	return share("", handler, rows);
}

struct server *server_narrow(int places, const char *handler, const char *rows)
{
	char model_rows[64];

	model_places(places, model_rows, sizeof(model_rows));
	return share(model_rows, handler, rows);
}

bool server_runs(struct server *s)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)s->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == 0;
}

void server_feed(struct server *s)
{
	ck_assert_int_eq(write(s->input[1], "x", 1), 1);
}

int server_pid(const struct server *s)
{
	return s->pid;
}

int server_service(const struct server *s)
{
	char path[64];
	int pid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", s->pid, s->pid);
	f = fopen(path, "re");
	ck_assert_msg(f && fscanf(f, "%d", &pid) == 1, "%s: no child", path);
	fclose(f);
	return pid;
}

int64_t server_cpu_ms(const struct server *s)
{
	struct timespec t;
	clockid_t clock;

	ck_assert_int_eq(clock_getcpuclockid(s->pid, &clock), 0);
	ck_assert_int_eq(clock_gettime(clock, &t), 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void server_may_report(struct server *s)
{
	s->may_report = true;
}

void server_term(struct server *s)
{
	kill(s->pid, SIGTERM);
}

static int await_end(struct server *s, int within_ms)
{
	int64_t end = now_ms() + within_ms;
	int status;

	while (server_runs(s)) {
		ck_assert_msg(now_ms() < end, "the server still runs after %d ms:\n%s", within_ms,
			      log_text(s));
		pause_ms(STEP_MS);
	}
	waitpid(s->pid, &status, 0);
	s->pid = 0;
	return status;
}

void server_vanishes(struct server *s, int within_ms)
{
	await_end(s, within_ms);
}

void server_ends(struct server *s, int within_ms)
{
	int status = await_end(s, within_ms);

	if (!s->may_report)
		expect_no_report(s);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the server %s %d:\n%s",
		      WIFEXITED(status) ? "ended with status" : "was ended by signal",
		      WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), log_text(s));
}

void server_stop(struct server *s)
{
	server_term(s);
	server_ends(s, PATIENCE);
}

struct server *server_fails(void)
{
	struct server *s = start(NULL);
	int status = await_end(s, PATIENCE);

	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status), "want a failure:\n%s", log_text(s));
	expect_no_report(s);
	return s;
}

/* ---- Around the tests -------------------------------------------------------------------------*/

void servers_after_test(void)
{
	for (struct server *s = servers; s < servers + SERVERS; s++) {
		if (s->text && !s->shared)
			forget(s);
		if (!s->text || server_runs(s))
			continue;
		printf("a shared server is gone:\n%s\n", log_text(s));
		forget(s);
		ck_abort_msg("a shared server is gone");
	}
}

void servers_end(void)
{
	for (struct server *s = servers; s < servers + SERVERS; s++)
		if (s->text)
			server_term(s);
	for (struct server *s = servers; s < servers + SERVERS; s++) {
		if (!s->text)
			continue;
		server_ends(s, PATIENCE);
		forget(s);
	}
}

void servers_tell(void)
{
	for (struct server *s = servers; s < servers + SERVERS; s++) {
		const char *text = s->text ? log_text(s) : "";
		size_t n = strlen(text);

		if (s->text)
			printf("---- the log of\n%s---- ends\n%s", s->text,
			       n > LOG_TAIL ? text + n - LOG_TAIL : text);
		if (s->text)
			forget(s);
	}
}
