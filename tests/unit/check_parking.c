/* SPDX-License-Identifier: MIT */
#include "models/parking.h"

#include "core/clock.h"

#include "service_fixture.h"

#include <pthread.h>
#include <stdio.h>

enum { SHORT = 30, ROUNDS = 200, CLAIMERS = 3 };

static struct parking parking;
static struct modus_conn *c;

/* Waits ms for an event and returns what it is about. */
static void *event(int ms)
{
	struct epoll_event e;
	int n = epoll_wait(parking.ep, &e, 1, ms);

	ck_assert_int_ge(n, 0);
	return n ? e.data.ptr : NULL;
}

static void park(bool now)
{
	conn_unlend(c);
	parking_park(&parking, c, now);
}

/* The next event is c's, and not the timer's. */
static void ck_event(void)
{
	ck_assert_ptr_eq(event(20000), c);
}

static void ck_no_event(void)
{
	ck_assert_ptr_null(event(0));
}

START_TEST(test_input)
{
	park(false);
	ck_no_event();
	rig_say("x");
	ck_event();
	ck_no_event(); /* one event for each arming */
	ck_assert(parking_claim(c));
	ck_assert(!parking_claim(c));
	park(false);
	ck_event();
	ck_assert(parking_claim(c));
}
END_TEST

START_TEST(test_peer_is_gone)
{
	park(false);
	shutdown(rig.peer, SHUT_WR);
	ck_event();
	ck_assert(parking_claim(c));
}
END_TEST

START_TEST(test_now)
{
	park(true);
	ck_event();
	ck_assert(parking_claim(c));
}
END_TEST

START_TEST(test_running_ones_are_nobodys)
{
	ck_assert(!parking_claim(c));
}
END_TEST

/* ---- Deadlines ---- */

START_TEST(test_expire)
{
	int64_t start = clock_ms();

	c->due = start + SHORT;
	park(false);
	ck_assert_ptr_eq(event(20000), &parking);
	ck_assert_int_ge(clock_ms() - start, SHORT);
	parking_expire(&parking);
	ck_event();
	ck_assert(parking_claim(c));
	ck_assert_uint_eq(c->poked, CONN_POKE_EXPIRED);
}
END_TEST

START_TEST(test_expires_while_it_runs)
{
	c->due = clock_ms() + SHORT;
	park(false);
	ck_assert(parking_claim(c));
	ck_assert_ptr_eq(event(20000), &parking);
	parking_expire(&parking);
	ck_no_event();
	ck_assert_uint_eq(c->poked, 0);
	c->due = clock_ms() + SHORT;
	park(false);
	ck_assert_ptr_eq(event(20000), &parking);
	parking_expire(&parking);
	ck_event();
	ck_assert(parking_claim(c));
}
END_TEST

START_TEST(test_moved_deadline)
{
	int64_t later = clock_ms() + 20000;

	c->due = clock_ms() + SHORT;
	park(false);
	ck_assert(parking_claim(c));
	c->due = later;
	park(false);
	ck_assert_ptr_eq(event(20000), &parking); /* the timer stays as it was, for once */
	parking_expire(&parking);
	ck_no_event();
	ck_assert_int_eq(deadlines_next(&parking.deadlines), later);
	ck_assert(parking_claim(c));
}
END_TEST

START_TEST(test_closing)
{
	c->due = clock_ms() + SHORT;
	park(false);
	ck_assert(parking_claim(c));
	rig_close(c);
	ck_assert_int_eq(deadlines_next(&parking.deadlines), DEADLINE_NEVER);
	c = rig_connect();
}
END_TEST

static bool is_watched(int fd)
{
	char path[64], line[256];
	bool found = false;
	int watched;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", parking.ep);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f))
		found |= sscanf(line, "tfd: %d", &watched) == 1 && watched == fd;
	fclose(f);
	return found;
}

/* Somebody else holds its socket, as a thread within epoll_wait() may for a while. */
START_TEST(test_closed_ones_are_not_watched)
{
	int fd = c->fd, copy = dup(fd);

	park(false);
	ck_assert(is_watched(fd));
	ck_assert(parking_claim(c));
	rig_close(c);
	ck_assert(!is_watched(fd));
	close(copy);
	c = rig_connect();
}
END_TEST

/* ---- New ones, and where they come from ---- */

START_TEST(test_admit)
{
	parking_admit(&parking, c);
	ck_no_event(); /* there is nothing to be said before it speaks */
	rig_say("x");
	ck_event();
	ck_assert(parking_claim(c));
	ck_assert_int_ne(deadlines_next(&parking.deadlines), DEADLINE_NEVER);
}
END_TEST

