/* SPDX-License-Identifier: MIT */
/* The config of a comparison, written and read again. */
#include "compare/stage/subject.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct probe_settings {
	int64_t children, left_alone, pause, memory, huge, bounded;
	bool park;
	int order;
};

static const struct modus_setting rows[] = {
	MODUS_INT(struct probe_settings, children, "children", 10, 1, 100000, "processes", "Most."),
	MODUS_INT(struct probe_settings, left_alone, "left_alone", 7, 1, 9, "things",
		  "Not raised."),
	MODUS_TIME(struct probe_settings, pause, "pause", 0, 0, 10000, "A time."),
	MODUS_BYTES(struct probe_settings, memory, "memory", 1, 0, INT64_MAX, "A size."),
	MODUS_INT(struct probe_settings, huge, "huge", 1, 0, INT64_MAX, "things",
		  "Beyond 31 bits."),
	MODUS_INT(struct probe_settings, bounded, "bounded", 1, 1, 100, "things", "Has an end."),
	MODUS_BOOL(struct probe_settings, park, "park", true, "A switch."),
	MODUS_CHOICE(struct probe_settings, order, "order", 0, "first|last|none", "A choice."),
	MODUS_END
};

static void probe_raise(void *settings, int64_t n)
{
	struct probe_settings *p = settings;

	p->children = n;
	p->pause = 2500;
	p->memory = INT64_C(5000000000);
	p->huge = INT64_C(6000000000);
	p->bounded = 101;
	p->park = false;
	p->order = 1;
}

static const struct modus_model probe = {
	.name = "probe",
	.settings = rows,
	.settings_size = sizeof(struct probe_settings),
	.raise = probe_raise,
};
static const struct modus_model plain = { .name = "plain" };

static char in[32] = "/tmp/check_subject.XXXXXX", out[32] = "/tmp/check_subject.XXXXXX", why[512];
static struct subject subject;
static config_t got;

