/* SPDX-License-Identifier: MIT */
/* The small services, as their RFCs tell. */
#include "tests/conformance/harness.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 48000, CHARGEN_LINE = 74, CHARGEN_FIRST = ' ', CHARGEN_COUNT = 95 };

static const uint32_t SECONDS_1900_TO_1970 = 2208988800u;

START_TEST(echo_sends_back)
{
	int fd = client(server_shared("type = \"echo\";", ""));
	char data[BLOCK];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7 + i / 256);
	put(fd, "x", 1);
	expect_bytes(fd, "x", 1);
	put(fd, data, sizeof(data));
	expect_bytes(fd, data, sizeof(data));
	if (subject.datagram)
		return;
	end_output(fd);
	expect_end(fd);
}
END_TEST

START_TEST(discard_says_nothing)
{
	struct server *s = server_shared("type = \"discard\";", "");
	int fd = client(s);
	char data[BLOCK] = "";

	for (int i = 0; i < (subject.datagram ? 2 : 50); i++)
		put(fd, data, sizeof(data));
	if (subject.datagram) {
		expect_silence(fd, 50);
		return;
	}
	end_output(fd);
	expect_end(fd);
}
END_TEST

/* Asks, where a service waits for that. */
static int asking_client(const char *handler)
{
	int fd = client(server_shared(handler, ""));

	if (subject.datagram)
		put(fd, "?", 1);
	return fd;
}

static void expect_close(int fd)
{
	if (!subject.datagram)
		expect_end(fd);
}

START_TEST(daytime_tells_the_day)
{
	int fd = asking_client("type = \"daytime\";");
	const char *text = hear(fd);
	char year[8];
	time_t now = time(NULL);

	strftime(year, sizeof(year), "%Y", localtime(&now));
	ck_assert_msg(strstr(text, year) && text[strlen(text) - 1] == '\r', "got %s", text);
	expect_close(fd);
}
END_TEST

START_TEST(time_tells_the_seconds)
{
	int fd = asking_client("type = \"time\";");
	uint32_t got = 0;

	ck_assert_int_eq(recv(fd, &got, sizeof(got), MSG_WAITALL), 4);
	got = ntohl(got) - SECONDS_1900_TO_1970;
	ck_assert_int_le(got, (uint32_t)time(NULL));
	ck_assert_int_ge(got + 60, (uint32_t)time(NULL));
	expect_close(fd);
}
END_TEST

static void chargen_line(char line[CHARGEN_LINE], int number)
{
	for (int i = 0; i < CHARGEN_LINE - 2; i++)
		line[i] = (char)(CHARGEN_FIRST + (number + i) % CHARGEN_COUNT);
	line[CHARGEN_LINE - 2] = '\r';
	line[CHARGEN_LINE - 1] = '\n';
}

START_TEST(chargen_streams)
{
	struct server *s = server_new("type = \"chargen\";", "");
	char line[CHARGEN_LINE];
	int fd = client(s);

	for (int i = 0; i < 5000; i++) {
		chargen_line(line, i);
		expect_bytes(fd, line, sizeof(line));
	}
	server_term(s); /* it asks modus_draining() */
	ck_assert_uint_eq(discard_all(fd) % CHARGEN_LINE, 0);
	server_ends(s, PATIENCE);
}
END_TEST

START_TEST(chargen_answers_a_datagram)
{
	int fd = asking_client("type = \"chargen\";");
	const char *got = hear(fd); /* without its last LF */
	size_t n = strlen(got);
	char line[CHARGEN_LINE];

	ck_assert_uint_le(n, 512);
	chargen_line(line, 0);
	ck_assert_mem_eq(got, line, n < CHARGEN_LINE - 1 ? n : CHARGEN_LINE - 1);
}
END_TEST

START_TEST(qotd_quotes)
{
	char path[128], handler[256];
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "%s/quotes", subject.dir);
	f = fopen(path, "we");
	ck_assert(f && fputs("All is well.\n", f) > 0 && fclose(f) == 0);
	snprintf(handler, sizeof(handler), "type = \"qotd\"; file = \"%s\";", path);
	fd = asking_client(handler);
	expect(fd, "All is well.");
	expect_close(fd);
}
END_TEST

/* All kinds of work in a request; a pipeline, or one datagram after another. */
START_TEST(lab_works)
{
	const char *row = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+";
	int up = -1, fd;
	char url[128], handler[256], line[256];

	up = upstream_listen(subject.family == AF_UNIX ? "unix" : "tcp", url, sizeof(url));
	snprintf(handler, sizeof(handler),
		 "type = \"lab\"; upstreams = ({ address = \"%s\"; send = \"hello\\n\"; });", url);
	fd = client(server_new(handler, ""));
	snprintf(line, sizeof(line),
		 "cpu 100us wait 2ms block 1ms hog 500us touch 64K call %s 3 reply 64", url);
	for (int i = 0; i < 3; i++) {
		int back;

		say(fd, "%s", line);
		back = upstream_accept(up);
		expect(back, "hello");
		put(back, "abc", 3);
		if (subject.datagram) {
			expect(fd, "ok 64\n%s", row);
			continue;
		}
		expect(fd, "ok 64");
		expect(fd, "%s", row);
	}
	ask(fd, "wait 1h", "error: wait: got '1h', want whole milliseconds as 5ms or 2s");
	ask(fd, "counts", "counts requests=4 errors=1");
}
END_TEST

void add_services(Suite *s)
{
	TCase *t = part(s, "services");

	tcase_add_test(t, echo_sends_back);
	tcase_add_test(t, discard_says_nothing);
	tcase_add_test(t, daytime_tells_the_day);
	tcase_add_test(t, time_tells_the_seconds);
	tcase_add_test(t, subject.datagram ? chargen_answers_a_datagram : chargen_streams);
	tcase_add_test(t, qotd_quotes);
	tcase_add_test(t, lab_works);
}
