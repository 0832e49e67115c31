/* SPDX-License-Identifier: MIT */
#include "models/helpers.h"

#include "models/loop.h"

#include "service_fixture.h"

enum { JOBS = 20 };

static struct helpers helpers;
static struct loop loop; /* of which helpers see no more than where to hand work back */
static struct job jobs[JOBS];
static _Atomic int ran[JOBS], runs, attached, at_gate;
static pthread_barrier_t gate;

static int note(void *worker, void *arg)
{
	struct job *j = arg;

	ran[runs++] = (int)(j - jobs);
	return (int)(j - jobs) - 3;
}

static int stand_at_gate(void *worker, void *arg)
{
	at_gate++;
	pthread_barrier_wait(&gate);
	return 0;
}

static struct job *submit(int i, int (*work)(void *worker, void *arg))
{
	struct job *j = &jobs[i];

	*j = (struct job) {
		.work = work, .arg = j, .instance = rig.service.handler, .loop = &loop
	};
	helpers_submit(&helpers, j);
	return j;
}

/* Waits until n more jobs have come back, as a loop does. */
static void await_done(int n)
{
	while (n > 0) {
		eventfd_t ignored;

		await_readable(loop.wake_fd);
		eventfd_read(loop.wake_fd, &ignored);
		pthread_mutex_lock(&loop.done_lock);
		for (struct job *j = loop.done; j; j = j->next, n--)
			j->done = true;
		loop.done = NULL;
		pthread_mutex_unlock(&loop.done_lock);
	}
	ck_assert_int_eq(n, 0);
}

static void begin(int64_t count)
{
	rig_begin();
	helpers = (struct helpers) { .service = &rig.service, .count = count, .first_index = 1 };
	ck_assert_int_eq(helpers_start(&helpers), 0);
}

START_TEST(test_order_and_results)
{
	begin(1);
	for (int i = 0; i < JOBS; i++)
		submit(i, note);
	await_done(JOBS);
	for (int i = 0; i < JOBS; i++) {
		ck_assert_int_eq(ran[i], i);
		ck_assert(jobs[i].done);
		ck_assert_int_eq(jobs[i].result, i - 3);
	}
}
END_TEST

START_TEST(test_all_at_once)
{
	begin(3);
	pthread_barrier_init(&gate, NULL, 3);
	for (int i = 0; i < 3; i++)
		submit(i, stand_at_gate);
	await_done(3);
}
END_TEST

START_TEST(test_withdraw)
{
	struct job *first, *j[4];

	begin(1);
	pthread_barrier_init(&gate, NULL, 2);
	first = submit(0, stand_at_gate);
	AWAIT(at_gate == 1);
	for (int i = 0; i < 4; i++)
		j[i] = submit(i + 1, note);
	ck_assert_msg(!helpers_withdraw(&helpers, first), "it was begun");
	ck_assert(helpers_withdraw(&helpers, j[1])); /* in the middle, the first, the last */
	ck_assert(helpers_withdraw(&helpers, j[0]));
	ck_assert(helpers_withdraw(&helpers, j[3]));
	ck_assert(!helpers_withdraw(&helpers, j[3]));
	submit(5, note);
	pthread_barrier_wait(&gate);
	await_done(3);
	ck_assert_int_eq(runs, 2);
	ck_assert_int_eq(ran[0], 3);
	ck_assert_int_eq(ran[1], 5);
	ck_assert_msg(!helpers_withdraw(&helpers, j[2]), "it is done");
}
END_TEST

START_TEST(test_withdraw_the_only_one)
{
	begin(1);
	pthread_barrier_init(&gate, NULL, 2);
	submit(0, stand_at_gate);
	AWAIT(at_gate == 1);
	ck_assert(helpers_withdraw(&helpers, submit(1, note)));
	submit(2, note);
	pthread_barrier_wait(&gate);
	await_done(2);
	ck_assert_int_eq(runs, 1);
	ck_assert_int_eq(ran[0], 2);
}
END_TEST

/* ---- What attach() made ---- */

static _Atomic int in_use[8];

static int attach(struct modus_instance *i, void **worker)
{
	*worker = &in_use[attached++];
	return 0;
}

static void detach(struct modus_instance *i, void *worker)
{
	attached--;
}

static int use_alone(void *worker, void *arg)
{
	_Atomic int *users = worker;
	int others = (*users)++;

	sched_yield();
	(*users)--;
	return others;
}

START_TEST(test_worker_data)
{
	rig.plugin.attach = attach;
	rig.plugin.detach = detach;
	begin(3);
	for (int i = 0; i < JOBS; i++)
		submit(i, use_alone);
	await_done(JOBS);
	for (int i = 0; i < JOBS; i++)
		ck_assert_int_eq(jobs[i].result, 0);
	ck_assert_int_ge(attached, 1);
	ck_assert_int_le(attached, 3);
}
END_TEST

static int refuse(struct modus_instance *i, void **worker)
{
	return attached++ ? 0 : -EACCES;
}

START_TEST(test_attach_fails)
{
	rig.plugin.attach = refuse;
	rig.plugin.detach = detach;
	begin(1);
	submit(0, note);
	submit(5, note);
	await_done(2);
	ck_assert_int_eq(jobs[0].result, -EACCES);
	ck_assert_int_eq(jobs[5].result, 2);
	ck_assert_int_eq(runs, 1);
	attached--; /* the one that was refused */
}
END_TEST

static void set_up(void)
{
	rig_defaults();
	pthread_mutex_init(&loop.done_lock, NULL);
	loop.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static void tear_down(void)
{
	helpers_stop(&helpers);
	ck_assert_int_eq(attached, 0);
	ck_assert_ptr_null(loop.done);
	close(loop.wake_fd);
	rig_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_order_and_results,     test_all_at_once, test_withdraw,
		test_withdraw_the_only_one, test_worker_data, test_attach_fails,
	};

	return SUITE_RUN("helpers", tests, set_up, tear_down);
}
