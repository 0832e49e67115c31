/* SPDX-License-Identifier: MIT */
/* One group by rows: every type of value, and every sentence about one. */
#include "config_fixture.h"
#include "unit_suite.h"

static struct kit read_kit(const char *text, struct config_memory **memory)
{
	struct said said = { 0 };
	struct kit k;
	int rc = config_read_settings("f", text, kit_rows, &k, NULL, NULL, memory, said_report,
				      &said);

	ck_assert_msg(rc == 0, "%s: %s", text, said.text);
	ck_assert_uint_eq(said.count, 0);
	return k;
}

START_TEST(sets_defaults)
{
	struct config_memory *m;
	struct kit k = read_kit("must = \"m\";", &m);

	ck_assert(k.on);
	ck_assert_int_eq(k.count, 3);
	ck_assert_int_eq(k.room, 4096);
	ck_assert_int_eq(k.pause, 250);
	ck_assert_str_eq(k.text, "plain");
	ck_assert_str_eq(k.must, "m");
	ck_assert_int_eq(k.mode, 1);
	ck_assert_uint_eq(k.names.count, 0);
	ck_assert_uint_eq(k.items.count, 0);
	ck_assert_str_eq(k.inner.label, "none");
	ck_assert_int_eq(k.inner.depth, 2);
	config_free_memory(m);
}
END_TEST

START_TEST(reads_every_type)
{
	struct config_memory *m;
	struct kit k =
		read_kit("on = false; count = -10; big = 9223372036854775807L; room = \"2G\";\n"
			 "pause = \"2m\"; text = \"a\" \"b\\n\"; must = \"\"; mode = \"auto\";\n"
			 "names = [ \"x\", \"y\" ]; inner = { depth = 5; label = \"l\"; };\n"
			 "items = ( { path = \"/a\"; }, { path = \"/b\"; weight = 9; } );",
			 &m);
	const char *const *names = k.names.items;
	const struct kit_item *items = k.items.items;

	ck_assert(!k.on);
	ck_assert_int_eq(k.count, -10);
	ck_assert_int_eq(k.big, INT64_MAX);
	ck_assert_int_eq(k.room, 2LL << 30);
	ck_assert_int_eq(k.pause, 120000);
	ck_assert_str_eq(k.text, "ab\n");
	ck_assert_str_eq(k.must, "");
	ck_assert_int_eq(k.mode, 2);
	ck_assert_uint_eq(k.names.count, 2);
	ck_assert_str_eq(names[0], "x");
	ck_assert_str_eq(names[1], "y");
	ck_assert_uint_eq(k.items.count, 2);
	ck_assert_str_eq(items[0].path, "/a");
	ck_assert_int_eq(items[0].weight, 1);
	ck_assert_str_eq(items[1].path, "/b");
	ck_assert_int_eq(items[1].weight, 9);
	ck_assert_int_eq(k.inner.depth, 5);
	ck_assert_str_eq(k.inner.label, "l");
	config_free_memory(m);
}
END_TEST

static const struct {
	const char *text;
	int64_t bytes;
} sizes[] = {
	{ "1", 1 },
	{ "\"1\"", 1 },
	{ "\"100\"", 100 },
	{ "\"64K\"", 64 << 10 },
	{ "\"1M\"", 1 << 20 },
	{ "\"3G\"", 3LL << 30 },
	{ "1099511627776L", 1LL << 40 },
	{ "0x10", 16 },
};

START_TEST(reads_sizes)
{
	struct config_memory *m;
	char text[64];

	snprintf(text, sizeof(text), "must = \"\"; room = %s;", sizes[_i].text);
	ck_assert_int_eq(read_kit(text, &m).room, sizes[_i].bytes);
	config_free_memory(m);
}
END_TEST

static const struct {
	const char *text;
	int64_t ms;
} times[] = {
	{ "60", 60000 },      { "60L", 60000 },     { "0.25", 250 },       { "2.5", 2500 },
	{ "0.001", 1 },       { "0.1", 100 },       { "1e3", 1000000 },    { "\"250ms\"", 250 },
	{ "\"15s\"", 15000 }, { "\"2m\"", 120000 }, { "\"1h\"", 3600000 },
};

