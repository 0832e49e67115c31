/* SPDX-License-Identifier: MIT */
/* Requests and responses without a server: in whatever pieces they come and go, the same is said.
 */
#include <modus/http.h>
#include <modus/test.h>

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SEEDS = 60, CALLS = 60 };

/* ---- The application ---- */

static int say_body(struct modus_http *h)
{
	char buf[7];
	ssize_t n;

	modus_http_set(h, "Content-Type", "text/plain");
	while ((n = modus_http_read(h, buf, sizeof(buf))) > 0)
		modus_http_write(h, buf, (size_t)n);
	return (int)n;
}

static int say_much(struct modus_http *h)
{
	for (int i = 0; i < 3000; i++)
		modus_http_printf(h, "line %d\n", i);
	return 0;
}

static int say_entity(struct modus_http *h)
{
	struct modus_http_entity e = { .type = "text/plain",
				       .etag = "\"v1\"",
				       .modified = 1000000000,
				       .size = 26,
				       .data = "abcdefghijklmnopqrstuvwxyz" };

	return modus_http_send(h, &e);
}

static int say_too_little(struct modus_http *h)
{
	modus_http_set_length(h, 100);
	return modus_http_puts(h, "few");
}

static int say_text(struct modus_http *h)
{
	const char *lines = modus_http_argument(h, "lines");

	modus_http_set(h, "Content-Type", "text/plain");
	modus_http_set(h, "ETag", "\"t\"");
	modus_http_compress(h);
	for (int i = 0; i < atoi(lines); i++)
		modus_http_printf(h, "line %d\n", i);
	return 0;
}

static int respond(struct modus_http *h)
{
	const char *path = modus_http_path(h);

	if (!strcmp(path, "/text"))
		return say_text(h);
	if (!strcmp(path, "/late"))
		return modus_http_puts(h, "forgotten") ? 500 : say_entity(h);
	if (!strcmp(path, "/reset"))
		return -ECONNRESET;
	if (!strcmp(path, "/secret"))
		return modus_http_set(h, "Cache-Control", "no-store") ? 500 : 403;
	if (!strcmp(path, "/fresh"))
		return modus_http_set(h, "Cache-Control", "max-age=9") ? 500 : 403;

	if (!strcmp(path, "/body"))
		return say_body(h);
	if (!strcmp(path, "/much"))
		return say_much(h);
	if (!strcmp(path, "/entity"))
		return say_entity(h);
	if (!strcmp(path, "/little"))
		return say_too_little(h);
	if (!strcmp(path, "/inject"))
		return modus_http_set(h, "X-A", "b\r\nX-C: d") == -EINVAL ? 0 : 500;
	if (!strcmp(path, "/hello"))
		return modus_http_printf(h, "hello %s", modus_http_argument(h, "name"));
	return 404;
}

MODUS_HTTP_APP("exchange", "what the tests ask for", respond, NULL);

/* ---- Asking ---- */

static struct modus_test *begin(void)
{
	struct modus_test *t = modus_test_begin(&modus_plugin_descriptor, NULL);

	ck_assert_ptr_nonnull(t);
	return t;
}

static void send_text(struct modus_client *k, const char *text)
{
	modus_client_send(k, text, strlen(text));
}

/* All that came, without dates, which differ; to be freed. */
static char *undated(const char *text)
{
	char *copy = strdup(text), *at = copy;

	for (; (at = strstr(at, "\r\nDate: ")); at += 8)
		memset(at + 8, '-', 29);
	return copy;
}

static char *ask(unsigned seed, const char *text, enum modus_client_state want)
{
	struct modus_test *t = begin();
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	char *all;

	if (seed)
		modus_test_vary(t, seed - 1);
	send_text(k, text);
	modus_test_elapse(t, 0);
	all = undated(modus_client_received(k, NULL));
	ck_assert_int_eq(modus_client_state(k, NULL), want);
	modus_test_end(t);
	return all;
}

static const char *const dialogues[] = {
	"GET /hello?name=a%20b HTTP/1.1\r\nHost: x\r\n\r\n",
	"\r\nGET /hello?name=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\n",
	"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n01234567890123456789"
	"GET /much HTTP/1.1\r\nHost: x\r\n\r\n",
	"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
	"5\r\nhello\r\n10;a=b\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\nHEAD /much HTTP/1.1\r\nHost: "
	"x\r\n\r\n",
	"GET /entity HTTP/1.1\r\nHost: x\r\nRange: bytes=0-0,-1\r\n\r\n"
	"GET /entity HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"v1\"\r\n\r\n",
	"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcdeGET /inject "
	"HTTP/1.1\r\nHost: x\r\n\r\n",
};

