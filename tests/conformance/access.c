/* SPDX-License-Identifier: MIT */
/* Who may come in: access rules, the limit of an address, clients turned away or left waiting. */
#include "tests/conformance/harness.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

static struct server *with(const char *rows)
{
	return server_new("type = \"every\";", rows);
}

static void expect_no_service(int fd)
{
	if (subject.datagram) {
		say(fd, "echo x");
		expect_silence(fd, 30);
	} else {
		client_send(fd, "echo x\n", 7);
		expect_gone(fd);
	}
	hang_up(fd);
}

START_TEST(denied_clients_are_turned_away)
{
	struct server *s = with("access = [ \"deny all\" ];");

	for (int i = 0; i < 3; i++)
		expect_no_service(client(s));
	server_stop(s);
	server_logs(s, "every: stop after setup=0 finish=0");
}
END_TEST

START_TEST(allowed_clients_are_served)
{
	struct server *s = with("access = [ \"deny 192.0.2.0/24\", \"allow 127.0.0.0/8\", "
				"\"allow ::1\", \"allow unix\", \"deny all\" ];");

	for (int i = 0; i < 3; i++) {
		int fd = client(s);

		ask(fd, "echo x", "ok x");
		hang_up(fd);
	}
	server_stop(s);
}
END_TEST

/* They would be served if they were admitted; so many in a row hold up nobody. */
START_TEST(a_crowd_of_denied_clients_is_soon_gone)
{
	struct server *s = with("access = [ \"deny all\" ];");
	int crowd[200];

	for (int i = 0; i < 200; i++)
		crowd[i] = client(s);
	for (int i = 0; i < 200; i++)
		expect_no_service(crowd[i]);
	server_stop(s);
}
END_TEST

/* A place that is free is found, if not at once: its connection has to be seen to end. */
static int place_found(struct server *s, const char *command, const char *reply)
{
	int64_t until = now_ms() + PATIENCE;

	while (now_ms() < until) {
		int fd = client(s);
		char byte;

		client_send(fd, command, strlen(command)); /* it may be gone already */
		await(fd, POLLIN, "a reply, or the end");
		if (recv(fd, &byte, 1, MSG_PEEK) == 1) {
			expect(fd, "%s", reply);
			return fd;
		}
		hang_up(fd);
		pause_ms(5);
	}
	ck_abort_msg("no place was found");
	return -1;
}

START_TEST(an_address_has_only_so_many)
{
	struct server *s = with("limits = { per_address = 2; };");
	int one = client(s), two = client(s);

	ask(one, "echo x", "ok x");
	ask(two, "echo x", "ok x");
	expect_no_service(client(s));
	ask(one, "echo y", "ok y");
	hang_up(one);
	one = place_found(s, "echo x\n", "ok x");
	expect_no_service(client(s));
	ask(two, "echo z", "ok z");
	clients_after_test();
	server_stop(s);
}
END_TEST

START_TEST(clients_beyond_the_limit_are_refused)
{
	struct server *s = with("limits = { connections = 2; full = \"refuse\"; };");
	int one = client(s), two = client(s);

	ask(one, "echo x", "ok x");
	ask(two, "echo x", "ok x");
	expect_no_service(client(s));
	hang_up(two);
	two = place_found(s, "echo x\n", "ok x");
	expect_no_service(client(s));
	ask(one, "echo z", "ok z");
	clients_after_test();
	server_stop(s);
}
END_TEST

/* A child that dies gives back its place. */
START_TEST(a_crash_costs_no_place)
{
	struct server *s;

	config_begin();
	config_add("test", NULL, "type = \"crash\";",
		   "limits = { connections = 2; full = \"refuse\"; per_address = 2; };");
	s = server_supervised();
	server_may_report(s);
	for (int i = 0; i < 6; i++) { /* more than there are places */
		int fd = place_found(s, "echo\n", "echo");

		say(fd, "crash");
		expect_gone(fd);
		hang_up(fd);
	}
	place_found(s, "echo\n", "echo");
	place_found(s, "echo\n", "echo");
	expect_no_service(client(s));
	clients_after_test();
	server_stop(s);
}
END_TEST

void add_access(Suite *s)
{
	TCase *t = part(s, "access");

	tcase_add_test(t, denied_clients_are_turned_away);
	tcase_add_test(t, allowed_clients_are_served);
	tcase_add_test(t, a_crowd_of_denied_clients_is_soon_gone);
	if (subject.datagram)
		return;
	if (subject.family != AF_UNIX)
		needs(t, MODUS_CONCURRENT, an_address_has_only_so_many);
	needs(t, MODUS_CONCURRENT, clients_beyond_the_limit_are_refused);
	needs(t, MODUS_ISOLATED, a_crash_costs_no_place);
}
