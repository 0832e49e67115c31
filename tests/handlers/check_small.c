/* SPDX-License-Identifier: MIT */
/* The small services, each compiled into this program under a name of its own. */
#include "handlers.h"

#include <arpa/inet.h>
#include <time.h>
#include <unistd.h>

extern const struct modus_plugin chargen_plugin, daytime_plugin, discard_plugin, echo_plugin,
	qotd_plugin, time_plugin;

enum { TEXT = 10000, SEEDS = 100 };

static void fill(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + i % 26);
}

/* ---- echo ---- */

START_TEST(echo_seeds)
{
	struct modus_test *t = begin(&echo_plugin, "");
	struct modus_client *k = NULL, *other;
	static char text[TEXT];
	size_t n = 0, got = 0, len;

	fill(text, TEXT);
	modus_test_vary(t, (unsigned)_i);
	k = modus_test_connect(t, "192.0.2.1:4000", "tcp://");
	other = modus_test_connect(t, NULL, "unix://");
	for (; n < TEXT; n += 1 + n / 3) {
		size_t piece = n + 1 + n / 3 < TEXT ? 1 + n / 3 : TEXT - n;

		modus_client_send(k, text + n, piece);
		say(other, "x");
	}
	while (got < TEXT) {
		const char *back = modus_client_received(k, &len);

		ck_assert_uint_gt(len, 0);
		ck_assert_mem_eq(back, text + got, len);
		got += len;
	}
	ck_assert_ptr_nonnull(strstr(modus_client_received(other, NULL), "xxxx"));
	expect_state(k, MODUS_PARKED, 0);
	modus_client_shutdown(k);
	expect_state(k, MODUS_CLOSED, 0);
	modus_test_end(t);
}
END_TEST

START_TEST(echo_datagrams)
{
	struct modus_test *t = begin(&echo_plugin, "");
	struct modus_client *k = modus_test_connect(t, "192.0.2.1:4000", "udp://");
	struct modus_client *forged = modus_test_connect(t, "192.0.2.1:19", "udp://");
	struct modus_client *nameless = modus_test_connect(t, NULL, "unix-dgram://");
	struct modus_client *named = modus_test_connect(t, "unix:/run/k", "unix-dgram://");
	static char text[9000];
	const char *back;
	size_t len;

	fill(text, sizeof(text));
	modus_client_send(k, text, sizeof(text));
	say(k, "two");
	say(forged, "loop?");
	say(nameless, "who?");
	say(named, "here");
	back = modus_client_received(k, &len);
	ck_assert_uint_eq(len, sizeof(text));
	ck_assert_mem_eq(back, text, sizeof(text));
	expect(k, "two");
	ck_assert_ptr_null(modus_client_received(k, NULL));
	ck_assert_ptr_null(modus_client_received(forged, NULL));
	expect_state(forged, MODUS_PARKED, -EPERM);
	ck_assert_ptr_null(modus_client_received(nameless, NULL));
	expect(named, "here");
	modus_test_end(t);
}
END_TEST

/* ---- chargen ---- */

START_TEST(chargen_until_the_client_stalls)
{
	struct modus_test *t = begin(&chargen_plugin, "");
	struct modus_client *k;
	size_t len;

	modus_test_vary(t, (unsigned)_i);
	k = modus_test_connect(t, NULL, "tcp://");
	expect_state(k, MODUS_WAITING, 0);
	ck_assert_int_eq(strncmp(modus_client_received(k, &len), " !\"#$", 5), 0);
	ck_assert_uint_ge(len, 1 << 20);
	modus_client_stall(k, true);
	modus_client_received(k, NULL);
	modus_test_elapse(t, 14999);
	expect_state(k, MODUS_WAITING, 0);
	modus_test_elapse(t, 1);
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	modus_test_end(t);
}
END_TEST

START_TEST(chargen_drains)
{
	struct modus_test *t = begin(&chargen_plugin, "pause = 1;");
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

	modus_test_elapse(t, 10000);
	expect_state(k, MODUS_WAITING, 0);
	modus_test_drain(t, 5000);
	modus_test_elapse(t, 1000);
	expect_state(k, MODUS_CLOSED, 0);
	modus_test_end(t);
}
END_TEST