START_TEST(test_admit_one_that_is_greeted)
{
	rig.plugin.flags = MODUS_SPEAKS_FIRST;
	parking_admit(&parking, c);
	ck_event();
	ck_assert(parking_claim(c));
}
END_TEST

START_TEST(test_listeners_pause)
{
	static const char *const address[] = { "tcp://127.0.0.1:0" };
	struct modus_listener *l;
	int64_t start;
	int fd;

	rig.plan.listen = (struct modus_list) { 1, address };
	rig.plan.backlog = 5;
	ck_assert_int_eq(listeners_open(&rig.plan, &rig.service.listeners), 0);
	l = &rig.service.listeners->all[0];
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(fd, &l->address.any, l->address.len), 0);
	parking_listen(&parking, l, EPOLL_CTL_ADD);
	ck_assert_ptr_eq(event(20000), l);
	ck_no_event();
	start = clock_ms();
	parking_pause(&parking);
	ck_assert_ptr_eq(event(20000), &parking);
	ck_assert_int_ge(clock_ms() - start, LISTENER_PAUSE_MS);
	parking_expire(&parking);
	ck_assert_ptr_eq(event(20000), l);
	rig_phase(PHASE_DRAINING);
	parking_listen(&parking, l, EPOLL_CTL_MOD);
	ck_no_event();
	close(fd);
	listeners_close(rig.service.listeners);
}
END_TEST

/* ---- News, and the end of the service ---- */

static uint64_t topics_of(void)
{
	return c->topics;
}

START_TEST(test_news)
{
	ck_assert_int_eq(modus_subscribe(c, "topic"), 0);
	park(false);
	parking_news(&parking, ~topics_of());
	ck_no_event();
	parking_news(&parking, topics_of());
	ck_event();
	ck_assert(parking_claim(c));
	ck_assert_uint_eq(c->poked, CONN_POKE_NEWS);
}
END_TEST

START_TEST(test_news_while_it_runs)
{
	ck_assert_int_eq(modus_subscribe(c, "topic"), 0);
	parking_news(&parking, topics_of());
	ck_no_event();
	park(false);
	ck_event();
	ck_assert(parking_claim(c));
	ck_assert_uint_eq(c->poked, CONN_POKE_NEWS);
}
END_TEST

START_TEST(test_drain)
{
	rig_phase(PHASE_DRAINING);
	park(false);
	ck_event(); /* it would never be told again */
	ck_assert(parking_claim(c));
}
END_TEST

START_TEST(test_drain_while_it_is_parked)
{
	park(false);
	rig_phase(PHASE_DRAINING);
	conn_table_interrupt(&rig.service.table, false);
	ck_event();
	ck_assert(parking_claim(c));
}
END_TEST

/* ---- Several workers ---- */

static _Atomic int claims;
static pthread_barrier_t barrier;

static void *claim(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_barrier_wait(&barrier);
		if (parking_claim(c))
			atomic_fetch_add(&claims, 1);
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

START_TEST(test_one_claims)
{
	pthread_t t[CLAIMERS];

	pthread_barrier_init(&barrier, NULL, CLAIMERS + 1);
	for (int i = 0; i < CLAIMERS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, claim, NULL), 0);
	for (int i = 0; i < ROUNDS; i++) {
		park(false);
		pthread_barrier_wait(&barrier);
		pthread_barrier_wait(&barrier);
		ck_assert_int_eq(claims, i + 1);
	}
	for (int i = 0; i < CLAIMERS; i++)
		pthread_join(t[i], NULL);
	pthread_barrier_destroy(&barrier);
}
END_TEST

static void set_up(void)
{
	rig_defaults();
	rig.model.io = &parking_io;
	rig_begin();
	rig.service.model_state = &parking;
	ck_assert_int_eq(parking_open(&parking, &rig.service), 0);
	c = rig_connect();
	c->due = DEADLINE_NEVER;
}

static void tear_down(void)
{
	rig_close(c);
	parking_close(&parking);
	rig_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_input,
		test_peer_is_gone,
		test_now,
		test_running_ones_are_nobodys,
		test_expire,
		test_expires_while_it_runs,
		test_moved_deadline,
		test_closing,
		test_closed_ones_are_not_watched,
		test_admit,
		test_admit_one_that_is_greeted,
		test_listeners_pause,
		test_news,
		test_news_while_it_runs,
		test_drain,
		test_drain_while_it_is_parked,
		test_one_claims,
	};

	return SUITE_RUN("parking", tests, set_up, tear_down);
}
