/* SPDX-License-Identifier: MIT */
#include "compare/stage/server.h"

#include "build_config.h"
#include "compare/stage/host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

enum { LOG_HEAD = 16384, LOG_TAIL = 400, START_MS = 5000, STOP_MS = 3000, LOOK_MS = 2 };

static const char program_name[] = "modus-serve", listening[] = "listening on ";

/* ---- Finding it
 * --------------------------------------------------------------------------------*/

static bool sibling(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash || (size_t)(slash + 1 - path) + sizeof(program_name) > size)
		return false;
	memcpy(slash + 1, program_name, sizeof(program_name));
	return !access(path, X_OK);
}

int server_find(const char *given, char *path, size_t path_size, char *why, size_t size)
{
	if (given) {
		char *whole = access(given, X_OK) ? NULL : realpath(given, NULL);

		snprintf(path, path_size, "%s", whole ? whole : given);
		if (!whole)
			snprintf(why, size, "%s cannot be run: %s", given, strerror(errno));
		free(whole);
		return whole ? 0 : -ENOENT;
	}
	if (sibling(path, path_size))
		return 0;
	snprintf(path, path_size, "%s/%s", MODUS_LIBEXEC_DIR, program_name);
	if (!access(path, X_OK))
		return 0;
	snprintf(why, size, "%s is neither next to this program nor in %s", program_name,
		 MODUS_LIBEXEC_DIR);
	return -ENOENT;
}

/* ---- Its log ----------------------------------------------------------------------------------*/

/* Takes the port out of the log's beginning, if both that and "ready" are there by now. */
static bool log_ready(struct server *s)
{
	char text[LOG_HEAD];
	ssize_t n = pread(s->log, text, sizeof(text) - 1, 0);
	const char *at, *end;

	if (n <= 0)
		return false;
	text[n] = '\0';
	at = strstr(text, listening);
	end = at ? strchr(at, '\n') : NULL;
	if (!end || !strstr(end, "ready"))
		return false;
	at += strlen(listening);
	snprintf(s->target, sizeof(s->target), "%.*s", (int)strcspn(at, " \t\n\","), at);
	return true;
}

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

	if (!ended(s, &info))
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

/* Makes the folders of plugins mean the same in another directory. */
static int keep_plugins(void)
{
	const char *said = getenv("MODUS_PLUGIN_PATH");
	char *from = said ? strdup(said) : NULL, *left = from, *one, *all = NULL;
	char *here = getcwd(NULL, 0);
	size_t n = 0;
	FILE *f = from && here ? open_memstream(&all, &n) : NULL;

	while (f && (one = strsep(&left, ":")))
		fprintf(f, "%s%s%s%s", one == from ? "" : ":", *one && *one != '/' ? here : "",
			*one && *one != '/' ? "/" : "", one);
	if (f && !fclose(f))
		setenv("MODUS_PLUGIN_PATH", all, 1);
	free(all);
	free(from);
	free(here);
	return said && !f ? -ENOMEM : 0;
}

/* What the config names without a leading '/', is beside it. */
static int go_to_config(const char *config)
{
	const char *slash = strrchr(config, '/');
	char directory[PATH_MAX];

	if (!slash)
		return 0;
	snprintf(directory, sizeof(directory), "%.*s", (int)(slash - config + 1), config);
	return keep_plugins() || chdir(directory) ? -1 : 0;
}

static void be_server(const struct server *s, const char *program, const char *config, int cpu,
		      pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	reset_signals();
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || host_pin(cpu) || go_to_config(config) || dup2(null, 0) < 0 ||
	    dup2(null, 1) < 0 || dup2(s->log, 2) < 0)
		_exit(126);
	execl(program, program_name, "--foreground", config, (char *)NULL);
	dprintf(2, "%s: %s\n", program, strerror(errno));
	_exit(127);
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

static int wait_ready(struct server *s, int stop_fd, char *why, size_t size)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	int64_t end = now_ms() + START_MS;
	char tail[LOG_TAIL + 64];

	while (!log_ready(s)) {
		if (!server_runs(s, why, size))
			return -ECHILD;
		if (poll(&stop, 1, LOOK_MS) > 0) {
			snprintf(why, size, "interrupted");
			return -EINTR;
		}
		if (now_ms() < end)
			continue;
		log_tail(s, tail, sizeof(tail));
		snprintf(why, size,
			 "the server did not say \"%s...\" and \"ready\" within %d s; %s",
			 listening, START_MS / 1000, tail);
		return -ETIMEDOUT;
	}
	return 0;
}

int server_start(struct server *s, const char *program, const char *config, int cpu, int stop_fd,
		 char *why, size_t size)
{
	pid_t parent = getpid();
	int err;

	*s = (struct server)SERVER_NONE;
	s->log = memfd_create("server log", MFD_CLOEXEC);
	s->pid = s->log >= 0 ? server_fork() : -1;
	if (s->pid < 0) {
		err = -errno;
		s->pid = 0;
		snprintf(why, size, "cannot start a process: %s", strerror(-err));
		goto fail;
	}
	if (!s->pid)
		be_server(s, program, config, cpu, parent);
	setpgid(s->pid, s->pid); /* here, too: whoever comes first, it is done */
	err = wait_ready(s, stop_fd, why, size);
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
