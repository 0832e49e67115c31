/* SPDX-License-Identifier: MIT */
/* Scripts as they are read: their steps, all that is refused, what texts say, what patterns take.
 */
#include "compare/load/script.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REQUEST "send \"x\"\nexpect \"y\"\n"

static struct script s;
static char why[512], words[SCRIPT_VALUES][SCRIPT_WORD + 1];
static struct script_memory memory;

static void parse(const char *text)
{
	script_free(&s);
	ck_assert_msg(script_parse(&s, "the.script", text, why, sizeof(why)) == 0, "%s", why);
}

static void refused(const char *text, const char *want)
{
	script_free(&s);
	ck_assert_int_eq(script_parse(&s, "the.script", text, why, sizeof(why)), -EINVAL);
	ck_assert_msg(strstr(why, want) != NULL, "got \"%s\", want \"%s\"", why, want);
}

START_TEST(test_steps)
{
	static const enum script_step_type types[] = {
		STEP_EXPECT, STEP_SEND, STEP_EXPECT, STEP_REPEAT, STEP_SEND,
		STEP_EXPECT, STEP_THEN, STEP_EXPECT, STEP_PAUSE,  STEP_END,
	};

	parse("# a comment\n\nonce {\n\texpect \"200*\" # greets\r\n\tsend \"HI\"\n\texpect "
	      "\"y\"\n}\n"
	      "repeat 3 {\n\tsend read \"x\"\n\texpect \"y\" until \".\"\n\tthen \"z\"\n"
	      "\texpect \"q\"\n\tpause 2s\n}");
	ck_assert_uint_eq(s.step_count, 10);
	for (unsigned i = 0; i < s.step_count; i++)
		ck_assert_msg(s.steps[i].type == types[i], "step %u: got %d", i, s.steps[i].type);
	ck_assert_uint_eq(s.once, 3);
	ck_assert_uint_eq(s.steps[3].number, 3);
	ck_assert_uint_eq(s.steps[9].other, 4);
	ck_assert_uint_eq(s.steps[8].number, 2000);
	ck_assert(!s.steps[5].last);
	ck_assert(s.steps[7].last);
	ck_assert(s.steps[5].until.count && !s.steps[7].until.count);
	ck_assert_int_eq(s.steps[4].line, 9);
	ck_assert_uint_eq(s.label_count, 2);
	ck_assert_str_eq(s.labels[s.steps[4].number], "read");
	ck_assert(s.pauses);
}
END_TEST

START_TEST(test_last_of_several_expects)
{
	parse("send \"x\"\nexpect \"a\"\nexpect \"b\"\nsend \"x\"\nexpect \"c\"\n");
	ck_assert(!s.steps[1].last && s.steps[2].last && s.steps[4].last);
}
END_TEST

