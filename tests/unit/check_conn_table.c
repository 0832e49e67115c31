/* SPDX-License-Identifier: MIT */
#include "core/connection.h"

#include "core_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

enum { SESSION = 40, MANY = 200, PAGE = 4096 };

static struct core_fixture f;
static int peer; /* the other end of the connection made last */

static void begin(void)
{
	f.plugin.session_size = SESSION;
	fixture_open(&f);
}

static struct modus_conn *connected(enum conn_parked parked)
{
	struct modus_conn *c = fixture_conn(&f);
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	c->fd = ends[0];
	peer = ends[1];
	c->parked = (uint8_t)parked;
	return c;
}

START_TEST(test_a_new_connection)
{
	struct modus_conn *c;

	begin();
	c = conn_new(&f.worker, CONN_OUTBOUND);
	ck_assert_ptr_nonnull(c);
	ck_assert_int_eq(c->kind, CONN_OUTBOUND);
	ck_assert_int_eq(c->state, CONN_NEW);
	ck_assert_int_eq(c->fd, -1);
	ck_assert_int_eq(c->parked, CONN_RUNNING);
	ck_assert_ptr_eq(c->worker, &f.worker);
	ck_assert_ptr_eq(c->instance, f.plan.handler);
	ck_assert_uint_eq((uintptr_t)modus_session(c) % _Alignof(max_align_t), 0);
	ck_assert_uint_eq(f.service.table.count, 1);
	ck_assert_ptr_eq(f.service.table.live, c);
	conn_drop(c);
	ck_assert_uint_eq(f.service.table.count, 0);
	ck_assert_ptr_null(f.service.table.live);
	fixture_close(&f);
}
END_TEST

START_TEST(test_reused_memory_is_zeroed)
{
	struct modus_conn *c, *again;

	begin();
	c = fixture_conn(&f);
	memset(modus_session(c), 'x', SESSION);
	c->flags = CONN_END;
	c->in_error = -EPIPE;
	c->due = 77;
	c->poked = CONN_POKE_NEWS;
	c->topics = 7;
	c->parked = CONN_IDLE;
	conn_drop(c);
	again = conn_new(&f.worker, CONN_STREAM);
	ck_assert_ptr_eq(again, c);
	for (int i = 0; i < SESSION; i++)
		ck_assert_int_eq(((char *)modus_session(again))[i], 0);
	ck_assert_uint_eq(again->flags, 0);
	ck_assert_int_eq(modus_error(again), 0);
	ck_assert_int_eq(again->due, 0);
	ck_assert_uint_eq(again->poked, 0);
	ck_assert_uint_eq(again->topics, 0);
	ck_assert_int_eq(again->parked, CONN_RUNNING);
	conn_drop(again);
	fixture_close(&f);
}
END_TEST

/* In turn, each linked and each of its own; the second time around from memory that is there. */
START_TEST(test_many)
{
	struct modus_conn *all[MANY];
	struct conn_slab *slabs = NULL;

	begin();
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MANY; i++) {
			all[i] = fixture_conn(&f);
			memset(modus_session(all[i]), i, SESSION);
		}
		ck_assert_uint_eq(f.service.table.count, MANY);
		if (round > 0)
			ck_assert_ptr_eq(f.service.table.slabs, slabs);
		slabs = f.service.table.slabs;
		for (int i = 0; i < MANY; i++) {
			int k = i * 7 % MANY; /* each once, from anywhere in the list */

			for (int n = 0; n < SESSION; n++)
				ck_assert_int_eq(((unsigned char *)modus_session(all[k]))[n], k);
			conn_drop(all[k]);
		}
		ck_assert_uint_eq(f.service.table.count, 0);
		ck_assert_ptr_null(f.service.table.live);
	}
	fixture_close(&f);
}
END_TEST

START_TEST(test_an_event_that_comes_late_finds_it_free)
{
	struct modus_conn *c;

	begin();
	c = connected(CONN_RUNNING);
	conn_drop(c);
	close(peer);
	ck_assert_int_eq(c->state, CONN_FREE);
	ck_assert_int_eq(c->fd, -1);
	conn_table_interrupt(&f.service.table, true);
	fixture_close(&f);
}
END_TEST

START_TEST(test_dropping_closes)
{
	struct modus_conn *c;
	char ch;
	int fd;

	begin();
	c = connected(CONN_RUNNING);
	fd = c->fd;
	conn_drop(c);
	ck_assert_int_eq(read(peer, &ch, 1), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	close(peer);
	fixture_close(&f);
}
END_TEST

/* Its receive returns at once; its output goes on. */
static bool is_interrupted(struct modus_conn *c)
{
	char ch;
	ssize_t n = recv(c->fd, &ch, 1, MSG_DONTWAIT);

	ck_assert(n == 0 || (n < 0 && errno == EAGAIN));
	ck_assert_int_eq(send(c->fd, "x", 1, MSG_NOSIGNAL), 1);
	return n == 0;
}

START_TEST(test_interrupt)
{
	struct modus_conn *running, *idle, *midway;
	int peers[3];

	begin();
	running = connected(CONN_RUNNING);
	peers[0] = peer;
	idle = connected(CONN_IDLE);
	peers[1] = peer;
	midway = connected(CONN_MIDWAY);
	peers[2] = peer;
	conn_table_interrupt(&f.service.table, false);
	ck_assert(!is_interrupted(running));
	ck_assert(is_interrupted(idle));
	ck_assert(!is_interrupted(midway));
	conn_table_interrupt(&f.service.table, true);
	ck_assert(!is_interrupted(running));
	ck_assert(is_interrupted(midway));
	conn_drop(running);
	conn_drop(idle);
	conn_drop(midway);
	for (int i = 0; i < 3; i++)
		close(peers[i]);
	fixture_close(&f);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_a_new_connection,
		test_reused_memory_is_zeroed,
		test_many,
		test_an_event_that_comes_late_finds_it_free,
		test_dropping_closes,
		test_interrupt,
	};

	return SUITE_RUN("conn_table", tests, NULL, NULL);
}
