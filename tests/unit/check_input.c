/* SPDX-License-Identifier: MIT */
#include "core/input.h"

#include "service_peer.h"

enum { BUFFER = 64 * 1024 };

static struct modus_conn *c;
static char big[BUFFER + 2];

/* A line of n bytes x with its end. */
static void say_line(size_t n, const char *end)
{
	memset(big, 'x', n);
	rig_send(big, n);
	rig_say(end);
}

static void ck_line(size_t max, const char *want, size_t want_len)
{
	size_t len = 0;
	char *line = modus_readline(c, max, &len);

	ck_assert_ptr_nonnull(line);
	ck_assert_uint_eq(len, want_len);
	ck_assert_mem_eq(line, want, want_len + 1); /* with its NUL */
}

#define CK_LINE(max, want) ck_line(max, want, sizeof(want) - 1)

static void ck_no_line(size_t max, int error)
{
	ck_assert_ptr_null(modus_readline(c, max, NULL));
	ck_assert_int_eq(modus_error(c), error);
}

/* ---- Lines ---- */

START_TEST(test_lines)
{
	rig_say("one\ntwo\r\n\n\r\nc\rr\n\rx\r\r\nrest");
	CK_LINE(100, "one");
	CK_LINE(100, "two");
	CK_LINE(100, "");
	CK_LINE(100, "");
	CK_LINE(100, "c\rr");
	CK_LINE(100, "\rx\r");
	shutdown(rig.peer, SHUT_WR);
	ck_no_line(100, -EBADMSG);
	ck_assert_uint_eq(rig_count(COUNT_cut_request), 1);
}
END_TEST

START_TEST(test_end)
{
	rig_say("last\n");
	shutdown(rig.peer, SHUT_WR);
	CK_LINE(100, "last");
	ck_no_line(100, 0);
	ck_no_line(100, 0);
	rig_close(c);
	c = NULL;
}
END_TEST

START_TEST(test_nul_bytes)
{
	static const char text[] = "a\0b\0\nnext\n";

	rig_send(text, sizeof(text) - 1);
	CK_LINE(4, "a\0b\0");
	CK_LINE(4, "next");
}
END_TEST

START_TEST(test_split)
{
	static const char text[] = "GET / HTTP\r\nHost: a\nx\r\n";
	struct peer p = { .text = text, .size = sizeof(text) - 1, .piece = 1 };

	peer_start(&p);
	CK_LINE(100, "GET / HTTP");
	CK_LINE(7, "Host: a");
	CK_LINE(100, "x");
	peer_join(&p);
}
END_TEST

START_TEST(test_longest)
{
	rig_say("12345\n12345\r\n12345\r");
	CK_LINE(5, "12345");
	CK_LINE(5, "12345");
	rig_say("\n\r\r\r\r\r\r\n");
	CK_LINE(5, "12345");
	CK_LINE(5, "\r\r\r\r\r");
}
END_TEST

static const char *const longer[] = { "123456\n", "123456\r\n", "12345\rx\n", "1234567890" };

START_TEST(test_too_long)
{
	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++) {
		rig_say("12345\n");
		rig_say(longer[i]);
		CK_LINE(5, "12345");
		ck_no_line(5, -EMSGSIZE);
		ck_no_line(100, -EMSGSIZE);
		rig_close(c);
		c = rig_connect();
	}
	ck_assert_uint_eq(rig_count(COUNT_too_long), 4);
}
END_TEST

START_TEST(test_long_lines)
{
	char *line;
	size_t len;

	for (size_t n = BUFFER - 4; n <= BUFFER - 2; n++) {
		rig_say("short\n"); /* so that the buffer is not filled from its beginning */
		say_line(n, "\r\n");
		CK_LINE(BUFFER - 2, "short");
		line = modus_readline(c, BUFFER - 2, &len);
		ck_assert_ptr_nonnull(line);
		ck_assert_uint_eq(len, n);
		ck_assert_mem_eq(line, big, n);
		ck_assert_int_eq(line[n], '\0');
	}
	say_line(BUFFER - 1, "\n");
	ck_no_line(BUFFER - 2, -EMSGSIZE);
}
END_TEST