static void put(const char *text)
{
	FILE *f = fopen(in, "we");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

/* Writes the config for n connections under model and reads it into got. */
static void write_and_read(const struct modus_model *model, unsigned n)
{
	ck_assert_int_eq(subject_write(&subject, model, n, out, why, sizeof(why)), 0);
	ck_assert_msg(config_read_file(&got, out), "%s", config_error_text(&got));
}

static const char *text_of(const char *path)
{
	const char *text = NULL;

	ck_assert_msg(config_lookup_string(&got, path, &text), "no text %s", path);
	return text;
}

static long long number_of(const char *path)
{
	long long n;

	ck_assert_msg(config_lookup_int64(&got, path, &n), "no number %s", path);
	return n;
}

START_TEST(test_built_in_is_echo)
{
	ck_assert_int_eq(subject_open(&subject, NULL, why, sizeof(why)), 0);
	write_and_read(&plain, 64);
	ck_assert_str_eq(text_of("services.[0].handler.type"), "echo");
	ck_assert_str_eq(text_of("services.[0].model.type"), "plain");
	ck_assert_str_eq(text_of("services.[0].listen.[0]"), "tcp://127.0.0.1:0");
	ck_assert_int_ge(number_of("services.[0].limits.connections"), 64);
}
END_TEST

START_TEST(test_datagrams_stay_datagrams)
{
	put("scenario = { }; services = ( { name = \"x\"; listen = [ \"udp://0.0.0.0:9\" ]; "
	    "handler = \"echo\"; } );");
	ck_assert_int_eq(subject_open(&subject, in, why, sizeof(why)), 0);
	write_and_read(&plain, 5);
	ck_assert_str_eq(text_of("services.[0].listen.[0]"), "udp://127.0.0.1:0");
	ck_assert_ptr_null(config_lookup(&got, "scenario"));
}
END_TEST

START_TEST(test_raised_settings)
{
	double pause;
	int park;

	ck_assert_int_eq(subject_open(&subject, NULL, why, sizeof(why)), 0);
	write_and_read(&probe, 512);
	ck_assert_int_ge(number_of("services.[0].model.children"), 512);
	ck_assert_ptr_null(config_lookup(&got, "services.[0].model.left_alone"));
	ck_assert(config_lookup_float(&got, "services.[0].model.pause", &pause));
	ck_assert_double_eq(pause, 2.5);
	ck_assert_str_eq(text_of("services.[0].model.memory"), "5000000000");
	ck_assert_int_eq(number_of("services.[0].model.huge"), 6000000000);
	ck_assert_int_eq(number_of("services.[0].model.bounded"), 100);
	ck_assert(config_lookup_bool(&got, "services.[0].model.park", &park) && !park);
	ck_assert_str_eq(text_of("services.[0].model.order"), "last");
}
END_TEST

START_TEST(test_the_rest_is_kept)
{
	put("plugin_path = \"/a:/b\"; log_format = \"json\";\n"
	    "services = ( { name = \"one\"; listen = [ \"tcp://0.0.0.0:80\", \"udp://0.0.0.0:9\" "
	    "];\n"
	    "  model = { type = \"pool\"; threads = 3; };\n"
	    "  handler = { type = \"my \\\"echo\\\"\"; deep = ( { list = ( 1, ( 2.5, true ) ); } "
	    "); };\n"
	    "  limits = { connections = 1; }; timeouts = { idle = 2.5; grace = 100; };\n"
	    "  big = 5000000000L; }, { name = \"two\"; } );\n");
	ck_assert_int_eq(subject_open(&subject, in, why, sizeof(why)), 0);
	write_and_read(&plain, 64);
	ck_assert_str_eq(text_of("plugin_path"), "/a:/b");
	ck_assert_ptr_null(config_lookup(&got, "log_format"));
	ck_assert_int_eq(config_setting_length(config_lookup(&got, "services")), 1);
	ck_assert_str_eq(text_of("services.[0].name"), "one");
	ck_assert_int_eq(config_setting_length(config_lookup(&got, "services.[0].listen")), 1);
	ck_assert_ptr_null(config_lookup(&got, "services.[0].model.threads"));
	ck_assert_str_eq(text_of("services.[0].handler.type"), "my \"echo\"");
	ck_assert_int_eq(number_of("services.[0].handler.deep.[0].list.[0]"), 1);
	ck_assert_ptr_nonnull(config_lookup(&got, "services.[0].handler.deep.[0].list.[1].[1]"));
	ck_assert_int_ge(number_of("services.[0].limits.connections"), 64);
	ck_assert_int_eq(number_of("services.[0].timeouts.grace"), 1);
	ck_assert_ptr_nonnull(config_lookup(&got, "services.[0].timeouts.idle"));
	ck_assert_int_eq(number_of("services.[0].big"), 5000000000);
}
END_TEST

static void check_handler(const char *text, const char *member, const char *want)
{
	put(text);
	ck_assert_int_eq(subject_open(&subject, in, why, sizeof(why)), 0);
	write_and_read(&plain, 1);
	ck_assert_str_eq(text_of(member), want);
	subject_close(&subject);
}

/* As modus serve would find it, from the directory that it is started in. */
START_TEST(test_a_plugin_beside_the_config)
{
	char text[128];

	ck_assert_int_eq(chdir("/tmp"), 0);
	snprintf(text, sizeof(text), "services = ( { handler = \".%s\"; } );", strrchr(in, '/'));
	check_handler(text, "services.[0].handler", in);
	snprintf(text, sizeof(text), "services = ( { handler = { type = \".%s\"; }; } );",
		 strrchr(in, '/'));
	check_handler(text, "services.[0].handler.type", in);
	check_handler("services = ( { handler = \"./nosuch.so\"; } );", "services.[0].handler",
		      "./nosuch.so");
	check_handler("services = ( { handler = \"echo\"; } );", "services.[0].handler", "echo");
	config_init(&subject.file);
}
END_TEST

START_TEST(test_refused)
{
	static const char *const bad[] = { "", "services = 5;", "services = ();",
					   "services = ( 1 );", "services = ( { name = ; } );" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put(bad[i]);
		ck_assert_int_eq(subject_open(&subject, in, why, sizeof(why)), -EINVAL);
		ck_assert_ptr_nonnull(strstr(why, in));
		subject_close(&subject);
	}
	ck_assert_int_eq(subject_open(&subject, "/nonexistent/x.conf", why, sizeof(why)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "No such file"));
}
END_TEST

START_TEST(test_cannot_be_written)
{
	ck_assert_int_eq(subject_open(&subject, NULL, why, sizeof(why)), 0);
	ck_assert_int_lt(subject_write(&subject, &plain, 1, "/nonexistent/x", why, sizeof(why)), 0);
	ck_assert_ptr_nonnull(strstr(why, "/nonexistent/x"));
}
END_TEST

static void set_up(void)
{
	close(mkstemp(in));
	close(mkstemp(out));
	config_init(&got);
}

static void tear_down(void)
{
	subject_close(&subject);
	config_destroy(&got);
	unlink(in);
	unlink(out);
}

int main(void)
{
	const TTest *const tests[] = {
		test_built_in_is_echo,  test_datagrams_stay_datagrams,   test_raised_settings,
		test_the_rest_is_kept,  test_a_plugin_beside_the_config, test_refused,
		test_cannot_be_written,
	};

	return SUITE_RUN("subject", tests, set_up, tear_down);
}
