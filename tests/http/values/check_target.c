/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/target.h"

#include "values.h"

/* What was read; the texts live until the next one is. */
static struct {
	char *text, *path;
	struct http_target target;
} now;

static bool read_target(const char *method, const char *text)
{
	free(now.text);
	free(now.path);
	now.text = exact(text);
	now.path = malloc(strlen(text) + 2);
	ck_assert_ptr_nonnull(now.path);
	if (!http_target_read(now.text, method, now.path, &now.target))
		return false;
	ck_assert_uint_eq(now.target.path_len, strlen(now.path));
	return true;
}

START_TEST(paths_are_decoded_and_without_dots)
{
	static const char *const rows[][2] = {
		{ "/", "/" },
		{ "/a", "/a" },
		{ "/a/", "/a/" },
		{ "/a/b/c", "/a/b/c" },
		{ "/%41%62", "/Ab" },
		{ "/a%20b", "/a b" },
		{ "/a+b", "/a+b" },
		{ "/%C3%a4", "/\xc3\xa4" },
		{ "/%ff", "/\xff" },
		{ "/%01%0a%0D%7f", "/\x01\n\r\x7f" },
		{ "/%3F%23%25", "/?#%" },
		{ "/a;b=c,d:e@f", "/a;b=c,d:e@f" },
		{ "/[a]{b}|c^d`e", "/[a]{b}|c^d`e" },
		/* RFC 3986 5.2.4 */
		{ "/a/b/c/./../../g", "/a/g" },
		{ "/mid/content=5/../6", "/mid/6" },
		{ "/.", "/" },
		{ "/./", "/" },
		{ "/a/.", "/a/" },
		{ "/a/./", "/a/" },
		{ "/a/./b", "/a/b" },
		{ "/a/..", "/" },
		{ "/a/../", "/" },
		{ "/a/b/..", "/a/" },
		{ "/a/b/../", "/a/" },
		{ "/a/b/../..", "/" },
		{ "/a/../b", "/b" },
		{ "/a/../b/../c", "/c" },
		{ "/./a/./../b/.", "/b/" },
		/* dots that are letters */
		{ "/...", "/..." },
		{ "/..a", "/..a" },
		{ "/a..", "/a.." },
		{ "/.a/b.", "/.a/b." },
		{ "/.../..../.", "/.../..../" },
		{ "/a/.. /b", NULL },
		{ "/a/..%20/b", "/a/.. /b" },
		/* dot segments, however they are written */
		{ "/a/%2e/b", "/a/b" },
		{ "/a/%2e%2e/b", "/b" },
		{ "/a/.%2E/b", "/b" },
		{ "/a/%2e./b", "/b" },
		{ "/a/%2E%2E", "/" },
		/* escaped twice: letters */
		{ "/a/%252e%252e/b", "/a/%2e%2e/b" },
		{ "/a/%252f", "/a/%2f" },
		{ "/%2500", "/%00" },
		{ "/%25%32%65", "/%2e" },
		/* a backslash is a letter */
		{ "/a\\..\\b", "/a\\..\\b" },
		{ "/a/%5c../b", "/a/\\../b" },
		{ "/a/..\\", "/a/..\\" },
		{ "/..%5c..%5cetc", "/..\\..\\etc" },
		/* empty segments stay, and are segments */
		{ "//", "//" },
		{ "//a//b//", "//a//b//" },
		{ "/a//../b", "/a/b" },
		{ "/a//../../b", "/b" },
		{ "//..", "/" },
		{ "//../", "/" },
		{ "//./", "//" },
		{ "/a//.", "/a//" },
		/* above the root */
		{ "/..", NULL },
		{ "/../", NULL },
		{ "/../a", NULL },
		{ "/a/../..", NULL },
		{ "/a/../../b", NULL },
		{ "/./..", NULL },
		{ "//../..", NULL },
		{ "/%2e%2e", NULL },
		{ "/%2e%2e/etc/passwd", NULL },
		{ "/a/%2e%2e/%2E./etc", NULL },
		/* escapes that cannot be */
		{ "/%2f", NULL },
		{ "/a%2Fb", NULL },
		{ "/a/..%2fb", NULL },
		{ "/%2e%2e%2f", NULL },
		{ "/%00", NULL },
		{ "/a%00.html", NULL },
		{ "/%", NULL },
		{ "/%2", NULL },
		{ "/%%", NULL },
		{ "/%2%65", NULL },
		{ "/%g1", NULL },
		{ "/%1g", NULL },
		{ "/%u0041", NULL },
		{ "/%c0%2f", NULL },
		{ "/%-1", NULL },
		{ "/% 1", NULL },
		{ "/%2?e", NULL },
		{ "/%?20", NULL },
		/* an overlong slash of UTF-8 stays what it is: bytes */
		{ "/..%c0%af..", "/..\xc0\xaf.." },
		/* bytes that cannot be */
		{ "/a b", NULL },
		{ " /a", NULL },
		{ "/a ", NULL },
		{ "/a\tb", NULL },
		{ "/a\nb", NULL },
		{ "/a\rb", NULL },
		{ "/a\x01", NULL },
		{ "/a\x7f", NULL },
		{ "/\xc3\xa4", NULL },
		{ "/a#b", NULL },
		{ "/#", NULL },
		{ "/<a>", NULL },
		{ "/\"a\"", NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		bool done = read_target("GET", rows[i][0]);

		ck_assert_msg(done == (rows[i][1] != NULL), "%s", rows[i][0]);
		if (!done)
			continue;
		ck_assert_msg(!strcmp(now.path, rows[i][1]), "%s: %s", rows[i][0], now.path);
		ck_assert_int_eq(now.target.form, HTTP_FORM_ORIGIN);
		ck_assert_ptr_null(now.target.query);
		ck_assert_ptr_null(now.target.authority);
	}
}
END_TEST

START_TEST(queries_are_kept_as_they_are)
{
	static const char *const rows[][3] = {
		{ "/?", "/", "" },
		{ "/a?b=c", "/a", "b=c" },
		{ "/a?b?c/../d", "/a", "b?c/../d" },
		{ "/a/..?b=%2f%00%zz%", "/", "b=%2f%00%zz%" },
		{ "/?a=|b^c`d{e}[f]\\'", "/", "a=|b^c`d{e}[f]\\'" },
		{ "/a%3Fb?c", "/a?b", "c" },
		{ "//?//", "//", "//" },
	};
	static const char *const wrong[] = { "/?a b",      "/?a\tb",     "/?\x01", "/?\x7f",
					     "/?a#b",      "/?#",        "/?<",    "/?>",
					     "/?\"",       "/?\xc3\xa4", "/?a\nb", "/..?a",
					     "/a?b=c d=e", "/? " };

	for (size_t i = 0; i < COUNT(rows); i++) {
		ck_assert_msg(read_target("GET", rows[i][0]), "%s", rows[i][0]);
		ck_assert_str_eq(now.path, rows[i][1]);
		ck_assert_str_eq(now.target.query, rows[i][2]);
	}
	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(!read_target("GET", wrong[i]), "%s", wrong[i]);
}
END_TEST

START_TEST(absolute_targets_have_an_authority)
{
	static const char *const rows[][5] = {
		/* method, text, authority, path, query */
		{ "GET", "http://www.example.org/pub/WWW/TheProject.html", "www.example.org",
		  "/pub/WWW/TheProject.html", NULL },
		{ "GET", "HTTPS://Example.org:8443/a?b", "Example.org:8443", "/a", "b" },
		{ "GET", "http://a", "a", "/", NULL },
		{ "GET", "http://a?", "a", "/", "" },
		{ "GET", "http://a?b/c", "a", "/", "b/c" },
		{ "POST", "http://[::1]:80/a/../b", "[::1]:80", "/b", NULL },
		{ "GET", "http://a:/", "a:", "/", NULL },
		{ "GET", "http://a//b", "a", "//b", NULL },
		/* RFC 9112 3.2.4 */
		{ "OPTIONS", "http://www.example.org:8001", "www.example.org:8001", "*", NULL },
		{ "OPTIONS", "http://a/", "a", "/", NULL },
		{ "OPTIONS", "http://a?b", "a", "/", "b" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		ck_assert_msg(read_target(rows[i][0], rows[i][1]), "%s", rows[i][1]);
		ck_assert_int_eq(now.target.form, HTTP_FORM_ABSOLUTE);
		ck_assert_uint_eq(now.target.authority_len, strlen(rows[i][2]));
		ck_assert(!memcmp(now.target.authority, rows[i][2], strlen(rows[i][2])));
		ck_assert_str_eq(now.path, rows[i][3]);
		ck_assert_pstr_eq(now.target.query, rows[i][4]);
	}
}
END_TEST

START_TEST(absolute_targets_may_be_wrong)
{
	static const char *const wrong[] = {
		"http:",
		"http:/",
		"http:/a",
		"http://",
		"http:///",
		"http:///a",
		"http://?",
		"http://:80/",
		"http://user@a/",
		"http://user:pw@a/",
		"http://a b/",
		"http://a#b",
		"http://a/#b",
		"http://a\\b/",
		"http://a:x/",
		"http://a/..",
		"http://a/%2f",
		"http://[::1/",
		"http//a/",
		"ftp://a/",
		"file:///etc/passwd",
		"httpx://a/",
		"example.org",
		"example.org:80",
		"a/b",
		"?a",
		"",
		" ",
		"./a",
		"..",
		"\\a",
		"%2fa",
	};

	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(!read_target("GET", wrong[i]), "\"%s\"", wrong[i]);
}
END_TEST

START_TEST(an_asterisk_is_for_options)
{
	ck_assert(read_target("OPTIONS", "*"));
	ck_assert_int_eq(now.target.form, HTTP_FORM_ASTERISK);
	ck_assert_str_eq(now.path, "*");
	ck_assert(read_target("OPTIONS", "/*"));
	ck_assert_int_eq(now.target.form, HTTP_FORM_ORIGIN);
	ck_assert(!read_target("GET", "*"));
	ck_assert(!read_target("options", "*"));
	ck_assert(!read_target("OPTIONS", "**"));
	ck_assert(!read_target("OPTIONS", "*?a"));
	ck_assert(!read_target("OPTIONS", "*/"));
	ck_assert(!read_target("CONNECT", "*"));
}
END_TEST

START_TEST(connect_has_an_authority_with_its_port)
{
	static const char *const right[] = { "example.org:80", "[::1]:443", "192.0.2.1:065535",
					     "a:1" };
	static const char *const wrong[] = {
		"example.org",
		"example.org:",
		"example.org:0",
		"example.org:000",
		"a:65536",
		"[::1]",
		"[::1]:",
		":80",
		"",
		"/",
		"/a:80",
		"http://a:80",
		"u@a:80",
		"a:80/",
		"a:80?b",
		"a:80 ",
		"a:8 0",
		"[::8]:0",
		":",
		"a:80#",
	};

	for (size_t i = 0; i < COUNT(right); i++) {
		ck_assert_msg(read_target("CONNECT", right[i]), "%s", right[i]);
		ck_assert_int_eq(now.target.form, HTTP_FORM_AUTHORITY);
		ck_assert_ptr_eq(now.target.authority, now.text);
		ck_assert_uint_eq(now.target.authority_len, strlen(right[i]));
		ck_assert_str_eq(now.path, "/");
	}
	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(!read_target("CONNECT", wrong[i]), "%s", wrong[i]);
}
END_TEST

START_TEST(escapes_are_decoded_in_place)
{
	static const struct {
		const char *text, *out; /* NULL: refused */
		bool plus;
	} rows[] = {
		{ "", "", false },
		{ "abc", "abc", false },
		{ "a+b", "a+b", false },
		{ "a+b", "a b", true },
		{ "a%2Bb+%20", "a+b  ", true },
		{ "%41%6a%6A", "Ajj", false },
		{ "%2f%2e", "/.", false },
		{ "%25%34%31", "%41", true },
		{ "%ff", "\xff", false },
		{ "%01%0a%10", "\x01\n\x10", false },
		{ "%", NULL, false },
		{ "a%", NULL, true },
		{ "a%4", NULL, true },
		{ "%%41", NULL, false },
		{ "%4g", NULL, false },
		{ "%g4", NULL, false },
		{ "%+1", NULL, true },
		{ "%00", NULL, false },
		{ "a%00b", NULL, true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = exact(rows[i].text);
		long n = http_unescape(text, rows[i].plus);

		ck_assert_msg((n >= 0) == (rows[i].out != NULL), "%s", rows[i].text);
		if (n >= 0) {
			ck_assert_str_eq(text, rows[i].out);
			ck_assert_uint_eq((size_t)n, strlen(text));
		}
		free(text);
	}
}
END_TEST

static void tear_down(void)
{
	free(now.text);
	free(now.path);
}

int main(void)
{
	const TTest *const tests[] = {
		paths_are_decoded_and_without_dots, queries_are_kept_as_they_are,
		absolute_targets_have_an_authority, absolute_targets_may_be_wrong,
		an_asterisk_is_for_options,         connect_has_an_authority_with_its_port,
		escapes_are_decoded_in_place,
	};

	return SUITE_RUN("http target", tests, NULL, tear_down);
}
