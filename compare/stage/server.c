/* SPDX-License-Identifier: MIT */
#include "compare/stage/server.h"

#include "compare/stage/host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOG_TAIL = 400, START_MS = 5000, STOP_MS = 3000, LOOK_MS = 2 };

/* ---- Its log ----------------------------------------------------------------------------------*/

static void log_tail(const struct server *s, char *out, size_t size)
{
	char text[LOG_TAIL + 1];
	struct stat st = { .st_size = 0 };
	off_t from;
	ssize_t n;
	char *at = text;

	fstat(s->log, &st);
	from = st.st_size > LOG_TAIL ? st.st_size - LOG_TAIL : 0;
	n = pread(s->log, text, LOG_TAIL, from);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	if (n <= 0) {
		snprintf(out, size, "it said nothing");
		return;
	}
	text[n] = '\0';
	if (from && strchr(at, '\n'))
		at = strchr(at, '\n') + 1;
	snprintf(out, size, "its last words:\n%s", at);
}

/* ---- Its life ---------------------------------------------------------------------------------*/

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Whether it has ended; it is not reaped, so that its number stays its own. */
static bool ended(const struct server *s, siginfo_t *info)
{
	memset(info, 0, sizeof(*info));
	return waitid(P_PID, (id_t)s->pid, info, WEXITED | WNOHANG | WNOWAIT) || info->si_pid;
}

bool server_runs(const struct server *s, char *why, size_t size)
{
	char tail[LOG_TAIL + 64];
	siginfo_t info;

	if (!s->pid || !ended(s, &info))
		return true;
	log_tail(s, tail, sizeof(tail));
	if (info.si_code == CLD_EXITED)
		snprintf(why, size, "the server ended with status %d; %s", info.si_status, tail);
	else
		snprintf(why, size, "the server was ended by signal %d (%s); %s", info.si_status,
			 strsignal(info.si_status), tail);
	return false;
}

/* Handlers of this program must not run in what is to become another: until they are reset, signals
 * are blocked (by server_fork()).  What is ignored would stay so after execl(). */
static void reset_signals(void)
{
	static const int used[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGPIPE };
	sigset_t none;

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		signal(used[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Like fork(), with all signals blocked in the child. */
static pid_t server_fork(void)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid)
		sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static void be_server(const struct server *s, const struct server_plan *plan, pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	reset_signals();
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || host_pin(plan->cpu) || dup2(null, 0) < 0 ||
	    dup2(s->log, 1) < 0 || dup2(s->log, 2) < 0)
		_exit(126);
	plan->become(plan->arg);
	_exit(126);
}

static int wait_ready(struct server *s, const struct server_plan *plan, char *why, size_t size)
{
	struct pollfd stop = { .fd = plan->stop_fd, .events = POLLIN };
	int64_t end = now_ms() + START_MS;
	char tail[LOG_TAIL + 64];

	while (!plan->ready(s)) {
		if (!server_runs(s, why, size))
			return -ECHILD;
		if (poll(&stop, 1, LOOK_MS) > 0) {
			snprintf(why, size, "interrupted");
			return -EINTR;
		}
		if (now_ms() < end)
			continue;
		log_tail(s, tail, sizeof(tail));
		snprintf(why, size, "the server did not %s within %d s; %s", plan->sign,
			 START_MS / 1000, tail);
		return -ETIMEDOUT;
	}
	return 0;
}

int server_begin(struct server *s, const struct server_plan *plan, char *why, size_t size)
{
	pid_t parent = getpid();
	int err;

	s->log = memfd_create("server log", MFD_CLOEXEC);
	s->pid = s->log >= 0 ? server_fork() : -1;
	if (s->pid < 0) {
		err = -errno;
		s->pid = 0;
		snprintf(why, size, "cannot start a process: %s", strerror(-err));
		goto fail;
	}
	if (!s->pid)
		be_server(s, plan, parent);
	setpgid(s->pid, s->pid); /* here, too: whoever comes first, it is done */
	s->root = s->pid;
	err = wait_ready(s, plan, why, size);
	if (!err)
		return 0;
fail:
	server_stop(s, NULL);
	return err;
}

bool server_stop(struct server *s, struct rusage *life)
{
	int64_t end = now_ms() + STOP_MS;
	siginfo_t info;
	bool clean = true;

	if (life)
		memset(life, 0, sizeof(*life));
	if (s->pid) {
		kill(s->pid, SIGTERM);
		while (!ended(s, &info) && now_ms() < end)
			poll(NULL, 0, LOOK_MS);
		clean = ended(s, &info);
		kill(-s->pid, SIGKILL);
		wait4(s->pid, NULL, 0, life);
	}
	if (s->log >= 0)
		close(s->log);
	*s = (struct server)SERVER_NONE;
	return clean;
}
