/* SPDX-License-Identifier: MIT */
/* Which models, plugins and listeners go together, and what is said of those that do not. */
#include "core/plan.h"

#include "core_fixture.h"

#include <string.h>

enum {
	EVERYTHING = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT,
	MANY_THREADS = MODUS_CONCURRENT | MODUS_THREADED,
	MANY_PROCESSES = MODUS_CONCURRENT | MODUS_PROCESSES | MODUS_ISOLATED,
	EVENTS = MODUS_CONCURRENT | MODUS_EVENTED,
};

static struct core_fixture f;
static char why[512];

static void begin(unsigned capabilities, unsigned flags)
{
	memset(&f, 0, sizeof(f));
	f.model.capabilities = capabilities;
	f.plugin.flags = flags;
	fixture_plan(&f);
	memset(why, 0, sizeof(why));
}

static void end(void)
{
	instance_free(f.plan.handler);
}

static void check_fits(unsigned capabilities, unsigned flags)
{
	begin(capabilities, flags);
	ck_assert_msg(plan_misfit(&f.plan, why, sizeof(why)) == NULL, "%s", why);
	end();
}

/* A sentence that has all these words, which are divided by '|'. */
static void check_said(const char *words)
{
	char each[256], *rest = each, *word;

	ck_assert_ptr_eq(plan_misfit(&f.plan, why, sizeof(why)), why);
	strcpy(each, words);
	while ((word = strsep(&rest, "|")) != NULL)
		ck_assert_msg(strstr(why, word) != NULL, "no \"%s\" in \"%s\"", word, why);
}

START_TEST(test_pairs_that_go_together)
{
	check_fits(0, MODUS_STREAM);
	check_fits(MANY_PROCESSES, MODUS_STREAM);
	check_fits(MANY_PROCESSES, MODUS_STREAM | MODUS_BLOCKS);
	check_fits(0, MODUS_STREAM | MODUS_SHARES_MEMORY | MODUS_BLOCKS);
	check_fits(MANY_THREADS, EVERYTHING | MODUS_SHARES_MEMORY | MODUS_BLOCKS);
	check_fits(EVENTS, EVERYTHING | MODUS_SHARES_MEMORY);
}
END_TEST

START_TEST(test_serial_plugins_run_alone)
{
	begin(MANY_THREADS, MODUS_STREAM);
	check_said("model still|plugin fake|MODUS_REENTRANT|iterative|fork");
	end();
	begin(EVENTS, MODUS_STREAM);
	check_said("model still|plugin fake|MODUS_REENTRANT|iterative|fork");
	end();
}
END_TEST

START_TEST(test_processes_share_no_memory)
{
	begin(MANY_PROCESSES, EVERYTHING | MODUS_SHARES_MEMORY);
	check_said("model still|plugin fake|MODUS_SHARES_MEMORY|iterative|thread|pool|epoll");
	end();
}
END_TEST

START_TEST(test_blocking_plugins_stop_no_loop)
{
	begin(EVENTS, EVERYTHING | MODUS_BLOCKS);
	check_said("model still|plugin fake|MODUS_BLOCKS|fork|thread|pool");
	end();
}
END_TEST

/* However deep it hangs, the one that does not fit is named. */
START_TEST(test_hosted_plugins_must_fit_too)
{
	struct modus_plugin fine = { .name = "fine", .flags = EVERYTHING };
	struct modus_plugin deep = { .name = "deep", .flags = EVERYTHING | MODUS_BLOCKS };
	struct instance *inner = fixture_instance(&fine, "inner");

	begin(EVENTS, EVERYTHING);
	instance_host(f.plan.handler, fixture_instance(&fine, "first"));
	instance_host(f.plan.handler, inner);
	ck_assert_ptr_null(plan_misfit(&f.plan, why, sizeof(why)));
	instance_host(inner, fixture_instance(&deep, "innermost"));
	check_said("plugin deep|MODUS_BLOCKS");
	end();
}
END_TEST

static void listen_on(const char *const *texts, size_t count)
{
	f.plan.listen = (struct modus_list) { count, texts };
}

START_TEST(test_listeners_are_of_the_plugins_kind)
{
	static const char *const streams[] = { "tcp://*:0", "unix:///x" };
	static const char *const mixed[] = { "tcp://*:0", "udp://*:0" };
	static const char *const paths[] = { "unix-dgram:///y", "unix:///x" };

	begin(0, MODUS_STREAM);
	listen_on(streams, 2);
	ck_assert_ptr_null(plan_misfit(&f.plan, why, sizeof(why)));
	listen_on(mixed, 2);
	check_said("plugin fake|does not serve datagrams|udp://*:0");
	f.plugin.flags = MODUS_DATAGRAM;
	check_said("plugin fake|does not serve streams|tcp://*:0");
	listen_on(paths, 2);
	check_said("does not serve streams|unix:///x");
	f.plugin.flags = MODUS_STREAM | MODUS_DATAGRAM;
	ck_assert_ptr_null(plan_misfit(&f.plan, why, sizeof(why)));
	end();
}
END_TEST

START_TEST(test_who_speaks_first_defers_nothing)
{
	begin(0, MODUS_STREAM | MODUS_SPEAKS_FIRST);
	ck_assert_ptr_null(plan_misfit(&f.plan, why, sizeof(why)));
	f.plan.defer_accept = true;
	check_said("plugin fake|speaks first|remove defer_accept");
	f.plugin.flags = MODUS_STREAM;
	ck_assert_ptr_null(plan_misfit(&f.plan, why, sizeof(why)));
	end();
}
END_TEST

START_TEST(test_nothing_is_said_without_a_plugin)
{
	begin(EVENTS, 0);
	end();
	f.plan.handler = NULL;
	ck_assert_ptr_null(plan_misfit(&f.plan, why, sizeof(why)));
}
END_TEST

START_TEST(test_sentences_are_cut_to_size)
{
	begin(EVENTS, 0);
	memset(why, '#', sizeof(why));
	ck_assert_ptr_eq(plan_misfit(&f.plan, why, 20), why);
	ck_assert_str_eq(why, "model still cannot ");
	ck_assert_int_eq(why[20], '#');
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_pairs_that_go_together,          test_serial_plugins_run_alone,
		test_processes_share_no_memory,       test_blocking_plugins_stop_no_loop,
		test_hosted_plugins_must_fit_too,     test_listeners_are_of_the_plugins_kind,
		test_who_speaks_first_defers_nothing, test_nothing_is_said_without_a_plugin,
		test_sentences_are_cut_to_size,
	};

	return SUITE_RUN("plan", tests, NULL, NULL);
}
