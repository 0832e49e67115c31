/* SPDX-License-Identifier: MIT */
/* What a comparison's loads have in common, and which of them cannot be. */
#include "compare/loads.h"

#include "compare/load/talk.h"
#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

#include <errno.h>
#include <string.h>

static struct comparison c;
static struct comparison_options o;
static struct talk talk;
static char why[256];

static void say(struct talk_wish wish)
{
	talk_free(&talk);
	talk = (struct talk) { .wish = wish };
	ck_assert_msg(talk_read(&talk, NULL, why, sizeof(why)) == 0, "%s", why);
	o.talk = &talk;
}

static int check(bool datagrams)
{
	made_comparison(&c, &o);
	return loads_check(&c, datagrams, why, sizeof(why));
}

static void refused(const char *words)
{
	ck_assert_int_eq(check(false), -EINVAL);
	ck_assert_msg(strstr(why, words) != NULL, "%s", why);
}

START_TEST(test_common)
{
	struct load_options load;

	say((struct talk_wish) { .http.path = "/" });
	o.pipeline = 3;
	load = loads_common(&o);
	ck_assert_ptr_eq(load.http, &talk.http);
	ck_assert_uint_eq(load.pipeline, 3);
	ck_assert_uint_eq(load.size, 64);
	ck_assert_double_eq(load.duration, 1);
	o.pipeline = 0;
	o.talk = NULL;
	load = loads_common(&o);
	ck_assert_ptr_null(load.http);
	ck_assert_uint_eq(load.pipeline, 1);
}
END_TEST

START_TEST(test_fits)
{
	ck_assert_int_eq(check(false), 0);
	cells_free(&c);
	ck_assert_int_eq(check(true), 0);
	cells_free(&c);
	say((struct talk_wish) { .http.path = "/" });
	o.pipeline = 3;
	ck_assert_int_eq(check(false), 0);
}
END_TEST

/* The second load is the one that cannot be. */
START_TEST(test_misfits)
{
	o.modes[o.mode_count++] = LOAD_CLOSE;
	o.pipeline = 3;
	refused("a pipeline needs a stream and mode keep");
}
END_TEST

START_TEST(test_exchange_misfits)
{
	say((struct talk_wish) { .reply = "line" });
	refused("mode close");
	cells_free(&c);
	say((struct talk_wish) { .http.path = "/" });
	ck_assert_int_eq(check(true), -EINVAL);
	ck_assert_str_eq(why, "http needs a stream");
}
END_TEST

static void set_up(void)
{
	o = made_options();
	o.size = 64;
}

static void tear_down(void)
{
	cells_free(&c);
	talk_free(&talk);
}

int main(void)
{
	const TTest *tests[] = { test_common, test_fits, test_misfits, test_exchange_misfits };

	return SUITE_RUN("loads", tests, set_up, tear_down);
}
