/* SPDX-License-Identifier: MIT */
/* Reads scenarios: good ones, wrong ones, and those that are shipped. */
#include "compare/scenario.h"

#include "compare/stage/scenario_find.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVICES "services = ( { name = \"x\"; handler = \"echo\"; } );\n"
#define NEEDED   "title = \"T\"; question = \"Q?\";\n"

static char folder[] = "/tmp/check_scenario.XXXXXX", path[64], beside[64], why[1024];
static struct scenario scenario;

static void put(const char *file, const char *text)
{
	FILE *f = fopen(file, "we");

	ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void begin(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/some.conf", folder);
	snprintf(beside, sizeof(beside), "%s/some.script", folder);
	put(beside, "send \"x\\n\"\nexpect \"y\"\n");
}

static void end(void)
{
	scenario_free(&scenario);
	unlink(path);
	unlink(beside);
	rmdir(folder);
	strcpy(strrchr(folder, '.'), ".XXXXXX");
}

static int read_text(const char *keys)
{
	char text[2048];

	snprintf(text, sizeof(text), SERVICES "scenario = {\n%s};\n", keys);
	put(path, text);
	return scenario_read(&scenario, path, why, sizeof(why));
}

START_TEST(has_defaults)
{
	struct load_options none = scenario_load(NULL), own;

	ck_assert_msg(read_text(NEEDED "connections = [ 7 ];") == 0, "%s", why);
	own = scenario_load(&scenario);
	ck_assert_str_eq(scenario.name, "some");
	ck_assert_str_eq(scenario.title, "T");
	ck_assert_str_eq(scenario.question, "Q?");
	ck_assert_uint_eq(scenario.connections_count, 1);
	ck_assert_uint_eq(scenario.connections[0], 7);
	ck_assert_uint_eq(scenario.mode_count, 1);
	ck_assert_int_eq(scenario.modes[0], LOAD_KEEP);
	ck_assert_double_eq(scenario.duration, 0);
	ck_assert_uint_eq(own.size, none.size);
	ck_assert_uint_eq(own.pipeline, none.pipeline);
	ck_assert_ptr_null(own.script);
	ck_assert_ptr_null(own.bytes);
}
END_TEST

START_TEST(has_keys)
{
	struct load_options own;

	ck_assert_msg(
		read_text(NEEDED
			  "connections = [ 1, 1000000 ]; modes = [ \"close\", \"keep\" ];"
			  "rate = 5.5; arrivals = \"poisson\"; think = 0.25; ramp = 1; "
			  "per_connection = 9;"
			  "models = [ \"pool\", \"epoll\" ]; company = \"slow=20%,herd=1000\";"
			  "duration = 2; size = 100; pipeline = 16; request = \"a\\n\";"
			  "reply = \"exact:b\\n\";") == 0,
		"%s", why);
	own = scenario_load(&scenario);
	ck_assert_uint_eq(scenario.connections[1], 1000000);
	ck_assert_int_eq(scenario.modes[0], LOAD_CLOSE);
	ck_assert_int_eq(scenario.modes[1], LOAD_KEEP);
	ck_assert_double_eq(scenario.duration, 2);
	ck_assert_uint_eq(own.size, 100);
	ck_assert_uint_eq(own.pipeline, 16);
	ck_assert_uint_eq(scenario.model_count, 2);
	ck_assert_str_eq(scenario.models[1], "epoll");
	ck_assert_ptr_eq(own.company, &scenario.company);
	ck_assert_uint_eq(scenario_clients(&scenario, 50), 50 + 10 + 1000);
	ck_assert_uint_eq(scenario_clients(NULL, 50), 50);
	ck_assert_double_eq(own.rate, 5.5);
	ck_assert_int_eq(own.arrivals, PACE_POISSON);
	ck_assert_double_eq(own.think, 0.25);
	ck_assert_double_eq(own.ramp, 1);
	ck_assert_uint_eq(own.per_connection, 9);
	ck_assert_ptr_null(own.script);
	ck_assert_ptr_nonnull(own.bytes);
	ck_assert_uint_eq(own.bytes->request.size, 2);
	ck_assert_mem_eq(own.bytes->request.bytes, "a\n", 2);
	ck_assert_uint_eq(own.bytes->size, 2);
}
END_TEST

START_TEST(takes_a_rate)
{
	ck_assert_msg(read_text(NEEDED "connections = [ 7 ]; knee = 0.01;") == 0, "%s", why);
	ck_assert_double_eq_tol(scenario.knee, 0.01, 1e-9);
	ck_assert(scenario_takes_rate(&scenario));
	scenario_free(&scenario);
	ck_assert_msg(read_text(NEEDED "connections = [ 7 ]; think = 1;") == 0, "%s", why);
	ck_assert(!scenario_takes_rate(&scenario));
}
END_TEST

START_TEST(finds_the_script_beside_it)
{
	ck_assert_msg(read_text(NEEDED "connections = [ 1 ]; script = \"some.script\";") == 0, "%s",
		      why);
	ck_assert_ptr_eq(scenario_load(&scenario).script, &scenario.talk.script);
	ck_assert_uint_eq(scenario.talk.script.step_count, 2);
}
END_TEST

START_TEST(has_http)
{
	const struct http *h;

	put(beside, "hello");
	ck_assert_msg(read_text(NEEDED "connections = [ 1 ]; http = \"/a\"; method = \"PUT\"; "
				       "headers = [ \"A: b\", \"C: d\" ]; body = \"@some.script\"; "
				       "expect_body = \"some.script\"; status = 201; "
				       "any_body = false;") == 0,
		      "%s", why);
	h = scenario_load(&scenario).http;
	ck_assert_ptr_eq(h, &scenario.talk.http);
	ck_assert_str_eq(h->name, "PUT /a");
	ck_assert_str_eq(h->headers, "A: b\r\nC: d\r\n");
	ck_assert_uint_eq(h->body.size, 5);
	ck_assert_uint_eq(h->expected.size, 5);
	ck_assert_uint_eq(h->status, 201);
	ck_assert(!h->any_body);
}
END_TEST

#define ALL     NEEDED "connections = [ 1 ];\n"
#define NUMBERS "[ ... ] of 1 to 16 numbers from 1 to 1000000"
#define MODES   "[ ... ] of \"keep\", \"close\" or both"

static const struct {
	const char *keys, *why; /* after the path and a colon */
} wrong[] = {
	{ "", "2: title: got nothing, want a text" },
	{ "title = \"T\";", "2: question: got nothing, want a text" },
	{ NEEDED, "2: connections: got nothing, want " NUMBERS },
	{ "title = 3;\n", "3: title: got 3, want a text" },
	{ "title = \"\";\n", "3: title: got \"\", want a text" },
	{ NEEDED "connections = 3;\n", "4: connections: got 3, want " NUMBERS },
	{ NEEDED "connections = [];\n", "4: connections: got a list, want " NUMBERS },
	{ NEEDED "connections = [ 1,\n 0 ];\n", "5: connections: got 0, want " NUMBERS },
	{ NEEDED "connections = [ 1000001 ];\n", "4: connections: got 1000001, want " NUMBERS },
	{ NEEDED "connections = [ 1.5 ];\n", "4: connections: got 1.5, want " NUMBERS },
	{ NEEDED "connections = { a = 1; };\n",
	  "4: connections: got a group { ... }, want " NUMBERS },
	{ NEEDED "connections = [ 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8 ];\n",
	  "4: connections: got a list, want " NUMBERS },
	{ ALL "modes = [ \"open\" ];\n", "5: modes: got \"open\", want " MODES },
	{ ALL "modes = [ 1 ];\n", "5: modes: got 1, want " MODES },
	{ ALL "modes = \"keep\";\n", "5: modes: got \"keep\", want " MODES },
	{ ALL "duration = true;\n", "5: duration: got true, want seconds from 0.01 to 3600" },
	{ ALL "duration = 1e9;\n", "5: duration: got 1e+09, want seconds from 0.01 to 3600" },
	{ ALL "size = 0;\n", "5: size: got 0, want bytes from 1 to 67108864" },
	{ ALL "pipeline = -1;\n", "5: pipeline: got -1, want a number from 1 to 1024" },
	{ ALL "rate = 0;\n", "5: rate: got 0, want requests per second from 0.1 to 100000000" },
	{ ALL "arrivals = \"often\";\n",
	  "5: arrivals: got \"often\", want \"constant\" or \"poisson\"" },
	{ ALL "models = \"pool\";\n",
	  "5: models: got \"pool\", want [ ... ] of the names of models" },
	{ ALL "models = [ 1 ];\n", "5: models: got a list, want [ ... ] of the names of models" },
	{ ALL "company = 5;\n", "5: company: got 5, want clients as \"slow=20%,herd=1000\"" },
	{ ALL "company = \"good=5\";\n",
	  "5: company: got 'good=5', want KIND=NUMBER or KIND=SHARE%, KIND one of silent, trickle, "
	  "slow, reset, half, herd" },
	{ ALL "knee = 0;\n", "5: knee: got 0, want seconds from 0.00001 to 3600" },
	{ ALL "pipeline = 2;\nknee = 0.01;\n",
	  "6: knee: got 0.01, want none beside a script, a pipeline or time to think" },
	{ ALL "knee = 0.01;\nscript = \"some.script\";\n",
	  "5: knee: got 0.01, want none beside a script, a pipeline or time to think" },
	{ ALL "colour = 1;\n",
	  "5: colour: got 1, want a key of scenarios, as docs/comparing.md has them" },
	{ ALL "request = \"a\";\n",
	  "5: request: got 'a', want a reply beside it, to know what is right" },
	{ ALL "reply = \"line\";\nscript = \"some.script\";\n",
	  "6: script: got 'some.script', want either it or a request and a reply" },
	{ ALL "reply = \"line\";\nhttp = \"/\";\n",
	  "6: http: got '/', want either HTTP or a script or a request and a reply" },
	{ ALL "http = \"x\";\n", "5: http: got 'x', want a path that begins with /" },
	{ ALL "any_body = true;\n", "5: any_body: got it without HTTP, want it with http" },
	{ ALL "headers = [ \"a: b\" ];\n", "5: headers: got it without HTTP, want it with http" },
	{ ALL "http = \"/\";\nheaders = [ 1 ];\n",
	  "6: headers: got a list, want [ ... ] of 1 to 16 texts \"NAME: VALUE\"" },
	{ ALL "http = \"/\";\nany_body = 1;\n", "6: any_body: got 1, want true or false" },
	{ ALL "http = \"/\";\nstatus = 100;\n",
	  "6: status: got 100, want a number from 200 to 599" },
	{ ALL "http = \"/\";\nmethod = \"get\";\n",
	  "6: method: got 'get', want at most 16 capital letters, as PUT has, and not CONNECT" },
	{ ALL "request = \"a\";\nreply = \"none\";\n",
	  "6: reply: got 'none', want exact:TEXT, bytes:N, bytes:N:TEXT, prefix:1, prefix:2, "
	  "prefix:4, line or line:PATTERN" },
};

START_TEST(refuses)
{
	size_t n = strlen(path) + 1;

	ck_assert_int_eq(read_text(wrong[_i].keys), -EINVAL);
	ck_assert_msg(strlen(why) > n && !strcmp(why + n, wrong[_i].why), "want %s, got %s",
		      wrong[_i].why, why);
	ck_assert(!strncmp(why, path, strlen(path)));
}
END_TEST

START_TEST(refuses_other_files)
{
	char want[256];

	put(path, SERVICES);
	ck_assert_int_eq(scenario_read(&scenario, path, why, sizeof(why)), -EINVAL);
	snprintf(want, sizeof(want), "%s:1: scenario: got nothing, want a group { ... }", path);
	ck_assert_str_eq(why, want);
	scenario_free(&scenario);
	put(path, SERVICES "scenario = {\n title = ;");
	ck_assert_int_eq(scenario_read(&scenario, path, why, sizeof(why)), -EINVAL);
	snprintf(want, sizeof(want), "%s:3: ", path);
	ck_assert_msg(!strncmp(why, want, strlen(want)), "got %s", why);
	scenario_free(&scenario);
	unlink(path);
	ck_assert_int_eq(scenario_read(&scenario, path, why, sizeof(why)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "cannot be read"));
	scenario_free(&scenario);
	ck_assert_int_lt(read_text(ALL "script = \"missing.script\";"), 0);
	ck_assert_ptr_nonnull(strstr(why, "missing.script"));
}
END_TEST

START_TEST(finds_paths)
{
	char at[PATH_MAX];

	put(path, "");
	ck_assert_int_eq(scenario_find(path, at, why, sizeof(why)), 0);
	ck_assert_str_eq(at, path);
	unlink(path);
	ck_assert_int_eq(scenario_find(path, at, why, sizeof(why)), -ENOENT);
	ck_assert_int_eq(scenario_find("no-such", at, why, sizeof(why)), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why, "no-such: got no no-such.conf in "));
	ck_assert_int_eq(scenario_read(&scenario, path, why, sizeof(why)), -EINVAL);
}
END_TEST

/* The shipped ones, as they lie in the tree. */
START_TEST(ships_good_ones)
{
	static const char *const names[] = { "block", "board", "cpu",  "datagrams", "idle",
					     "knee",  "large", "once", "overload",  "slow",
					     "tiny",  "unp30", "wait", "zerohttpd" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char file[PATH_MAX];

		snprintf(file, sizeof(file), "%s/%s.conf", getenv("SCENARIOS"), names[i]);
		if (i)
			scenario_free(&scenario);
		ck_assert_msg(scenario_read(&scenario, file, why, sizeof(why)) == 0, "%s", why);
		ck_assert_str_eq(scenario.name, names[i]);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		has_defaults, has_keys,
		takes_a_rate, finds_the_script_beside_it,
		has_http,     refuses_other_files,
		finds_paths,  ships_good_ones,
	};
	TCase *cases = SUITE_CASE("scenario", tests, begin, end);

	tcase_add_loop_test(cases, refuses, 0, (int)(sizeof(wrong) / sizeof(wrong[0])));
	return suite_run("scenario", cases);
}
