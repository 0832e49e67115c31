/* SPDX-License-Identifier: MIT */
/* The linker puts the calls below in the place of libc's (--wrap), so that any failure can be had.
 */
#include "service_fixture.h"

#include <stdio.h>

int __real_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);
int __wrap_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);

static struct {
	int error[16]; /* what the next calls fail with; 0: they do not */
	int calls;
} accepts;

int __wrap_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
	int error = accepts.error[accepts.calls++];

	if (error == 0)
		return __real_accept4(fd, addr, len, flags);
	errno = error;
	return -1;
}

ssize_t __real_recvfrom(int fd, void *buf, size_t size, int flags, struct sockaddr *from,
			socklen_t *len);
ssize_t __wrap_recvfrom(int fd, void *buf, size_t size, int flags, struct sockaddr *from,
			socklen_t *len);

ssize_t __wrap_recvfrom(int fd, void *buf, size_t size, int flags, struct sockaddr *from,
			socklen_t *len)
{
	int error = accepts.error[accepts.calls++];

	if (error == 0)
		return __real_recvfrom(fd, buf, size, flags, from, len);
	errno = error;
	return -1;
}

static struct listeners *listeners;
static struct modus_listener *l;
static struct modus_conn *c;

static void listen_to(const char *address)
{
	rig.plan.listen = (struct modus_list) { 1, &address };
	rig.plan.backlog = 16;
	ck_assert_int_eq(listeners_open(&rig.plan, &listeners), 0);
	l = &listeners->all[0];
}

