/* SPDX-License-Identifier: MIT */
/* Which request is made of what a user wishes. */
#include "compare/load/http.h"

#include "compare/load/load.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct http h;
static char why[256];

static void wish(const char *target, const char *body)
{
	struct http_wish w = { .target = target, .body = body };

	ck_assert_msg(http_read(&h, &w, why, sizeof(why)) == 0, "%s", why);
}

static void request_is(enum load_mode mode, const char *text)
{
	ck_assert_uint_eq(h.request[mode].size, strlen(text));
	ck_assert_mem_eq(h.request[mode].bytes, text, strlen(text));
}

START_TEST(test_get)
{
	wish("http://127.0.0.1:8080/a?b", NULL);
	ck_assert_str_eq(h.address, "tcp://127.0.0.1:8080");
	ck_assert_str_eq(h.name, "GET /a?b");
	request_is(LOAD_KEEP, "GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
	request_is(LOAD_CLOSE, "GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
			       "Connection: close\r\n\r\n");
}
END_TEST

START_TEST(test_short_targets)
{
	wish("http://127.0.0.1", NULL);
	ck_assert_str_eq(h.address, "tcp://127.0.0.1:80");
	ck_assert_str_eq(h.name, "GET /");
	http_free(&h);
	wish("http://[::1]?x", NULL);
	ck_assert_str_eq(h.address, "tcp://[::1]:80");
	ck_assert_str_eq(h.name, "GET /?x");
	http_free(&h);
	wish("http://[::1]:81/", NULL);
	ck_assert_str_eq(h.address, "tcp://[::1]:81");
}
END_TEST

START_TEST(test_post)
{
	wish("http://127.0.0.1:1/", "a=b");
	request_is(LOAD_KEEP, "POST / HTTP/1.1\r\nHost: 127.0.0.1:1\r\nContent-Length: 3\r\n\r\n"
			      "a=b");
}
END_TEST

/* A body and an expected body from files, longer than what is read at once. */
START_TEST(test_files)
{
	char path[] = "/tmp/check_http.XXXXXX", at[64];
	struct http_wish w = { .target = "http://127.0.0.1:1/", .body = at, .expect_body = path };
	int fd = mkstemp(path), err;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, 10000), 0);
	close(fd);
	snprintf(at, sizeof(at), "@%s", path);
	err = http_read(&h, &w, why, sizeof(why));
	unlink(path);
	ck_assert_int_eq(err, 0);
	ck_assert_uint_eq(h.body.size, 10000);
	ck_assert_uint_eq(h.expected.size, 10000);
	ck_assert_uint_gt(h.request[LOAD_KEEP].size, 10000);
}
END_TEST

START_TEST(test_wrong)
{
	static const struct {
		struct http_wish wish;
		const char *why;
	} wrong[] = {
		{ { .target = "tcp://127.0.0.1:1" }, "want http://host:port/path" },
		{ { .target = "http:///x" }, "want http://host:port/path" },
		{ { .target = "http://127.0.0.1:x/" }, "want http://host:port/path" },
		{ { .target = "http://localhost/" }, "want a number for the host" },
		{ { .target = "http://127.0.0.1/a b" }, "want a path without blanks" },
		{ { .target = "http://127.0.0.1/\r\nX: y" }, "want a path without blanks" },
		{ { .target = "http://127.0.0.1/", .status = 100 }, "status: got 100" },
		{ { .target = "http://127.0.0.1/", .body = "@/nowhere/x" }, "/nowhere/x: cannot" },
		{ { .target = "http://127.0.0.1/", .expect_body = "/" }, "/: cannot be read" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ck_assert_int_lt(http_read(&h, &wrong[i].wish, why, sizeof(why)), 0);
		ck_assert_msg(strstr(why, wrong[i].why) != NULL, "'%s' is not in '%s'",
			      wrong[i].why, why);
		http_free(&h);
	}
}
END_TEST

static void tear_down(void)
{
	http_free(&h);
}

int main(void)
{
	Suite *suite = suite_create("http");
	TCase *tests = tcase_create("http");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, test_get);
	tcase_add_test(tests, test_short_targets);
	tcase_add_test(tests, test_post);
	tcase_add_test(tests, test_files);
	tcase_add_test(tests, test_wrong);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
