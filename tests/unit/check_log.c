/* SPDX-License-Identifier: MIT */
/* Standard error is a socket that keeps messages apart, so that each write can be counted. */
#include "core/log.h"

#include "core/fatal.h"
#include "core_fixture.h"

#include <errno.h>
#include <regex.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define TIME "20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{3}Z"

static int ends[2], kept_stderr;
static char line[8192];

static void begin(int format, int level)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	kept_stderr = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	log_setup(format, level);
	log_name("echo");
}

static void end(void)
{
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	close(ends[0]);
	close(ends[1]);
}

static bool more(void)
{
	char ch;

	return recv(ends[0], &ch, 1, MSG_DONTWAIT | MSG_PEEK) > 0;
}

/* What the next write wrote, in line; its length, 0: nothing more was written. */
static size_t next(void)
{
	ssize_t n = recv(ends[0], line, sizeof(line) - 1, MSG_DONTWAIT);

	line[n < 0 ? 0 : n] = '\0';
	return n < 0 ? 0 : (size_t)n;
}

/* One write of one line that says this. */
static void check_line(const char *pattern)
{
	size_t n = next();
	regex_t re;

	ck_assert_int_eq(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
	ck_assert_msg(regexec(&re, line, 0, NULL, 0) == 0, "\"%s\" is not %s", line, pattern);
	regfree(&re);
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(strcspn(line, "\n"), n - 1);
	ck_assert(!more());
}

START_TEST(test_a_line_of_text)
{
	begin(PLAN_LOG_TEXT, MODUS_DEBUG);
	modus_log(MODUS_INFO, "%d of %s", 3, "four");
	check_line("^" TIME " info echo\\[[0-9]+\\]: 3 of four\n$");
	ck_assert_int_eq(atoi(strchr(line, '[') + 1), getpid());
	modus_log(MODUS_ERROR, "x");
	check_line("^" TIME " error echo");
	modus_log(MODUS_WARNING, "x");
	check_line("^" TIME " warning echo");
	modus_log(MODUS_DEBUG, "x");
	check_line("^" TIME " debug echo");
	end();
}
END_TEST

START_TEST(test_a_line_of_json)
{
	begin(PLAN_LOG_JSON, MODUS_INFO);
	modus_log(MODUS_INFO, "said \"no\\\" %c%c%c", '\t', '\x1f', '\x7f');
	check_line("^\\{\"time\":\"" TIME "\",\"level\":\"info\",\"service\":\"echo\","
		   "\"pid\":[0-9]+,\"peer\":\"\",\"text\":"
		   "\"said \\\\\"no\\\\\\\\\\\\\" \\\\u0009\\\\u001f\\\\u007f\"\\}\n$");
	end();
}
END_TEST

START_TEST(test_text_has_no_control_characters)
{
	begin(PLAN_LOG_TEXT, MODUS_INFO);
	modus_log(MODUS_INFO, "a\nb\r\x1b[31m \"q\" \\ é");
	check_line(": a\\\\x0ab\\\\x0d\\\\x1b\\[31m \"q\" \\\\ é\n$");
	end();
}
END_TEST

START_TEST(test_levels)
{
	begin(PLAN_LOG_TEXT, MODUS_WARNING);
	modus_log(MODUS_INFO, "no");
	modus_log(MODUS_DEBUG, "no");
	ck_assert(!more());
	modus_log(MODUS_WARNING, "yes");
	check_line(": yes\n$");
	modus_log(MODUS_ERROR, "yes");
	check_line(": yes\n$");
	end();
}
END_TEST

START_TEST(test_errno_is_kept)
{
	begin(PLAN_LOG_TEXT, MODUS_INFO);
	errno = ENOTDIR;
	modus_log(MODUS_INFO, "%m");
	ck_assert_int_eq(errno, ENOTDIR);
	check_line(": Not a directory\n$");
	close(STDERR_FILENO); /* nor does a failing write change it */
	errno = ENOTDIR;
	modus_log(MODUS_INFO, "lost");
	ck_assert_int_eq(errno, ENOTDIR);
	end();
}
END_TEST

/* What is too long is cut, but remains a line, and in JSON an object. */
static void check_long(char ch, const char *beginning, const char *ending)
{
	static char text[10000];

	memset(text, ch, sizeof(text) - 1);
	modus_log(MODUS_INFO, "%s", text);
	check_line(beginning);
	ck_assert_uint_ge(strlen(line), 1000);
	ck_assert_uint_lt(strlen(line), 4096);
	ck_assert_str_eq(line + strlen(line) - strlen(ending), ending);
}

START_TEST(test_long_messages_are_cut)
{
	begin(PLAN_LOG_TEXT, MODUS_INFO);
	check_long('a', ": a{200}a{200}a{200}", "aa\n");
	check_long('\n', ": (\\\\x0a){200}", "\\x0a\n");
	log_setup(PLAN_LOG_JSON, MODUS_INFO);
	check_long('a', "\"text\":\"a{200}a{200}a{200}", "aa\"}\n");
	check_long('"', "\"text\":\"(\\\\\"){200}", "\\\"\"}\n");
	check_long('\x01', "\"text\":\"(\\\\u0001){200}", "\\u0001\"}\n");
	end();
}
END_TEST

START_TEST(test_lines_are_about_a_connection)
{
	struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons(5000) };
	struct core_fixture f = { 0 };
	struct modus_conn *c;

	fixture_open(&f);
	begin(PLAN_LOG_TEXT, MODUS_INFO);
	c = fixture_conn(&f);
	peer.sin_addr.s_addr = htonl(0xc0000201);
	conn_set_peer(c, (struct sockaddr *)&peer, sizeof(peer));
	ck_assert_ptr_null(log_about(c));
	modus_log(MODUS_INFO, "x");
	check_line(" echo\\[[0-9]+\\] 192\\.0\\.2\\.1:5000: x\n$");
	log_setup(PLAN_LOG_JSON, MODUS_INFO);
	modus_log(MODUS_INFO, "x");
	check_line(",\"peer\":\"192\\.0\\.2\\.1:5000\",\"text\":\"x\"\\}\n$");
	log_setup(PLAN_LOG_TEXT, MODUS_INFO);
	ck_assert_ptr_eq(log_about(NULL), c);
	modus_log(MODUS_INFO, "x");
	check_line(" echo\\[[0-9]+\\]: x\n$");
	end();
	conn_drop(c);
	fixture_close(&f);
}
END_TEST