START_TEST(reads_times)
{
	struct config_memory *m;
	char text[64];

	snprintf(text, sizeof(text), "must = \"\"; pause = %s;", times[_i].text);
	ck_assert_int_eq(read_kit(text, &m).pause, times[_i].ms);
	config_free_memory(m);
}
END_TEST

#define WANT_COUNT "want a whole number (tries, -10 to 1000)\n"
#define WANT_ROOM  "want a size such as 4096 or \"64K\" (bytes, 1 to 1024G)\n"
#define WANT_PAUSE                                                                                \
	"want a time such as 15, 0.25, \"250ms\" or \"2m\" (seconds, 0.001 to 3600, in steps of " \
	"0.001)\n"
#define WANT_MODE  "want one of \"off\", \"on\", \"auto\""
#define WANT_NAMES "want a list [ \"...\", ... ] of at most 3 texts\n"
#define WANT_ITEMS "want a list ( { ... }, ... ) of at most 2 groups\n"

static const struct {
	const char *text, *said; /* after "must" has been given in line 1 */
} wrong[] = {
	{ "on = 1;", "f:2: on: got 1, want true or false\n" },
	{ "on = \"yes\";", "f:2: on: got \"yes\", want true or false\n" },
	{ "count = 1001;", "f:2: count: got 1001, " WANT_COUNT },
	{ "count = -11;", "f:2: count: got -11, " WANT_COUNT },
	{ "count = \"5\";", "f:2: count: got \"5\", " WANT_COUNT },
	{ "count = 5.0;", "f:2: count: got 5.0, " WANT_COUNT },
	{ "count = 1.0e999;", "f:2: count: got inf, " WANT_COUNT },
	{ "count = true;", "f:2: count: got true, " WANT_COUNT },
	{ "count = 3000000000L;", "f:2: count: got 3000000000L, " WANT_COUNT },
	{ "count = { };", "f:2: count: got a group { ... }, " WANT_COUNT },
	{ "count = [ 1 ];", "f:2: count: got an array [ ... ], " WANT_COUNT },
	{ "count = ( 1 );", "f:2: count: got a list ( ... ), " WANT_COUNT },
	{ "room = 0;", "f:2: room: got 0, " WANT_ROOM },
	{ "room = \"64k\";", "f:2: room: got \"64k\", " WANT_ROOM },
	{ "room = \"K\";", "f:2: room: got \"K\", " WANT_ROOM },
	{ "room = \"\";", "f:2: room: got \"\", " WANT_ROOM },
	{ "room = \"064\";", "f:2: room: got \"064\", " WANT_ROOM },
	{ "room = \"-1\";", "f:2: room: got \"-1\", " WANT_ROOM },
	{ "room = \"64KB\";", "f:2: room: got \"64KB\", " WANT_ROOM },
	{ "room = \"1025G\";", "f:2: room: got \"1025G\", " WANT_ROOM },
	{ "room = \"9223372036854775807G\";",
	  "f:2: room: got \"9223372036854775807G\", " WANT_ROOM },
	{ "room = \"99999999999999999999\";",
	  "f:2: room: got \"99999999999999999999\", " WANT_ROOM },
	{ "room = 1.5;", "f:2: room: got 1.5, " WANT_ROOM },
	{ "pause = 0;", "f:2: pause: got 0, " WANT_PAUSE },
	{ "pause = 3601;", "f:2: pause: got 3601, " WANT_PAUSE },
	{ "pause = 0.0005;", "f:2: pause: got 0.0005, " WANT_PAUSE },
	{ "pause = 1.0e999;", "f:2: pause: got inf, " WANT_PAUSE },
	{ "pause = 9223372036854775807L;", "f:2: pause: got 9223372036854775807L, " WANT_PAUSE },
	{ "pause = \"15\";", "f:2: pause: got \"15\", " WANT_PAUSE },
	{ "pause = \"1.5s\";", "f:2: pause: got \"1.5s\", " WANT_PAUSE },
	{ "pause = \"2 m\";", "f:2: pause: got \"2 m\", " WANT_PAUSE },
	{ "text = 5;", "f:2: text: got 5, want a text in quotes\n" },
	{ "text = [ \"a\" ];", "f:2: text: got an array [ ... ], want a text in quotes\n" },
	{ "mode = \"offf\";", "f:2: mode: got \"offf\", " WANT_MODE "; did you mean \"off\"?\n" },
	{ "mode = \"Auto\";", "f:2: mode: got \"Auto\", " WANT_MODE "; did you mean \"auto\"?\n" },
	{ "mode = \"never\";", "f:2: mode: got \"never\", " WANT_MODE "\n" },
	{ "mode = true;", "f:2: mode: got true, " WANT_MODE "\n" },
	{ "mode = 1;", "f:2: mode: got 1, " WANT_MODE "\n" },
	{ "names = \"x\";", "f:2: names: got \"x\", " WANT_NAMES },
	{ "names = [ \"a\", \"b\", \"c\", \"d\" ];", "f:2: names: got 4 items, " WANT_NAMES },
	{ "names = (\n\"a\",\n5\n);", "f:4: names: got 5, want a text in quotes\n" },
	{ "items = [ ];", "f:2: items: got an array [ ... ], " WANT_ITEMS },
	{ "items = { };", "f:2: items: got a group { ... }, " WANT_ITEMS },
	{ "items = ( {}, {}, {} );", "f:2: items: got 3 items, " WANT_ITEMS },
	{ "items = (\n{ path = \"\"; },\n\"x\"\n);",
	  "f:4: items: got \"x\", want a group { ... }\n" },
	{ "items = (\n{ path = \"\"; },\n{ }\n);", "f:4: path: missing, want a text in quotes\n" },
	{ "items = ( { path = \"\"; weight = 10; } );",
	  "f:2: weight: got 10, want a whole number (stones, 0 to 9)\n" },
	{ "inner = 5;", "f:2: inner: got 5, want a group { ... }\n" },
	{ "inner = {\ndepth = 6; };", "f:3: depth: got 6, want a whole number (metres, 1 to 5)\n" },
	{ "inner = {\n\ndeepth = 2; };", "f:4: deepth: unknown key; did you mean \"depth\"?\n" },
	{ "inner = { xyzzy = 2; };", "f:2: xyzzy: unknown key, want one of label, depth\n" },
	{ "cuont = 2;", "f:2: cuont: unknown key; did you mean \"count\"?\n" },
	{ "type = \"kit\";",
	  "f:2: type: unknown key, want one of on, count, big, room, pause, text, "
	  "must, mode, names, items, inner\n" },
};

