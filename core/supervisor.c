/* SPDX-License-Identifier: MIT */
#include "core/supervisor.h"

#include "core/clock.h"
#include "core/fatal.h"
#include "core/log.h"
#include "core/news.h"
#include "core/service.h"
#include "core/status.h"
#include "core/title.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BACKOFF_MIN_MS = 100, BACKOFF_MAX_MS = 5000, GOOD_LIFE_MS = 1000 };

struct child { /* a service's process, or its absence */
	const struct plan_service *plan;
	struct listeners *listeners;
	struct scoreboard *board;
	pid_t pid;    /* 0: none */
	int ready_fd; /* a byte comes when it serves; -1: it does, or there is none */
	int64_t began, restart_at;
	int backoff_ms;
	unsigned starts;
};

struct supervisor {
	struct child *children;
	size_t count, ready;
	supervisor_serve *serve;
	struct listeners *control; /* NULL: there is none */
	sigset_t inherited;        /* the signal mask that services begin with */
	int signal_fd;
	bool up, stopping;
	int failed; /* the negative errno to end with */
};

static int open_child(struct child *c, const struct plan_service *plan)
{
	*c = (struct child) { .plan = plan, .ready_fd = -1, .backoff_ms = BACKOFF_MIN_MS };
	c->board = scoreboard_new(service_slots(plan));
	if (!c->board) {
		int error = errno;

		modus_log(MODUS_ERROR, "%s: no counters: %s", plan->name, strerror(error));
		return -error;
	}
	return listeners_open(plan, &c->listeners);
}

static void forget_ready(struct child *c)
{
	if (c->ready_fd >= 0)
		close(c->ready_fd);
	c->ready_fd = -1;
}

static void close_child(struct child *c)
{
	scoreboard_free(c->board);
	listeners_close(c->listeners);
	forget_ready(c);
}

/* ---- Starting --------------------------------------------------------------------------------*/

static void tell_ready(void *arg)
{
	int *fd = arg;

	if (write(*fd, "", 1) == 1) {
		close(*fd);
		*fd = -1;
	}
}

/* The service keeps of the supervisor's descriptors only its own. */
static void become_service(struct supervisor *v, struct child *mine)
{
	setpgid(0, 0); /* so that all its processes can be killed at once */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	close(v->signal_fd);
	listeners_forget(v->control);
	for (struct child *c = v->children; c < v->children + v->count; c++) {
		if (c == mine)
			continue;
		listeners_forget(c->listeners);
		forget_ready(c);
	}
	sigprocmask(SIG_SETMASK, &v->inherited, NULL);
}

static void start_child(struct supervisor *v, struct child *c)
{
	pid_t parent = getpid();
	int ends[2];

	c->restart_at = 0;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK)) {
		modus_log(MODUS_ERROR, "%s: pipe: %s", c->plan->name, strerror(errno));
		c->restart_at = clock_ms() + c->backoff_ms;
		return;
	}
	c->began = clock_ms();
	c->pid = fork();
	if (c->pid == 0) {
		close(ends[0]);
		become_service(v, c);
		if (getppid() != parent)
			_exit(1);
		_exit(v->serve((size_t)(c - v->children), c->listeners, c->board, tell_ready,
			       &ends[1]));
	}
	close(ends[1]);
	if (c->pid < 0) {
		modus_log(MODUS_ERROR, "%s: fork: %s", c->plan->name, strerror(errno));
		close(ends[0]);
		c->pid = 0;
		c->restart_at = clock_ms() + c->backoff_ms;
		return;
	}
	setpgid(c->pid, c->pid);
	c->starts++;
	c->ready_fd = ends[0];
}

/* ---- Watching --------------------------------------------------------------------------------*/

static void tell_all(struct supervisor *v, int number)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->children[i].pid)
			kill(number == SIGKILL ? -v->children[i].pid : v->children[i].pid, number);
}

static void stop(struct supervisor *v)
{
	if (v->stopping)
		modus_log(MODUS_WARNING, "killing what still runs");
	else
		modus_log(MODUS_INFO, "stopping");
	tell_all(v, v->stopping ? SIGKILL : SIGTERM);
	v->stopping = true;
}

/* All that was said until now: that somebody was ready counts, also if he has died since. */
static void hear_ready(struct supervisor *v)
{
	for (struct child *c = v->children; c < v->children + v->count; c++) {
		char byte;
		ssize_t n = c->ready_fd < 0 ? -1 : read(c->ready_fd, &byte, 1);

		v->ready += n == 1;
		if (n >= 0)
			forget_ready(c);
	}
	if (v->up || v->ready < v->count)
		return;
	v->up = true;
	modus_log(MODUS_INFO, "ready: %zu service%s", v->count, v->count == 1 ? "" : "s");
}

