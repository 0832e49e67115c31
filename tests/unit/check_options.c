/* SPDX-License-Identifier: MIT */
/* The options of commands: what is read of them, and what ends the program. */
#include "cli/options.h"

#include "unit_suite.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct command {
	bool flag;
	unsigned number;
	size_t bytes;
	double real;
	int choice;
	const char *text;
	char words[64];
	struct more {
		unsigned number;
		const char *text;
	} more;
};

static void add_word(void *command, const char *word)
{
	struct command *c = command;
	size_t n = strlen(c->words);

	snprintf(c->words + n, sizeof(c->words) - n, "<%s>", word);
}

static const char *const colours[] = { "red", "green", "blue", NULL };

#define AT(member) .offset = offsetof(struct command, member)

static void set_more(void *more, const char *text)
{
	((struct more *)more)->text = text;
}

static const struct option_row more_rows[] = {
	{ 'm', "more", "N", "more of it", OPTION_NUMBER, .offset = offsetof(struct more, number) },
	{ 0, "most", "TEXT", "most of it", OPTION_CALL, .set = set_more },
	{ 0 },
};

static const struct option_row rows[] = {
	{ 'f', "flag", NULL, "a flag", OPTION_FLAG, AT(flag) },
	{ 'n', "number", "N", "a number", OPTION_NUMBER, AT(number), .least = 1, .most = 100 },
	{ 0, "bytes", "BYTES", "bytes", OPTION_BYTES, AT(bytes), .most = 1 << 30 },
	{ 'r', "real", "SECONDS", "a real", OPTION_REAL, AT(real), .least = 0.5 },
	{ 'c', "colour", "NAME", "a colour", OPTION_CHOICE, AT(choice), .names = colours },
	{ .name = "more", .kind = OPTION_ROWS, .rows = more_rows, AT(more) },
	{ 't', "text", "TEXT", "a text", OPTION_TEXT, AT(text) },
	{ 'w', "words", "WORD,...", "words", OPTION_WORDS, .set = add_word },
	{ 0 },
};

static const struct options options = {
	.command = "modus test",
	.usage = "[OPTION]... WHAT",
	.about = "About.\n",
	.after = "After.\n",
	.rows = rows,
};

static struct command c;

/* Reads what stands between blanks. */
static int reads(const char *line)
{
	static char text[200], *argv[20];
	char *rest = text;
	int argc = 0;

	snprintf(text, sizeof(text), "test %s", line);
	while ((argv[argc] = strsep(&rest, " ")))
		argc++;
	optind = 0; /* begins anew */
	return options_read(&options, &c, argc, argv);
}

START_TEST(test_all_kinds)
{
	ck_assert_int_eq(
		reads("-f -n 7 --bytes 64K -r 1.5 --colour blue -t so --words a,bc,d what"), 14);
	ck_assert(c.flag);
	ck_assert_uint_eq(c.number, 7);
	ck_assert_uint_eq(c.bytes, 65536);
	ck_assert_double_eq(c.real, 1.5);
	ck_assert_int_eq(c.choice, 2);
	ck_assert_str_eq(c.text, "so");
	ck_assert_str_eq(c.words, "<a><bc><d>");
}
END_TEST

START_TEST(test_shared_rows)
{
	ck_assert_int_eq(reads("-m 3 --most it -t so --more 4"), 9);
	ck_assert_uint_eq(c.more.number, 4);
	ck_assert_str_eq(c.more.text, "it");
	ck_assert_str_eq(c.text, "so");
}
END_TEST

START_TEST(test_what_is_not_given_stays)
{
	c.number = 5;
	ck_assert_int_eq(reads("what"), 1);
	ck_assert_uint_eq(c.number, 5);
	ck_assert(!c.flag);
}
END_TEST

START_TEST(test_bounds_are_within)
{
	reads("-n 1 --bytes 1G -r 0.5");
	ck_assert_uint_eq(c.number, 1);
	ck_assert_uint_eq(c.bytes, 1 << 30);
	reads("-n 100");
	ck_assert_uint_eq(c.number, 100);
}
END_TEST

/* Runs it in a child: its status, and what it said in said. */
static int ends(const char *line, char *said, size_t size)
{
	int pipe_fds[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	ck_assert_int_eq(pipe(pipe_fds), 0);
	pid = fork();
	if (pid == 0) {
		dup2(pipe_fds[1], STDOUT_FILENO);
		dup2(pipe_fds[1], STDERR_FILENO);
		reads(line);
		_exit(99); /* it went on */
	}
	close(pipe_fds[1]);
	while ((got = read(pipe_fds[0], said + n, size - 1 - n)) > 0)
		n += (size_t)got;
	said[n] = '\0';
	close(pipe_fds[0]);
	status = await_child(pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(test_refusals)
{
	static const struct {
		const char *line, *said;
	} cases[] = {
		{ "-n 0", "--number: got '0', want a whole number from 1 to 100" },
		{ "-n 101", "--number: got '101', want a whole number from 1 to 100" },
		{ "-n -1", "--number: got '-1', want a whole number from 1 to 100" },
		{ "-n 99999999999999999999", "want a whole number from 1 to 100" },
		{ "-n 1K", "--number: got '1K', want a whole number from 1 to 100" },
		{ "-n 7x", "--number: got '7x', want" },
		{ "--bytes 2G", "--bytes: got '2G', want bytes (K, M and G are units) from 0 to" },
		{ "--bytes 1KK", "--bytes: got '1KK', want bytes" },
		{ "-r 0.4", "--real: got '0.4', want a number of at least 0.5" },
		{ "-r nan", "--real: got 'nan', want a number" },
		{ "-r x", "--real: got 'x', want a number" },
		{ "--colour pink", "--colour: got 'pink', want red, green or blue" },
		{ "--none", "see modus test --help" },
		{ "-n", "see modus test --help" },
	};
	char said[1000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ck_assert_int_eq(ends(cases[i].line, said, sizeof(said)), 2);
		ck_assert_msg(strstr(said, cases[i].said) != NULL, "%s: %s", cases[i].line, said);
	}
}
END_TEST

START_TEST(test_help)
{
	char said[2000];

	ck_assert_int_eq(ends("-n 3 --help", said, sizeof(said)), 0);
	ck_assert_ptr_nonnull(strstr(said, "usage: modus test [OPTION]... WHAT\nAbout.\n\n"));
	ck_assert_ptr_nonnull(strstr(said, "\n  -n, --number N "));
	ck_assert_ptr_nonnull(strstr(said, "\n      --bytes BYTES "));
	ck_assert_ptr_nonnull(strstr(said, "\n  -m, --more N "));
	ck_assert_ptr_nonnull(strstr(said, "\n  -h, --help "));
	ck_assert_ptr_nonnull(strstr(said, "\n\nAfter.\n"));
}
END_TEST

static void set_up(void)
{
	c = (struct command) { 0 };
}

static void tear_down(void)
{
}

int main(void)
{
	const TTest *tests[] = {
		test_all_kinds,         test_shared_rows, test_what_is_not_given_stays,
		test_bounds_are_within, test_refusals,    test_help,
	};

	return SUITE_RUN("options", tests, set_up, tear_down);
}
