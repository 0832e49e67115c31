/* SPDX-License-Identifier: MIT */
/* A service that starts and stops, over and over in one process, while the Nth call of a kind
 * fails, alone or with all after it: it either runs all the same, or says why not, was never ready
 * and leaves nothing behind. */
#include "tests/faults/harness.h"

#include "core/log.h"
#include "core/service.h"
#include "core/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 3000, TURN_S = 20 };

static const struct fault faults[] = {
	FAULT(bind, EADDRINUSE),     FAULT(calloc, ENOMEM),         FAULT(epoll_create1, EMFILE),
	FAULT(epoll_ctl, ENOSPC),    FAULT(eventfd, EMFILE),        FAULT(fopen64, EMFILE),
	FAULT(getsockname, ENOBUFS), FAULT(listen, EADDRINUSE),     FAULT(malloc, ENOMEM),
	FAULT(mmap64, ENOMEM),       FAULT(mprotect, ENOMEM),       FAULT(pthread_create, EAGAIN),
	FAULT(poll, EINTR),          FAULT(ppoll, EINTR),           FAULT(epoll_wait, EINTR),
	FAULT(realloc, ENOMEM),      FAULT(setsockopt, ENOMEM),     FAULT(signalfd, ENFILE),
	FAULT(socket, EMFILE),       FAULT(timerfd_create, EMFILE),
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

static struct plan *plan;
static int log_fd, said; /* how often it said so */
static int left;         /* workers that still stand on the board */

static void stop_at_once(void *arg)
{
	said++;
	kill(getpid(), SIGTERM);
}

static int serve_once(size_t index, struct listeners *listeners, struct scoreboard *board,
		      void (*ready)(void *arg), void *arg)
{
	int rc = service_run(plan_first(plan), listeners, board, stop_at_once, NULL);

	for (size_t i = 0; i < board->slots; i++)
		left += board->slot[i].pid || board->slot[i].tid;
	return rc;
}

static int run_once(void)
{
	alarm(TURN_S);
	said = left = 0;
	return supervisor_foreground(plan_first(plan), 0, serve_once);
}

static bool said_why(void)
{
	char text[8192];
	ssize_t n = pread(log_fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return strstr(text, " error ") || strstr(text, " warning ");
}

/* Where it cannot run it says why, and where it was ready it runs. */
static bool is_well(int rc)
{
	if (left == 0 && said == (rc == 0) && (rc == 0 || said_why()))
		return true;
	modus_log(MODUS_ERROR, "it was ready %d times, returned %d and left %d workers", said, rc,
		  left);
	return false;
}

/* Calls from the first to the last fail.  1: and they were made, 0: they were not, -1: something is
 * wrong, which the log tells. */
static int run_failing(const struct fault *f, long first, long last, struct held want)
{
	long hits;
	int rc;

	ck_assert_int_eq(ftruncate(log_fd, 0), 0);
	test_at("starting, call %ld fails%s: %s", first, last > first ? " and all after it" : "",
		f->name);
	wrap_arm(f->call, f->error, first, last);
	rc = run_once();
	hits = wrap_disarm();
	if (!is_well(rc) || (rc && !hits) || !held_is(want, "by a start"))
		return -1;
	return hits > 0;
}

/* In a process of its own: 0, or 1 where something is wrong. */
static int run_all(const struct fault *f)
{
	struct held want;

	wrap_enter();
	if (run_once())
		return 1;
	want = held_now(); /* what the first run left for the next, such as shared memory */
	for (long n = 1; n < MANY; n++) {
		int rc = run_failing(f, n, n, want);

		if (rc > 0 && f->error != EINTR) /* that is no shortage, and does not last */
			rc = run_failing(f, n, INT32_MAX, want);
		if (rc <= 0)
			return rc ? 1 : 0;
	}
	return 1;
}

static void begin_log(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/log.start.%d", subject.dir, (int)getpid());
	log_fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	ck_assert_int_ge(log_fd, 0);
}

static void end_log(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/log.start.%d", subject.dir, (int)getpid());
	unlink(path);
	close(log_fd);
}

START_TEST(starts_or_says_why)
{
	pid_t pid;
	int status;

	begin_log();
	plan = plan_new("every", true, "");
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(log_fd, 2);
		_exit(run_all(&faults[_i]));
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "the process ended with %#x", (unsigned)status);
	end_log();
}
END_TEST

void add_start(Suite *s)
{
	TCase *t = part(s, "start");

	tcase_add_loop_test(t, starts_or_says_why, 0, FAULTS);
}