static const struct {
	const char *text, *want;
} wrongs[] = {
	{ "", "the.script:1: script: got no request outside once, want send and expect" },
	{ "once {\nsend \"x\"\nexpect \"y\"\n}\n", "script: got no request" },
	{ "\nsned \"x\"\n", "the.script:2: step: got 'sned', want send, then, expect" },
	{ "sendx \"x\"\n", "step: got 'sendx'" },
	{ "send\n", "send: got the end of the line, want a name" },
	{ "send", "send: got the end of the file, want a name" },
	{ "send read\n", "text: got the end of the line, want it in quotes" },
	{ "send Read \"x\"\n", "send: got 'Read', want a name" },
	{ "send much_too_long_a_label \"x\"\n", "at most 15" },
	{ "send \"x\n", "text: got the end of the line, want a quote at its end" },
	{ "send \"x", "text: got the end of the file, want a quote" },
	{ "send \"\"\n", "text: got nothing, want one that is not empty" },
	{ "send \"x\" \"y\"\n", "send: got '\"y\"', want the end of the line" },
	{ "send \"\\q\"\n", "escape: got '\\q\"', want \\r" },
	{ "send \"\\", "escape: got '\\'" },
	{ "send \"$\"\n", "value: got '\"', want a name" },
	{ "send \"$nobody\"\n", "value: got $nobody, want $id, $n, $run" },
	{ "send \"$rand\"\n", "$rand: got '\"', want (LOW,HIGH)" },
	{ "send \"$rand(1;2)\"\n", "$rand: got ';2)\"', want (LOW,HIGH)" },
	{ "send \"$rand(1,2\"\n", "$rand: got '\"', want (LOW,HIGH)" },
	{ "send \"$rand(a,2)\"\n", "$rand: got 'a,2)\"', want a whole number" },
	{ "send \"$rand(1,99999999999999)\"\n", "want a whole number from" },
	{ "send \"$rand(3,2)\"\n", "$rand: got more for LOW than for HIGH" },
	{ "send \"$rand(1,$x)\"\n", "value: got $x" },
	{ "send \"x\"\nsend \"y\"\n", ":2: send: got it after what was sent, want expect" },
	{ "send \"x\"\npause 1s\n", ":2: pause: got it after what was sent" },
	{ "send \"x\"\n", "the end: got it after what was sent" },
	{ "repeat 2 {\nsend \"x\"\n}\n", ":3: }: got it after what was sent" },
	{ "expect \"x\"\n", "expect: got it here, want send before" },
	{ "once {\nsend \"x\"\nexpect \"y\"\npause 1s\nexpect \"z\"\n}\n", ":5: expect: got it" },
	{ "then \"x\"\n", "then: got it here, want send and expect before" },
	{ "once {\nexpect \"x\"\nthen \"y\"\n", ":3: then: got it here" },
	{ "send \"x\"\nexpect \"*y\"\n", ":2: after *: got 'y\"', want the end of the pattern" },
	{ "send \"x\"\nexpect \"{\"\n", "{: got '\"', want a name" },
	{ "send \"x\"\nexpect \"{a\"\n", "{: got '\"', want }" },
	{ "send \"x\"\nexpect \"{id}\"\n", "value: got id, want a name that has no meaning" },
	{ "send \"x\"\nexpect \"y\" till \".\"\n", "expect: got 'till', want until" },
	{ "send \"x\"\nexpect \"y\" until\n", "text: got the end of the line, want it in quotes" },
	{ "pause\n", "pause: got the end of the line, want a whole number from 1 to 60000" },
	{ "pause 0ms\n", "pause: got '0ms', want a whole number" },
	{ "pause 5\n", "pause: got the end of the line, want ms or s" },
	{ "pause 61s\n", "pause: got more, want at most 60s" },
	{ "repeat {\n", "repeat: got '{', want a whole number" },
	{ "repeat 2\n", "repeat: got the end of the line, want {" },
	{ "repeat 2 { send \"x\"\n", "repeat: got 'send', want the end of the line" },
	{ "repeat 2 {\n}\n", "}: got an empty block" },
	{ "once {\n}\n", "}: got an empty block" },
	{ "}\n", "}: got it here, want a block" },
	{ "\nrepeat 2 {\nsend \"x\"\nexpect \"y\"\n",
	  ":2: block: got the end of the file, want }" },
	{ REQUEST "once {\n", ":3: once: got it here, want it before all else" },
	{ "once {\nonce {\n", ":2: once: got it here" },
	{ "once {\nsend read \"x\"\n", "send: got read, want no label in once" },
};

START_TEST(test_refused)
{
	refused(wrongs[_i].text, wrongs[_i].want);
}
END_TEST

/* Text, so many times. */
static char *times(const char *head, const char *text, unsigned n, const char *tail)
{
	char *all = malloc(strlen(head) + strlen(text) * n + strlen(tail) + 1);
	char *at = stpcpy(all, head);

	while (n--)
		at = stpcpy(at, text);
	stpcpy(at, tail);
	return all;
}

static void refused_times(const char *head, const char *text, unsigned n, const char *want)
{
	char *all = times(head, text, n, "\"\n");

	refused(all, want);
	free(all);
}

START_TEST(test_bounds)
{
	refused_times("", REQUEST, SCRIPT_STEPS, "steps: got one more, want at most 512");
	refused_times("", "repeat 2 {\n", SCRIPT_DEPTH + 1, "want at most 8 within each other");
	refused_times("send \"", "$id-", SCRIPT_PARTS, "in all: got one more, want at most 2048");
	refused_times("send \"x\"\nexpect \"{v}\"\nsend \"", "$v", 300, "text: got a longer one");
	refused("send \"x\"\nexpect \"{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}{l}{m}{o}{p}{q}{r}\"\n",
		"values: got one more");
	refused("send a \"x\"\nexpect \"y\"\nsend b \"x\"\nexpect \"y\"\nsend c \"x\"\nexpect "
		"\"y\"\n"
		"send d \"x\"\nexpect \"y\"\nsend e \"x\"\nexpect \"y\"\nsend f \"x\"\nexpect "
		"\"y\"\n"
		"send g \"x\"\nexpect \"y\"\nsend h \"x\"\n",
		"labels: got h, want at most 7");
}
END_TEST

static int read_bytes(const char *bytes, size_t n)
{
	char path[] = "/tmp/check_script.XXXXXX";
	int fd = mkstemp(path), err;

	ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
	close(fd);
	err = script_read(&s, path, why, sizeof(why));
	unlink(path);
	return err;
}

