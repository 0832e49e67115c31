/* SPDX-License-Identifier: MIT */
#include "plugins/board/throttle.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

enum { PLACE = 5, OTHER = 6 };
static const int64_t start = 5000000;
static struct throttle t;

static void fail_times(int n, int64_t now)
{
	memset(&t, 0, sizeof(t));
	while (n--)
		throttle_failed(&t, PLACE, now);
}

START_TEST(test_some_failures_are_free)
{
	fail_times(THROTTLE_FREE - 1, start);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start), 0);
	throttle_failed(&t, PLACE, start);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start), 1);
	ck_assert_int_eq(throttle_wait(&t, OTHER, start), 0);
}
END_TEST

START_TEST(test_the_wait_doubles)
{
	int64_t wait = 1;

	for (int n = THROTTLE_FREE; n < 40; n++) {
		fail_times(n, start);
		ck_assert_int_eq(throttle_wait(&t, PLACE, start), wait);
		wait = wait * 2 > THROTTLE_MAX ? THROTTLE_MAX : wait * 2;
	}
	ck_assert_int_eq(wait, THROTTLE_MAX);
}
END_TEST

START_TEST(test_the_wait_is_as_long_as_it_is_told)
{
	fail_times(THROTTLE_FREE + 1, start);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start + 1), 2);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start + 999), 2);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start + 1000), 1);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start + 1999), 1);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start + 2000), 0);
}
END_TEST

START_TEST(test_all_is_forgotten)
{
	fail_times(100, start);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start + THROTTLE_FORGET * 1000 - 1), 1);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start + THROTTLE_FORGET * 1000), 0);
	throttle_failed(&t, PLACE, start + THROTTLE_FORGET * 1000);
	ck_assert_int_eq(throttle_wait(&t, PLACE, start + THROTTLE_FORGET * 1000), 0);
}
END_TEST

START_TEST(test_one_attempt_is_due)
{
	int64_t then = start + 4000;

	fail_times(THROTTLE_FREE + 2, start);
	ck_assert_int_eq(throttle_wait(&t, PLACE, then), 0);
	ck_assert_int_eq(throttle_wait(&t, PLACE, then), 4);
	ck_assert_int_eq(throttle_wait(&t, PLACE, then + 3999), 1);
	throttle_passed(&t, PLACE);
	ck_assert_int_eq(throttle_wait(&t, PLACE, then + 1), 0);
	throttle_failed(&t, PLACE, then + 1);
	ck_assert_int_eq(throttle_wait(&t, PLACE, then + 1), 8);
}
END_TEST

static unsigned place_of(int family, const char *text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = (in_port_t)random() };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = (in_port_t)random() };

	ck_assert_int_eq(
		inet_pton(family, text, family == AF_INET ? (void *)&v4.sin_addr : &v6.sin6_addr),
		1);
	return throttle_place(family == AF_INET ? (void *)&v4 : (void *)&v6);
}

START_TEST(test_places)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "a" };
	unsigned first = throttle_place((void *)&un);

	un.sun_path[0] = 'b';
	ck_assert_uint_eq(throttle_place((void *)&un), first);
	ck_assert_uint_eq(place_of(AF_INET, "192.0.2.1"), place_of(AF_INET, "192.0.2.1"));
	ck_assert_uint_ne(place_of(AF_INET, "192.0.2.1"), place_of(AF_INET, "192.0.2.2"));
	ck_assert_uint_eq(place_of(AF_INET6, "2001:db8:1:2::1"),
			  place_of(AF_INET6, "2001:db8:1:2:ffff::9"));
	ck_assert_uint_ne(place_of(AF_INET6, "2001:db8:1:2::1"),
			  place_of(AF_INET6, "2001:db8:1:3::1"));
	ck_assert_uint_lt(place_of(AF_INET6, "::1"), THROTTLE_PLACES);
}
END_TEST

START_TEST(test_now_goes_on)
{
	int64_t now = throttle_now();

	ck_assert_int_gt(now, 0);
	ck_assert_int_ge(throttle_now(), now);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("throttle");
	TCase *cases = tcase_create("throttle");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	tcase_add_test(cases, test_some_failures_are_free);
	tcase_add_test(cases, test_the_wait_doubles);
	tcase_add_test(cases, test_the_wait_is_as_long_as_it_is_told);
	tcase_add_test(cases, test_all_is_forgotten);
	tcase_add_test(cases, test_one_attempt_is_due);
	tcase_add_test(cases, test_places);
	tcase_add_test(cases, test_now_goes_on);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
