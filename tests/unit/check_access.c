/* SPDX-License-Identifier: MIT */
#include "core/access.h"

#include "core/address.h"

#include "core_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct access_rule rules[8];

static size_t read_rules(const char *const *texts)
{
	const char *why;
	size_t n = 0;

	for (; texts[n]; n++)
		ck_assert_msg(access_parse(texts[n], &rules[n], &why) == 0, "%s: %s", texts[n],
			      why);
	return n;
}

static bool allows(size_t n, const char *who)
{
	char text[64];
	struct address a;

	if (!strcmp(who, "unix"))
		return access_allows(rules, n, &(struct sockaddr) { .sa_family = AF_UNIX });
	snprintf(text, sizeof(text), strchr(who, ':') ? "tcp://[%s]:9" : "tcp://%s:9", who);
	ck_assert_int_eq(address_parse(text, &a), 0);
	return access_allows(rules, n, &a.any);
}

START_TEST(the_first_that_matches_decides)
{
	static const char *const texts[] = { "deny 10.1.0.0/16", "allow 10.0.0.0/8", "deny all",
					     NULL };
	size_t n = read_rules(texts);

	ck_assert(allows(n, "10.0.0.1"));
	ck_assert(allows(n, "10.255.255.255"));
	ck_assert(!allows(n, "10.1.2.3"));
	ck_assert(allows(n, "10.2.0.0"));
	ck_assert(!allows(n, "11.0.0.0"));
	ck_assert(!allows(n, "9.255.255.255"));
	ck_assert(!allows(n, "::1"));
	ck_assert(!allows(n, "unix"));
}
END_TEST

START_TEST(without_a_match_all_come_in)
{
	static const char *const texts[] = { "deny 192.0.2.7", NULL };
	size_t n = read_rules(texts);

	ck_assert(!allows(n, "192.0.2.7"));
	ck_assert(allows(n, "192.0.2.6"));
	ck_assert(allows(0, "192.0.2.7"));
	ck_assert(allows(n, "unix"));
}
END_TEST

START_TEST(prefixes_end_within_a_byte)
{
	static const char *const texts[] = { "allow 192.0.2.64/27", "allow 2001:db8:8000::/33",
					     "allow 0.0.0.1/32", "deny all", NULL };
	size_t n = read_rules(texts);

	ck_assert(allows(n, "192.0.2.64"));
	ck_assert(allows(n, "192.0.2.95"));
	ck_assert(!allows(n, "192.0.2.96"));
	ck_assert(!allows(n, "192.0.2.63"));
	ck_assert(allows(n, "2001:db8:8000::1"));
	ck_assert(allows(n, "2001:db8:ffff::1"));
	ck_assert(!allows(n, "2001:db8:7fff::1"));
}
END_TEST

START_TEST(mapped_addresses_are_of_ipv4)
{
	static const char *const texts[] = { "allow 127.0.0.0/8", "deny all", NULL };
	size_t n = read_rules(texts);

	ck_assert(allows(n, "::ffff:127.0.0.1"));
	ck_assert(!allows(n, "::ffff:128.0.0.1"));
	ck_assert(!allows(n, "::1"));
}
END_TEST

START_TEST(families_do_not_match_each_other)
{
	static const char *const texts[] = { "deny 0.0.0.0/0", "allow ::/0", "allow unix",
					     "deny all", NULL };
	size_t n = read_rules(texts);

	ck_assert(!allows(n, "1.2.3.4"));
	ck_assert(allows(n, "2001:db8::1"));
	ck_assert(allows(n, "unix"));
}
END_TEST

START_TEST(what_is_no_rule_is_refused)
{
	static const char *const wrong[] = {
		"",
		"allow",
		"allow ",
		"permit all",
		"allow  all",
		"allow all ",
		"Allow all",
		"allow 1.2.3",
		"allow 1.2.3.4/33",
		"allow 1.2.3.4/-1",
		"allow 1.2.3.4/",
		"allow 1.2.3.4/8x",
		"allow 1.2.3.0/0008",
		"allow 1.2.3.4/24",
		"deny 2001:db8::1/64",
		"deny ::/129",
		"deny localhost",
		"deny 0000:0000:0000:0000:0000:ffff:255.255.255.2551",
		"deny unix/8",
	};
	const char *why;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		why = NULL;
		ck_assert_msg(access_parse(wrong[i], &rules[0], &why) == -EINVAL, "\"%s\"",
			      wrong[i]);
		ck_assert_ptr_nonnull(why);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_first_that_matches_decides,   without_a_match_all_come_in,
		prefixes_end_within_a_byte,       mapped_addresses_are_of_ipv4,
		families_do_not_match_each_other, what_is_no_rule_is_refused,
	};

	return SUITE_RUN("access", tests, NULL, NULL);
}