static int dial(void)
{
	int fd = socket(l->address.any.sa_family, l->address.type | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(connect(fd, &l->address.any, l->address.len), 0);
	return fd;
}

static void fail_next(const int *errors, int n)
{
	accepts.calls = 0;
	memset(accepts.error, 0, sizeof(accepts.error));
	memcpy(accepts.error, errors, (size_t)n * sizeof(*errors));
}

static int take(void)
{
	return listener_take(l, &rig.worker, &c);
}

START_TEST(test_take)
{
	struct sockaddr_in mine;
	socklen_t len = sizeof(mine);
	int fd;

	ck_assert_int_eq(take(), -EAGAIN);
	fd = dial();
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(c->kind, CONN_STREAM);
	ck_assert_int_eq(c->state, CONN_NEW);
	ck_assert(fcntl(c->fd, F_GETFD) & FD_CLOEXEC);
	ck_assert(!(fcntl(c->fd, F_GETFL) & O_NONBLOCK));
	getsockname(fd, (struct sockaddr *)&mine, &len);
	ck_assert_int_eq(c->peer.in.sin_port, mine.sin_port);
	ck_assert_uint_eq(rig_count(COUNT_accepted), 1);
	ck_assert_int_eq(rig.service.admission.active, 1);
	ck_assert_uint_eq(rig.service.board->served, 1);
	conn_release(c);
	ck_assert_int_eq(rig.service.admission.active, 0);
	ck_assert_uint_eq(rig_count(COUNT_closed), 1);
	close(fd);
}
END_TEST

START_TEST(test_evented_ones_never_block)
{
	int fd = dial();

	rig.model.capabilities = MODUS_EVENTED;
	ck_assert_int_eq(take(), 0);
	ck_assert(fcntl(c->fd, F_GETFL) & O_NONBLOCK);
	conn_release(c);
	close(fd);
}
END_TEST

START_TEST(test_lost_ones_are_skipped)
{
	const int lost[] = { ECONNABORTED, EPROTO, ENETDOWN, EHOSTUNREACH, EPERM };
	int fd = dial();

	fail_next(lost, 5);
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(accepts.calls, 6);
	ck_assert_uint_eq(rig_count(COUNT_accept_error), 5);
	ck_assert_uint_eq(rig_count(COUNT_accepted), 1);
	conn_release(c);
	close(fd);
}
END_TEST

START_TEST(test_interrupted)
{
	const int interrupted[] = { EINTR, EINTR };
	int fd = dial();

	fail_next(interrupted, 2);
	ck_assert_int_eq(take(), 0);
	ck_assert_uint_eq(rig_count(COUNT_accept_error), 0);
	conn_release(c);
	close(fd);
}
END_TEST

static const int shortages[] = { EMFILE, ENFILE, ENOBUFS, ENOMEM };

START_TEST(test_shortages)
{
	for (unsigned i = 0; i < 4; i++) {
		int fd = dial();

		fail_next(&shortages[i], 1);
		ck_assert_int_eq(take(), -EBUSY);
		ck_assert_int_eq(accepts.calls, 1);
		ck_assert_uint_eq(rig_count(COUNT_out_of_descriptors), i + 1);
		ck_assert_int_eq(take(), 0); /* the client has waited */
		conn_release(c);
		close(fd);
	}
	ck_assert_int_eq(rig.service.admission.active, 0);
}
END_TEST

START_TEST(test_useless)
{
	const int fatal[] = { EBADF, EINVAL };

	for (int i = 0; i < 2; i++) {
		fail_next(&fatal[i], 1);
		ck_assert_int_eq(take(), -fatal[i]);
	}
	ck_assert_uint_eq(rig_count(COUNT_accept_error), 0);
	ck_assert_uint_eq(rig_count(COUNT_out_of_descriptors), 0);
}
END_TEST

START_TEST(test_limit)
{
	struct modus_conn *first;
	int a = dial(), b = dial();

	rig.plan.limits.connections = 1;
	ck_assert_int_eq(take(), 0);
	first = c;
	ck_assert_int_eq(take(), -EBUSY);
	ck_assert_int_eq(accepts.calls, 1);
	ck_assert_uint_eq(rig_count(COUNT_at_limit), 1);
	conn_release(first);
	ck_assert_int_eq(take(), 0);
	conn_release(c);
	close(a);
	close(b);
}
END_TEST

/* ---- Datagrams ---- */

static void ck_datagram(const char *text)
{
	ck_assert_int_eq(take(), 0);
	ck_assert_int_eq(c->kind, CONN_DATAGRAM);
	ck_assert_uint_eq(c->in_len, strlen(text));
	ck_assert_mem_eq(c->in, text, c->in_len);
	ck_assert(c->flags & CONN_END);
	conn_release(c);
}

START_TEST(test_datagrams)
{
	int fd;

	listeners_close(listeners);
	listen_to("udp://127.0.0.1:0");
	ck_assert_int_eq(take(), -EAGAIN);
	ck_assert_uint_eq(rig.service.table.count, 0);
	fd = dial();
	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	ck_assert_int_eq(send(fd, "", 0, 0), 0);
	await_readable(l->fd);
	ck_datagram("hello");
	await_readable(l->fd);
	ck_datagram("");
	ck_assert_int_eq(take(), -EAGAIN);
	ck_assert_uint_eq(rig_count(COUNT_datagrams), 2);
	ck_assert_uint_eq(rig_count(COUNT_bytes_in), 5);
	close(fd);
}
END_TEST

START_TEST(test_shortages_of_datagrams)
{
	int fd;

	listeners_close(listeners);
	listen_to("udp://127.0.0.1:0");
	fd = dial();
	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	await_readable(l->fd);
	for (unsigned i = 2; i < 4; i++) { /* those of memory */
		fail_next(&shortages[i], 1);
		ck_assert_int_eq(take(), -EBUSY);
		ck_assert_uint_eq(rig_count(COUNT_out_of_descriptors), i - 1);
	}
	ck_datagram("hello"); /* it has waited */
	close(fd);
}
END_TEST

/* A Unix peer that has no name is one of the Unix family. */
START_TEST(test_rules_for_nameless_peers)
{
	static const char *const rules[] = { "allow unix", "deny all" };
	char address[sizeof(l->address.un.sun_path) + 16];
	int fd;

	listeners_close(listeners);
	admission_close(&rig.service.admission);
	rig.plan.access = (struct modus_list) { 2, rules };
	ck_assert_int_eq(admission_open(&rig.service.admission, &rig.plan), 0);
	snprintf(address, sizeof(address), "unix-dgram:///tmp/check_accept.%d", (int)getpid());
	listen_to(address);
	fd = dial();
	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	await_readable(l->fd);
	ck_datagram("hello");
	ck_assert_uint_eq(rig_count(COUNT_denied), 0);
	close(fd);
}
END_TEST

static void set_up(void)
{
	rig_set_up();
	listen_to("tcp://127.0.0.1:0");
}

static void tear_down(void)
{
	listeners_close(listeners);
	rig_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_take,
		test_evented_ones_never_block,
		test_lost_ones_are_skipped,
		test_interrupted,
		test_shortages,
		test_useless,
		test_limit,
		test_datagrams,
		test_shortages_of_datagrams,
		test_rules_for_nameless_peers,
	};

	return SUITE_RUN("accept", tests, set_up, tear_down);
}
