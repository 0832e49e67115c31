/* SPDX-License-Identifier: MIT */
#include "core/clock.h"
#include "core/waiting.h"

#include "service_peer.h"

#include <signal.h>
#include <sys/resource.h>

enum { SHORT = 30, LONG = 20000 }; /* ms */

static struct modus_conn *c;
static int ends[2]; /* of a pipe */

static struct modus_pollfd of_conn(short events)
{
	return (struct modus_pollfd) { .conn = c, .fd = -1, .events = events };
}

static struct modus_pollfd of_pipe(void)
{
	return (struct modus_pollfd) { .fd = ends[0], .events = POLLIN };
}

/* ---- modus_sleep() ---- */

START_TEST(test_sleep)
{
	int64_t start = clock_ms();
	char buf[8];

	ck_assert_int_eq(modus_printf(c, "before"), 0);
	ck_assert_int_eq(modus_sleep(c, SHORT), 0);
	ck_assert_int_ge(clock_ms() - start, SHORT);
	ck_assert_int_eq(rig_receive(buf, sizeof(buf)), 6);
	ck_assert_int_eq(modus_sleep(c, 0), 0);
}
END_TEST

START_TEST(test_sleep_through_a_drain)
{
	int64_t start = clock_ms();

	rig_phase(PHASE_DRAINING);
	ck_assert_int_eq(modus_sleep(c, SHORT), 0);
	ck_assert_int_ge(clock_ms() - start, SHORT);
}
END_TEST

static void *cancel_soon(void *arg)
{
	usleep(SHORT * 1000);
	rig_phase(PHASE_CANCELED);
	return NULL;
}

START_TEST(test_sleep_canceled)
{
	pthread_t t;

	ck_assert_int_eq(pthread_create(&t, NULL, cancel_soon, NULL), 0);
	ck_assert_int_eq(modus_sleep(c, MODUS_FOREVER), -ECANCELED);
	ck_assert_int_eq(modus_sleep(c, 0), -ECANCELED);
	pthread_join(t, NULL);
}
END_TEST

/* ---- modus_poll() ---- */

START_TEST(test_poll_nothing)
{
	struct modus_pollfd set[] = { of_conn(POLLIN), of_pipe() };
	int64_t start = clock_ms();

	ck_assert_int_eq(modus_poll(c, set, 2, 0), 0);
	ck_assert_int_eq(modus_poll(c, set, 2, SHORT), 0);
	ck_assert_int_ge(clock_ms() - start, SHORT);
	ck_assert_int_eq(set[0].revents | set[1].revents, 0);
	ck_assert_int_eq(modus_poll(c, NULL, 0, SHORT), 0);
}
END_TEST

START_TEST(test_poll_connection)
{
	struct modus_pollfd set[] = { of_conn(POLLIN), of_pipe() };
	struct peer p = { .text = "x", .size = 1, .piece = 1, .listens_first = true };
	char buf[2];

	peer_start(&p);
	ck_assert_int_eq(modus_printf(c, "speak!"), 0);
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 1);
	ck_assert_int_eq(set[0].revents, POLLIN);
	ck_assert_int_eq(set[1].revents, 0);
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 1); /* also when it is buffered already */
	ck_assert_int_eq(modus_read(c, buf, 2), 1);
	ck_assert_int_eq(modus_poll(c, set, 2, 0), 0);
	peer_join(&p);
	shutdown(rig.peer, SHUT_WR);
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 1);
	ck_assert_int_eq(set[0].revents, POLLIN);
	ck_assert_int_eq(modus_read(c, buf, 2), 0);
}
END_TEST

static void *write_soon(void *arg)
{
	usleep(SHORT * 1000);
	ck_assert_int_eq(write(ends[1], "x", 1), 1);
	return NULL;
}

