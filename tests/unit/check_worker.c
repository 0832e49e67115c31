/* SPDX-License-Identifier: MIT */
/* Plugins whose attach() and detach() write down what they did, in words of "+name" and "-name". */
#include "core/worker.h"

#include "core_fixture.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>

static char said[256];
static int failures; /* of attach() that are to come */

static int attaches(struct modus_instance *i, void **worker)
{
	if (failures > 0) {
		failures--;
		return -ENOLINK;
	}
	strcat(strcat(strcat(said, "+"), i->name), " ");
	*worker = strdup(i->name);
	return 0;
}

static void detaches(struct modus_instance *i, void *worker)
{
	strcat(strcat(strcat(said, "-"), i->name), " ");
	ck_assert_str_eq(worker, i->name);
	free(worker);
}

static struct core_fixture f;
static const struct modus_plugin attaching = { .name = "attaching",
					       .attach = attaches,
					       .detach = detaches };
static const struct modus_plugin plain = { .name = "plain" };
static struct instance *outer, *inner, *unused, *bare;

static void begin(void)
{
	f.plugin = attaching;
	outer = fixture_plan(&f);
	inner = fixture_instance(&attaching, "inner");
	unused = fixture_instance(&attaching, "unused");
	bare = fixture_instance(&plain, "bare");
	instance_host(outer, inner);
	instance_host(outer, unused);
	instance_host(outer, bare);
	fixture_open(&f);
	said[0] = '\0';
	failures = 0;
}

/* Its result is 100 and the letters of the name that attach() left; of none, 99. */
static int work(void *worker, void *arg)
{
	++*(int *)arg;
	return worker ? 100 + (int)strlen(worker) : 99;
}

START_TEST(test_attached_once_at_the_first_work)
{
	int calls = 0;

	begin();
	ck_assert_str_eq(said, "");
	for (int i = 1; i <= 3; i++) {
		ck_assert_int_eq(worker_work(&f.worker, outer, work, &calls), 105);
		ck_assert_int_eq(calls, i);
	}
	ck_assert_str_eq(said, "+outer ");
	fixture_close(&f);
	ck_assert_str_eq(said, "+outer -outer ");
}
END_TEST

START_TEST(test_each_instance_has_its_own)
{
	int calls = 0;

	begin();
	ck_assert_int_eq(worker_work(&f.worker, inner, work, &calls), 105);
	ck_assert_int_eq(worker_work(&f.worker, outer, work, &calls), 105);
	ck_assert_int_eq(worker_work(&f.worker, inner, work, &calls), 105);
	ck_assert_str_eq(said, "+inner +outer ");
	said[0] = '\0';
	fixture_close(&f);
	ck_assert_ptr_nonnull(strstr(said, "-inner "));
	ck_assert_ptr_nonnull(strstr(said, "-outer "));
	ck_assert_uint_eq(strlen(said),
			  strlen("-inner -outer ")); /* unused has nothing to detach */
}
END_TEST

START_TEST(test_each_worker_has_its_own)
{
	struct modus_worker second;
	int calls = 0;

	begin();
	worker_init(&second, &f.service, 1, NULL);
	ck_assert_int_eq(worker_work(&f.worker, outer, work, &calls), 105);
	ck_assert_int_eq(worker_work(&second, outer, work, &calls), 105);
	ck_assert_str_eq(said, "+outer +outer ");
	worker_finish(&second);
	ck_assert_str_eq(said, "+outer +outer -outer ");
	ck_assert_int_eq(worker_work(&f.worker, outer, work, &calls), 105);
	fixture_close(&f);
	ck_assert_str_eq(said, "+outer +outer -outer -outer ");
}
END_TEST

START_TEST(test_a_failing_attach_is_tried_again)
{
	int calls = 0;

	begin();
	failures = 2;
	ck_assert_int_eq(worker_work(&f.worker, outer, work, &calls), -ENOLINK);
	ck_assert_int_eq(worker_work(&f.worker, outer, work, &calls), -ENOLINK);
	ck_assert_int_eq(calls, 0);
	ck_assert_int_eq(worker_work(&f.worker, outer, work, &calls), 105);
	failures = 1;
	ck_assert_int_eq(worker_work(&f.worker, inner, work, &calls), -ENOLINK);
	fixture_close(&f);
	ck_assert_str_eq(said, "+outer -outer "); /* what never attached is not detached */
}
END_TEST

static int failing_work(void *worker, void *arg)
{
	return -EDOM;
}

