/* SPDX-License-Identifier: MIT */
/*
 * Clients that reset while the service is not about to read from them: during setup(), while the
 * handler waits for an upstream, while core lingers.
 */
#include "tests/conformance/harness.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROUNDS = 3, FLOOD = 4 << 20 };

static enum counter here(enum counter inet, enum counter local)
{
	return subject.family == AF_UNIX ? local : inet;
}

static void attack(struct server *s, void (*run)(struct server *, const void *), const void *about,
		   enum counter counted)
{
	hostile(&(struct attack) { s, HOSTILE_PLACES, run, about, ROUNDS, counted,
				   (uint64_t)hostile_clients() });
}

/* Many at a time, which have said so much. */
static void open_all(struct server *s, int fds[HOSTILE_PLACES], const char *text)
{
	const char *url = server_url(s, "test");

	for (int i = 0; i < hostile_clients(); i++) {
		fds[i] = client_at(url);
		put(fds[i], text, strlen(text));
	}
}

static void reset_all(const int fds[HOSTILE_PLACES])
{
	for (int i = 0; i < hostile_clients(); i++)
		hang_up_with_reset(fds[i]);
}

/* ---- setup() ----------------------------------------------------------------------------------*/

/* What was sent before, and what counts it; a Unix socket that is closed has ended in order. */
static const struct {
	const char *sent;
	enum counter inet, local;
} before_setup[] = {
	{ "", COUNT_reset, NONE },
	{ "echo ha", COUNT_reset, COUNT_cut_request },
	{ "echo go\n", COUNT_reset, COUNT_reset },
};

/* It runs from when they are accepted. */
static void reset_in_setup(struct server *s, const void *about)
{
	uint64_t before = server_count(s, COUNT_accepted);
	int fds[HOSTILE_PLACES];

	open_all(s, fds, about);
	server_counts(s, COUNT_accepted, before + (uint64_t)hostile_clients());
	reset_all(fds);
}

START_TEST(reset_while_setup_sleeps)
{
	struct server *s =
		server_narrow(HOSTILE_PLACES, "type = \"every\"; setup_pause = 0.05;", "");

	attack(s, reset_in_setup, before_setup[_i].sent,
	       here(before_setup[_i].inet, before_setup[_i].local));
}
END_TEST

/* The end of input does not fail setup(), nor does a reset count as its refusal. */
START_TEST(reset_while_setup_reads)
{
	struct server *s =
		server_narrow(HOSTILE_PLACES, "type = \"every\"; setup_peek = true;", "");

	attack(s, reset_in_setup, "", here(COUNT_reset, NONE));
}
END_TEST

/* ---- An upstream ------------------------------------------------------------------------------*/

struct waiting { /* a handler's, for an upstream */
	const char *name;
	const char *command;  /* "@" stands for the upstream's address */
	const char *question; /* that the upstream hears */
	const char *answer;   /* after the reset; NULL: it hangs up */
	enum counter inet, local;
};

static const struct waiting waits[] = {
	{ "reads its answer", "connect @\nrelay who\n", "who", "me\n", COUNT_reset, COUNT_reset },
	{ "reads its end", "connect @\nrelay who\n", "who", NULL, COUNT_reset, COUNT_reset },
	{ "polls both", "connect @\nupsend who\npoll 20000 up in\n", "who", "me\n", COUNT_reset,
	  COUNT_reset },
	{ "polls it", "connect @\nupsend who\npoll 20000 up\n", "who", "me\n", COUNT_reset,
	  COUNT_reset },
	{ "tunnels", "tunnel @\nwho\n", "who", "me\n", COUNT_reset, COUNT_reset },
};

static int ask_upstream(int fd, int listener, const char *url, const struct waiting *w)
{
	const char *at = strchr(w->command, '@');
	char text[256];
	int up, n;

	n = snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - w->command), w->command, url,
		     at + 1);
	put(fd, text, (size_t)n);
	up = upstream_accept(listener);
	expect(fd, "ok");
	expect(up, "%s", w->question);
	return up;
}

/* When it answers, its service may have closed already. */
static void answer(int up, const struct waiting *w)
{
	if (w->answer) {
		client_send(up, w->answer, strlen(w->answer));
		discard_all(up);
	}
	hang_up(up);
}

static void reset_before_the_answer(struct server *s, const void *about)
{
	const struct waiting *w = about;
	int fds[HOSTILE_PLACES], ups[HOSTILE_PLACES], listener;
	char url[128];

	listener = upstream_listen("tcp", url, sizeof(url));
	open_all(s, fds, "");
	for (int i = 0; i < hostile_clients(); i++)
		ups[i] = ask_upstream(fds[i], listener, url, w);
	reset_all(fds);
	for (int i = 0; i < hostile_clients(); i++)
		answer(ups[i], w);
	hang_up(listener);
}

