/* SPDX-License-Identifier: MIT */
/* While clients are served, the Nth call of a kind fails: the client is refused, or lost and
 * counted; the next one is served, and in the end nothing is left. */
#include "tests/faults/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MANY = 300, STEPS = 6, COUNT_MS = 3000 };

static const struct fault faults[] = {
	FAULT(accept4, EMFILE),      FAULT(accept4, ENFILE),
	FAULT(accept4, ENOMEM),      FAULT(accept4, ECONNABORTED),
	FAULT(accept4, EINTR),       FAULT(accept4, EPERM),
	FAULT(bind, EADDRINUSE),     FAULT(calloc, ENOMEM),
	FAULT(connect, ENETUNREACH), FAULT(connect, EADDRNOTAVAIL),
	FAULT(dup, EMFILE),          FAULT(epoll_ctl, ENOMEM),
	FAULT(epoll_ctl, ENOSPC),    FAULT(epoll_wait, EINTR),
	FAULT(eventfd, EMFILE),      FAULT(fork, EAGAIN),
	FAULT(fork, ENOMEM),         FAULT(malloc, ENOMEM),
	FAULT(mmap64, ENOMEM),       FAULT(mprotect, ENOMEM),
	FAULT(pipe2, EMFILE),        FAULT(poll, EINTR),
	FAULT(ppoll, EINTR),         FAULT(pthread_create, EAGAIN),
	FAULT(realloc, ENOMEM),      FAULT(recv, ECONNRESET),
	FAULT(recv, EINTR),          FAULT(recv, ENOMEM),
	FAULT(recv, ETIMEDOUT),      FAULT(recvfrom, ECONNREFUSED),
	FAULT(recvfrom, EINTR),      FAULT(recvfrom, ENOMEM),
	FAULT(recvmsg, EINTR),       FAULT(recvmsg, ENOMEM),
	FAULT(sendmsg, ENOBUFS),     FAULT(sendmsg, EPERM),
	FAULT(sendmsg, EINTR),       FAULT(sendto, EAGAIN),
	FAULT(sendto, ECONNREFUSED), FAULT(sendto, ECONNRESET),
	FAULT(sendto, EINTR),        FAULT(sendto, EMSGSIZE),
	FAULT(sendto, ENOBUFS),      FAULT(sendto, EPERM),
	FAULT(sendto, EPIPE),        FAULT(sendto, ETIMEDOUT),
	FAULT(setsockopt, ENOMEM),   FAULT(socket, EMFILE),
	FAULT(socket, ENFILE),       FAULT(timerfd_create, EMFILE),
	FAULT(write, ENOSPC),
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

/* What a client says and hears.  "@" in a command stands for the upstream's address; a command
 * without a reply ends the connection. */
static const struct operation {
	const char *name;
	bool datagram;
	struct {
		const char *command, *reply;
	} step[STEPS];
} operations[] = {
	{ "stream", false, { { "echo x", "ok x" }, { "echo y", "ok y" } } },
	{ "datagram", true, { { "echo x", "ok x" } } },
	{ "block", false, { { "block 1", "ok 0" }, { "blockresult", "ok 42" } } },
	{ "connect", false, { { "connect @", "ok" }, { "upclose", "ok" } } },
	{ "sleep", false, { { "sleep 1", "ok" }, { "sleep 1", "ok" } } },
	{ "poll", false, { { "poll 2 pipe", "ok 0" }, { "timer 1", "ok 1" }, { "fd", "ok 1" } } },
	{ "memory", false, { { "alloc 9000", "ok" }, { "subscribe x", "ok" }, { "peer", "ok" } } },
	{ "idle", false, { { "echo x", "ok x" }, { "deadline idle 20", "ok" }, { "", NULL } } },
	{ "log", false, { { "log x", "ok" }, { "return -5", "ok" }, { "", NULL } } },
};

enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

static char upstream[128];
static int listener;

/* A datagram that is lost is counted; nothing else tells. */
static enum outcome hear_datagram(struct server *s, int fd, const char *want, uint64_t before)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int64_t end = now_ms() + PATIENCE;

	while (poll(&p, 1, 5) == 0) {
		if (losses(s) > before && poll(&p, 1, 20) == 0)
			return LOST;
		ck_assert_msg(now_ms() < end, "a datagram was lost without being counted");
	}
	return try_hear(fd, want);
}

static enum outcome step(struct server *s, const struct operation *o, int fd, int i)
{
	const char *command = o->step[i].command, *at = strchr(command, '@');
	uint64_t before = losses(s);
	char line[256];
	int n = snprintf(line, sizeof(line), "%.*s%s\n", at ? (int)(at - command) : 100, command,
			 at ? upstream : "");

	if (!o->step[i].reply) {
		discard_all(fd);
		return SERVED;
	}
	if (client_send(fd, line, (size_t)n))
		return LOST;
	return o->datagram ? hear_datagram(s, fd, o->step[i].reply, before)
			   : try_hear(fd, o->step[i].reply);
}

static void drop_upstream(void)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
		close(fd);
}

static enum outcome operate(struct server *s, const struct operation *o)
{
	int fd = client_at(server_url(s, o->datagram ? "udp" : "test"));
	enum outcome got = SERVED;

	for (int i = 0; i < STEPS && o->step[i].command && got == SERVED; i++)
		got = step(s, o, fd, i);
	hang_up(fd);
	drop_upstream();
	return got;
}

static void await_loss(struct server *s, uint64_t before)
{
	int64_t end = now_ms() + COUNT_MS;

	while (losses(s) <= before) {
		ck_assert_msg(now_ms() < end, "a client was lost without being counted");
		pause_ms(1);
	}
}

