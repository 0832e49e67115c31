/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/cookie.h"

#include "values.h"

#include <errno.h>
#include <stdint.h>

enum { NOW = 784111777 };

static char out[8192];

/* The value of "a", or NULL. */
static const char *find(const char *field, const char *name)
{
	char *copy = exact(field);
	size_t len = 0;
	const char *value = http_cookie_find(copy, name, &len);

	if (value) {
		memcpy(out, value, len);
		out[len] = '\0';
	}
	free(copy);
	return value ? out : NULL;
}

START_TEST(cookies_are_found_by_name)
{
	static const struct {
		const char *field, *value;
	} rows[] = {
		{ "a=b", "b" },
		{ "a=", "" },
		{ "a= \t", "" },
		{ "a= ; c=d", "" },
		{ "a=b; c=d", "b" },
		{ "c=d; a=b", "b" },
		{ "c=d;a=b", "b" },
		{ "c=d;\t a=b", "b" },
		{ " a=b ", "b" },
		{ ";;a=b;;", "b" },
		{ "a=b; a=c", "b" },
		{ "a=b=c", "b=c" },
		{ "a==", "=" },
		{ "a=\"b c\"; d=e", "\"b c\"" },
		{ "a=\"b;c\"", "\"b" },
		{ "a=b, c=d", "b, c=d" },
		{ "a=b\t; c=d", "b" },
		{ "aa=x; a=b", "b" },
		{ "A=x; a=b", "b" },
		{ "c=a=x; a=b", "b" },
		{ "c=\" a=x\"; a=b", "b" },
		{ "a; a=b", "b" },
		{ "=a; a=b", "b" },
		{ "a=\xc3\xa4", "\xc3\xa4" },
		{ "", NULL },
		{ ";", NULL },
		{ "a", NULL },
		{ "a;", NULL },
		{ "A=b", NULL },
		{ "ab=c", NULL },
		{ "ba=c", NULL },
		{ "b=a", NULL },
		{ "b=a=c", NULL },
		{ "b a=c", NULL },
		{ "a =b", NULL },
		{ "=a=b", NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *value = find(rows[i].field, "a");

		ck_assert_msg((value != NULL) == (rows[i].value != NULL), "%s", rows[i].field);
		if (value)
			ck_assert_str_eq(value, rows[i].value);
	}
	ck_assert_ptr_null(find("=a", ""));
	ck_assert_ptr_null(http_cookie_find(NULL, "a", &(size_t) { 0 }));
	ck_assert_str_eq(find("__Host-sid=1; sid=2", "sid"), "2");
}
END_TEST

static const char *written(struct modus_http_cookie cookie)
{
	int n = http_cookie_write(out, sizeof(out), &cookie, NOW);

	ck_assert_msg(n >= 0, "%d", n);
	ck_assert_uint_eq((size_t)n, strlen(out));
	return out;
}

START_TEST(cookies_are_written)
{
	ck_assert_str_eq(written((struct modus_http_cookie) { "SID", "31d4d96e407aad42" }),
			 "SID=31d4d96e407aad42");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "" }), "a=");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "\"b\"" }), "a=\"b\"");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "\"\"" }), "a=\"\"");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "b", .path = "/c d" }),
			 "a=b; Path=/c d");
	ck_assert_str_eq(
		written((struct modus_http_cookie) { "a", "!#$%&'()*+-./:<=>?@[]^_`{|}~" }),
		"a=!#$%&'()*+-./:<=>?@[]^_`{|}~");
	ck_assert_str_eq(written((struct modus_http_cookie) { "SID", "31d4", .path = "/",
							      .domain = "example.org",
							      .secure = true, .http_only = true,
							      .same_site = MODUS_SITE_STRICT }),
			 "SID=31d4; Domain=example.org; Path=/; Secure; HttpOnly; SameSite=Strict");
	ck_assert_str_eq(
		written((struct modus_http_cookie) { "a", "b", .same_site = MODUS_SITE_LAX }),
		"a=b; SameSite=Lax");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "b", .secure = true,
							      .same_site = MODUS_SITE_NONE }),
			 "a=b; Secure; SameSite=None");
}
END_TEST

START_TEST(cookies_have_an_age)
{
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "b", .max_age = 60 }),
			 "a=b; Expires=Sun, 06 Nov 1994 08:50:37 GMT; Max-Age=60");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "b", .max_age = 1 }),
			 "a=b; Expires=Sun, 06 Nov 1994 08:49:38 GMT; Max-Age=1");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "b", .max_age = INT64_MAX }),
			 "a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT; "
			 "Max-Age=9223372036854775807");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", "b", .max_age = -1 }),
			 "a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0");
	ck_assert_str_eq(written((struct modus_http_cookie) { "a", NULL, .max_age = INT64_MIN,
							      .path = "/x" }),
			 "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/x");
}
END_TEST