START_TEST(test_poll_pipe)
{
	struct modus_pollfd set[] = { of_conn(POLLIN), of_pipe() };
	pthread_t t;

	ck_assert_int_eq(pthread_create(&t, NULL, write_soon, NULL), 0);
	ck_assert_int_eq(modus_poll(c, set, 2, MODUS_FOREVER), 1);
	ck_assert_int_eq(set[0].revents, 0);
	ck_assert_int_eq(set[1].revents, POLLIN);
	pthread_join(t, NULL);
	rig_say("too");
	ck_assert_int_eq(modus_poll(c, set, 2, 0), 2);
	close(ends[1]);
	ends[1] = -1;
	ck_assert_int_eq(modus_poll(c, &set[1], 1, LONG), 1);
	ck_assert(set[1].revents & POLLHUP);
}
END_TEST

START_TEST(test_poll_output)
{
	struct modus_pollfd set[] = { of_conn(POLLIN | POLLOUT), of_pipe() };

	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 1);
	ck_assert_int_eq(set[0].revents, POLLOUT);
	rig_say("x");
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 1);
	ck_assert_int_eq(set[0].revents, POLLIN | POLLOUT);
}
END_TEST

START_TEST(test_poll_many)
{
	struct modus_pollfd set[50];

	for (int i = 0; i < 50; i++)
		set[i] = of_pipe();
	set[40] = of_conn(POLLIN);
	ck_assert_int_eq(modus_poll(c, set, 50, SHORT), 0);
	rig_say("x");
	ck_assert_int_eq(modus_poll(c, set, 50, LONG), 1);
	ck_assert_int_eq(set[40].revents, POLLIN);
	ck_assert_int_eq(set[39].revents, 0);
	ck_assert_int_eq(write(ends[1], "x", 1), 1);
	ck_assert_int_eq(modus_poll(c, set, 50, LONG), 50);
}
END_TEST

START_TEST(test_poll_regular_file)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct modus_pollfd set = { .fd = fd, .events = POLLIN };

	ck_assert_int_eq(modus_poll(c, &set, 1, LONG), 1);
	ck_assert_int_eq(set.revents, POLLIN);
	close(fd);
}
END_TEST

static void *wait_and_close(void *arg)
{
	usleep(SHORT * 1000); /* what the peer leaves unread resets the connection */
	close(rig.peer);
	return NULL;
}

START_TEST(test_poll_error)
{
	struct modus_pollfd set[] = { of_conn(POLLIN), of_pipe() };
	pthread_t t;
	char buf[1];

	ck_assert_int_eq(modus_printf(c, "unread"), 0);
	ck_assert_int_eq(modus_flush(c), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, wait_and_close, NULL), 0);
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 1);
	ck_assert(set[0].revents & POLLERR);
	ck_assert_int_eq(modus_error(c), -ECONNRESET);
	ck_assert_int_eq(modus_read(c, buf, 1), -ECONNRESET);
	pthread_join(t, NULL);
	rig.peer = -1;
}
END_TEST

/* Even where nobody asked for input: a full buffer must not hide that the peer is gone. */
START_TEST(test_poll_error_unasked)
{
	struct modus_pollfd set[] = { of_conn(0), of_pipe() };
	pthread_t t;

	ck_assert_int_eq(modus_printf(c, "unread"), 0);
	ck_assert_int_eq(modus_flush(c), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, wait_and_close, NULL), 0);
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 1);
	ck_assert(set[0].revents & POLLERR);
	pthread_join(t, NULL);
	rig.peer = -1;
}
END_TEST

static void *drain_soon(void *arg)
{
	usleep(SHORT * 1000);
	rig_phase(PHASE_DRAINING);
	return NULL;
}

START_TEST(test_poll_tells_of_a_drain_once)
{
	struct modus_pollfd set[] = { of_conn(POLLIN), of_pipe() };
	int64_t start = clock_ms();
	pthread_t t;

	ck_assert_int_eq(pthread_create(&t, NULL, drain_soon, NULL), 0);
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 0);
	ck_assert(modus_draining(c));
	ck_assert_int_lt(clock_ms() - start, LONG);
	pthread_join(t, NULL);
	start = clock_ms();
	ck_assert_int_eq(modus_poll(c, set, 2, SHORT), 0);
	ck_assert_int_ge(clock_ms() - start, SHORT);
	rig_say("x");
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), 1);
	rig_phase(PHASE_CANCELED);
	ck_assert_int_eq(modus_poll(c, set, 2, LONG), -ECANCELED);
}
END_TEST

