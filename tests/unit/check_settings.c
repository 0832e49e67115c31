/* SPDX-License-Identifier: MIT */
#include "core/settings.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct part {
	int64_t n;
};

struct all {
	bool flag;
	int64_t n, bytes, ms;
	const char *text, *must;
	int choice;
	struct modus_list list;
	struct part part;
	struct modus_instance *hosted;
};

static const struct modus_setting part_rows[] = {
	MODUS_INT(struct part, n, "n", 7, 0, 9, "things", "A number."), MODUS_END
};

static const struct modus_setting all_rows[] = {
	MODUS_BOOL(struct all, flag, "flag", true, "A flag."),
	MODUS_INT(struct all, n, "n", 5, 0, 9, "things", "A number."),
	MODUS_BYTES(struct all, bytes, "bytes", 4096, 0, 1 << 20, "A size."),
	MODUS_TIME(struct all, ms, "ms", 1500, 0, 9000, "A time."),
	MODUS_TEXT(struct all, text, "text", "x", "A text."),
	MODUS_TEXT(struct all, must, "must", NULL, "A text that must be given."),
	MODUS_CHOICE(struct all, choice, "choice", 2, "off|on|auto", "A choice."),
	MODUS_LIST(struct all, list, "list", 4, part_rows, sizeof(struct part), "A list."),
	MODUS_GROUP(struct all, part, "part", part_rows, "A group."),
	MODUS_HOSTED(struct all, hosted, "hosted", "A plugin."),
	MODUS_END
};

START_TEST(accepts_every_type)
{
	char why[128] = "";

	ck_assert_int_eq(settings_check_rows(all_rows, sizeof(struct all), why, sizeof(why)), 0);
	ck_assert_str_eq(why, "");
	ck_assert_int_eq(settings_check_rows(NULL, 0, why, sizeof(why)), 0);
}
END_TEST

#define ROW(...)                           \
	{                                  \
		{ __VA_ARGS__ }, MODUS_END \
	}
#define INT_ROW(def, min, max, unit, doc) ROW("k", unit, doc, MODUS_T_INT, 0, def, min, max)
#define CHOICE_ROW(def, words)            ROW("k", "", "d", MODUS_T_CHOICE, 0, def, 0, 0, words)

static const struct modus_setting twice[] = {
	MODUS_INT(struct all, n, "n", 5, 0, 9, "things", "A number."),
	MODUS_INT(struct all, ms, "n", 5, 0, 9, "things", "A number."), MODUS_END
};
static const struct modus_setting endless[] = {
	{ "k", "", "d", MODUS_T_GROUP, 0, 0, 0, 0, NULL, endless, 8 }, MODUS_END
};
static const struct modus_setting bad_part[] = INT_ROW(1, 2, 3, "things", "d");