/* At once if it lived for a while or did some good, else later and later. */
static void schedule_restart(struct child *c)
{
	if (c->board->served > 0 || clock_ms() - c->began >= GOOD_LIFE_MS) {
		c->backoff_ms = BACKOFF_MIN_MS;
		c->restart_at = clock_ms();
		return;
	}
	c->restart_at = clock_ms() + c->backoff_ms;
	modus_log(MODUS_WARNING, "%s: starts again in %d ms", c->plan->name, c->backoff_ms);
	c->backoff_ms = c->backoff_ms * 2 < BACKOFF_MAX_MS ? c->backoff_ms * 2 : BACKOFF_MAX_MS;
}

static void on_end(struct supervisor *v, struct child *c, int status)
{
	bool killed = WIFSIGNALED(status);

	if (killed)
		kill(-c->pid, SIGTERM); /* children that it leaves behind drain */
	c->pid = 0;
	hear_ready(v);
	forget_ready(c);
	if (v->stopping)
		return;
	if (killed)
		modus_log(MODUS_ERROR, "%s: the service died of %s", c->plan->name,
			  strsignal(WTERMSIG(status)));
	else
		modus_log(MODUS_ERROR, "%s: the service ended with status %d", c->plan->name,
			  WEXITSTATUS(status));
	if (v->up) {
		schedule_restart(c);
		return;
	}
	v->failed = -ECHILD;
	stop(v);
}

static void reap(struct supervisor *v)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < v->count; i++)
			if (v->children[i].pid == pid)
				on_end(v, &v->children[i], status);
}

static void take_signals(struct supervisor *v)
{
	struct signalfd_siginfo info;

	while (read(v->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(v);
		else
			stop(v);
	}
}

static int restart_due(struct supervisor *v)
{
	int64_t now = clock_ms(), next = INT32_MAX;

	for (struct child *c = v->children; c < v->children + v->count; c++) {
		if (c->pid || v->stopping)
			continue;
		if (c->restart_at <= now)
			start_child(v, c);
		if (c->restart_at && c->restart_at - now < next)
			next = c->restart_at - now;
	}
	return next == INT32_MAX ? -1 : (int)(next > 0 ? next : 0);
}

static bool any_alive(const struct supervisor *v)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->children[i].pid)
			return true;
	return false;
}

static void tell_status(const struct supervisor *v)
{
	struct status_service all[NEWS_BOARDS];

	for (size_t i = 0; i < v->count; i++) {
		const struct child *c = &v->children[i];

		all[i] = (struct status_service) { c->plan->name, c->plan->model->name, c->board,
						   c->pid, c->starts };
	}
	status_answer(v->control, all, v->count);
}

static void watch(struct supervisor *v)
{
	struct pollfd set[NEWS_BOARDS + 2];

	while (!v->stopping || any_alive(v)) {
		int ms = restart_due(v);

		set[0] = (struct pollfd) { v->signal_fd, POLLIN, 0 };
		for (size_t i = 0; i < v->count; i++)
			set[i + 1] = (struct pollfd) { v->children[i].ready_fd, POLLIN, 0 };
		set[v->count + 1] =
			(struct pollfd) { v->control ? v->control->all[0].fd : -1, POLLIN, 0 };
		if (poll(set, v->count + 2, ms) < 0)
			continue;
		if (set[v->count + 1].revents)
			tell_status(v);
		hear_ready(v);
		take_signals(v);
	}
}

/* ---- Running ---------------------------------------------------------------------------------*/

static int open_signals(struct supervisor *v)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &v->inherited);
	signal(SIGPIPE, SIG_IGN);
	v->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return v->signal_fd < 0 ? -errno : 0;
}

static void share_news(struct supervisor *v)
{
	struct scoreboard *boards[NEWS_BOARDS];

	for (size_t i = 0; i < v->count; i++)
		boards[i] = v->children[i].board;
	news_boards(boards, v->count);
}

static int carry_out(struct supervisor *v, const struct plan *plan)
{
	const struct plan_service *services = plan->services.items;
	int rc = status_open(plan->control, &v->control);

	for (size_t i = 0; rc == 0 && i < plan->services.count; i++)
		rc = open_child(&v->children[v->count++], &services[i]);
	if (rc == 0) {
		share_news(v);
		watch(v);
		rc = v->failed;
	}
	for (size_t i = 0; i < v->count; i++)
		close_child(&v->children[i]);
	listeners_close(v->control);
	return rc;
}

int supervisor_run(const struct plan *plan, supervisor_serve *serve)
{
	struct supervisor v = { .serve = serve, .signal_fd = -1 };
	int rc = open_signals(&v);

	title_set("modus", "modus: supervisor");
	v.children = calloc(plan->services.count, sizeof(*v.children));
	if (rc == 0 && !v.children)
		rc = -ENOMEM;
	if (rc)
		modus_log(MODUS_ERROR, "the supervisor cannot begin: %s", strerror(-rc));
	else
		rc = carry_out(&v, plan);
	free(v.children);
	close(v.signal_fd);
	return rc;
}
