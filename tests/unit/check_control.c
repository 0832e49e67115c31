/* SPDX-License-Identifier: MIT */
/* Each case for both kinds of control: a thread that turns it, and a process that turns it itself.
 */
#include "core/control.h"

#include "core/clock.h"

#include "service_fixture.h"

#include <signal.h>

enum { GRACE = 60 };

static bool threaded;
static _Atomic int reaped, phases;
static _Atomic uint64_t news;

static void on_reap(struct modus_service *s)
{
	reaped++;
}

static void on_phase(struct modus_service *s)
{
	phases++;
}

static void on_news(struct modus_service *s, uint64_t topics)
{
	atomic_fetch_or(&news, topics);
}

static void open_control(bool with_thread, int64_t grace)
{
	threaded = with_thread;
	rig.model.capabilities = threaded ? MODUS_THREADED : MODUS_PROCESSES;
	rig.plan.timeouts.grace = grace;
	rig.model.reap = on_reap;
	rig.model.phase = on_phase;
	rig.model.news = on_news;
	reaped = phases = 0;
	news = 0;
	ck_assert_int_eq(control_open(&rig.service), 0);
	ck_assert_int_eq(control_fd(&rig.service) >= 0, !threaded);
}

/* Lets time pass, which a process without a control thread spends in waits of its own. */
static void turn(void)
{
	if (threaded)
		usleep(1000);
	else
		control_wait(&rig.service, 1);
}

#define TURN_UNTIL(what)                                                             \
	do {                                                                         \
		int64_t turn_began = clock_ms();                                     \
		while (!(what)) {                                                    \
			ck_assert_msg(clock_ms() - turn_began < 20000, "%s", #what); \
			turn();                                                      \
		}                                                                    \
	} while (0)

static bool is_readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) == 1;
}

static enum phase phase(void)
{
	return service_phase(&rig.service);
}

START_TEST(test_drain_then_cancel)
{
	int64_t start = clock_ms();

	open_control(_i, GRACE);
	ck_assert_int_eq(phase(), PHASE_SERVING);
	ck_assert(!is_readable(rig.service.drain_fd));
	kill(getpid(), SIGTERM);
	TURN_UNTIL(phase() != PHASE_SERVING);
	TURN_UNTIL(is_readable(rig.service.drain_fd));
	TURN_UNTIL(phase() == PHASE_CANCELED);
	ck_assert_int_ge(clock_ms() - start, GRACE);
	TURN_UNTIL(is_readable(rig.service.cancel_fd));
	TURN_UNTIL(phases == 2);
	ck_assert(is_readable(rig.service.drain_fd));
	control_close(&rig.service);
}
END_TEST

START_TEST(test_grace)
{
	open_control(_i, 20000);
	kill(getpid(), SIGINT);
	TURN_UNTIL(phases == 1);
	for (int i = 0; i < 50; i++)
		turn();
	ck_assert_int_eq(phase(), PHASE_DRAINING);
	ck_assert(!is_readable(rig.service.cancel_fd));
	kill(getpid(), SIGTERM); /* the second ends the grace */
	TURN_UNTIL(phases == 2);
	ck_assert_int_eq(phase(), PHASE_CANCELED);
	control_close(&rig.service);
}
END_TEST

START_TEST(test_no_grace)
{
	open_control(_i, 0);
	kill(getpid(), SIGTERM);
	TURN_UNTIL(phases == 2);
	ck_assert_int_eq(phase(), PHASE_CANCELED);
	control_close(&rig.service);
}
END_TEST

START_TEST(test_drain_by_call)
{
	open_control(0, 20000);
	control_drain(&rig.service);
	control_drain(&rig.service);
	ck_assert_int_eq(phase(), PHASE_DRAINING);
	ck_assert_int_eq(phases, 1);
	control_close(&rig.service);
}
END_TEST

/* What never ends is left behind, a second after its calls began to fail, or at the next word. */
START_TEST(test_last_word)
{
	bool again = _i & 1;
	int64_t start = clock_ms();
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		open_control(_i & 2, 0);
		kill(getpid(), SIGTERM);
		TURN_UNTIL(phase() == PHASE_CANCELED);
		if (again)
			kill(getpid(), SIGTERM);
		for (;;)
			turn();
	}
	status = await_child(pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 1);
	if (!again)
		ck_assert_int_ge(clock_ms() - start, 1000);
}
END_TEST

START_TEST(test_news)
{
	struct modus_conn *c = rig_connect();

	open_control(_i, 20000);
	ck_assert_int_eq(modus_subscribe(c, "mine"), 0);
	modus_publish("mine");
	TURN_UNTIL(news);
	ck_assert_uint_eq(news, c->topics);
	control_close(&rig.service);
	rig_close(c);
}
END_TEST

START_TEST(test_children)
{
	pid_t pid;

	open_control(_i, 20000);
	pid = fork();
	if (pid == 0)
		_exit(0);
	TURN_UNTIL(reaped);
	await_child(pid);
	ck_assert_int_eq(phase(), PHASE_SERVING);
	control_close(&rig.service);
}
END_TEST

/* The signal of news interrupts only those who let it in, and kills nobody. */
START_TEST(test_news_signal)
{
	sigset_t blocked;

	open_control(_i, 20000);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	ck_assert_int_eq(sigismember(&blocked, control_news_signal()), 1);
	sigdelset(&blocked, control_news_signal());
	kill(getpid(), control_news_signal());
	ck_assert_int_eq(ppoll(NULL, 0, NULL, &blocked), -1);
	ck_assert_int_eq(errno, EINTR);
	control_close(&rig.service);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_drain_by_call,
	};
	TCase *cases = SUITE_CASE("control", tests, rig_set_up, rig_end);

	tcase_add_loop_test(cases, test_drain_then_cancel, 0, 2);
	tcase_add_loop_test(cases, test_grace, 0, 2);
	tcase_add_loop_test(cases, test_no_grace, 0, 2);
	tcase_add_loop_test(cases, test_last_word, 0, 4);
	tcase_add_loop_test(cases, test_news, 0, 2);
	tcase_add_loop_test(cases, test_children, 0, 2);
	tcase_add_loop_test(cases, test_news_signal, 0, 2);
	return suite_run("control", cases);
}
