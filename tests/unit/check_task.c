/* SPDX-License-Identifier: MIT */
/*
 * A loop with one fiber, whose poller reports what a test tells it to.  Its handler waits within
 * each request, so that whoever comes meanwhile finds no task.
 */
#include "models/task.h"

#include "core/clock.h"
#include "models/evented.h"

#include "service_fixture.h"

enum { PEERS = 4, SHORT_MS = 5, LONG_MS = 20000 };

static struct loop loop;
static struct modus_conn *conns[PEERS];
static int peers[PEERS], asks; /* how many ask in the next turn, from the first on */
static char order[16];         /* who was served */
static bool no_memory;

/* ---- What the loop stands on ---- */

void *__real_realloc(void *at, size_t size);
void *__wrap_realloc(void *at, size_t size);
void *__wrap_realloc(void *at, size_t size)
{
	return no_memory ? NULL : __real_realloc(at, size);
}

static int fake_add(struct loop *l, int fd, short events, enum poller_watch how, uintptr_t about)
{
	return 0;
}

static void fake_remove(struct loop *l, int fd)
{
}

static void report(int i)
{
	loop_ready(&loop, (uintptr_t)conns[i] | ABOUT_CONN, POLLIN);
}

static void fake_wait(struct loop *l, int ms)
{
	ck_assert_int_ge(ms, 0); /* there is always something that it waits for */
	poll(NULL, 0, asks ? 0 : ms);
	l->worker.now = clock_ms();
	for (int i = 0; i < asks; i++)
		report(i);
	asks = 0;
}

static const struct poller fake_poller = { fake_add, fake_remove, fake_wait };

/* A request is one byte, the name of who asks. */
static int nap(struct modus_conn *c)
{
	char name[2] = "";
	ssize_t n = modus_read(c, name, 1);

	strcat(order, name);
	return n < 0 ? (int)n : modus_sleep(c, SHORT_MS);
}

/* ---- Connections that are parked ---- */

static void connect_peer(int i)
{
	struct modus_conn *c = rig_connect();

	peers[i] = dup(rig.peer);
	conn_unlend(c);
	conn_move(c, &loop.worker);
	c->due = loop_now(&loop) + LONG_MS;
	task_park(&loop, c);
	conns[i] = c;
}

static void ask(int i)
{
	ck_assert_int_eq(send(peers[i], &"ABCD"[i], 1, MSG_NOSIGNAL), 1);
}

static void await_order(const char *want)
{
	for (int turns = 0; strcmp(order, want); turns++) {
		ck_assert_msg(turns < 1000, "%s were served, want %s", order, want);
		loop_turn(&loop);
	}
}

/* ---- Clients that come ---- */

static int drain(struct modus_conn *c)
{
	rig_phase(PHASE_DRAINING);
	return 0;
}

static int dial(const struct address *to)
{
	int fd = socket(to->any.sa_family, to->type | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(connect(fd, &to->any, to->len), 0);
	return fd;
}

static void set_up(void)
{
	struct loop_options o = { &fake_poller, NULL, &evented_io, NULL, 0, 1, 64 << 10, 1, false };

	rig_defaults();
	rig.model.io = &evented_io;
	rig.plugin.handle = nap;
	rig_begin();
	ck_assert_int_eq(loop_open(&loop, &rig.service, &o), 0);
	rig.worker.table = &loop.table;
	for (int i = 0; i < PEERS; i++)
		connect_peer(i);
}

static void tear_down(void)
{
	no_memory = false;
	rig_phase(PHASE_DRAINING);
	loop_ready(&loop, ABOUT_WAKE, POLLIN);
	for (int turns = 0; loop.table.count > 0; turns++) {
		ck_assert_int_lt(turns, 1000);
		loop_turn(&loop);
	}
	loop_close(&loop);
	for (int i = 0; i < PEERS; i++)
		close(peers[i]);
	rig_end();
}

/* ---- Tests ---- */

START_TEST(test_each_in_turn_without_memory)
{
	no_memory = true;
	for (int i = 0; i < PEERS; i++) {
		ask(i);
		report(i);
	}
	await_order("ABCD");
	ck_assert_uint_eq(rig_count(COUNT_lost), 0);
}
END_TEST

/* Once is enough, however often cause is given meanwhile. */
START_TEST(test_one_turn_at_a_time)
{
	for (int i = 0; i < 3 * PEERS; i++) {
		if (i < PEERS)
			ask(i);
		report(i % PEERS);
	}
	await_order("ABCD");
	ck_assert_uint_eq(rig_count(COUNT_requests), PEERS);
	ask(2);
	report(2);
	await_order("ABCDC");
}
END_TEST

/* A asks again as soon as it was served, and before anybody gets a task. */
START_TEST(test_who_waits_is_not_overtaken)
{
	ask(0);
	report(0);
	ask(1);
	report(1);
	while (!task_parked(conns[0]))
		loop_turn(&loop);
	ask(0);
	asks = 1;
	await_order("ABA");
}
END_TEST

/* Who has left meanwhile is closed in his turn. */
START_TEST(test_who_leaves_has_his_turn)
{
	ask(0);
	report(0);
	for (int i = 1; i < PEERS; i++) {
		shutdown(peers[i], SHUT_RDWR);
		loop_ready(&loop, (uintptr_t)conns[i] | ABOUT_CONN, POLLIN | POLLHUP);
	}
	ck_assert_uint_eq(loop.table.count, PEERS);
	while (loop.table.count > 1)
		loop_turn(&loop);
	ck_assert_str_eq(order, "A");
}
END_TEST

static bool back;

static void wait_for_nothing(void *arg)
{
	ck_assert_int_eq(evented_io.wait(conns[0], NULL, 0, 0), 0);
	back = true;
}

/* Who waits for nothing lets others run, and goes on after them. */
START_TEST(test_wait_for_nothing)
{
	ck_assert(loop_spawn(&loop, wait_for_nothing, NULL));
	ck_assert(!back);
	for (int turns = 0; !back; turns++) {
		ck_assert_int_lt(turns, 1000);
		loop_turn(&loop);
	}
}
END_TEST

/* Those behind him who was taken as the drain began, but before the loop heard of it. */
START_TEST(test_drain_leaves_the_queue)
{
	const char *address = "tcp://127.0.0.1:0";
	struct listeners *all;
	int fds[2];

	rig.plan.listen = (struct modus_list) { 1, &address };
	rig.plan.backlog = 16;
	ck_assert_int_eq(listeners_open(&rig.plan, &all), 0);
	rig.service.listeners = all;
	rig.plugin.setup = drain;
	loop.accept_batch = 16;
	for (int i = 0; i < 2; i++)
		fds[i] = dial(&all->all[0].address);
	await_readable(all->all[0].fd);
	loop_ready(&loop, ABOUT_LISTENER, POLLIN);
	ck_assert_uint_eq(rig_count(COUNT_accepted), 1);
	for (int i = 0; i < 2; i++)
		close(fds[i]);
	rig.service.listeners = &rig.listeners;
	listeners_close(all);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_each_in_turn_without_memory,
		test_one_turn_at_a_time,
		test_who_waits_is_not_overtaken,
		test_who_leaves_has_his_turn,
		test_wait_for_nothing,
		test_drain_leaves_the_queue,
	};

	return SUITE_RUN("task", tests, set_up, tear_down);
}
