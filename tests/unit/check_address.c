/* SPDX-License-Identifier: MIT */
#include "core/address.h"

#include "core_fixture.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

static struct address a;

/* What address_parse() reads, address_url() writes. */
START_TEST(test_forms_and_their_urls)
{
	static const struct {
		const char *text, *url;
		int type, family;
	} forms[] = {
		{ "tcp://127.0.0.1:80", NULL, SOCK_STREAM, AF_INET },
		{ "udp://255.255.255.255:65535", NULL, SOCK_DGRAM, AF_INET },
		{ "tcp://0.0.0.0:0", NULL, SOCK_STREAM, AF_INET },
		{ "tcp://*:8080", "tcp://0.0.0.0:8080", SOCK_STREAM, AF_INET },
		{ "tcp://[::]:8080", NULL, SOCK_STREAM, AF_INET6 },
		{ "udp://[2001:db8::1]:53", NULL, SOCK_DGRAM, AF_INET6 },
		{ "tcp://[2001:DB8:0:0::1]:1", "tcp://[2001:db8::1]:1", SOCK_STREAM, AF_INET6 },
		{ "tcp://[::ffff:192.0.2.1]:9", NULL, SOCK_STREAM, AF_INET6 },
		{ "unix:///run/modus.sock", NULL, SOCK_STREAM, AF_UNIX },
		{ "unix-dgram:///run/a b:c", NULL, SOCK_DGRAM, AF_UNIX },
	};
	char url[ADDRESS_TEXT_MAX];

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		ck_assert_msg(address_parse(forms[i].text, &a) == 0, "%s", forms[i].text);
		ck_assert_int_eq(a.type, forms[i].type);
		ck_assert_int_eq(a.any.sa_family, forms[i].family);
		ck_assert_int_eq(address_is_datagram(forms[i].text), a.type == SOCK_DGRAM);
		address_url(&a, url, sizeof(url));
		ck_assert_str_eq(url, forms[i].url ? forms[i].url : forms[i].text);
	}
}
END_TEST

