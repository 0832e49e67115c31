/* SPDX-License-Identifier: MIT */
/* Crowds: all come at once, all are served in turn. */
#include "tests/conformance/harness.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { CROWD_MAX = 2000, LIMIT = 100, ROOM = 128 };

/* So many as the listen queue holds of them. */
static int crowd_of(int wanted)
{
	FILE *f = fopen("/proc/sys/net/core/somaxconn", "re");
	int n = 0;

	ck_assert(f && fscanf(f, "%d", &n) == 1);
	fclose(f);
	return n - 8 < wanted ? n - 8 : wanted;
}

static void answer(struct pollfd *client, int number)
{
	char want[32], got[32] = "";
	int n = snprintf(want, sizeof(want), "ok %d\n", number);

	ck_assert_int_eq(recv(client->fd, got, sizeof(got) - 1, 0), n);
	ck_assert_str_eq(got, want);
	hang_up(client->fd);
	client->fd = -1;
}

/* Each hangs up when it has its reply, which makes room for another. */
static void expect_replies(struct pollfd *set, int n)
{
	int left = n;

	while (left > 0) {
		ck_assert_msg(poll(set, (nfds_t)n, PATIENCE) > 0, "%d of %d are not served", left,
			      n);
		for (int i = 0; i < n; i++) {
			if (set[i].fd < 0 || !set[i].revents)
				continue;
			answer(&set[i], i);
			left--;
		}
	}
}

static void come(struct server *s, struct pollfd *set, int n)
{
	const char *url = server_url(s, "test");

	for (int i = 0; i < n; i++) {
		set[i] = (struct pollfd) { client_at(url), POLLIN, 0 };
		say(set[i].fd, "echo %d", i);
	}
}

/* All stand in the listen queue before the first is accepted. */
static void come_at_once(struct server *s, const void *about)
{
	struct pollfd set[CROWD_MAX];
	int n = *(const int *)about;

	kill(server_pid(s), SIGSTOP);
	come(s, set, n);
	kill(server_pid(s), SIGCONT);
	expect_replies(set, n);
}

START_TEST(two_thousand_at_once)
{
	int n = crowd_of(hostile_many(CROWD_MAX));
	struct server *s = server_narrow(ROOM, "type = \"every\";", "");

	hostile(&(struct attack) { s, ROOM, come_at_once, &n, 1, NONE, 0 });
}
END_TEST

/* ---- A limit ----------------------------------------------------------------------------------*/

/* It has looked again, for those who wait are many, and has kept to it. */
static void expect_limit(const struct server *s)
{
	uint64_t looked = server_count(s, COUNT_at_limit);
	int64_t end = now_ms() + PATIENCE;

	while (server_count(s, COUNT_at_limit) < looked + 2) {
		ck_assert_msg(now_ms() < end, "at_limit does not count");
		pause_ms(2);
	}
	ck_assert_int_eq(server_clients(s), LIMIT);
}

static void come_beyond_the_limit(struct server *s, const void *about)
{
	struct pollfd set[CROWD_MAX];
	int n = *(const int *)about, in[LIMIT];

	for (int i = 0; i < LIMIT; i++)
		ask(in[i] = client(s), "echo in", "ok in");
	come(s, set, n);
	expect_limit(s);
	ck_assert_int_eq(poll(set, (nfds_t)n, 0), 0);
	for (int i = 0; i < LIMIT; i++)
		hang_up(in[i]);
	expect_replies(set, n);
}

START_TEST(thousand_at_a_limit_of_hundred)
{
	int n = crowd_of(hostile_many(CROWD_MAX / 2) - LIMIT);
	struct server *s =
		server_narrow(ROOM, "type = \"every\";", "limits = { connections = 100; };");

	hostile(&(struct attack) { s, ROOM, come_beyond_the_limit, &n, 1, NONE, 0 });
}
END_TEST

void add_hostile_crowd(Suite *s)
{
	TCase *t = part(s, "hostile_crowd");

	tcase_add_test(t, two_thousand_at_once);
	needs(t, MODUS_CONCURRENT, thousand_at_a_limit_of_hundred);
}
