/* SPDX-License-Identifier: MIT */
#include "core/host.h"

#include "service_fixture.h"

#include <signal.h>

enum { PERIOD_MS = 50, THREADS = 4, TRIES = 2000 };

static struct host host;
static int64_t now;
static int acted, told, told_error, verdict;
static const struct modus_conn *seen;
static _Atomic int taken, signals;

static int64_t fake_now(struct modus_worker *w)
{
	return now;
}

static const struct modus_io fake_io = { .now = fake_now };

static void act(void *arg)
{
	ck_assert_ptr_eq(arg, &host);
	acted++;
	now += 7; /* it takes its time */
}

static int verify(void *arg, const struct modus_conn *c)
{
	ck_assert_ptr_eq(arg, &host);
	seen = c;
	return verdict;
}

static void hear_error(void *arg, struct modus_conn *c, int error)
{
	ck_assert_ptr_eq(arg, &host);
	seen = c;
	told_error = error;
	told++;
}

static void set_up(void)
{
	rig_set_up();
	host = (struct host) { .arg = &host, .stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	ck_assert_int_ge(host.stop_fd, 0);
}

static void tear_down(void)
{
	close(host.stop_fd);
	rig_end();
}

START_TEST(test_without_one_all_goes_on)
{
	struct modus_conn *c = rig_connect();

	ck_assert(host_takes(NULL));
	ck_assert(host_takes(NULL));
	host_took(NULL, true);
	host_lost(NULL);
	ck_assert_int_eq(host_verify(NULL, c), 0);
	host_failed(NULL, c, -EIO);
	ck_assert_int_eq(host_act(NULL, &rig.worker), MODUS_FOREVER);
	rig_close(c);
}
END_TEST

/* ---- One client ---- */

static bool is_told_to_stop(void)
{
	eventfd_t ignored;

	return eventfd_read(host.stop_fd, &ignored) == 0;
}

START_TEST(test_for_ever_takes_all)
{
	for (int i = 0; i < 3; i++) {
		ck_assert(host_takes(&host));
		host_took(&host, true);
		host_lost(&host);
	}
	ck_assert(!is_told_to_stop());
}
END_TEST

START_TEST(test_one_is_taken)
{
	int again_ms = 0;

	host.once = true;
	ck_assert(host_takes(&host));
	ck_assert(!host_takes(&host)); /* while the first is tried */
	host_took(&host, false);
	ck_assert(host_takes(&host));
	host_took(&host, true);
	ck_assert(!host_takes(&host));
	ck_assert(!host_expired(&host, &again_ms));
	ck_assert_int_eq(again_ms, MODUS_FOREVER);
	ck_assert(!is_told_to_stop());
	host_lost(&host);
	ck_assert(is_told_to_stop());
	ck_assert_int_eq(host.taken, HOST_TAKEN);
}
END_TEST

START_TEST(test_none_came)
{
	int again_ms = 0;

	host.once = true;
	ck_assert(host_takes(&host));
	ck_assert(!host_expired(&host, &again_ms)); /* there may be one: asks again soon */
	ck_assert_int_gt(again_ms, 0);
	host_took(&host, false);
	ck_assert(host_expired(&host, &again_ms));
	ck_assert(!host_takes(&host)); /* from here on it is too late */
	ck_assert_int_eq(host.taken, HOST_EXPIRED);
}
END_TEST

static void *try_to_take(void *arg)
{
	for (int i = 0; i < TRIES; i++) {
		if (!host_takes(&host))
			continue;
		host_took(&host, i == TRIES - 1);
		taken += i == TRIES - 1;
	}
	return NULL;
}

START_TEST(test_threads_take_one)
{
	pthread_t threads[THREADS];

	host.once = true;
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, try_to_take, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_le(taken, 1);
	ck_assert_int_eq(host.taken, taken ? HOST_TAKEN : HOST_FREE);
}
END_TEST

/* ---- Callbacks ---- */

START_TEST(test_verify)
{
	struct modus_conn *c = rig_connect();

	ck_assert_int_eq(host_verify(&host, c), 0);
	host.verify_request = verify;
	ck_assert_int_eq(host_verify(&host, c), 0);
	ck_assert_ptr_eq(seen, c);
	verdict = -EACCES;
	ck_assert_int_eq(host_verify(&host, c), -EACCES);
	verdict = 1; /* turns nobody away */
	ck_assert_int_eq(host_verify(&host, c), 0);
	rig_close(c);
}
END_TEST

START_TEST(test_failures)
{
	struct modus_conn *c = rig_connect();

	host_failed(&host, c, -EIO);
	host.handle_error = hear_error;
	host_failed(&host, c, -ECANCELED); /* that the service ends is nobody's fault */
	ck_assert_int_eq(told, 0);
	host_failed(&host, c, -EIO);
	ck_assert_int_eq(told, 1);
	ck_assert_int_eq(told_error, -EIO);
	ck_assert_ptr_eq(seen, c);
	rig_close(c);
}
END_TEST

START_TEST(test_actions)
{
	rig.worker.io = &fake_io;
	host.actions_ms = PERIOD_MS;
	ck_assert_int_eq(host_act(&host, &rig.worker), MODUS_FOREVER);
	host.service_actions = act;
	now = 1000;
	ck_assert_int_eq(host_act(&host, &rig.worker), PERIOD_MS); /* from its end */
	ck_assert_int_eq(acted, 1);
	now += PERIOD_MS - 1;
	ck_assert_int_eq(host_act(&host, &rig.worker), 1);
	ck_assert_int_eq(acted, 1);
	now++;
	ck_assert_int_eq(host_act(&host, &rig.worker), PERIOD_MS);
	ck_assert_int_eq(acted, 2);
	rig.worker.io = &blocking_io;
}
END_TEST

/* ---- Signals ---- */

static void on_signal(int number)
{
	signals++;
}

static bool is_blocked(int number)
{
	sigset_t set;

	pthread_sigmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, number);
}

