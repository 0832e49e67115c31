/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/target.h"

#include "values.h"

/* The host that was read, or NULL; both texts have no byte to spare. */
static const char *read_host(const char *text, size_t n)
{
	static char host[512];
	char *copy = malloc(n ? n : 1), *out = malloc(n + 1);
	bool done;

	ck_assert(copy && out);
	memcpy(copy, text, n);
	done = http_host_read(copy, n, out);
	if (done)
		strcpy(host, out);
	free(copy);
	free(out);
	return done ? host : NULL;
}

START_TEST(hosts_are_read_without_their_port)
{
	static const char *const rows[][2] = {
		{ "example.org", "example.org" },
		{ "Example.ORG", "example.org" },
		{ "example.org:80", "example.org" },
		{ "example.org:", "example.org" },
		{ "example.org:0", "example.org" },
		{ "example.org:65535", "example.org" },
		{ "example.org:000000000000000000000000000000080", "example.org" },
		{ "example.org.", "example.org." },
		{ "localhost", "localhost" },
		{ "a", "a" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.1:8080", "192.0.2.1" },
		{ "999.0.2.1", "999.0.2.1" }, /* a name, by the grammar */
		{ "a_b-c~d", "a_b-c~d" },
		{ "!$&'()*+,;=", "!$&'()*+,;=" },
		{ "ex%C3%A4mple.org:1", "ex%c3%a4mple.org" },
		{ "a%00%0A%a0", "a%00%0a%a0" },
		{ "[::1]", "[::1]" },
		{ "[::1]:80", "[::1]" },
		{ "[::1]:", "[::1]" },
		{ "[::]", "[::]" },
		{ "[2001:DB8::A]", "[2001:db8::a]" },
		{ "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]" },
		{ "[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7::]" },
		{ "[::ffff:192.0.2.1]:443", "[::ffff:192.0.2.1]" },
		{ "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]",
		  "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]" },
		{ "[v1.a]", "[v1.a]" },
		{ "[v0.a]", "[v0.a]" },
		{ "[vF.A:b$]:9", "[vf.a:b$]" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *host = read_host(rows[i][0], strlen(rows[i][0]));

		ck_assert_msg(host != NULL, "%s", rows[i][0]);
		ck_assert_str_eq(host, rows[i][1]);
	}
}
END_TEST

START_TEST(what_is_no_host_is_refused)
{
	static const char *const wrong[] = {
		"",
		" ",
		":",
		":80",
		"a b",
		" a",
		"a ",
		"a\t",
		"a/b",
		"a?b",
		"a#b",
		"a\\b",
		"user@a",
		"user:pw@a",
		"a@",
		"a:80:80",
		"a::",
		"a:8o",
		"a:-1",
		"a:+1",
		"a: 80",
		"a:80 ",
		"a:65536",
		"a:99999999999999999999999",
		"a, b",
		"a\"b\"",
		"<a>",
		"a^b",
		"a|b",
		"a`b",
		"{a}",
		"a%",
		"a%2",
		"a%2g",
		"a%g2",
		"%",
		"ex\xc3\xa4mple.org",
		"a\x7f",
		"a\x01",
		"::1",
		"2001:db8::1",
		"[",
		"]",
		"[]",
		"[::1",
		"::1]",
		"[::1]a",
		"[::1]80",
		"[::1]:x",
		"[::1]:65536",
		"a[::1]",
		"[[::1]]",
		"[127.0.0.1]",
		"[1:2:3:4:5:6:7:8:9]",
		"[1:2:3:4:5:6:7]",
		"[1::2::3]",
		"[12345::]",
		"[g::]",
		"[::1%25eth0]",
		"[::1%eth0]",
		"[ ::1]",
		"[::256.0.0.1]",
		"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]",
		"[0000:0000:0000:0000:0000:0000:255.255.255.2551]",
		"[v1]",
		"[v1.]",
		"[v.a]",
		"[vg.a]",
		"[v]",
		"[v1.a/]",
		"[v1.[]",
		"http://a",
	};

	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(!read_host(wrong[i], strlen(wrong[i])), "\"%s\"", wrong[i]);
}
END_TEST

START_TEST(a_nul_ends_no_host)
{
	ck_assert_ptr_null(read_host("a\0b", 3));
	ck_assert_ptr_null(read_host("a\0", 2));
	ck_assert_ptr_null(read_host("[::1\0]", 6));
	ck_assert_ptr_null(read_host("[::1\0a]:80", 10));
	ck_assert_ptr_null(read_host("a:8\0", 4));
	ck_assert_str_eq(read_host("example.org/path", 11), "example.org");
	ck_assert_str_eq(read_host("a%41", 4), "a%41");
	ck_assert_ptr_null(read_host("a%41", 3));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		hosts_are_read_without_their_port,
		what_is_no_host_is_refused,
		a_nul_ends_no_host,
	};

	return SUITE_RUN("http host", tests, NULL, NULL);
}