/* The peer says what it got: all that was pending, which was sent while the poll waited. */
static void *read_and_tell(void *arg)
{
	static char buf[1 << 16];
	size_t left = *(size_t *)arg;
	ssize_t n;

	while (left > 0 && (n = recv(rig.peer, buf, sizeof(buf), 0)) > 0)
		left -= (size_t)n < left ? (size_t)n : left;
	return write(ends[1], "x", 1) == 1 ? NULL : arg;
}

START_TEST(test_poll_sends_what_is_pending)
{
	struct modus_pollfd set[] = { of_pipe() };
	static char buf[1000];
	size_t n = sizeof(buf);
	ssize_t sent;
	pthread_t t;

	while ((sent = send(c->fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		n += (size_t)sent;
	ck_assert_int_eq(modus_write(c, buf, sizeof(buf)), 0);
	ck_assert_int_eq(modus_poll(c, set, 1, SHORT), 0); /* the peer takes nothing yet */
	ck_assert_int_eq(pthread_create(&t, NULL, read_and_tell, &n), 0);
	ck_assert_int_eq(modus_poll(c, set, 1, LONG / 4), 1);
	pthread_join(t, NULL);
}
END_TEST

/* ---- modus_block() ---- */

static int attached, attach_fails;

static int attach(struct modus_instance *i, void **worker)
{
	*worker = &attached;
	attached += !attach_fails;
	return attach_fails;
}

static void detach(struct modus_instance *i, void *worker)
{
	ck_assert_ptr_eq(worker, &attached);
	attached--;
}

static int work(void *worker, void *arg)
{
	ck_assert_ptr_eq(worker, &attached);
	return *(int *)arg;
}

START_TEST(test_block)
{
	int result = -ENOTTY;

	rig.plugin.attach = attach;
	rig.plugin.detach = detach;
	attach_fails = -ENOENT;
	ck_assert_int_eq(modus_block(c, work, &result), -ENOENT);
	attach_fails = 0;
	ck_assert_int_eq(modus_block(c, work, &result), -ENOTTY);
	result = 7;
	ck_assert_int_eq(modus_block(c, work, &result), 7);
	ck_assert_int_eq(attached, 1);
	ck_assert_int_eq(modus_error(c), 0);
	rig_phase(PHASE_CANCELED);
	ck_assert_int_eq(modus_block(c, work, &result), -ECANCELED);
}
END_TEST

static int write_in_work(void *worker, void *arg)
{
	return modus_write(arg, "x", 1);
}

static int sleep_in_work(void *worker, void *arg)
{
	return modus_sleep(arg, 1);
}

START_TEST(test_no_calls_in_work)
{
	int (*const works[])(void *, void *) = { write_in_work, sleep_in_work };

	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();
		int status;

		ck_assert_int_ge(pid, 0);
		if (pid == 0) {
			signal(SIGABRT, SIG_DFL);
			setrlimit(RLIMIT_CORE, &(struct rlimit) { 0, 0 });
			_exit(modus_block(c, works[i], c));
		}
		status = await_child(pid);
		ck_assert(WIFSIGNALED(status));
		ck_assert_int_eq(WTERMSIG(status), SIGABRT);
	}
}
END_TEST

static void set_up(void)
{
	rig_set_up();
	c = rig_connect();
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
}

static void tear_down(void)
{
	rig_close(c);
	rig_end();
	ck_assert_int_eq(attached, 0);
	close(ends[0]);
	if (ends[1] >= 0)
		close(ends[1]);
}

int main(void)
{
	const TTest *const tests[] = {
		test_sleep,
		test_sleep_through_a_drain,
		test_sleep_canceled,
		test_poll_nothing,
		test_poll_connection,
		test_poll_pipe,
		test_poll_output,
		test_poll_many,
		test_poll_regular_file,
		test_poll_error,
		test_poll_error_unasked,
		test_poll_tells_of_a_drain_once,
		test_poll_sends_what_is_pending,
		test_block,
		test_no_calls_in_work,
	};

	return SUITE_RUN("waiting", tests, set_up, tear_down);
}