START_TEST(chargen_answers_this_machine)
{
	struct modus_test *t = begin(&chargen_plugin, "");
	struct modus_client *near = modus_test_connect(t, NULL, "udp://");
	struct modus_client *far = modus_test_connect(t, "192.0.2.1:4000", "udp://");
	size_t len;

	say(near, "?");
	say(far, "?");
	ck_assert_ptr_nonnull(modus_client_received(near, &len));
	ck_assert(len >= 1 && len <= 512);
	ck_assert_ptr_null(modus_client_received(far, NULL));
	modus_test_end(t);
}
END_TEST

/* ---- daytime, time ---- */

START_TEST(daytime_tells)
{
	struct modus_test *t = begin(&daytime_plugin, NULL);
	struct modus_client *k;
	const char *text;
	size_t len;

	modus_test_vary(t, (unsigned)_i);
	k = modus_test_connect(t, NULL, "tcp://");
	text = modus_client_received(k, &len);
	ck_assert(len > 20 && strcmp(text + len - 2, "\r\n") == 0);
	expect_state(k, MODUS_CLOSED, 0);
	modus_test_end(t);
}
END_TEST

START_TEST(time_tells)
{
	struct modus_test *t = begin(&time_plugin, NULL);
	struct modus_client *k = modus_test_connect(t, "[2001:db8::1]:80", "udp://[::1]:37");
	uint32_t seconds;
	const char *text;
	size_t len;

	modus_client_send(k, "", 0);
	text = modus_client_received(k, &len);
	ck_assert_uint_eq(len, 4);
	memcpy(&seconds, text, 4);
	ck_assert_uint_le((uint32_t)time(NULL) - (ntohl(seconds) - 2208988800u), 2);
	modus_test_end(t);
}
END_TEST

/* ---- qotd ---- */

static char *write_quotes(const char *text)
{
	static char file[] = "/tmp/check_small.XXXXXX";
	static int made;
	FILE *f;

	if (!made++)
		close(mkstemp(file));
	f = fopen(file, "we");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	return file;
}

START_TEST(qotd_reads_again)
{
	char *file = write_quotes("First.\n"), settings[256];
	struct modus_test *t;
	struct modus_client *k;

	snprintf(settings, sizeof(settings), "file = \"%s\";", file);
	t = begin(&qotd_plugin, settings);
	modus_test_vary(t, (unsigned)_i);
	k = modus_test_connect(t, NULL, "tcp://");
	expect(k, "First.\n");
	expect_state(k, MODUS_CLOSED, 0);
	write_quotes("The second.\n");
	modus_test_elapse(t, 3600 * 1000);
	k = modus_test_connect(t, "192.0.2.1:4000", "udp://");
	say(k, "?");
	expect(k, "The second.\n");
	modus_test_end(t);
	unlink(file);
}
END_TEST

START_TEST(qotd_needs_a_file)
{
	ck_assert_ptr_null(modus_test_begin(&qotd_plugin, ""));
	ck_assert_ptr_null(modus_test_begin(&qotd_plugin, "file = \"/nowhere\";"));
	ck_assert_ptr_null(modus_test_begin(&qotd_plugin, "file = \"/dev/null\"; file"));
}
END_TEST

/* ---- discard ---- */

START_TEST(discard_is_silent)
{
	struct modus_test *t = begin(&discard_plugin, "");
	struct modus_client *k;
	static char text[TEXT];

	modus_test_vary(t, (unsigned)_i);
	k = modus_test_connect(t, NULL, "tcp://");
	modus_client_send(k, text, sizeof(text));
	expect(k, "");
	modus_test_elapse(t, 59999);
	expect_state(k, MODUS_PARKED, 0);
	modus_test_elapse(t, 1);
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	modus_test_end(t);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("small");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, echo_seeds, 0, SEEDS);
	tcase_add_test(all, echo_datagrams);
	tcase_add_loop_test(all, chargen_until_the_client_stalls, 1, 6);
	tcase_add_test(all, chargen_drains);
	tcase_add_test(all, chargen_answers_this_machine);
	tcase_add_loop_test(all, daytime_tells, 0, 20);
	tcase_add_test(all, time_tells);
	tcase_add_loop_test(all, qotd_reads_again, 0, 10);
	tcase_add_test(all, qotd_needs_a_file);
	tcase_add_loop_test(all, discard_is_silent, 0, 20);
	suite_add_tcase(s, all);
	return run(s);
}