/* A client of a Unix socket names itself. */
START_TEST(test_peers_forge_no_lines)
{
	struct sockaddr_un peer = { AF_UNIX, "/x\nforged \"\x1b[2J" };
	struct core_fixture f = { 0 };
	struct modus_conn *c;

	fixture_open(&f);
	begin(PLAN_LOG_TEXT, MODUS_INFO);
	c = fixture_conn(&f);
	conn_set_peer(c, (struct sockaddr *)&peer, sizeof(peer));
	log_about(c);
	modus_log(MODUS_INFO, "text");
	check_line("^[^\x1b]*\\\\x0aforged[^\x1b]*: text\n$");
	log_setup(PLAN_LOG_JSON, MODUS_INFO);
	modus_log(MODUS_INFO, "text");
	check_line("\\\\u000aforged \\\\\"\\\\u001b.*\",\"text\":\"text\"\\}\n$");
	log_about(NULL);
	end();
	conn_names_free(c);
	conn_drop(c);
	fixture_close(&f);
}
END_TEST

START_TEST(test_a_bug_is_logged_and_aborts)
{
	int status;
	pid_t pid;

	begin(PLAN_LOG_TEXT, MODUS_ERROR);
	pid = fork();
	if (pid == 0)
		ASSERT(pid != 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	ck_assert_uint_gt(next(), 0);
	ck_assert_ptr_nonnull(strstr(line, " error echo["));
	ck_assert_ptr_nonnull(strstr(line, "not so: pid != 0\n"));
	end();
}
END_TEST

START_TEST(test_names_of_errors)
{
	ck_assert_str_eq(errno_name(-ECONNRESET), "ECONNRESET");
	ck_assert_str_eq(errno_name(ENOMEM), "ENOMEM");
	ck_assert_str_eq(errno_name(-99999), "unknown error");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_a_line_of_text,
		test_a_line_of_json,
		test_text_has_no_control_characters,
		test_levels,
		test_errno_is_kept,
		test_long_messages_are_cut,
		test_lines_are_about_a_connection,
		test_peers_forge_no_lines,
		test_a_bug_is_logged_and_aborts,
		test_names_of_errors,
	};

	return SUITE_RUN("log", tests, NULL, NULL);
}