/* The contract: max is less than 64 KiB, and a line of max bytes is not too long. */
START_TEST(test_longest_of_all)
{
	size_t len = 0;

	say_line(BUFFER - 1, "\n");
	ck_assert_ptr_nonnull(modus_readline(c, BUFFER - 1, &len));
	ck_assert_uint_eq(len, BUFFER - 1);
}
END_TEST

START_TEST(test_line_is_ours)
{
	char *line;

	rig_say("one\ntwo\n");
	line = modus_readline(c, 10, NULL);
	memset(line, '\n', 4);
	CK_LINE(10, "two");
}
END_TEST

START_TEST(test_datagram_line)
{
	c->kind = CONN_DATAGRAM;
	c->flags |= CONN_END;
	memcpy(c->in, "one\ntwo", c->in_len = 7);
	CK_LINE(10, "one");
	CK_LINE(10, "two");
	ck_no_line(10, 0);
	c->kind = CONN_STREAM;
}
END_TEST

/* ---- Bytes ---- */

START_TEST(test_read)
{
	char buf[16];

	rig_say("abcdef");
	ck_assert_int_eq(modus_read(c, buf, 0), 0);
	ck_assert_int_eq(modus_read(c, buf, 4), 4);
	ck_assert_mem_eq(buf, "abcd", 4);
	ck_assert_int_eq(modus_read(c, buf, sizeof(buf)), 2);
	ck_assert_mem_eq(buf, "ef", 2);
	shutdown(rig.peer, SHUT_WR);
	ck_assert_int_eq(modus_read(c, buf, sizeof(buf)), 0);
	ck_assert_int_eq(modus_read(c, buf, sizeof(buf)), 0);
	ck_assert_int_eq(modus_error(c), 0);
}
END_TEST

START_TEST(test_readn)
{
	struct peer p = { .text = "abcdefgh!", .size = 9, .piece = 2 };
	char buf[16];

	peer_start(&p);
	ck_assert_int_eq(modus_readn(c, buf, 8), 8);
	ck_assert_mem_eq(buf, "abcdefgh", 8);
	ck_assert_int_eq(modus_readn(c, buf, 1), 1);
	ck_assert_int_eq(modus_readn(c, buf, 0), 0);
	peer_join(&p);
	shutdown(rig.peer, SHUT_WR);
	ck_assert_int_eq(modus_readn(c, buf, 8), 0);
	ck_assert_int_eq(modus_error(c), 0);
}
END_TEST

START_TEST(test_readn_cut)
{
	char buf[16];

	rig_say("abc");
	shutdown(rig.peer, SHUT_WR);
	ck_assert_int_eq(modus_readn(c, buf, 8), -EBADMSG);
	ck_assert_int_eq(modus_readn(c, buf, 1), -EBADMSG);
	ck_assert_int_eq(modus_read(c, buf, 1), -EBADMSG);
	ck_assert_int_eq(modus_error(c), -EBADMSG);
}
END_TEST

START_TEST(test_peek)
{
	struct peer p = { .text = "head: body", .size = 10, .piece = 3 };
	char *at, *again;

	peer_start(&p);
	ck_assert_int_ge(modus_peek(c, 6, &at), 6);
	ck_assert_mem_eq(at, "head: ", 6);
	ck_assert_int_ge(modus_peek(c, 1, &again), 6);
	ck_assert_mem_eq(again, "head: ", 6);
	modus_consume(c, 6);
	ck_assert_int_eq(modus_peek(c, 4, &at), 4);
	ck_assert_mem_eq(at, "body", 4);
	modus_consume(c, 0);
	ck_assert_int_eq(modus_peek(c, 0, &at), 4);
	peer_join(&p);
	shutdown(rig.peer, SHUT_WR);
	ck_assert_int_eq(modus_peek(c, 5, &at), 4);
	modus_consume(c, 4);
	ck_assert_int_eq(modus_peek(c, 1, &at), 0);
	ck_assert_int_eq(modus_error(c), 0);
}
END_TEST

