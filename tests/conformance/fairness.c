/* SPDX-License-Identifier: MIT */
/* One client does not hold up another, and where there is little to be had each has its turn. */
#include "tests/conformance/harness.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MUCH = 50 << 20,
	PIECE = 1 << 18,
	SENDERS = 2,
	QUESTIONS = 20,
	EARLY_MS = 10,
	TURN_MS = 200
};

static pid_t senders[SENDERS];

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

static void senders_end(void)
{
	for (int i = 0; i < SENDERS; i++) {
		if (senders[i] > 0) {
			kill(senders[i], SIGKILL);
			waitpid(senders[i], NULL, 0);
		}
		senders[i] = 0;
	}
}

/* ---- Busy peers -------------------------------------------------------------------------------*/

static void expect_answers(struct server *s)
{
	int fd = client(s);

	for (int i = 0; i < QUESTIONS; i++)
		ask(fd, "echo x", "ok x");
	for (int i = 0; i < QUESTIONS; i++) {
		ask(fd = client(s), "echo x", "ok x");
		hang_up(fd);
	}
}

static void who_does_not_read(const char *command)
{
	int fd = client(every());

	say(fd, "%s %d", command, MUCH);
	expect(fd, "ok %d", MUCH);
	expect_answers(every());
	hang_up(fd);
}

START_TEST(who_does_not_read_holds_up_nobody)
{
	who_does_not_read("big");
	who_does_not_read("sendfile");
}
END_TEST

/* In a process of its own, so that there is always more to be read. */
static pid_t sender_start(int fd)
{
	static const char data[PIECE];
	pid_t parent = getpid(), pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent && send(fd, data, sizeof(data), MSG_NOSIGNAL) > 0)
		;
	_exit(0);
}

START_TEST(who_sends_without_pause_holds_up_nobody)
{
	struct server *s = server_new("type = \"every\";", "");

	for (int i = 0; i < SENDERS; i++) {
		int fd = client(s);

		ask(fd, "shutdown 4", "ok"); /* it reads to the end, more slowly than it is sent */
		senders[i] = sender_start(fd);
	}
	expect_answers(s);
	senders_end();
	clients_after_test();
	server_stop(s);
}
END_TEST

/* ---- Few fibers -------------------------------------------------------------------------------*/

/* Both get their reply, the second after the first, and the loop sleeps meanwhile. */
static void expect_turns(struct server *s, const char *command, const char *reply)
{
	int64_t start = now_ms(), spent = server_cpu_ms(s);
	int fds[2] = { client(s), client(s) };

	for (int i = 0; command && i < 2; i++)
		say(fds[i], "%s", command);
	for (int i = 0; i < 2; i++)
		expect(fds[i], "%s", reply);
	ck_assert_int_ge(now_ms() - start, 2 * TURN_MS - EARLY_MS);
	ck_assert_int_lt(server_cpu_ms(s) - spent, TURN_MS);
	for (int i = 0; i < 2; i++)
		ask(fds[i], "echo x", "ok x");
	clients_after_test();
	server_stop(s);
}

START_TEST(one_fiber_serves_two)
{
	struct server *s = server_sized("max_fibers = 1;", "type = \"every\";", "");

	expect_turns(s, "sleep 200", "ok");
}
END_TEST

START_TEST(one_fiber_greets_two)
{
	struct server *s =
		server_sized("max_fibers = 1;", "type = \"every_first\"; setup_pause = 0.2;", "");

	expect_turns(s, NULL, "hello");
}
END_TEST

START_TEST(idle_deadline_waits_for_the_fiber)
{
	struct server *s =
		server_sized("max_fibers = 1;", "type = \"every\";", "timeouts = { idle = 0.3; };");
	int idle = client(s), busy = client(s);
	int64_t spent = server_cpu_ms(s);

	ask(idle, "echo x", "ok x");
	ask(busy, "echo x", "ok x");
	say(busy, "sleep 1000");
	expect_gone(idle);
	expect(busy, "ok");
	ck_assert_int_lt(server_cpu_ms(s) - spent, 2 * TURN_MS);
	ask(client(s), "echo y", "ok y");
	clients_after_test();
	server_stop(s);
}
END_TEST

/* ---- Few children -----------------------------------------------------------------------------*/

START_TEST(tick_goes_on_while_all_children_serve)
{
	struct server *s = server_sized("max_children = 2;", "type = \"every\";", "");
	int one = client(s), two = client(s);
	int64_t end = now_ms() + PATIENCE;
	long first, ticks;

	ask(two, "echo x", "ok x");
	say(one, "counts");
	first = field(hear(one), "tick");
	do {
		ck_assert_int_lt(now_ms(), end);
		ask(one, "sleep 10", "ok");
		say(one, "counts");
		ticks = field(hear(one), "tick");
	} while (ticks < first + 3);
	clients_after_test();
	server_stop(s);
}
END_TEST

void add_fairness(Suite *s)
{
	TCase *t = part(s, "fairness");

	tcase_add_checked_fixture(t, NULL, senders_end);
	needs(t, MODUS_EVENTED, one_fiber_serves_two);
	if (subject.datagram)
		return;
	needs(t, MODUS_CONCURRENT, who_does_not_read_holds_up_nobody);
	needs(t, MODUS_CONCURRENT, who_sends_without_pause_holds_up_nobody);
	needs(t, MODUS_EVENTED, one_fiber_greets_two);
	needs(t, MODUS_EVENTED, idle_deadline_waits_for_the_fiber);
	needs(t, MODUS_PROCESSES, tick_goes_on_while_all_children_serve);
}
