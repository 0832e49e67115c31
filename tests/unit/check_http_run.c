/* SPDX-License-Identifier: MIT */
/* HTTP requests to servers that answer them, and to some that do not as they should. */
#include "compare/load/http.h"

#include "exchange_fixture.h"

static struct http_wish wish;
static struct http h;

static const char hello[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/* The peer is started, and answers requests of so many lines. */
static void run_with(int fd, void (*behave)(int fd), const char *response, int lines)
{
	say_what(response, strlen(response), lines);
	peer_start(fd, behave, 0);
	wish.path = "/x";
	ck_assert_msg(http_read(&h, &wish, NULL, why, sizeof(why)) == 0, "%s", why);
	o.http = &h;
	exchange_load();
	http_free(&h);
}

static void run(void (*behave)(int fd), const char *response)
{
	run_with(peer_inet(SOCK_STREAM, AF_INET), behave, response, o.mode == LOAD_KEEP ? 3 : 4);
}

/* Whole responses: with a length, in chunks, without a body, after an interim one. */
static const char *const right[] = {
	hello,
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
	"HTTP/1.1 204 No Content\r\n\r\n",
	"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
};
enum { RIGHT = sizeof(right) / sizeof(*right) };

START_TEST(test_right_keep)
{
	run(answer_each, right[_i]);
	all_well();
}
END_TEST

START_TEST(test_right_in_pieces)
{
	o.connections = 2;
	o.pipeline = 3;
	run(answer_byte_by_byte, right[_i]);
	all_well();
}
END_TEST

START_TEST(test_right_each_way)
{
	exchange_choose(_i);
	run(answer_each, hello);
	exchange_chosen_well();
}
END_TEST

START_TEST(test_right_close)
{
	o.mode = LOAD_CLOSE;
	run(answer_and_end, hello);
	all_well();
}
END_TEST

/* A server that closes after each response and says so, or is of a version that does: other
 * connections follow, whatever was under way beside it. */
static const struct {
	const char *response;
	unsigned pipeline, threads;
	double rate;
} closed[] = {
	{ "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", 1, 1, 0 },
	{ "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", 3, 2, 0 },
	{ "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", 1, 2, 300 },
	{ "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 1, 1, 0 },
	{ "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "5\r\nhello\r\n0\r\n\r\n",
	  1, 1, 0 },
};
enum { EXCHANGE_CLOSED = sizeof(closed) / sizeof(*closed) };

START_TEST(test_right_server_closes)
{
	o.pipeline = closed[_i].pipeline;
	o.threads = closed[_i].threads;
	o.rate = closed[_i].rate;
	run(answer_and_linger, closed[_i].response);
	all_well();
}
END_TEST

/* One that ends a body by closing. */
START_TEST(test_right_ended_by_the_stream)
{
	run(answer_and_end, "HTTP/1.0 200 OK\r\n\r\nhello");
	all_well();
}
END_TEST

START_TEST(test_right_unix)
{
	run_with(peer_unix(SOCK_STREAM), answer_each, hello, 3);
	all_well();
}
END_TEST

START_TEST(test_right_ipv6)
{
	run_with(peer_inet(SOCK_STREAM, AF_INET6), answer_each, hello, 3);
	all_well();
}
END_TEST

/* What would be a body's length says nothing here. */
START_TEST(test_right_head)
{
	wish.method = "HEAD";
	o.pipeline = 2;
	run(answer_each, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
	all_well();
}
END_TEST

/* The head has a line more, and the body one. */
START_TEST(test_right_post)
{
	wish.body = "a\n";
	run_with(peer_inet(SOCK_STREAM, AF_INET), answer_each, hello, 5);
	all_well();
}
END_TEST

START_TEST(test_status)
{
	run(answer_each, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
	only(LOAD_STATUS, "status: got 503, want 200 to 299");
	ck_assert_uint_eq(load_errors_wrong(&r.errors), r.errors.count[LOAD_STATUS]);
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

/* Before it has read a body that fits into no socket's buffer. */
START_TEST(test_refused_early)
{
	static char body[8 << 20];

	memset(body, 'x', sizeof(body) - 1);
	wish.body = body;
	o.connections = 1;
	run(answer_early, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
	only(LOAD_STATUS, "status: got 413, want 200 to 299");
}
END_TEST

START_TEST(test_redirect)
{
	run(answer_each, "HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n");
	only(LOAD_STATUS, "status: got 302, want 200 to 299; redirects are not followed");
}
END_TEST

START_TEST(test_upgrade)
{
	run(answer_each, "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
	only(LOAD_STATUS, "status: got 101, want 200 to 299");
}
END_TEST

START_TEST(test_asked_for_status)
{
	wish.status = 404;
	run(answer_each, "HTTP/1.1 404 None\r\nContent-Length: 2\r\n\r\nno");
	all_well();
	peer_end();
	peer_directory();
	o.duration = 0.05;
	run(answer_each, hello);
	only(LOAD_STATUS, "status: got 200, want 404");
}
END_TEST

/* The head of a response that was right many times changes. */
START_TEST(test_status_changes)
{
	o.pipeline = 4;
	run(fail_the_tenth, hello);
	only(LOAD_STATUS, "status: got 500, want 200 to 299");
	ck_assert_uint_ge(r.answered, 9);
	ck_assert_uint_le(r.answered, 9 * (o.connections + r.errors.count[LOAD_STATUS]));
}
END_TEST

START_TEST(test_body_changes)
{
	run(change_the_third, hello);
	only(LOAD_WRONG, "body: another byte than expected after 4");
}
END_TEST

START_TEST(test_body_may_change)
{
	wish.any_body = true;
	run(change_the_third, hello);
	all_well();
}
END_TEST

START_TEST(test_expected_body)
{
	char path[] = "/tmp/check_http_run.XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "hello!", 6), 6);
	close(fd);
	wish.expect_body = path;
	run(answer_each, hello);
	unlink(path);
	only(LOAD_WRONG, "body: got 5 bytes, want 6");
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

START_TEST(test_wrong_in_an_open_loop)
{
	o.rate = 300;
	o.threads = 2;
	run(change_the_third, hello);
	only(LOAD_WRONG, "body: another byte than expected after 4");
	ck_assert_uint_gt(r.answered, 0);
}
END_TEST

START_TEST(test_garbage)
{
	run(answer_each, "220 ready\r\n");
	ck_assert_uint_gt(r.errors.count[LOAD_WRONG], 0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[LOAD_WRONG]);
	ck_assert_msg(!strncmp(r.wrong, "no HTTP response: ", 18), "%s", r.wrong);
}
END_TEST

/* A head, interim responses and trailers that have no end. */
static const struct {
	const char *begin, *more;
} endless[] = {
	{ "HTTP/1.1 200 OK\r\n",
	  "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" },
	{ "", "HTTP/1.1 103 Early Hints\r\n\r\n" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
	  "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" },
};
enum { ENDLESS = sizeof(endless) / sizeof(*endless) };

START_TEST(test_endless_head)
{
	say_more(endless[_i].more);
	o.connections = 1;
	run(answer_without_end, endless[_i].begin);
	only(LOAD_WRONG, "head: more than 65536 bytes");
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

/* Both come at once, as a server does that answers twice. */
START_TEST(test_unasked)
{
	char twice[2 * sizeof(hello)];

	snprintf(twice, sizeof(twice), "%s%s", hello, hello);
	run(answer_each, twice);
	only(LOAD_WRONG, "a response that was not asked for");
}
END_TEST

START_TEST(test_cut_short)
{
	run(answer_and_end, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello");
	only(LOAD_TRUNCATED, "");
}
END_TEST

START_TEST(test_closed_early)
{
	run(answer_and_end, "");
	only(LOAD_CLOSED, "");
}
END_TEST

int main(void)
{
	const struct exchange_test tests[] = {
		{ test_right_keep, RIGHT },
		{ test_right_in_pieces, RIGHT },
		{ test_right_each_way, EXCHANGE_WAYS },
		{ test_right_close },
		{ test_right_server_closes, EXCHANGE_CLOSED },
		{ test_right_ended_by_the_stream },
		{ test_right_unix },
		{ test_right_ipv6 },
		{ test_right_head },
		{ test_right_post },
		{ test_status },
		{ test_refused_early },
		{ test_redirect },
		{ test_upgrade },
		{ test_asked_for_status },
		{ test_status_changes },
		{ test_body_changes },
		{ test_body_may_change },
		{ test_expected_body },
		{ test_wrong_in_an_open_loop },
		{ test_garbage },
		{ test_endless_head, ENDLESS },
		{ test_unasked },
		{ test_cut_short },
		{ test_closed_early },
	};

	return EXCHANGE_SUITE("http_run", tests);
}
