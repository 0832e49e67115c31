/* SPDX-License-Identifier: MIT */
#include "plugins/board/presence.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct presence *p;

static void set_up(void)
{
	p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(p, MAP_FAILED);
}

static void tear_down(void)
{
	munmap(p, sizeof(*p));
}

static int count(void)
{
	struct presence_guest g;
	int n = 0;

	for (int i = 0; i < PRESENCE_PLACES; i++)
		n += presence_read(p, i, &g);
	return n;
}

START_TEST(test_a_guest_and_a_user)
{
	static const char name[] = "abcdefghijklmnopqrstuvwx";
	struct presence_guest g;
	int place = presence_enter(p);

	ck_assert_int_ge(place, 0);
	ck_assert(presence_read(p, place, &g));
	ck_assert_str_eq(g.name, "");
	presence_name(p, place, name, true, 77);
	ck_assert(presence_read(p, place, &g));
	ck_assert_str_eq(g.name, name);
	ck_assert(g.moderator);
	ck_assert_int_eq(g.since, 77);
	presence_name(p, place, "x", false, 78);
	ck_assert(presence_read(p, place, &g));
	ck_assert_str_eq(g.name, "x");
	ck_assert(!g.moderator);
	presence_name(p, place, NULL, false, 0);
	ck_assert(presence_read(p, place, &g));
	ck_assert_str_eq(g.name, "");
	presence_leave(p, place);
	ck_assert(!presence_read(p, place, &g));
}
END_TEST

START_TEST(test_who_comes_next_is_a_guest)
{
	struct presence_guest g;
	int place = presence_enter(p);

	presence_name(p, place, "alice", true, 77);
	presence_leave(p, place);
	ck_assert_int_eq(presence_enter(p), place);
	ck_assert(presence_read(p, place, &g));
	ck_assert_str_eq(g.name, "");
}
END_TEST

START_TEST(test_all_places)
{
	int last = -1;

	for (int i = 0; i < PRESENCE_PLACES; i++)
		last = presence_enter(p);
	ck_assert_int_eq(count(), PRESENCE_PLACES);
	ck_assert_int_eq(presence_enter(p), -1);
	presence_name(p, -1, "nobody", false, 1);
	presence_leave(p, -1);
	presence_leave(p, last);
	ck_assert_int_eq(presence_enter(p), last);
}
END_TEST

START_TEST(test_places_of_the_dead)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < PRESENCE_PLACES; i++)
			presence_enter(p);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(count(), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_ge(presence_enter(p), 0);
	ck_assert_int_eq(count(), 3);
}
END_TEST

enum { THREADS = 8, ROUNDS = 5000 };

static void *come_and_go(void *arg)
{
	char name[2] = { (char)('a' + (intptr_t)arg) };

	for (int i = 0; i < ROUNDS; i++) {
		int place = presence_enter(p);
		struct presence_guest g;

		presence_name(p, place, name, false, i + 1);
		if (!presence_read(p, place, &g) || strcmp(g.name, name) != 0)
			return p; /* the place is another's */
		presence_leave(p, place);
	}
	return NULL;
}

START_TEST(test_a_place_has_one_owner)
{
	pthread_t threads[THREADS];
	void *wrong;

	for (intptr_t i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, come_and_go, (void *)i), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &wrong);
		ck_assert_ptr_null(wrong);
	}
	ck_assert_int_eq(count(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("presence");
	TCase *cases = tcase_create("presence");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	tcase_add_checked_fixture(cases, set_up, tear_down);
	tcase_add_test(cases, test_a_guest_and_a_user);
	tcase_add_test(cases, test_who_comes_next_is_a_guest);
	tcase_add_test(cases, test_all_places);
	tcase_add_test(cases, test_places_of_the_dead);
	tcase_add_test(cases, test_a_place_has_one_owner);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
