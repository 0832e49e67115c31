/* SPDX-License-Identifier: MIT */
/* Plugins that write down who was started and stopped, in words of "+name" and "-name". */
#include "core/instance.h"

#include "core_fixture.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

static char said[256];
static const char *failing; /* whose start() fails */

static void say(const char *sign, struct modus_conn *task)
{
	strcat(strcat(strcat(said, sign), modus_instance(task)->name), " ");
}

static int starts(struct modus_conn *task)
{
	const char *name = modus_instance(task)->name;

	if (failing && !strcmp(name, failing))
		return -ENOTTY;
	say("+", task);
	return 0;
}

static void stops(struct modus_conn *task)
{
	say("-", task);
}

static struct core_fixture f;
static struct modus_plugin plugin = {
	.name = "plugin", .start = starts, .stop = stops, .shared_size = 10000, .settings_size = 48
};
enum { ALL = 5 };
static struct instance *outer, *a, *b, *c, *inner, *all[ALL];
static struct modus_conn *task;

/* outer hosts a, b and c; b hosts inner. */
static void begin(void)
{
	f.plugin = plugin;
	outer = fixture_plan(&f);
	a = fixture_instance(&plugin, "a");
	b = fixture_instance(&plugin, "b");
	c = fixture_instance(&plugin, "c");
	inner = fixture_instance(&plugin, "inner");
	instance_host(outer, a);
	instance_host(outer, b);
	instance_host(b, inner);
	instance_host(outer, c);
	memcpy(all, (struct instance *[ALL]) { outer, a, b, c, inner }, sizeof(all));
	fixture_open(&f);
	task = conn_task_begin(&f.worker);
	ck_assert_ptr_nonnull(task);
}

static void end(void)
{
	conn_task_end(task);
	fixture_close(&f);
}

static void check_start(const char *who_fails, const char *want)
{
	failing = who_fails;
	said[0] = '\0';
	ck_assert_int_eq(instance_start(outer, task), who_fails ? -ENOTTY : 0);
	ck_assert_str_eq(said, want);
	ck_assert_ptr_eq(task->instance, outer); /* as before */
}

START_TEST(test_a_new_one_is_zeroed)
{
	char name[] = "changes";
	struct instance *i = instance_new(&plugin, name);

	ck_assert_ptr_nonnull(i);
	name[0] = 'C';
	ck_assert_str_eq(i->self.name, "changes");
	ck_assert_ptr_eq(modus_plugin(&i->self), &plugin);
	ck_assert_ptr_eq(i->self.settings, i->settings);
	for (size_t n = 0; n < plugin.settings_size; n++)
		ck_assert_int_eq(((char *)i->settings)[n], 0);
	ck_assert_ptr_null(i->shared);
	instance_free(i);
	instance_free(NULL);
}
END_TEST

START_TEST(test_each_has_a_number_of_its_own)
{
	unsigned seen = 0;

	begin();
	ck_assert_uint_eq(f.service.instances, ALL);
	ck_assert_uint_eq(outer->index, 0);
	for (int i = 0; i < ALL; i++)
		seen |= 1u << all[i]->index;
	ck_assert_uint_eq(seen, 0x1f);
	end();
}
END_TEST

START_TEST(test_inner_ones_start_first)
{
	begin();
	check_start(NULL, "+a +inner +b +c +outer ");
	instance_stop(outer, task);
	end();
}
END_TEST

START_TEST(test_the_last_started_stops_first)
{
	begin();
	check_start(NULL, "+a +inner +b +c +outer ");
	said[0] = '\0';
	instance_stop(outer, task);
	ck_assert_str_eq(said, "-outer -c -b -inner -a ");
	ck_assert_ptr_eq(task->instance, outer);
	end();
}
END_TEST

/* Those and no others, in whatever order. */
START_TEST(test_a_failure_stops_those_that_were_started)
{
	begin();
	check_start("a", "");
	check_start("inner", "+a -a ");
	failing = "outer";
	said[0] = '\0';
	ck_assert_int_eq(instance_start(outer, task), -ENOTTY);
	ck_assert_ptr_nonnull(strstr(said, "-a "));
	ck_assert_ptr_nonnull(strstr(said, "-b "));
	ck_assert_ptr_nonnull(strstr(said, "-c "));
	ck_assert_ptr_nonnull(strstr(said, "-inner "));
	ck_assert_ptr_null(strstr(said, "-outer "));
	ck_assert_uint_eq(strlen(said), 2 * strlen("+a +b +c +inner "));
	end();
}
END_TEST

START_TEST(test_a_failure_stops_the_last_started_first)
{
	begin();
	check_start("b", "+a +inner -inner -a ");
	check_start("c", "+a +inner +b -b -inner -a ");
	check_start("outer", "+a +inner +b +c -c -b -inner -a ");
	end();
}
END_TEST

static void check_zeroed(const struct instance *i)
{
	const char *at = i->shared;

	ck_assert_ptr_nonnull(at);
	ck_assert(at[0] == 0 && !memcmp(at, at + 1, plugin.shared_size - 1));
}

START_TEST(test_shared_blocks_are_zeroed_at_each_start)
{
	begin();
	for (int round = 0; round < 3; round++) {
		failing = NULL;
		ck_assert_int_eq(instance_start(outer, task), 0);
		for (int i = 0; i < ALL; i++) {
			check_zeroed(all[i]);
			memset(all[i]->shared, 0x55, plugin.shared_size);
		}
		instance_stop(outer, task);
	}
	failing = "c";
	ck_assert_int_eq(instance_start(outer, task), -ENOTTY);
	end();
}
END_TEST

START_TEST(test_shared_blocks_are_shared_with_children)
{
	int status;
	pid_t pid;

	begin();
	failing = NULL;
	ck_assert_int_eq(instance_start(outer, task), 0);
	pid = fork();
	if (pid == 0) {
		strcpy(inner->shared, "seen");
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_str_eq(inner->shared, "seen");
	ck_assert_str_eq(b->shared, "");
	instance_stop(outer, task);
	end();
}
END_TEST

START_TEST(test_what_a_plugin_lacks_is_not_called)
{
	static const struct modus_plugin bare = { .name = "bare" };
	struct instance *i = fixture_instance(&bare, "i");

	begin();
	ck_assert_int_eq(instance_start(i, task), 0);
	ck_assert_ptr_null(i->shared);
	instance_stop(i, task);
	instance_free(i);
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_a_new_one_is_zeroed,
		test_each_has_a_number_of_its_own,
		test_inner_ones_start_first,
		test_the_last_started_stops_first,
		test_a_failure_stops_those_that_were_started,
		test_a_failure_stops_the_last_started_first,
		test_shared_blocks_are_zeroed_at_each_start,
		test_shared_blocks_are_shared_with_children,
		test_what_a_plugin_lacks_is_not_called,
	};

	return SUITE_RUN("instance", tests, NULL, NULL);
}
