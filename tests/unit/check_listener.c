/* SPDX-License-Identifier: MIT */
/* Listeners of all kinds; what is peculiar to Unix sockets is in check_listener_unix.c. */
#include "listener_fixture.h"

#include <errno.h>
#include <sys/time.h>

enum { ROUNDS = 1024 };

static void check_port_zero(const char *text, bool datagram)
{
	char want[ADDRESS_TEXT_MAX];
	struct modus_listener *one;

	check_opens(text, datagram);
	one = &l->all[0];
	ck_assert_uint_ne(one->address.in.sin_port, 0);
	address_text(&one->address.any, one->address.len, want, sizeof(want));
	ck_assert_str_eq(one->name.text, want);
	ck_assert_int_eq(one->address.type, datagram ? SOCK_DGRAM : SOCK_STREAM);
	listeners_close(l);
	l = NULL;
}

START_TEST(test_port_zero_becomes_a_port)
{
	begin();
	check_port_zero("tcp://127.0.0.1:0", false);
	check_port_zero("udp://127.0.0.1:0", true);
	if (access("/proc/net/if_inet6", F_OK) == 0) {
		check_port_zero("tcp://[::1]:0", false);
		check_port_zero("udp://[::1]:0", true);
	}
	end();
}
END_TEST

START_TEST(test_several_at_once)
{
	const char *texts[] = { "tcp://127.0.0.1:0", url, "udp://127.0.0.1:0" };

	begin();
	plan.listen = (struct modus_list) { 3, texts };
	ck_assert_int_eq(listeners_open(&plan, &l), 0);
	ck_assert_uint_eq(l->count, 3);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_uint_eq(l->all[i].index, i);
		check_serves(&l->all[i]);
	}
	end();
}
END_TEST

/* If one of them fails, none is left. */
START_TEST(test_all_or_none)
{
	const char *texts[] = { url, "tcp://127.0.0.1:0", "tcp://nonsense" };

	begin();
	plan.listen = (struct modus_list) { 3, texts };
	ck_assert_int_eq(listeners_open(&plan, &l), -EINVAL);
	ck_assert_uint_eq(files(), 0);
	end();
}
END_TEST

START_TEST(test_a_port_in_use_is_refused)
{
	struct listeners *first;
	char again[TEXT];

	begin();
	ck_assert_int_eq(open_at("tcp://127.0.0.1:0"), 0);
	first = l;
	l = NULL;
	address_url(&first->all[0].address, again, sizeof(again));
	ck_assert_int_eq(open_at(again), -EADDRINUSE);
	listeners_close(first);
	end();
}
END_TEST

/* Twice as many as there are, if one were lost each time. */
START_TEST(test_failing_leaks_no_descriptor)
{
	static const char *const bad[] = { "tcp://192.0.2.1:1", "tcp://nonsense",
					   "udp://192.0.2.1:1" };
	char nowhere[TEXT];
	int lowest, now;

	begin();
	make_file(path);
	snprintf(nowhere, sizeof(nowhere), "unix://%s/none/x", folder);
	lowest = dup(STDIN_FILENO);
	close(lowest);
	for (int i = 0; i < ROUNDS; i++) {
		const char *texts[] = { "tcp://127.0.0.1:0", i % 5 == 3 ? url : nowhere };

		if (i % 5 < 3)
			texts[1] = bad[i % 5];
		plan.listen = (struct modus_list) { 2, texts };
		ck_assert_int_lt(listeners_open(&plan, &l), 0);
	}
	now = dup(STDIN_FILENO);
	close(now);
	ck_assert_int_eq(now, lowest);
	ck_assert_int_eq(unlink(path), 0);
	end();
}
END_TEST

static void check_timeout(int fd, int option, int64_t ms)
{
	struct timeval t;
	socklen_t len = sizeof(t);

	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, option, &t, &len), 0);
	ck_assert_int_le(llabs(t.tv_sec * 1000 + t.tv_usec / 1000 - ms), 20);
}

START_TEST(test_connections_inherit_the_deadlines)
{
	int client, served;

	begin();
	plan.timeouts.idle = 61500;
	plan.timeouts.write = 2250;
	ck_assert_int_eq(open_at("tcp://127.0.0.1:0"), 0);
	ck_assert(l->all[0].inherits);
	client = client_of(l->all);
	served = accept4(l->all[0].fd, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(served, 0);
	check_timeout(served, SO_RCVTIMEO, 61500);
	check_timeout(served, SO_SNDTIMEO, 2250);
	close(client);
	close(served);
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_port_zero_becomes_a_port,
		test_several_at_once,
		test_all_or_none,
		test_a_port_in_use_is_refused,
		test_failing_leaks_no_descriptor,
		test_connections_inherit_the_deadlines,
	};

	return SUITE_RUN("listener", tests, NULL, NULL);
}