START_TEST(refuses_wrong_values)
{
	struct config_memory *m = NULL;
	struct said said = { 0 };
	struct kit k;
	char text[256];

	snprintf(text, sizeof(text), "must = \"\";\n%s", wrong[_i].text);
	ck_assert_int_eq(
		config_read_settings("f", text, kit_rows, &k, NULL, NULL, &m, said_report, &said),
		-EINVAL);
	ck_assert_str_eq(said.text, wrong[_i].said);
	ck_assert_ptr_null(m);
}
END_TEST

START_TEST(misses_what_must_be_given)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;

	ck_assert_int_eq(config_read_settings("f", "\n\non = true;", kit_rows, &k, NULL, NULL, &m,
					      said_report, &said),
			 -EINVAL);
	ck_assert_str_eq(said.text, "f:1: must: missing, want a text in quotes\n");
}
END_TEST

START_TEST(cuts_long_texts_in_sentences)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;

	config_read_settings("f",
			     "must = \"\"; mode = \"0123456789 0123456789 0123456789 0123456789 "
			     "0123456789 0123456789 0123456789 0123456789\\t\";",
			     kit_rows, &k, NULL, NULL, &m, said_report, &said);
	ck_assert_str_eq(said.text, "f:1: mode: got \"0123456789 0123456789 0123456789 0123456789 "
				    "0123456789 0123456789 01234567...\", " WANT_MODE "\n");
}
END_TEST