static const struct {
	struct modus_setting rows[2];
	const char *why;
} wrong[] = {
	{ ROW("", "", "d", MODUS_T_BOOL), "setting \"\": want a key of a-z, 0-9 and _ that begins "
					  "with a letter" },
	{ ROW("a b", "", "d", MODUS_T_BOOL), "setting \"a b\": want a key of a-z, 0-9 and _ that "
					     "begins with a letter" },
	{ ROW("9", "", "d", MODUS_T_BOOL),
	  "setting \"9\": want a key of a-z, 0-9 and _ that begins "
	  "with a letter" },
	{ ROW("type", "", "d", MODUS_T_BOOL), "setting \"type\": want another key: type names the "
					      "plugin or the model itself" },
	{ ROW("k", "", "d", (enum modus_type)99), "setting \"k\": its type is unknown here" },
	{ ROW("k", "", "d", (enum modus_type)0), "setting \"k\": its type is unknown here" },
	{ ROW("k", "", NULL, MODUS_T_BOOL),
	  "setting \"k\": got no sentence, want one that documents "
	  "it" },
	{ ROW("k", "", "", MODUS_T_BOOL),
	  "setting \"k\": got no sentence, want one that documents it" },
	{ ROW("k", "", "d ", MODUS_T_BOOL),
	  "setting \"k\": got a sentence with a blank at its end, "
	  "want none" },
	{ ROW("k", "", "d", MODUS_T_BOOL, 0, 2), "setting \"k\": want true or false by default" },
	{ INT_ROW(0, 0, 1, "", "d"), "setting \"k\": got no unit, want one" },
	{ INT_ROW(0, 2, 1, "u", "d"), "setting \"k\": got a least value above the greatest, want a "
				      "range" },
	{ INT_ROW(0, 1, 2, "u", "d"), "setting \"k\": got a default out of its range, want one "
				      "within" },
	{ INT_ROW(3, 1, 2, "u", "d"), "setting \"k\": got a default out of its range, want one "
				      "within" },
	{ CHOICE_ROW(0, NULL), "setting \"k\": got no words, want them divided by |" },
	{ CHOICE_ROW(0, "a||b"), "setting \"k\": got an empty word, want words divided by |" },
	{ CHOICE_ROW(0, "ab|a|ab"), "setting \"k\": got a word twice, want each once" },
	{ CHOICE_ROW(2, "a|b"), "setting \"k\": got a default beyond its words, want the index of "
				"one" },
	{ CHOICE_ROW(-1, "a|b"), "setting \"k\": got a default beyond its words, want the index of "
				 "one" },
	{ ROW("k", "", "d", MODUS_T_LIST), "setting \"k\": got no greatest count, want 1 or more" },
	{ ROW("k", "", "d", MODUS_T_LIST, 0, 0, 0, 1, NULL, part_rows, 0),
	  "setting \"k\": got no size of the struct that its rows fill" },
	{ ROW("k", "", "d", MODUS_T_GROUP), "setting \"k\": got no rows, want those of the group" },
	{ ROW("k", "", "d", MODUS_T_GROUP, 8, 0, 0, 0, NULL, part_rows, sizeof(struct all)),
	  "setting \"k\": its field lies beyond the struct: is the struct's size given?" },
	{ ROW("k", "", "d", MODUS_T_TEXT, sizeof(struct all)),
	  "setting \"k\": its field lies beyond the struct: is the struct's size given?" },
	{ ROW("k", "", "d", MODUS_T_TEXT, SIZE_MAX - 1),
	  "setting \"k\": its field lies beyond the struct: is the struct's size given?" },
	{ ROW("k", "", "d", MODUS_T_TEXT, 1),
	  "setting \"k\": its field is not aligned for its type" },
	{ ROW("k", "", "d", MODUS_T_GROUP, 0, 0, 0, 0, NULL, endless, 8),
	  "setting \"k\": want rows nested at most 8 deep" },
	{ ROW("g", "", "d", MODUS_T_GROUP, 0, 0, 0, 0, NULL, bad_part, 8),
	  "setting \"k\": got a default out of its range, want one within" },
};

START_TEST(refuses_wrong_rows)
{
	char why[128] = "";

	ck_assert_int_eq(settings_check_rows(wrong[_i].rows, sizeof(struct all), why, sizeof(why)),
			 -EINVAL);
	ck_assert_str_eq(why, wrong[_i].why);
}
END_TEST

START_TEST(refuses_the_same_key_twice)
{
	char why[128];

	ck_assert_int_eq(settings_check_rows(twice, sizeof(struct all), why, sizeof(why)), -EINVAL);
	ck_assert_str_eq(why, "setting \"n\": got the key twice, want each once");
}
END_TEST