enum { DIALOGUES = sizeof(dialogues) / sizeof(dialogues[0]) };

START_TEST(pieces_change_nothing)
{
	for (int i = 0; i < DIALOGUES; i++) {
		char *plain = ask(0, dialogues[i], MODUS_PARKED);
		char *varied = ask((unsigned)_i + 1, dialogues[i], MODUS_PARKED);

		ck_assert_str_eq(plain, varied);
		ck_assert_ptr_nonnull(strstr(plain, "HTTP/1.1 "));
		free(plain);
		free(varied);
	}
}
END_TEST

static void expect(const char *request, enum modus_client_state state, const char *want,
		   const char *never)
{
	char *all = ask(0, request, state);

	ck_assert_msg(strstr(all, want) != NULL, "want %s in:\n%s", want, all);
	if (never)
		ck_assert_msg(!strstr(all, never), "want no %s in:\n%s", never, all);
	free(all);
}

START_TEST(lengths_and_chunks)
{
	expect("GET /hello?name=x HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED,
	       "Content-Length: 7\r\n\r\nhello x", "chunked");
	expect("GET /much HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED, "\r\n0\r\n\r\n",
	       "Content-Length");
	expect("GET /much HTTP/1.0\r\n\r\n", MODUS_CLOSED, "line 2999\n", "chunked");
	expect("HEAD /hello?name=x HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED,
	       "Content-Length: 7\r\n\r\n", "hello");
	expect("GET /little HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_CLOSED, "Content-Length: 100",
	       "500");
	expect("GET /inject HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED, "200 OK", "X-C");
}
END_TEST

START_TEST(entities)
{
	expect("GET /entity HTTP/1.1\r\nHost: x\r\nRange: bytes=1-3\r\n\r\n", MODUS_PARKED,
	       "\r\n\r\nbcd", NULL);
	expect("GET /entity HTTP/1.1\r\nHost: x\r\nRange: bytes=1-3\r\n\r\n", MODUS_PARKED,
	       "Content-Range: bytes 1-3/26\r\n", NULL);
	expect("GET /entity HTTP/1.1\r\nHost: x\r\nRange: bytes=26-\r\n\r\n", MODUS_PARKED,
	       "HTTP/1.1 416 ", "abc");
	expect("GET /entity HTTP/1.1\r\nHost: x\r\nIf-Match: \"v2\"\r\n\r\n", MODUS_PARKED,
	       "HTTP/1.1 412 ", "abc");
	expect("GET /entity HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/\"v1\"\r\n\r\n", MODUS_PARKED,
	       "HTTP/1.1 304 Not Modified\r\n", "Content-Length");
}
END_TEST

START_TEST(what_is_said_of_pages)
{
	expect("GET /secret HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED,
	       "Cache-Control: no-store\r\n", NULL);
	expect("GET /fresh HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED, "Vary: Accept\r\n",
	       "max-age");
	expect("GET /reset HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED, "HTTP/1.1 500 ", NULL);
	expect("GET /late HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED,
	       "Content-Length: 26\r\n\r\nabc", "forgotten");
	expect("OPTIONS http://x HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED, "HTTP/1.1 204 ", NULL);
	expect("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: x\r\n"
	       "Expect: 100-continue\r\n\r\n",
	       MODUS_CLOSED, "HTTP/1.1 417 ", "100 Continue");
}
END_TEST

/* ---- Codings ---- */

/* Takes the chunks off, in place. */
static size_t unchunk(char *body)
{
	char *at = body, *to = body;
	size_t n;

	while ((n = strtoul(at, &at, 16)) > 0) {
		memmove(to, at + 2, n);
		to += n;
		at += 2 + n + 2;
	}
	return (size_t)(to - body);
}

static void expect_gzip(const char *query, bool chunked)
{
	static char plain[1 << 16], want[1 << 16];
	z_stream z = { .next_out = (Bytef *)plain, .avail_out = sizeof(plain) };
	struct modus_test *t = begin();
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	char request[200], *copy, *body;
	size_t len, n = 0;

	snprintf(request, sizeof(request),
		 "GET /text?%s HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n", query);
	send_text(k, request);
	copy = (char *)(uintptr_t)modus_client_received(k, &len);
	ck_assert_ptr_nonnull(strstr(copy, "Content-Encoding: gzip\r\n"));
	ck_assert_ptr_nonnull(strstr(copy, "Vary: Accept-Encoding\r\n"));
	ck_assert_ptr_nonnull(strstr(copy, "ETag: W/\"t\"\r\n"));
	ck_assert(!strstr(copy, "Content-Length") == chunked);
	body = strstr(copy, "\r\n\r\n") + 4;
	z.next_in = (Bytef *)body;
	z.avail_in = (uInt)(chunked ? unchunk(body) : len - (size_t)(body - copy));
	ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
	ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
	ck_assert_uint_eq(z.avail_in, 0);
	inflateEnd(&z);
	for (int i = 0; i < atoi(query + 6); i++)
		n += (size_t)sprintf(want + n, "line %d\n", i);
	ck_assert_uint_eq(z.total_out, n);
	ck_assert_mem_eq(plain, want, n);
	modus_test_end(t);
}

START_TEST(codings)
{
	expect_gzip("lines=200", false);
	expect_gzip("lines=4000", true);
	expect("GET /text?lines=200 HTTP/1.1\r\nHost: x\r\n\r\n", MODUS_PARKED,
	       "Vary: Accept-Encoding", "Content-Encoding");
	expect("GET /text?lines=5 HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n",
	       MODUS_PARKED, "line 4\n", "Content-Encoding");
	expect("HEAD /text?lines=4000 HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n",
	       MODUS_PARKED, "Content-Encoding: gzip\r\n", "line");
}
END_TEST

/* A head that has not come whole takes neither a stack nor a thread. */
START_TEST(parks_midway)
{
	struct modus_test *t = begin();
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

	send_text(k, "GET /hello?name=x HT");
	ck_assert_int_eq(modus_client_state(k, NULL), MODUS_PARKED);
	send_text(k, "TP/1.1\r\nHost: x\r");
	ck_assert_int_eq(modus_client_state(k, NULL), MODUS_PARKED);
	ck_assert_str_eq(modus_client_received(k, NULL), "");
	send_text(k, "\n\r\n");
	ck_assert_ptr_nonnull(strstr(modus_client_received(k, NULL), "hello x"));
	modus_test_end(t);
}
END_TEST

START_TEST(continues)
{
	struct modus_test *t = begin();
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

	send_text(k, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: "
		     "100-continue\r\n\r\n");
	ck_assert_str_eq(modus_client_received(k, NULL), "HTTP/1.1 100 Continue\r\n\r\n");
	ck_assert_int_eq(modus_client_state(k, NULL), MODUS_WAITING);
	send_text(k, "abc");
	ck_assert_ptr_nonnull(strstr(modus_client_received(k, NULL), "\r\n\r\nabc"));
	modus_test_end(t);
}
END_TEST

/* Each call fails once: the client is answered, or cut, and nothing is lost or left. */
START_TEST(calls_fail)
{
	static const char *const calls[] = { "modus_peek", "modus_write", "modus_alloc",
					     "modus_printf" };

	for (int i = 0; i < DIALOGUES; i++) {
		for (unsigned n = 1; n < CALLS; n++) {
			struct modus_test *t = begin();
			struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
			const char *call = calls[_i];

			modus_test_fail(t, call, n, -ENOMEM);
			send_text(k, dialogues[i]);
			n = modus_test_failed(t, call) ? n : CALLS;
			modus_test_end(t);
		}
	}
}
END_TEST

START_TEST(drains)
{
	struct modus_test *t = begin();
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

	send_text(k, "GET /hello?na");
	modus_test_drain(t, 1000);
	send_text(k, "me=x HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(modus_client_received(k, NULL), "Connection: close\r\n"));
	ck_assert_int_eq(modus_client_state(k, NULL), MODUS_CLOSED);
	modus_test_end(t);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("exchange");
	TCase *t = tcase_create("exchange");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_loop_test(t, pieces_change_nothing, 0, SEEDS);
	tcase_add_test(t, lengths_and_chunks);
	tcase_add_test(t, entities);
	tcase_add_test(t, what_is_said_of_pages);
	tcase_add_test(t, codings);
	tcase_add_test(t, parks_midway);
	tcase_add_test(t, continues);
	tcase_add_loop_test(t, calls_fail, 0, 4);
	tcase_add_test(t, drains);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