static void *handler_of(int number)
{
	struct sigaction act;

	ck_assert_int_eq(sigaction(number, NULL, &act), 0);
	return (void *)(uintptr_t)act.sa_handler;
}

START_TEST(test_signals_are_kept_and_given_back)
{
	sigset_t before;

	ck_assert_ptr_eq(handler_of(SIGURG), (void *)SIG_DFL);
	host_keep_signals(SIGURG, on_signal, &before);
	ck_assert(is_blocked(SIGURG) && is_blocked(SIGPIPE));
	ck_assert(!is_blocked(SIGTERM) && !is_blocked(SIGCHLD));
	ck_assert_ptr_eq(handler_of(SIGURG), (void *)(uintptr_t)on_signal);
	raise(SIGPIPE); /* ours: it must not reach the host */
	host_give_back_signals(&before);
	ck_assert(!is_blocked(SIGURG) && !is_blocked(SIGPIPE));
	ck_assert_ptr_eq(handler_of(SIGPIPE), (void *)SIG_DFL);
	raise(SIGURG); /* nor does the news that is left installed do anything to it */
	ck_assert_int_eq(signals, 1);
}
END_TEST

static void other(int number)
{
	signals += 100;
}

START_TEST(test_a_host_s_handlers_stay)
{
	sigset_t before, pending;

	signal(SIGURG, other);
	pthread_sigmask(SIG_BLOCK, NULL, &before);
	sigaddset(&before, SIGPIPE);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	host_keep_signals(SIGURG, on_signal, &before);
	raise(SIGPIPE);
	host_give_back_signals(&before);
	ck_assert_ptr_eq(handler_of(SIGURG), (void *)(uintptr_t)other);
	ck_assert(is_blocked(SIGPIPE)); /* by the host, whose it may be */
	sigpending(&pending);
	ck_assert(sigismember(&pending, SIGPIPE));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_without_one_all_goes_on,
		test_for_ever_takes_all,
		test_one_is_taken,
		test_none_came,
		test_threads_take_one,
		test_verify,
		test_failures,
		test_actions,
		test_signals_are_kept_and_given_back,
		test_a_host_s_handlers_stay,
	};

	return SUITE_RUN("host", tests, set_up, tear_down);
}