static void fail_each(struct server *s, const struct operation *o, const struct fault *f)
{
	for (long n = 1; n < MANY; n++) {
		uint64_t before = losses(s);
		enum outcome got;

		test_at("%s: call %ld fails: %s", o->name, n, f->name);
		wrap_arm(f->call, f->error, n, n);
		got = operate(s, o);
		if (wrap_disarm() == 0) {
			ck_assert_int_eq(got, SERVED);
			return;
		}
		if (got == LOST)
			await_loss(s, before);
		serves_next(s);
	}
	ck_abort_msg("it never succeeds");
}

static struct server *begin(struct server *(*serve_how)(const char *handler, const char *rows))
{
	struct server *s;

	listener = upstream_listen("tcp", upstream, sizeof(upstream));
	ck_assert_int_eq(fcntl(listener, F_SETFL, O_NONBLOCK), 0);
	s = serve_how("every", LIMITED);
	for (size_t i = 0; i < OPERATIONS; i++) /* what is made at first use is made */
		ck_assert_int_eq(operate(s, &operations[i]), SERVED);
	all_closed(s);
	return s;
}

/* What is counted as closed is closed a moment later. */
static void await_descriptors(struct server *s, int want)
{
	int64_t end = now_ms() + PATIENCE;

	while (process_descriptors(server_pid(s)) > want) {
		ck_assert_msg(now_ms() < end, "%d descriptors, want %d",
			      process_descriptors(server_pid(s)), want);
		pause_ms(1);
	}
}

static void fail_all(struct server *s, const struct operation *o, const struct fault *f, size_t n)
{
	int descriptors = process_descriptors(server_pid(s));

	for (size_t i = 0; i < n; i++)
		fail_each(s, o, &f[i]);
	all_closed(s);
	limit_is(s, LIMIT);
	all_closed(s);
	await_descriptors(s, descriptors);
	server_stop(s);
}

START_TEST(each_call_fails_once)
{
	struct server *s = begin(serve);

	fail_all(s, &operations[_i], faults, FAULTS);
}
END_TEST

/* What nobody calls, or calls by another name, is tested by nobody.  Interrupted, it is made again.
 */
START_TEST(transfers_are_reached)
{
	static const struct fault of_each[][2] = {
		{ FAULT(recv, EINTR), FAULT(sendto, EINTR) },     /* of a stream */
		{ FAULT(recvfrom, EINTR), FAULT(sendto, EINTR) }, /* of a datagram */
	};
	const struct fault *f = of_each[_i];
	struct server *s = begin(serve);

	for (int i = 0; i < 2; i++) {
		test_at("%s: %s", operations[_i].name, f[i].name);
		wrap_arm(f[i].call, f[i].error, 1, 1);
		ck_assert_int_eq(operate(s, &operations[_i]), SERVED);
		ck_assert_int_eq(wrap_disarm(), 1);
	}
	server_stop(s);
}
END_TEST

static const struct fault hosted_faults[] = {
	FAULT(epoll_ctl, ENOSPC),
	FAULT(fork, EAGAIN),
	FAULT(pidfd_open, EMFILE),
	FAULT(pidfd_open, ENOMEM),
};

/* Where an application has the signals, other calls tell of the end of children. */
START_TEST(each_call_fails_once_under_a_host)
{
	struct server *s = begin(serve_hosted);

	fail_all(s, &operations[_i], hosted_faults, sizeof(hosted_faults) / sizeof(struct fault));
}
END_TEST

/* ---- The end of a service
 * ----------------------------------------------------------------------*/

static const struct fault at_end[] = {
	FAULT(calloc, ENOMEM),     FAULT(epoll_ctl, ENOMEM), FAULT(epoll_wait, EINTR),
	FAULT(malloc, ENOMEM),     FAULT(mmap64, ENOMEM),    FAULT(poll, EINTR),
	FAULT(ppoll, EINTR),       FAULT(realloc, ENOMEM),   FAULT(recv, ECONNRESET),
	FAULT(sendto, ECONNRESET), FAULT(write, ENOSPC),
};

enum { ENDS = sizeof(at_end) / sizeof(at_end[0]), ENDS_IN_MS = 2500 };

/* One idle, one at work; true if a call failed. */
static bool end_once(const struct fault *f, long n)
{
	struct server *s = serve("every", LIMITED);
	int idle = client(s), busy;
	bool hit;

	if (can(MODUS_CONCURRENT))
		ask(idle, "echo x", "ok x");
	else
		hang_up(idle);
	busy = client(s);
	say(busy, "flush x\nblock 10");
	expect(busy, "ok x");
	wrap_arm(f->call, f->error, n, n);
	server_term(s);
	server_ends(s, ENDS_IN_MS);
	hit = wrap_disarm() > 0;
	clients_after_test();
	servers_after_test();
	return hit;
}

START_TEST(ends_all_the_same)
{
	for (size_t i = 0; i < ENDS; i++)
		for (long n = 1; n < MANY; n++) {
			test_at("ending, call %ld fails: %s", n, at_end[i].name);
			if (!end_once(&at_end[i], n))
				break;
			ck_assert_int_lt(n, MANY - 1);
		}
}
END_TEST

void add_calls(Suite *s)
{
	TCase *t = part(s, "calls");

	tcase_add_loop_test(t, each_call_fails_once, 0, OPERATIONS);
	tcase_add_loop_test(t, transfers_are_reached, 0, 2);
	tcase_add_loop_test(t, each_call_fails_once_under_a_host, 0, 2);
	tcase_add_test(t, ends_all_the_same);
}