START_TEST(test_the_result_is_that_of_the_work)
{
	int calls = 0;

	begin();
	ck_assert_int_eq(worker_work(&f.worker, outer, failing_work, NULL), -EDOM);
	ck_assert_int_eq(worker_work(&f.worker, bare, work, &calls), 99);
	ck_assert_int_eq(worker_work(&f.worker, bare, failing_work, NULL), -EDOM);
	fixture_close(&f);
	ck_assert_str_eq(said, "+outer -outer ");
}
END_TEST

static void *be_worker(void *arg)
{
	char mine[16];

	worker_begin(&f.worker, "other");
	prctl(PR_GET_NAME, mine);
	ck_assert_str_eq(mine, "other");
	ck_assert_int_eq(f.service.board->slot[0].tid, gettid());
	return NULL;
}

/* Whoever readied it is not taken for it: news would wake the wrong thread. */
START_TEST(test_a_thread_says_that_it_is_one)
{
	struct modus_worker second;
	struct slot *slot;
	pthread_t other;
	char mine[16], now[16];

	begin();
	slot = &f.service.board->slot[1];
	worker_init(&second, &f.service, 1, NULL);
	ck_assert_int_eq(slot->pid | slot->tid, 0);
	prctl(PR_GET_NAME, mine);
	worker_begin(&second, NULL);
	prctl(PR_GET_NAME, now);
	ck_assert_str_eq(now, mine);
	worker_end(&second);
	ck_assert_int_eq(slot->pid | slot->tid, 0);
	worker_finish(&second);
	worker_end(&f.worker);
	ck_assert_int_eq(pthread_create(&other, NULL, be_worker, NULL), 0);
	pthread_join(other, NULL);
	ck_assert_int_eq(f.service.board->slot[0].pid, getpid());
	ck_assert_int_ne(f.service.board->slot[0].tid, gettid());
	fixture_close(&f);
}
END_TEST

START_TEST(test_its_slot_tells_who_it_is)
{
	struct slot *slot;

	begin();
	slot = &f.service.board->slot[0];
	ck_assert_ptr_eq(f.worker.slot, slot);
	ck_assert_int_eq(slot->pid, getpid());
	ck_assert_int_eq(slot->tid, gettid());
	count(&f.worker, COUNT_requests);
	count(&f.worker, COUNT_requests);
	slot->wanted = 5;
	worker_finish(&f.worker);
	ck_assert_int_eq(slot->pid | slot->tid, 0);
	ck_assert_uint_eq(slot->wanted, 0);
	ck_assert_uint_eq(scoreboard_sum(f.service.board, COUNT_requests), 2);
	fixture_close(&f);
}
END_TEST

static void *note_stack(void *arg)
{
	pthread_attr_t attributes;
	void *at;

	pthread_getattr_np(pthread_self(), &attributes);
	pthread_attr_getstack(&attributes, &at, arg);
	pthread_attr_destroy(&attributes);
	return arg;
}

START_TEST(test_a_thread_has_the_larger_stack)
{
	size_t size = 0;
	pthread_t thread;

	begin();
	ck_assert_int_eq(worker_thread(&f.service, &thread, 1 << 20, note_stack, &size), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_uint_ge(size, 1 << 20);
	ck_assert_uint_lt(size, 2 << 20);
	f.plugin.stack_size = 4 << 20;
	ck_assert_int_eq(worker_thread(&f.service, &thread, 1 << 20, note_stack, &size), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_uint_ge(size, 4 << 20);
	fixture_close(&f);
}
END_TEST

static void *tell(void *arg)
{
	eventfd_write(*(int *)arg, 1);
	return NULL;
}

START_TEST(test_a_thread_may_be_detached)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	eventfd_t n;

	begin();
	ck_assert_int_eq(worker_thread(&f.service, NULL, 1 << 20, tell, &fd), 0);
	ck_assert_int_eq(eventfd_read(fd, &n), 0);
	ck_assert_int_eq(worker_thread(&f.service, NULL, PTHREAD_STACK_MIN - 1, tell, &fd),
			 -EINVAL);
	close(fd);
	fixture_close(&f);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_attached_once_at_the_first_work, test_each_instance_has_its_own,
		test_each_worker_has_its_own,         test_a_failing_attach_is_tried_again,
		test_the_result_is_that_of_the_work,  test_a_thread_says_that_it_is_one,
		test_its_slot_tells_who_it_is,        test_a_thread_has_the_larger_stack,
		test_a_thread_may_be_detached,
	};

	return SUITE_RUN("worker", tests, NULL, NULL);
}
