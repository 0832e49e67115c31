/* SPDX-License-Identifier: MIT */
/* Which request is made of what a user wishes. */
#include "compare/load/http.h"

#include "compare/load/load.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct http h;
static char why[256];

static void wish(const char *url, const char *body)
{
	struct http_wish w = { .url = url, .body = body };

	ck_assert_msg(http_read(&h, &w, NULL, why, sizeof(why)) == 0, "%s", why);
}

static void request_of_is(const char *address, enum load_mode mode, const char *text)
{
	struct http_text request;

	ck_assert_int_eq(http_request(&h, address, mode, &request), 0);
	ck_assert_uint_eq(request.size, strlen(text));
	ck_assert_mem_eq(request.bytes, text, strlen(text));
	free(request.bytes);
}

static void request_is(enum load_mode mode, const char *text)
{
	request_of_is(h.address, mode, text);
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

/* Of a path alone, the server's address says what the host is. */
START_TEST(test_hosts)
{
	static const struct {
		const char *address, *host;
	} hosts[] = {
		{ "tcp://127.0.0.1:8080", "127.0.0.1:8080" }, { "tcp://127.0.0.1:80", "127.0.0.1" },
		{ "tcp://[::1]:8080", "[::1]:8080" },         { "tcp://[::1]:80", "[::1]" },
		{ "unix:///run/x.sock", "localhost" },
	};
	struct http_wish w = { .path = "/a" };
	char want[100];

	ck_assert_int_eq(http_read(&h, &w, NULL, why, sizeof(why)), 0);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		snprintf(want, sizeof(want), "GET /a HTTP/1.1\r\nHost: %s\r\n\r\n", hosts[i].host);
		request_of_is(hosts[i].address, LOAD_KEEP, want);
	}
}
END_TEST

START_TEST(test_method_and_headers)
{
	struct http_wish w = { .path = "/a",
			       .method = "PUT",
			       .body = "x",
			       .headers = { "Accept: */*", "X-Empty:" },
			       .header_count = 2 };

	ck_assert_int_eq(http_read(&h, &w, NULL, why, sizeof(why)), 0);
	ck_assert_str_eq(h.name, "PUT /a");
	request_of_is("tcp://127.0.0.1:1", LOAD_CLOSE,
		      "PUT /a HTTP/1.1\r\nHost: 127.0.0.1:1\r\nAccept: */*\r\nX-Empty:\r\n"
		      "Content-Length: 1\r\nConnection: close\r\n\r\nx");
	http_free(&h);
	w = (struct http_wish) {
		.path = "/", .method = "HEAD", .headers = { "host: a.example" }, .header_count = 1
	};
	ck_assert_int_eq(http_read(&h, &w, NULL, why, sizeof(why)), 0);
	ck_assert(h.head);
	request_of_is("tcp://127.0.0.1:1", LOAD_KEEP, "HEAD / HTTP/1.1\r\nhost: a.example\r\n\r\n");
}
END_TEST

START_TEST(test_repeated)
{
	static char large[HTTP_REPEAT_MAX], small[] = "abc";
	struct http_text one = { small, 3 }, out;

	ck_assert_int_eq(http_repeat(&one, 3, &out), 0);
	ck_assert_uint_eq(out.size, 9);
	ck_assert_mem_eq(out.bytes, "abcabcabc", 9);
	free(out.bytes);
	ck_assert_int_eq(http_repeat(&one, 1024 * 1024, &out), 0);
	ck_assert_uint_eq(out.size, HTTP_REPEAT_MAX / 3 * 3);
	free(out.bytes);
	one = (struct http_text) { large, sizeof(large) };
	ck_assert_int_eq(http_repeat(&one, 2, &out), 0);
	ck_assert_uint_eq(out.size, sizeof(large));
	free(out.bytes);
}
END_TEST

/* A body and an expected body from files, longer than what is read at once. */
START_TEST(test_files)
{
	char path[] = "/tmp/check_http.XXXXXX", at[64];
	struct http_wish w = { .url = "http://127.0.0.1:1/", .body = at, .expect_body = path };
	struct http_text request;
	int fd = mkstemp(path), err;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, 10000), 0);
	close(fd);
	snprintf(at, sizeof(at), "@%s", strrchr(path, '/') + 1);
	err = http_read(&h, &w, "/tmp", why, sizeof(why));
	unlink(path);
	ck_assert_int_eq(err, 0);
	ck_assert_uint_eq(h.body.size, 10000);
	ck_assert_uint_eq(h.expected.size, 10000);
	ck_assert_int_eq(http_request(&h, h.address, LOAD_KEEP, &request), 0);
	ck_assert_uint_gt(request.size, 10000);
	free(request.bytes);
}
END_TEST

START_TEST(test_wrong)
{
	static const struct {
		struct http_wish wish;
		const char *why;
	} wrong[] = {
		{ { .url = "tcp://127.0.0.1:1" }, "want http://host:port/path" },
		{ { .url = "http:///x" }, "want http://host:port/path" },
		{ { .url = "http://127.0.0.1:x/" }, "want http://host:port/path" },
		{ { .url = "http://localhost/" }, "want a number for the host" },
		{ { .url = "http://127.0.0.1/a b" }, "want a path without blanks" },
		{ { .url = "http://127.0.0.1/\r\nX: y" }, "want a path without blanks" },
		{ { .url = "http://127.0.0.1/", .status = 100 }, "status: got 100" },
		{ { .url = "http://127.0.0.1/", .body = "@/nowhere/x" }, "/nowhere/x: cannot" },
		{ { .url = "http://127.0.0.1/", .expect_body = "/" },
		  "expect-body: /: cannot be read" },
		{ { .path = "x" }, "http: got 'x', want a path that begins with /" },
		{ { .path = "/", .url = "http://127.0.0.1/" }, "either it or a target" },
		{ { .path = "/", .method = "get" }, "method: got 'get', want at most 16 capital" },
		{ { .path = "/", .method = "CONNECT" }, "method: got 'CONNECT'" },
		{ { .path = "/", .method = "" }, "method: got ''" },
		{ { .path = "/", .method = "HEAD", .body = "x" }, "body: got 'x', want none" },
		{ { .path = "/", .method = "HEAD", .expect_body = "x" }, "expect-body: got 'x'" },
		{ { .path = "/", .headers = { "a b: c" }, .header_count = 1 },
		  "header: got 'a b: c', want NAME: VALUE" },
		{ { .path = "/", .headers = { "a: b\r\nc: d" }, .header_count = 1 },
		  "want NAME: VALUE" },
		{ { .path = "/", .headers = { "content-length: 3" }, .header_count = 1 },
		  "want none that says where messages end" },
		{ { .path = "/", .header_count = 17 }, "header: got 17 of them, want at most 16" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ck_assert_int_lt(http_read(&h, &wrong[i].wish, NULL, why, sizeof(why)), 0);
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
	const TTest *const tests[] = {
		test_get,      test_short_targets, test_post,  test_hosts, test_method_and_headers,
		test_repeated, test_files,         test_wrong,
	};

	return SUITE_RUN("http", tests, NULL, tear_down);
}
