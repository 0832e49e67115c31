/* SPDX-License-Identifier: MIT */
#include "core/admission.h"

#include "core/address.h"

#include "core_fixture.h"

#include <stdio.h>
#include <string.h>

static struct plan_service plan;
static struct admission admission;

static void begin(int64_t connections, int64_t per_address)
{
	plan.limits.connections = connections;
	plan.limits.per_address = per_address;
	ck_assert_int_eq(admission_open(&admission, &plan), 0);
}

static struct sockaddr *peer(const char *host)
{
	static struct address a;
	static struct sockaddr local = { .sa_family = AF_UNIX };
	char text[64];

	if (!*host)
		return &local;
	snprintf(text, sizeof(text), strchr(host, ':') ? "tcp://[%s]:9" : "tcp://%s:9", host);
	ck_assert_int_eq(address_parse(text, &a), 0);
	return &a.any;
}

static enum counter enter(const char *host)
{
	return admission_enter(&admission, peer(host), admission_reserve(&admission));
}

static void leave(const char *host)
{
	struct seat seat = admission_seat(peer(host));

	admission_leave(&admission, &seat);
}

START_TEST(the_limit_of_connections_is_exact)
{
	begin(2, 0);
	ck_assert_int_eq(enter("127.0.0.1"), COUNT_KINDS);
	ck_assert(admission_reserve(&admission)); /* for one who is not accepted yet */
	ck_assert_int_eq(enter(""), COUNT_over_limit);
	admission_unreserve(&admission);
	ck_assert_int_eq(enter(""), COUNT_KINDS);
	ck_assert(!admission_reserve(&admission));
	ck_assert_int_eq(enter("127.0.0.1"), COUNT_over_limit);
	leave("");
	ck_assert_int_eq(enter("::1"), COUNT_KINDS);
	leave("::1");
	leave("127.0.0.1");
	ck_assert_int_eq(admission.active, 0);
	ck_assert_int_eq(admission.places, 0);
	admission_close(&admission);
}
END_TEST

START_TEST(each_address_has_its_own)
{
	begin(100, 2);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(enter("127.0.0.1"), COUNT_KINDS);
		ck_assert_int_eq(enter("127.0.0.2"), COUNT_KINDS);
		ck_assert_int_eq(enter("::1"), COUNT_KINDS);
	}
	ck_assert_int_eq(enter("127.0.0.1"), COUNT_over_address);
	ck_assert_int_eq(enter("127.0.0.2"), COUNT_over_address);
	ck_assert_int_eq(enter("::1"), COUNT_over_address);
	ck_assert_int_eq(admission.active, 6);
	leave("127.0.0.2");
	ck_assert_int_eq(enter("127.0.0.1"), COUNT_over_address);
	ck_assert_int_eq(enter("127.0.0.2"), COUNT_KINDS);
	admission_close(&admission);
}
END_TEST

START_TEST(a_network_of_ipv6_is_one_client)
{
	begin(100, 1);
	ck_assert_int_eq(enter("2001:db8::1"), COUNT_KINDS);
	ck_assert_int_eq(enter("2001:db8::2"), COUNT_over_address);
	ck_assert_int_eq(enter("2001:db8:0:1::1"), COUNT_KINDS);
	ck_assert_int_eq(enter("::ffff:192.0.2.1"), COUNT_KINDS);
	ck_assert_int_eq(enter("192.0.2.1"), COUNT_over_address);
	admission_close(&admission);
}
END_TEST

START_TEST(unix_clients_are_not_told_apart)
{
	begin(100, 1);
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(enter(""), COUNT_KINDS);
	admission_close(&admission);
}
END_TEST

START_TEST(rules_come_first)
{
	static const char *const rules[] = { "allow 127.0.0.0/8", "deny all" };

	plan.access = (struct modus_list) { 2, rules };
	begin(1, 1);
	ck_assert_int_eq(enter("::1"), COUNT_denied);
	ck_assert_int_eq(admission.active, 0);
	ck_assert_int_eq(enter("127.0.0.1"), COUNT_KINDS);
	ck_assert_int_eq(enter("::1"), COUNT_denied);
	ck_assert(!admission_hears(&admission, peer("192.0.2.1")));
	ck_assert(admission_hears(&admission, peer("127.9.9.9")));
	admission_close(&admission);
}
END_TEST

START_TEST(many_addresses_come_and_go)
{
	char host[32];

	begin(1000000, 1);
	for (int i = 0; i < 20000; i++) {
		snprintf(host, sizeof(host), "10.0.%d.%d", i / 250, i % 250);
		ck_assert_int_eq(enter(host), COUNT_KINDS);
	}
	for (int i = 0; i < 20000; i++) {
		snprintf(host, sizeof(host), "10.0.%d.%d", i / 250, i % 250);
		ck_assert_int_eq(enter(host), COUNT_over_address);
		leave(host);
	}
	ck_assert_int_eq(admission.active, 0);
	ck_assert_ptr_null(admission.addresses);
	admission_close(&admission);
}
END_TEST

START_TEST(a_seat_that_was_not_taken_is_not_given_back)
{
	const struct seat none = { 0 };

	begin(1, 1);
	ck_assert_int_eq(enter("127.0.0.1"), COUNT_KINDS);
	admission_leave(&admission, &none);
	ck_assert_int_eq(admission.active, 1);
	admission_close(&admission);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_limit_of_connections_is_exact,
		each_address_has_its_own,
		a_network_of_ipv6_is_one_client,
		unix_clients_are_not_told_apart,
		rules_come_first,
		many_addresses_come_and_go,
		a_seat_that_was_not_taken_is_not_given_back,
	};

	return SUITE_RUN("admission", tests, NULL, NULL);
}