START_TEST(test_files)
{
	char *much = times("", "#", SCRIPT_FILE_MAX + 1, "");

	ck_assert_int_eq(read_bytes(REQUEST, strlen(REQUEST)), 0);
	script_free(&s);
	ck_assert_int_eq(read_bytes("a\0b", 3), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "got a zero byte"));
	ck_assert_int_eq(read_bytes(much, SCRIPT_FILE_MAX + 1), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "got more, want a text of at most 65536 bytes"));
	ck_assert_int_eq(script_read(&s, "/nonexistent", why, sizeof(why)), -ENOENT);
	ck_assert_int_eq(script_read(&s, "/tmp", why, sizeof(why)), -EISDIR);
	free(much);
}
END_TEST

/* What the first send says. */
static const char *said(void)
{
	static char out[SCRIPT_TEXT + 1];
	size_t n = script_write(&s, &s.steps[0].text, &memory, out);

	ck_assert_uint_le(n, s.text_max);
	out[n] = '\0';
	return out;
}

START_TEST(test_texts)
{
	parse("send \"a\\r\\n\\t\\\\\\\"\\$\\*\\{ {x} * $run-$id.$n \xc3\xa4\"\nexpect \"y\"\n");
	memory.id = 7;
	memory.n = 12;
	snprintf(memory.run, sizeof(memory.run), "r1");
	ck_assert_str_eq(said(), "a\r\n\t\\\"$*{ {x} * r1-7.12 \xc3\xa4");
	memory.id = memory.n = UINT64_MAX;
	said();
}
END_TEST

START_TEST(test_random_is_within_its_bounds)
{
	bool seen[3] = { false };

	parse("send \"$rand(-1,1)\"\nexpect \"y\"\n");
	for (int i = 0; i < 1000; i++) {
		int n = atoi(said());

		ck_assert(n >= -1 && n <= 1);
		seen[n + 1] = true;
	}
	ck_assert(seen[0] && seen[1] && seen[2]);
}
END_TEST

/* The first send comes before what takes the value, but in a loop it comes after it, too. */
START_TEST(test_random_up_to_a_value)
{
	parse("send \"x\"\nexpect \"{top}\"\nsend \"$rand(5,$top)\"\nexpect \"y\"\n");
	s.steps[0] = s.steps[2];
	snprintf(words[0], sizeof(words[0]), "5");
	ck_assert_str_eq(said(), "5");
	snprintf(words[0], sizeof(words[0]), "no number");
	ck_assert_str_eq(said(), "5");
}
END_TEST

static bool match(const char *pattern, const char *line)
{
	char text[512];

	snprintf(text, sizeof(text), "send \"x\"\nexpect \"%s\"\n", pattern);
	parse(text);
	return script_match(&s, &s.steps[1].text, &memory, line, strlen(line));
}

START_TEST(test_patterns)
{
	char longest[SCRIPT_WORD + 2] = "";

	ck_assert(match("200 ok", "200 ok"));
	ck_assert(!match("200 ok", "200 ok "));
	ck_assert(!match("200 ok", "200 o"));
	ck_assert(!match("200 ok", ""));
	ck_assert(match("200*", "200"));
	ck_assert(match("*", ""));
	ck_assert(match("200 *", "200 and more"));
	ck_assert(!match("200 *", "200"));
	ck_assert(match("\\\\*", "\\or anything"));
	ck_assert(!match("\\*", "x"));
	ck_assert(match("240 {post} {topic} *", "240 17 abc the rest"));
	ck_assert_str_eq(words[0], "17");
	ck_assert_str_eq(words[1], "abc");
	ck_assert(match("{_} {a}", "x yy"));
	ck_assert_str_eq(words[0], "yy");
	ck_assert(!match("a {x}", "a "));
	ck_assert(match("{x}", memset(longest, 'w', SCRIPT_WORD)));
	ck_assert(!match("{x}", memset(longest, 'w', SCRIPT_WORD + 1)));
	memory.id = 3;
	ck_assert(match("hello $id!", "hello 3!"));
	ck_assert(!match("hello $id!", "hello 4!"));
}
END_TEST

START_TEST(test_a_value_is_wanted_again)
{
	parse("send \"x\"\nexpect \"{a} $a\"\n");
	ck_assert(script_match(&s, &s.steps[1].text, &memory, "so so", 5));
	ck_assert(!script_match(&s, &s.steps[1].text, &memory, "so no", 5));
}
END_TEST

static void set_up(void)
{
	memory = (struct script_memory) { .words = words };
}

static void tear_down(void)
{
	script_free(&s);
}

int main(void)
{
	const TTest *const tests[] = {
		test_steps,
		test_last_of_several_expects,
		test_bounds,
		test_files,
		test_texts,
		test_random_is_within_its_bounds,
		test_random_up_to_a_value,
		test_patterns,
		test_a_value_is_wanted_again,
	};
	TCase *cases = SUITE_CASE("script", tests, set_up, tear_down);

	tcase_add_loop_test(cases, test_refused, 0, sizeof(wrongs) / sizeof(*wrongs));
	return suite_run("script", cases);
}
