/* SPDX-License-Identifier: MIT */
#include "core/child.h"

#include "core/control.h"
#include "core/log.h"
#include "core/title.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A host does not block TERM as a service's own process does: until the child has its handler, it
 * would die of it. */
pid_t child_fork(const struct modus_service *s)
{
	sigset_t term, before;
	pid_t pid;

	if (!s->host)
		return fork();
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &term, &before);
	pid = fork();
	if (pid != 0)
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pid;
}

/* A datagram's reply needs the listener that it came from. */
static void close_listeners(struct modus_service *s, const struct modus_conn *c)
{
	for (size_t i = 0; i < s->listeners->count; i++)
		if (&s->listeners->all[i] != c->listener || !modus_is_datagram(c))
			close(s->listeners->all[i].fd);
}

void child_begin(struct modus_service *s, struct modus_conn *c)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != s->board->pid)
		child_end(1); /* it died before we could ask */
	control_leave(s, c);
	close_listeners(s, c);
	if (s->host)
		prctl(PR_SET_NAME, s->plan->name); /* a service's own process has it already */
	title_put(s->child_title);
}

void child_end(int status)
{
	_exit(status);
}

bool child_crashed(pid_t pid, int status)
{
	if (WIFSIGNALED(status)) {
		modus_log(MODUS_ERROR, "child %d died of %s", (int)pid,
			  strsignal(WTERMSIG(status)));
		return true;
	}
	if (WEXITSTATUS(status) != 0)
		modus_log(MODUS_WARNING, "child %d ended with status %d", (int)pid,
			  WEXITSTATUS(status));
	return false;
}

static void collect(pid_t *pids, size_t place, child_ended *ended, void *arg)
{
	pid_t pid = pids[place];
	int status = 0;

	errno = 0;
	if (!pid)
		return;
	if (waitpid(pid, &status, WNOHANG) != pid && errno != ECHILD)
		return;
	pids[place] = 0;
	ended(arg, place, child_crashed(pid, status));
}

static size_t find(const pid_t *pids, size_t count, pid_t pid)
{
	size_t i = 0;

	while (i < count && pids[i] != pid)
		i++;
	return i;
}

void child_reap_each(pid_t *pids, size_t count, child_ended *ended, void *arg)
{
	for (size_t i = 0; i < count; i++)
		collect(pids, i, ended, arg);
}

void child_reap(pid_t *pids, size_t count, child_ended *ended, void *arg)
{
	for (;;) {
		siginfo_t info = { 0 };
		size_t place;

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid == 0)
			return;
		place = find(pids, count, info.si_pid);
		if (place == count)
			break;
		collect(pids, place, ended, arg);
	}
	child_reap_each(pids, count, ended, arg); /* somebody else's hides those behind it */
}

int child_watch(struct modus_service *s, pid_t pid, int *watched)
{
	struct epoll_event e = { .events = EPOLLIN };
	int rc;

	*watched = -1;
	if (!s->host)
		return 0;
	*watched = pidfd_open(pid, 0);
	if (*watched >= 0 && epoll_ctl(control_fd(s), EPOLL_CTL_ADD, *watched, &e) == 0)
		return 0;
	rc = -errno;
	if (*watched >= 0)
		close(*watched);
	*watched = -1;
	return rc;
}

/* Other children may have copies of it, for which epoll would go on to report it. */
void child_unwatch(struct modus_service *s, int watched)
{
	if (watched < 0)
		return;
	epoll_ctl(control_fd(s), EPOLL_CTL_DEL, watched, NULL);
	close(watched);
}