START_TEST(test_what_is_of_no_form)
{
	static const char *const texts[] = {
		"",
		"tcp",
		"tcp:/127.0.0.1:80",
		"http://127.0.0.1:80",
		"TCP://127.0.0.1:80",
		"127.0.0.1:80",
		" tcp://127.0.0.1:80",
		"tcp://",
		"tcp://:80",
		"tcp://127.0.0.1",
		"tcp://127.0.0.1:",
		"tcp://127.0.0.1:http",
		"tcp://127.0.0.1:-1",
		"tcp://127.0.0.1:+1",
		"tcp://127.0.0.1: 1",
		"tcp://127.0.0.1:1 ",
		"tcp://127.0.0.1:0x50",
		"tcp://127.0.0.1:65536",
		"tcp://127.0.0.1:18446744073709551617",
		"tcp://127.0.0.1:80/",
		"tcp://127.0.0:80",
		"tcp://127.0.0.256:80",
		"tcp://127.0.0.0.1:80",
		"tcp://1:80",
		"tcp://::1:80",
		"tcp://[::1]",
		"tcp://[::1]80",
		"tcp://[::1:80",
		"tcp://::1]:80",
		"tcp://[]:80",
		"tcp://[127.0.0.1]:80",
		"tcp://[:::]:80",
		"tcp://[g::1]:80",
		"tcp://[*]:80",
		"tcp://[:80",
		"unix://",
		"unix://relative",
		"unix:/run/x",
		"unix-dgram://x",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_msg(address_parse(texts[i], &a) == -EINVAL, "\"%s\"", texts[i]);
}
END_TEST

START_TEST(test_names_are_for_resolve)
{
	struct address all[4];
	struct addrinfo *known;
	int n;

	ck_assert_int_eq(address_parse("tcp://localhost:80", &a), -ENOENT);
	ck_assert_int_eq(address_parse("udp://a.example:80", &a), -ENOENT);
	if (getaddrinfo("localhost", NULL, NULL, &known)) {
		printf("left out: test_names_are_for_resolve, localhost has no address here\n");
		return;
	}
	freeaddrinfo(known);
	n = address_resolve("udp://localhost:53", all, 4);
	ck_assert_int_ge(n, 1);
	for (int i = 0; i < n; i++) {
		ck_assert_int_eq(all[i].type, SOCK_DGRAM);
		/* the port stands at the same place in both families */
		ck_assert_int_eq(ntohs(all[i].in.sin_port), 53);
	}
	ck_assert_int_eq(address_resolve("udp://localhost:53", all, 1), 1);
}
END_TEST

START_TEST(test_resolve_needs_no_lookup_for_numbers)
{
	ck_assert_int_eq(address_resolve("tcp://192.0.2.7:80", &a, 1), 1);
	ck_assert_int_eq(a.in.sin_addr.s_addr, htonl(0xc0000207));
	ck_assert_int_eq(address_resolve("unix:///x", &a, 1), 1);
	ck_assert_int_eq(address_resolve("tcp://192.0.2.7", &a, 1), -EINVAL);
	ck_assert_int_eq(address_resolve("nonsense", &a, 1), -EINVAL);
	ck_assert_int_eq(address_resolve("tcp://localhost:x", &a, 1), -EINVAL);
}
END_TEST

START_TEST(test_scope_is_an_interface)
{
	ck_assert_int_eq(address_parse("tcp://[fe80::1%lo]:80", &a), 0);
	ck_assert_uint_eq(a.in6.sin6_scope_id, 1); /* the loopback of each network namespace */
	ck_assert_int_eq(address_parse("tcp://[fe80::1]:80", &a), 0);
	ck_assert_uint_eq(a.in6.sin6_scope_id, 0);
	ck_assert_int_lt(address_parse("tcp://[fe80::1%none0]:80", &a), 0);
	ck_assert_int_lt(address_parse("tcp://[fe80::1%]:80", &a), 0);
	ck_assert_int_eq(address_parse("tcp://[x%lo]:80", &a), -EINVAL);
}
END_TEST

/* Without it a link-local address leads nowhere. */
START_TEST(test_scope_survives_the_url)
{
	char url[ADDRESS_TEXT_MAX];

	ck_assert_int_eq(address_parse("tcp://[fe80::1%lo]:80", &a), 0);
	address_url(&a, url, sizeof(url));
	ck_assert_int_eq(address_parse(url, &a), 0);
	ck_assert_uint_eq(a.in6.sin6_scope_id, 1);
}
END_TEST

START_TEST(test_paths_up_to_their_length)
{
	char text[300] = "unix://", url[ADDRESS_TEXT_MAX];
	size_t most = sizeof(a.un.sun_path) - 1;

	memset(text + 7, '/', most);
	ck_assert_int_eq(address_parse(text, &a), 0);
	ck_assert_uint_eq(strlen(a.un.sun_path), most);
	ck_assert_uint_le(a.len, sizeof(a.un));
	address_url(&a, url, sizeof(url));
	ck_assert_str_eq(url, text);
	text[7 + most] = '/';
	ck_assert_int_eq(address_parse(text, &a), -EINVAL);
}
END_TEST

START_TEST(test_overlong_hosts)
{
	char text[700] = "tcp://", v6[700] = "tcp://[";

	memset(text + 6, 'x', 600);
	strcpy(text + 606, ":80");
	ck_assert_int_eq(address_parse(text, &a), -EINVAL);
	ck_assert_int_eq(address_resolve(text, &a, 1), -EINVAL);
	memset(v6 + 7, '1', 100);
	strcpy(v6 + 107, "]:80");
	ck_assert_int_eq(address_parse(v6, &a), -EINVAL);
}
END_TEST

static const char *text_of(socklen_t len, size_t size)
{
	static char text[ADDRESS_TEXT_MAX];

	memset(text, '#', sizeof(text));
	address_text(&a.any, len, text, size);
	return text;
}

START_TEST(test_texts)
{
	ck_assert_int_eq(address_parse("tcp://192.0.2.1:80", &a), 0);
	ck_assert_str_eq(text_of(a.len, ADDRESS_TEXT_MAX), "192.0.2.1:80");
	ck_assert_int_eq(address_parse("udp://[2001:db8::1]:65535", &a), 0);
	ck_assert_str_eq(text_of(a.len, ADDRESS_TEXT_MAX), "[2001:db8::1]:65535");
	ck_assert_int_eq(address_parse("unix:///path", &a), 0);
	ck_assert_str_eq(text_of(a.len, ADDRESS_TEXT_MAX), "unix:/path");
	ck_assert_str_eq(text_of(sizeof(sa_family_t), ADDRESS_TEXT_MAX), "unix:");
	ck_assert_str_eq(text_of(0, ADDRESS_TEXT_MAX), "-");
}
END_TEST

/* The kernel need not end a path that fills the whole address. */
START_TEST(test_texts_of_foreign_unix_names)
{
	socklen_t path = offsetof(struct sockaddr_un, sun_path);
	char want[200] = "unix:";

	a = (struct address) { .un = { AF_UNIX, "\0hidden" } };
	ck_assert_str_eq(text_of(path + 7, ADDRESS_TEXT_MAX), "unix:@hidden");
	ck_assert_str_eq(text_of(path + 4, ADDRESS_TEXT_MAX), "unix:@hid");
	memset(a.un.sun_path, 'p', sizeof(a.un.sun_path));
	memset(want + 5, 'p', sizeof(a.un.sun_path));
	ck_assert_str_eq(text_of(sizeof(a.un), ADDRESS_TEXT_MAX), want);
}
END_TEST

START_TEST(test_texts_are_cut_to_size)
{
	static const char *const texts[] = { "tcp://192.0.2.1:80", "tcp://[2001:db8::1]:80",
					     "unix:///path" };

	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(address_parse(texts[i], &a), 0);
		for (size_t size = 1; size < 8; size++) {
			const char *text = text_of(a.len, size);

			ck_assert_uint_eq(strlen(text), size - 1);
			ck_assert_int_eq(text[size], '#');
		}
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_forms_and_their_urls,
		test_what_is_of_no_form,
		test_names_are_for_resolve,
		test_resolve_needs_no_lookup_for_numbers,
		test_scope_is_an_interface,
		test_scope_survives_the_url,
		test_paths_up_to_their_length,
		test_overlong_hosts,
		test_texts,
		test_texts_of_foreign_unix_names,
		test_texts_are_cut_to_size,
	};

	return SUITE_RUN("address", tests, NULL, NULL);
}