START_TEST(refuses_rows_without_an_end)
{
	static struct modus_setting many[SETTINGS_ROWS_MAX + 1];
	static char keys[SETTINGS_ROWS_MAX][16];
	char why[128];

	for (int i = 0; i < SETTINGS_ROWS_MAX; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%d", i);
		many[i] = (struct modus_setting) { keys[i], "", "d", MODUS_T_BOOL, (size_t)i };
	}
	ck_assert_int_eq(settings_check_rows(many, SETTINGS_ROWS_MAX, why, sizeof(why)), -EINVAL);
	ck_assert_str_eq(why, "setting \"k255\": want MODUS_END within 256 rows");
	many[SETTINGS_ROWS_MAX - 1] = (struct modus_setting)MODUS_END;
	ck_assert_int_eq(settings_check_rows(many, SETTINGS_ROWS_MAX, why, sizeof(why)), 0);
}
END_TEST

START_TEST(sets_defaults)
{
	struct all a;

	memset(&a, 0xa5, sizeof(a));
	settings_defaults(all_rows, &a);
	ck_assert(a.flag);
	ck_assert_int_eq(a.n, 5);
	ck_assert_int_eq(a.bytes, 4096);
	ck_assert_int_eq(a.ms, 1500);
	ck_assert_str_eq(a.text, "x");
	ck_assert_ptr_null(a.must);
	ck_assert_int_eq(a.choice, 2);
	ck_assert_uint_eq(a.list.count, 0);
	ck_assert_ptr_null(a.list.items);
	ck_assert_int_eq(a.part.n, 7);
	ck_assert_ptr_null(a.hosted);
}
END_TEST

START_TEST(finds_rows_types_and_words)
{
	size_t n;

	ck_assert_ptr_eq(settings_find(all_rows, "bytes"), &all_rows[2]);
	ck_assert_ptr_null(settings_find(all_rows, "byte"));
	ck_assert_ptr_null(settings_find(NULL, "byte"));
	for (int t = MODUS_T_BOOL; t <= MODUS_T_HOSTED; t++)
		ck_assert_ptr_nonnull(settings_type_name((enum modus_type)t));
	ck_assert_ptr_null(settings_type_name((enum modus_type)0));
	ck_assert_mem_eq(settings_word(&all_rows[6], 2, &n), "auto", 4);
	ck_assert_uint_eq(n, 4);
	ck_assert_mem_eq(settings_word(&all_rows[6], 1, &n), "on", 2);
	ck_assert_uint_eq(n, 2);
	ck_assert_ptr_null(settings_word(&all_rows[6], 3, &n));
}
END_TEST

static const struct {
	const char *word, *name; /* NULL: none is near */
} near[] = {
	{ "conections", "connections" },
	{ "connection", "connections" },
	{ "idel", "idle" },
	{ "timeout", "timeouts" },
	{ "lisen", "listen" },
	{ "listne", "listen" },
	{ "zzz", NULL },
	{ "x", NULL },
	{ "", NULL },
	{ "ilde", "idle" },
	{ "idleness", NULL },
	{ "lid", NULL },
};

START_TEST(names_the_nearest)
{
	static const char *const known[] = { "listen", "connections", "idle", "timeouts" };
	struct settings_nearest n = { .word = near[_i].word };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		settings_nearest_offer(&n, known[i], strlen(known[i]));
	ck_assert_pstr_eq(n.name, near[_i].name);
}
END_TEST

START_TEST(a_very_long_word_is_near_to_none)
{
	char word[4096];
	struct settings_nearest n = { .word = word };

	memset(word, 'a', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	settings_nearest_offer(&n, word, sizeof(word) - 1);
	settings_nearest_offer(&n, "aaaa", 4);
	ck_assert_ptr_null(n.name);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		accepts_every_type, refuses_the_same_key_twice, refuses_rows_without_an_end,
		sets_defaults,      finds_rows_types_and_words, a_very_long_word_is_near_to_none,
	};
	TCase *cases = SUITE_CASE("settings", tests, NULL, NULL);

	tcase_add_loop_test(cases, refuses_wrong_rows, 0, sizeof(wrong) / sizeof(*wrong));
	tcase_add_loop_test(cases, names_the_nearest, 0, sizeof(near) / sizeof(*near));
	return suite_run("settings", cases);
}