START_TEST(shows_no_control_characters)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;

	config_read_settings("f", "must = \"\"; mode = \"a\\x1b[1m\\nb\";", kit_rows, &k, NULL,
			     NULL, &m, said_report, &said);
	ck_assert_str_eq(said.text, "f:1: mode: got \"a?[1m?b\", " WANT_MODE "\n");
}
END_TEST

START_TEST(reports_all_errors_in_the_order_of_lines)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;

	config_read_settings("f",
			     "on = 1;\ncount = 5000000000;\nzzz = 2;\nnames = [ 1 ];\nroom = 0600;",
			     kit_rows, &k, NULL, NULL, &m, said_report, &said);
	ck_assert_str_eq(
		said.text,
		"f:1: on: got 1, want true or false\n"
		"f:1: must: missing, want a text in quotes\n"
		"f:2: count: got 5000000000, want an L at its end: whole numbers beyond 32 "
		"bits need it\n"
		"f:3: zzz: unknown key, want one of on, count, big, room, pause, text, must, "
		"mode, names, items, inner\n"
		"f:4: names: got 1, want a text in quotes\n"
		"f:5: room: got 0600, want 600: a leading zero is not octal here\n");
}
END_TEST

START_TEST(plugins_cannot_be_hosted_without_an_outer_one)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct nest n;

	ck_assert_int_eq(config_read_settings("f", "main = \"plain\";", nest_rows, &n, NULL,
					      &sources, &m, said_report, &said),
			 -EINVAL);
	ck_assert_str_eq(said.text,
			 "f:1: main: got \"plain\", want none: no plugin can be hosted here\n");
}
END_TEST

START_TEST(hosts_plugins_below_an_outer_one)
{
	struct instance *outer = instance_new(&plugin_nest, "outer");
	struct config_memory *m;
	struct said said = { 0 };
	struct nest *n = outer->settings;

	ck_assert_int_eq(config_read_settings("f", "main = \"plain\";", nest_rows, n, outer,
					      &sources, &m, said_report, &said),
			 0);
	ck_assert_ptr_eq(n->main, &outer->hosted->self);
	ck_assert_str_eq(n->main->name, "plain");
	instance_free(outer);
	config_free_memory(m);
}
END_TEST

START_TEST(no_rows_take_no_keys)
{
	struct config_memory *m;
	struct said said = { 0 };

	ck_assert_int_eq(
		config_read_settings("f", "", NULL, NULL, NULL, NULL, &m, said_report, &said), 0);
	config_free_memory(m);
	config_free_memory(NULL);
	ck_assert_int_eq(
		config_read_settings("f", "a = 1;", NULL, NULL, NULL, NULL, &m, said_report, &said),
		-EINVAL);
	ck_assert_str_eq(said.text, "f:1: a: unknown key, want none here\n");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		sets_defaults,
		reads_every_type,
		misses_what_must_be_given,
		cuts_long_texts_in_sentences,
		shows_no_control_characters,
		reports_all_errors_in_the_order_of_lines,
		plugins_cannot_be_hosted_without_an_outer_one,
		hosts_plugins_below_an_outer_one,
		no_rows_take_no_keys,
	};
	TCase *cases = SUITE_CASE("config_values", tests, NULL, NULL);

	tcase_add_loop_test(cases, reads_sizes, 0, sizeof(sizes) / sizeof(*sizes));
	tcase_add_loop_test(cases, reads_times, 0, sizeof(times) / sizeof(*times));
	tcase_add_loop_test(cases, refuses_wrong_values, 0, sizeof(wrong) / sizeof(*wrong));
	return suite_run("config_values", cases);
}
