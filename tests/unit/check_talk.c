/* SPDX-License-Identifier: MIT */
/* Which exchange is chosen by what was asked for, and what does not go together. */
#include "compare/load/talk.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct talk talk;
static char why[512];

static void reads(struct talk_wish wish, int kind)
{
	struct load_options o = LOAD_DEFAULTS;

	talk = (struct talk) { .wish = wish };
	ck_assert_msg(talk_read(&talk, NULL, why, sizeof(why)) == 0, "%s", why);
	ck_assert_int_eq(talk.kind, kind);
	talk_put(&talk, &o);
	ck_assert_ptr_eq(o.script, kind == TALK_SCRIPT ? &talk.script : NULL);
	ck_assert_ptr_eq(o.bytes, kind == TALK_BYTES ? &talk.bytes : NULL);
	ck_assert_ptr_eq(o.http, kind == TALK_HTTP ? &talk.http : NULL);
}

START_TEST(test_echo)
{
	struct load_options o = LOAD_DEFAULTS;

	reads((struct talk_wish) { 0 }, TALK_ECHO);
	talk_put(NULL, &o);
	ck_assert(!o.script && !o.bytes && !o.http);
}
END_TEST

START_TEST(test_bytes)
{
	reads((struct talk_wish) { .send = "a\\n", .reply = "line" }, TALK_BYTES);
	ck_assert_uint_eq(talk.bytes.request.size, 2);
	talk_free(&talk);
	reads((struct talk_wish) { .reply = "line" }, TALK_BYTES);
}
END_TEST

START_TEST(test_http)
{
	reads((struct talk_wish) { .http = { .path = "/a", .status = 404 } }, TALK_HTTP);
	ck_assert_str_eq(talk.http.name, "GET /a");
	ck_assert_uint_eq(talk.http.status, 404);
	talk_free(&talk);
	reads((struct talk_wish) { .http = { .url = "http://127.0.0.1:1/b" } }, TALK_HTTP);
	ck_assert_str_eq(talk.http.address, "tcp://127.0.0.1:1");
}
END_TEST

/* Beside a scenario, or where it is. */
START_TEST(test_script)
{
	char path[] = "/tmp/check_talk.XXXXXX";
	static const char text[] = "send \"x\\n\"\nexpect \"y\"\n";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
	reads((struct talk_wish) { .script = path }, TALK_SCRIPT);
	ck_assert_uint_eq(talk.script.step_count, 2);
	talk_free(&talk);
	talk = (struct talk) { .wish.script = strrchr(path, '/') + 1 };
	ck_assert_msg(talk_read(&talk, "/tmp", why, sizeof(why)) == 0, "%s", why);
	unlink(path);
}
END_TEST

START_TEST(test_refusals)
{
	static const struct {
		struct talk_wish wish;
		const char *why;
	} wrong[] = {
		{ { .send = "x" }, "send: got 'x', want a reply beside it" },
		{ { .send = "x", .reply = "y" }, "reply: got 'y', want exact:TEXT" },
		{ { .script = "x", .reply = "line" }, "script: got 'x', want either it or a" },
		{ { .script = "x", .http = { .path = "/" } }, "http: got '/', want either HTTP" },
		{ { .send = "x", .http = { .url = "http://127.0.0.1/" } },
		  "target: got 'http://127.0.0.1/', want either HTTP" },
		{ { .http = { .body = "x" } }, "body: got it without HTTP" },
		{ { .http = { .method = "x" } }, "method: got it without HTTP" },
		{ { .http = { .header_count = 1 } }, "header: got it without HTTP" },
		{ { .http = { .expect_body = "x" } }, "expect-body: got it without HTTP" },
		{ { .http = { .any_body = true }, .reply = "line" }, "any-body: got it without" },
		{ { .http = { .status = 200 } }, "status: got it without HTTP" },
		{ { .script = "/nowhere/x" }, "/nowhere/x: " },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		talk = (struct talk) { .wish = wrong[i].wish };
		ck_assert_int_lt(talk_read(&talk, NULL, why, sizeof(why)), 0);
		ck_assert_msg(!strncmp(why, wrong[i].why, strlen(wrong[i].why)), "want %s, got %s",
			      wrong[i].why, why);
		talk_free(&talk);
	}
}
END_TEST

static void set_up(void)
{
}

static void tear_down(void)
{
	talk_free(&talk);
}

int main(void)
{
	const TTest *tests[] = { test_echo, test_bytes, test_http, test_script, test_refusals };

	return SUITE_RUN("talk", tests, set_up, tear_down);
}