START_TEST(test_peek_all)
{
	char *at;

	rig_say("xyz");
	ck_assert_int_eq(modus_peek(c, 3, &at), 3);
	modus_consume(c, 3);
	say_line(BUFFER, "ab");
	ck_assert_int_ge(modus_peek(c, BUFFER, &at), BUFFER);
	ck_assert_mem_eq(at, big, BUFFER);
	modus_consume(c, BUFFER);
	ck_assert_int_eq(modus_peek(c, 2, &at), 2);
	ck_assert_mem_eq(at, "ab", 2);
}
END_TEST

/* Under poison, what was consumed cannot be used by mistake. */
START_TEST(test_poison)
{
	char *line, *at;

	rig.worker.poison = true;
	rig_say("one\ntwo\nthree\n");
	line = modus_readline(c, 10, NULL);
	ck_assert_str_eq(line, "one");
	CK_LINE(10, "two");
	ck_assert_mem_eq(line, "\xa5\xa5\xa5", 3);
	ck_assert_int_eq(modus_peek(c, 6, &at), 6);
	modus_consume(c, 5);
	ck_assert_mem_eq(at, "\xa5\xa5\xa5\xa5\xa5\n", 6);
}
END_TEST

/* ---- Waiting for more ---- */

START_TEST(test_sends_before_it_waits)
{
	struct peer p = { .text = "yes\n", .size = 4, .piece = 4, .listens_first = true };

	ck_assert_int_eq(modus_printf(c, "ready?\n"), 0);
	peer_start(&p);
	CK_LINE(10, "yes");
	peer_join(&p);
}
END_TEST

START_TEST(test_too_slow)
{
	modus_set_deadline(c, MODUS_REQUEST, 30);
	rig_say("begun");
	ck_no_line(100, -ETIMEDOUT);
	rig_say("too late\n");
	ck_no_line(100, -ETIMEDOUT);
	ck_assert_uint_eq(rig_count(COUNT_request_timeout), 1);
	ck_assert_msg(modus_printf(c, "408\n") == 0, "an answer is still possible");
	ck_assert_int_eq(modus_flush(c), 0);
	ck_assert_int_eq(rig_receive(big, sizeof(big)), 4);
}
END_TEST

START_TEST(test_canceled)
{
	char buf[4];

	rig_phase(PHASE_CANCELED);
	ck_assert_int_eq(modus_read(c, buf, 4), -ECANCELED);
	ck_assert_int_eq(modus_error(c), -ECANCELED);
	ck_no_line(10, -ECANCELED);
}
END_TEST

START_TEST(test_no_calls_at_the_end)
{
	char buf[4];

	rig_say("abc");
	c->state = CONN_FINISHING;
	ck_assert_int_lt(modus_read(c, buf, 4), 0);
	ck_assert_ptr_null(modus_readline(c, 4, NULL));
	c->state = CONN_OPEN;
}
END_TEST

static void set_up(void)
{
	rig_set_up();
	c = rig_connect();
}

static void tear_down(void)
{
	shutdown(rig.peer, SHUT_WR); /* so that nobody lingers */
	if (c)
		rig_close(c);
	rig_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_lines,
		test_end,
		test_nul_bytes,
		test_split,
		test_longest,
		test_too_long,
		test_long_lines,
		test_longest_of_all,
		test_line_is_ours,
		test_datagram_line,
		test_read,
		test_readn,
		test_readn_cut,
		test_peek,
		test_peek_all,
		test_poison,
		test_sends_before_it_waits,
		test_too_slow,
		test_canceled,
		test_no_calls_at_the_end,
	};

	return SUITE_RUN("input", tests, set_up, tear_down);
}