static int write_it(struct modus_http_cookie cookie)
{
	return http_cookie_write(out, sizeof(out), &cookie, NOW);
}

START_TEST(what_is_no_cookie_is_refused)
{
	static const char *const names[] = { "",      " ",   "a b", "a=",     "a;",
					     "a,b",   "a\"", "a\n", "a\r\nb", "\xc3\xa4",
					     "a\x7f", "(a)", "a/b" };
	static const char *const values[] = { " ",      "b c",      " b",       "b ",   "b\t",
					      "b,c",    "b;c",      "\"",       "\"b",  "b\"",
					      "b\"c\"", "b\\c",     "\xc3\xa4", "b\nc", "b\r\nX: y",
					      "b\x7f",  "\"b\"c\"", "\"b c\"" };
	static const char *const attributes[] = { "",      "/;a",   "/\n",      "/\r\nX: y",
						  "/\x7f", "/\x01", "/\xc3\xa4" };

	ck_assert_int_eq(write_it((struct modus_http_cookie) { NULL, "b" }), -EINVAL);
	for (size_t i = 0; i < COUNT(names); i++)
		ck_assert_msg(write_it((struct modus_http_cookie) { names[i], "b" }) == -EINVAL,
			      "\"%s\"", names[i]);
	for (size_t i = 0; i < COUNT(values); i++)
		ck_assert_msg(write_it((struct modus_http_cookie) { "a", values[i] }) == -EINVAL,
			      "\"%s\"", values[i]);
	for (size_t i = 0; i < COUNT(attributes); i++) {
		struct modus_http_cookie c = { "a", "b", .path = attributes[i] };

		ck_assert_msg(write_it(c) == -EINVAL, "\"%s\"", c.path);
		c = (struct modus_http_cookie) { "a", "b", .domain = attributes[i] };
		ck_assert_msg(write_it(c) == -EINVAL, "\"%s\"", c.domain);
	}
}
END_TEST

START_TEST(promises_are_kept)
{
	struct modus_http_cookie c = { "a", "b", .same_site = MODUS_SITE_NONE };

	ck_assert_int_eq(write_it(c), -EINVAL);
	c.same_site = (enum modus_http_same_site)4;
	ck_assert_int_eq(write_it(c), -EINVAL);
	c = (struct modus_http_cookie) { "__Secure-a", "b" };
	ck_assert_int_eq(write_it(c), -EINVAL);
	c.name = "__SECURE-a";
	ck_assert_int_eq(write_it(c), -EINVAL);
	c.secure = true;
	ck_assert_int_gt(write_it(c), 0);
	c = (struct modus_http_cookie) { "__Host-a", "b", .secure = true, .path = "/" };
	ck_assert_str_eq(written(c), "__Host-a=b; Path=/; Secure");
	c.domain = "example.org";
	ck_assert_int_eq(write_it(c), -EINVAL);
	c = (struct modus_http_cookie) { "__host-a", "b", .secure = true };
	ck_assert_int_eq(write_it(c), -EINVAL);
	c.path = "/a";
	ck_assert_int_eq(write_it(c), -EINVAL);
	c = (struct modus_http_cookie) { "__Host-a", "b", .path = "/" };
	ck_assert_int_eq(write_it(c), -EINVAL);
	c = (struct modus_http_cookie) { "__Hosta", "b" };
	ck_assert_int_gt(write_it(c), 0);
}
END_TEST

START_TEST(what_clients_drop_is_refused)
{
	static char value[4097], path[1026];
	struct modus_http_cookie c = { "a", value };

	memset(value, 'b', 4095);
	ck_assert_int_eq(write_it(c), 4097);
	value[4095] = 'b';
	ck_assert_int_eq(write_it(c), -EINVAL);
	memset(path, '/', 1024);
	c = (struct modus_http_cookie) { "a", "b", .path = path };
	ck_assert_int_gt(write_it(c), 0);
	path[1024] = '/';
	ck_assert_int_eq(write_it(c), -EINVAL);
}
END_TEST

START_TEST(what_is_longer_than_its_room_is_refused)
{
	struct modus_http_cookie c = { "a", "b", .path = "/", .max_age = 60, .secure = true };
	int n = write_it(c);

	ck_assert_int_gt(n, 0);
	for (int size = 0; size <= n; size++) {
		char *room = malloc((size_t)size + !size);

		ck_assert_ptr_nonnull(room);
		ck_assert_int_eq(http_cookie_write(room, (size_t)size, &c, NOW), -ENOSPC);
		free(room);
	}
	ck_assert_int_eq(http_cookie_write(out, (size_t)n + 1, &c, NOW), n);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		cookies_are_found_by_name,
		cookies_are_written,
		cookies_have_an_age,
		what_is_no_cookie_is_refused,
		promises_are_kept,
		what_clients_drop_is_refused,
		what_is_longer_than_its_room_is_refused,
	};

	return SUITE_RUN("http cookie", tests, NULL, NULL);
}