START_TEST(reset_while_an_upstream_is_waited_for)
{
	const struct waiting *w = &waits[_i];

	attack(hostile_target(""), reset_before_the_answer, w, here(w->inet, w->local));
}
END_TEST

/* Sends into a tunnel whose upstream reads nothing, until all on the way is full. */
static void reset_before_a_full_upstream(struct server *s, const void *about)
{
	static const struct waiting tunnel = { .command = "tunnel @\nwho\n", .question = "who" };
	static const char data[1 << 16];
	int fds[HOSTILE_PLACES], ups[HOSTILE_PLACES], listener;
	char url[128];

	listener = upstream_listen("unix", url, sizeof(url));
	open_all(s, fds, "");
	for (int i = 0; i < hostile_clients(); i++) {
		ups[i] = ask_upstream(fds[i], listener, url, &tunnel);
		for (size_t sent = 0; sent < FLOOD; sent += sizeof(data))
			if (send(fds[i], data, sizeof(data), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
				break;
	}
	reset_all(fds);
	for (int i = 0; i < hostile_clients(); i++) {
		discard_all(ups[i]);
		hang_up(ups[i]);
	}
	hang_up(listener);
}

START_TEST(reset_while_an_upstream_is_full)
{
	attack(hostile_target(""), reset_before_a_full_upstream, NULL, ANY);
}
END_TEST

/* A Unix socket whose queue is full, which connect(2) says nothing of but to try again. */
static void fill_queue(int listener, const char *url)
{
	struct sockaddr_storage a;
	int type, fd;
	socklen_t n = url_address(url, &a, &type);

	ck_assert_int_eq(listen(listener, 0), 0);
	do
		fd = client_keep(socket(a.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
	while (connect(fd, (struct sockaddr *)&a, n) == 0);
	ck_assert_int_eq(errno, EAGAIN);
}

static void reset_before_it_is_connected(struct server *s, const void *about)
{
	uint64_t before = server_count(s, COUNT_reset);
	int fds[HOSTILE_PLACES], listener;
	struct pollfd queue;
	char url[128];
	int64_t end;

	listener = upstream_listen("unix", url, sizeof(url));
	queue = (struct pollfd) { listener, POLLIN, 0 };
	fill_queue(listener, url);
	open_all(s, fds, "flush go\n");
	for (int i = 0; i < hostile_clients(); i++) {
		say(fds[i], "connect %s 5000", url);
		expect(fds[i], "ok go");
		expect(fds[i], "flushed 0");
	}
	reset_all(fds);
	end = now_ms() + PATIENCE;
	while (server_count(s, COUNT_reset) < before + (uint64_t)hostile_clients()) {
		ck_assert_int_lt(now_ms(), end);
		if (poll(&queue, 1, 1) == 1)
			hang_up(upstream_accept(listener));
	}
	clients_after_test();
}

START_TEST(reset_while_it_connects)
{
	attack(hostile_target(""), reset_before_it_is_connected, NULL, COUNT_reset);
}
END_TEST

/* ---- Lingering --------------------------------------------------------------------------------*/

static void quit_all(struct server *s, int fds[HOSTILE_PLACES])
{
	open_all(s, fds, "quit\nthe rest is not read");
	for (int i = 0; i < hostile_clients(); i++) {
		expect(fds[i], "ok");
		await(fds[i], POLLIN, "the end of the reply");
	}
}

static void reset_a_lingering_one(struct server *s, const void *about)
{
	int fds[HOSTILE_PLACES];

	quit_all(s, fds);
	reset_all(fds);
}

/* Which goes on sending, more than is waited for. */
static void reset_after_more(struct server *s, const void *about)
{
	static const char data[1 << 16];
	int fds[HOSTILE_PLACES];

	quit_all(s, fds);
	for (int i = 0; i < hostile_clients(); i++)
		for (size_t sent = 0; sent < FLOOD; sent += sizeof(data))
			if (send(fds[i], data, sizeof(data), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
				break;
	reset_all(fds);
}

/* Its request was answered: nobody has a reason to complain. */
START_TEST(reset_while_core_lingers)
{
	attack(hostile_target(""), _i ? reset_after_more : reset_a_lingering_one, NULL, NONE);
}
END_TEST

void add_hostile_during(Suite *s)
{
	TCase *t = part(s, "hostile_during");

	tcase_add_loop_test(t, reset_while_setup_sleeps, 0,
			    sizeof(before_setup) / sizeof(before_setup[0]));
	tcase_add_test(t, reset_while_setup_reads);
	tcase_add_loop_test(t, reset_while_an_upstream_is_waited_for, 0,
			    sizeof(waits) / sizeof(waits[0]));
	tcase_add_test(t, reset_while_an_upstream_is_full);
	tcase_add_test(t, reset_while_it_connects);
	tcase_add_loop_test(t, reset_while_core_lingers, 0, 2);
}
