/* SPDX-License-Identifier: MIT */
#include "core/child.h"

#include "core/control.h"
#include "core/log.h"
#include "core/title.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A datagram's reply needs the listener that it came from. */
static void close_listeners(struct modus_service *s, const struct modus_conn *c)
{
	for (size_t i = 0; i < s->listeners->count; i++)
		if (&s->listeners->all[i] != c->listener || !modus_is_datagram(c))
			close(s->listeners->all[i].fd);
}

void child_begin(struct modus_service *s, struct modus_conn *c)
{
	pid_t parent = c->worker->slot->pid;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		child_end(1); /* it died before we could ask */
	control_leave(s, c);
	close_listeners(s, c);
	title_set(s->plan->name, "modus: child of %s", s->plan->name);
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

void child_reap(bool (*is_ours)(void *arg, pid_t pid),
		void (*ended)(void *arg, pid_t pid, int status), void *arg)
{
	for (;;) {
		siginfo_t info = { 0 };
		int status;

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid == 0)
			return;
		if (!is_ours(arg, info.si_pid))
			return; /* whoever made it will collect it */
		if (waitpid(info.si_pid, &status, 0) == info.si_pid)
			ended(arg, info.si_pid, status);
	}
}
