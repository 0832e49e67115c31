/* SPDX-License-Identifier: MIT */
/* What a handler is told: its settings, its connection, what is kept where. */
#include "tests/conformance/harness.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

START_TEST(settings_have_their_defaults)
{
	ask(client(every()), "settings",
	    "ok flag=1 whole=7 size=65536 pause=1500 text=plain colour=1 words= points= "
	    "range=0:1000 inner=");
}
END_TEST

START_TEST(settings_of_each_type_arrive)
{
	struct server *s = server_new(
		"type = \"every\"; flag = false; whole = -5; size = \"2K\"; pause = 0.25;\n"
		"text = \"two words\"; colour = \"blue\"; words = [ \"a\", \"b\" ];\n"
		"points = ( { }, { x = 2; label = \"x\"; } ); range = { low = 3; high = 4; };\n"
		"inner = { type = \"every_inner\"; };",
		"");

	ask(client(s), "settings",
	    "ok flag=0 whole=-5 size=2048 pause=250 text=two words colour=2 words=a,b "
	    "points=1:none,2:x range=3:4 inner=every_inner");
	server_stop(s);
}
END_TEST

START_TEST(hosted_plugin_has_what_is_its_own)
{
	struct server *s = server_new("type = \"every\"; inner = { type = \"every_inner\"; "
				      "greeting = \"hey\"; number = 4; };",
				      "");

	for (int i = 1; i <= 3; i++) {
		int fd = client(s);

		say(fd, "inner");
		expect(fd,
		       "ok greeting=hey number=4 calls=%d start=1 state=inner-state "
		       "worker=inner-worker",
		       i);
		hang_up(fd);
	}
	ask(client(every()), "inner", "err -ENOENT");
	server_stop(s);
}
END_TEST

START_TEST(names_are_told)
{
	ask(client(every()), "name", "ok test every");
}
END_TEST

/* The text of an own address, as the handler should see it. */
static void address_text(const struct sockaddr_storage *a, char *text, size_t size)
{
	const struct sockaddr_in *in = (const void *)a;
	const struct sockaddr_in6 *in6 = (const void *)a;
	char host[64] = "";

	if (a->ss_family == AF_UNIX) {
		snprintf(text, size, "unix:%s", ((const struct sockaddr_un *)a)->sun_path);
	} else if (a->ss_family == AF_INET) {
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
		snprintf(text, size, "%s:%u", host, ntohs(in->sin_port));
	} else {
		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
		snprintf(text, size, "[%s]:%u", host, ntohs(in6->sin6_port));
	}
}

START_TEST(addresses_are_those_of_the_socket)
{
	int fd = client(every());
	struct sockaddr_storage a = { 0 };
	const char *url = strstr(server_url(every(), "test"), "://") + 3;
	char text[128];

	say(fd, "local");
	expect(fd, "ok %s%s", subject.family == AF_UNIX ? "unix:" : "", url);
	if (subject.family == AF_UNIX && !subject.datagram)
		return; /* the client has no name */
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &(socklen_t) { sizeof(a) }), 0);
	address_text(&a, text, sizeof(text));
	say(fd, "peer");
	expect(fd, "ok %s", text);
}
END_TEST

START_TEST(kind_and_state_are_told)
{
	int fd = client(every());

	ask(fd, "datagram", subject.datagram ? "ok yes" : "ok no");
	ask(fd, "draining", "ok no");
	ask(fd, "error", "ok 0");
	ask(fd, "events", "ok input");
}
END_TEST

START_TEST(bad_commands_do_no_harm)
{
	int fd = client(every());

	ask(fd, "nonsense", "err -ENOSYS");
	ask(fd, "sleep x", "err -EINVAL");
	ask(fd, "sleep -1", "err -EINVAL");
	ask(fd, "echo still here", "ok still here");
}
END_TEST

/* Session bytes are a connection's own and zeroed; a datagram is a connection. */
START_TEST(session_is_zeroed_for_each_connection)
{
	for (int i = 0; i < 3; i++) {
		int fd = client(every());

		ask(fd, "session", "ok 1");
		ask(fd, "session", subject.datagram ? "ok 1" : "ok 2");
		ask(fd, "session", subject.datagram ? "ok 1" : "ok 3");
		hang_up(fd);
	}
}
END_TEST

START_TEST(shared_block_counts_for_all)
{
	struct server *s = server_new("type = \"every\";", "");
	int fd;

	for (int i = 1; i <= 6; i += 2) {
		fd = client(s);
		say(fd, "shared");
		expect(fd, "ok %d", i);
		say(fd, "shared");
		expect(fd, "ok %d", i + 1);
		hang_up(fd);
	}
	server_stop(s);
}
END_TEST

/* Memory of the plugin is the service's, but for what its processes write each for themselves. */
START_TEST(state_is_of_the_process)
{
	struct server *s = server_new("type = \"every\";", "");

	for (int i = 1; i <= 3; i++) {
		int fd = client(s);

		say(fd, "state");
		expect(fd, "ok %d", can(MODUS_PROCESSES) ? 1 : i);
		hang_up(fd);
	}
	server_stop(s);
}
END_TEST

START_TEST(request_memory_is_given)
{
	int fd = client(every());

	ask(fd, "alloc 1", "ok 1");
	ask(fd, "alloc 100000", "ok 100000");
	ask(fd, "alloc 5000000", "ok 5000000");
	ask(fd, "alloc 4611686018427387904", "err -ENOMEM");
	ask(fd, "alloc 100", "ok 100");
}
END_TEST

START_TEST(log_has_what_the_handler_says)
{
	struct server *s = every();

	ask(client(s), "log seventeen words", "ok");
	server_logs(s, "seventeen words");
}
END_TEST

void add_about(Suite *s)
{
	TCase *t = part(s, "about");

	tcase_add_test(t, settings_have_their_defaults);
	tcase_add_test(t, settings_of_each_type_arrive);
	tcase_add_test(t, hosted_plugin_has_what_is_its_own);
	tcase_add_test(t, names_are_told);
	tcase_add_test(t, addresses_are_those_of_the_socket);
	tcase_add_test(t, kind_and_state_are_told);
	tcase_add_test(t, bad_commands_do_no_harm);
	tcase_add_test(t, session_is_zeroed_for_each_connection);
	tcase_add_test(t, shared_block_counts_for_all);
	tcase_add_test(t, state_is_of_the_process);
	tcase_add_test(t, request_memory_is_given);
	tcase_add_test(t, log_has_what_the_handler_says);
}
