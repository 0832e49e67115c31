/* SPDX-License-Identifier: MIT */
#include "core/clock.h"

#include "service_fixture.h"

#include <pthread.h>

enum { EACH = 6 };

static struct listeners *listeners;

static void listen_to(const char *const *addresses, size_t n)
{
	rig.plan.listen = (struct modus_list) { n, addresses };
	rig.plan.backlog = 64;
	ck_assert_int_eq(listeners_open(&rig.plan, &listeners), 0);
	rig.service.listeners = listeners;
}

static void dial(int *fds, size_t listener, int n)
{
	const struct address *a = &listeners->all[listener].address;

	for (int i = 0; i < n; i++) {
		fds[i] = socket(a->any.sa_family, a->type | SOCK_CLOEXEC, 0);
		ck_assert_int_eq(connect(fds[i], &a->any, a->len), 0);
	}
	await_readable(listeners->all[listener].fd);
}

static void hang_up(const int *fds, int n)
{
	for (int i = 0; i < n; i++)
		close(fds[i]);
}

static struct modus_conn *next(void)
{
	int error;
	struct modus_conn *c = service_next(&rig.service, &rig.worker, &error);

	ck_assert_int_eq(error, 0);
	return c;
}

START_TEST(test_listeners_take_turns)
{
	struct modus_conn *c;
	size_t of[2] = { 0, 0 };
	int a[EACH], b[EACH];

	dial(a, 0, EACH);
	dial(b, 1, EACH);
	for (size_t i = 0; i < 2 * EACH; i++) {
		ck_assert_ptr_nonnull(c = next());
		of[c->listener - listeners->all]++;
		ck_assert_uint_le(of[0], i / 2 + 1);
		ck_assert_uint_le(of[1], i / 2 + 1);
		conn_release(c);
	}
	ck_assert_uint_eq(of[0], EACH);
	hang_up(a, EACH);
	hang_up(b, EACH);
}
END_TEST

/* A listener that never runs dry does not keep those of another waiting. */
START_TEST(test_busy_listener)
{
	struct modus_listener *of;
	struct modus_conn *c;
	int busy[EACH], other[1], taken = 0;

	dial(busy, 0, EACH);
	conn_release(next());
	dial(other, 1, 1);
	do {
		ck_assert_ptr_nonnull(c = next());
		ck_assert_msg(++taken < 2 * EACH, "the other was never taken");
		of = c->listener;
		conn_release(c);
		if (of == &listeners->all[0] && taken < EACH) {
			close(busy[taken]);
			dial(&busy[taken], 0, 1);
		}
	} while (of != &listeners->all[1]);
	hang_up(busy, EACH);
	hang_up(other, 1);
}
END_TEST

static void *drain_soon(void *arg)
{
	usleep(20000);
	rig_phase(PHASE_DRAINING);
	return NULL;
}

START_TEST(test_drain)
{
	pthread_t t;
	int fd;

	ck_assert_int_eq(pthread_create(&t, NULL, drain_soon, NULL), 0);
	ck_assert_ptr_null(next());
	pthread_join(t, NULL);
	dial(&fd, 0, 1);
	ck_assert_ptr_null(next());
	ck_assert_uint_eq(rig_count(COUNT_accepted), 0);
	hang_up(&fd, 1);
}
END_TEST

static void *release_soon(void *c)
{
	usleep(20000);
	admission_unreserve(&rig.service.admission);
	return NULL;
}

/* Nobody tells when a connection has ended: it asks again after a pause. */
START_TEST(test_limit)
{
	int64_t start = clock_ms();
	pthread_t t;
	int fd;

	rig.plan.limits.connections = 1;
	ck_assert(admission_reserve(&rig.service.admission));
	dial(&fd, 0, 1);
	ck_assert_int_eq(pthread_create(&t, NULL, release_soon, NULL), 0);
	conn_release(next());
	pthread_join(t, NULL);
	ck_assert_int_ge(clock_ms() - start, LISTENER_PAUSE_MS);
	ck_assert_uint_ge(rig_count(COUNT_at_limit), 1);
	ck_assert_int_le((int64_t)rig_count(COUNT_at_limit), /* or it has spun */
			 1 + (clock_ms() - start) / LISTENER_PAUSE_MS);
	hang_up(&fd, 1);
}
END_TEST

START_TEST(test_useless_listener)
{
	struct modus_conn *c;
	int fds[2], error;

	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	dup2(fds[0], listeners->all[1].fd);
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	c = service_next(&rig.service, &rig.worker, &error);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(error, -ENOTSOCK);
	hang_up(fds, 2);
}
END_TEST

static int ticks;

static void tick(struct modus_conn *task)
{
	if (++ticks == 3)
		rig_phase(PHASE_DRAINING);
}

START_TEST(test_ticks_meanwhile)
{
	rig.plugin.tick = tick;
	rig.plugin.tick_ms = 5;
	ck_assert_ptr_null(next());
	ck_assert_int_eq(ticks, 3);
}
END_TEST

static void set_up(void)
{
	static const char *const both[] = { "tcp://127.0.0.1:0", "tcp://127.0.0.1:0" };

	rig_set_up();
	listen_to(both, 2);
}

static void tear_down(void)
{
	listeners_close(listeners);
	rig_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_listeners_take_turns, test_busy_listener,   test_drain, test_limit,
		test_useless_listener,     test_ticks_meanwhile,
	};

	return SUITE_RUN("next", tests, set_up, tear_down);
}
