/* SPDX-License-Identifier: MIT */
/* The whole file: services, their models and their handlers. */
#include "config_fixture.h"
#include "unit_suite.h"

static struct plan *read_plan(const char *text)
{
	struct said said = { 0 };
	struct plan *plan = NULL;
	int rc = config_read_plan("f", text, &sources, &plan, said_report, &said);

	ck_assert_msg(rc == 0, "%s: %s", text, said.text);
	ck_assert_uint_eq(said.count, 0);
	return plan;
}

START_TEST(reads_a_plan)
{
	struct plan *plan =
		read_plan("plugin_path = \"/a:/b\"; log_level = \"debug\";\n"
			  "services = (\n"
			  "{ name = \"a\"; listen = [ \"tcp://*:80\", \"unix:///s\" ];\n"
			  "  model = { type = \"many\"; loops = 2; }; handler = \"plain\";\n"
			  "  timeouts = { idle = 0.5; min_rate = \"1K\"; };\n"
			  "  limits = { connections = 7; }; no_delay = false; },\n"
			  "{ name = \"b\"; listen = ( \"udp://[::1]:53\" ); model = \"one\";\n"
			  "  handler = { type = \"plain\"; }; }\n"
			  ");");
	const struct plan_service *s = plan->services.items;
	const char *const *listen = s[0].listen.items;

	ck_assert_str_eq(plan->plugin_path, "/a:/b");
	ck_assert_int_eq(plan->log_level, MODUS_DEBUG);
	ck_assert_int_eq(plan->log_format, PLAN_LOG_TEXT);
	ck_assert_uint_eq(plan->services.count, 2);
	ck_assert_str_eq(s[0].name, "a");
	ck_assert_uint_eq(s[0].listen.count, 2);
	ck_assert_str_eq(listen[0], "tcp://*:80");
	ck_assert_str_eq(listen[1], "unix:///s");
	ck_assert_ptr_eq(s[0].model, &model_many);
	ck_assert_int_eq(((const struct many *)s[0].model_settings)->loops, 2);
	ck_assert_str_eq(s[0].handler_type, "plain");
	ck_assert_ptr_eq(s[0].handler->plugin, &plugin_plain);
	ck_assert_str_eq(s[0].handler->self.name, "a");
	ck_assert_int_eq(s[0].timeouts.idle, 500);
	ck_assert_int_eq(s[0].timeouts.write, 15000);
	ck_assert_int_eq(s[0].timeouts.min_rate, 1024);
	ck_assert_int_eq(s[0].limits.connections, 7);
	ck_assert(!s[0].no_delay);
	ck_assert_str_eq(s[0].file, "f");
	ck_assert_int_eq(s[0].line, 3);
	ck_assert_ptr_eq(s[1].model, &model_one);
	ck_assert_ptr_eq(s[1].handler->plugin, &plugin_plain);
	ck_assert_int_eq(s[1].line, 7);
	config_free(plan);
	config_free(NULL);
}
END_TEST

START_TEST(reads_hosted_plugins)
{
	struct plan *plan = read_plan(
		"services = ( { name = \"a\"; listen = [ \"tcp://*:0\" ]; model = \"one\";\n"
		"  handler = { type = \"nest\"; main = \"plain\"; routes = (\n"
		"    { path = \"/k\"; app = { type = \"kit\"; must = \"k\"; }; },\n"
		"    { path = \"/n\"; app = { type = \"nest\"; main = \"plain\"; }; },\n"
		"    { } ); }; } );");
	const struct plan_service *s = plan->services.items;
	const struct nest *n = s->handler->settings;
	const struct nest_route *routes = n->routes.items;
	const struct instance *hosted = s->handler->hosted;

	ck_assert_ptr_eq(n->main, &hosted->self);
	ck_assert_uint_eq(n->routes.count, 3);
	ck_assert_ptr_eq(routes[0].app, &hosted->next->self);
	ck_assert_str_eq(((const struct kit *)routes[0].app->settings)->must, "k");
	ck_assert_ptr_eq(routes[1].app, &hosted->next->next->self);
	ck_assert_str_eq(hosted->next->next->hosted->self.name, "plain");
	ck_assert_ptr_null(routes[2].app);
	ck_assert_ptr_null(hosted->next->next->next);
	config_free(plan);
}
END_TEST

/* For those who have no plugins at hand. */
START_TEST(reads_without_plugins)
{
	static const struct config_sources none = { models, NULL };
	const char *text =
		"services = ( { name = \"a\"; listen = [ \"udp://*:0\" ]; model = \"one\";"
		" handler = { type = \"x\"; y = ( 1 ); }; } );";
	struct said said = { 0 };
	const struct plan_service *s;
	struct plan *plan;

	ck_assert_int_eq(config_read_plan("f", text, &none, &plan, said_report, &said), 0);
	s = plan->services.items;
	ck_assert_str_eq(s->handler_type, "x");
	ck_assert_ptr_null(s->handler);
	config_free(plan);
}
END_TEST

#define ADDRESS       "listen = [ \"tcp://*:0\" ];"
#define SERVICE(more) "services = (\n{ name = \"a\"; " more " } );"
#define WANT_SERVICES "want a list ( { ... }, ... ) of one to 256 services\n"

static const struct {
	const char *text, *said;
} wrong[] = {
	{ "", "f:1: services: missing, " WANT_SERVICES },
	{ "\nservices = ();", "f:2: services: got 0 services, " WANT_SERVICES },
	{ "services = { };", "f:1: services: got a group { ... }, " WANT_SERVICES },
	{ "services = [ ];", "f:1: services: got an array [ ... ], " WANT_SERVICES },
	{ "services = (\n\"a\"\n);", "f:2: services: got \"a\", want a group { ... }\n" },
	{ "service = ();", "f:1: service: unknown key; did you mean \"services\"?\n"
			   "f:1: services: missing, " WANT_SERVICES },
	{ "log_level = \"trace\"; services = ();",
	  "f:1: log_level: got \"trace\", want one of \"error\", \"warning\", \"info\", \"debug\"\n"
	  "f:1: services: got 0 services, " WANT_SERVICES },
	{ "control = \"tcp://127.0.0.1:1\";\n" SERVICE("listen = [ \"tcp://*:0\" ]; "
						       "model = \"one\"; handler = \"plain\";"),
	  "f:1: control: got \"tcp://127.0.0.1:1\", want unix:///path\n" },
	{ "services = (\n{\n} );",
	  "f:2: name: missing, want a text in quotes\n"
	  "f:2: listen: missing, want a list [ \"...\", ... ] of addresses\n"
	  "f:2: model: missing, want \"name\" or { type = \"name\"; ... }\n"
	  "f:2: handler: missing, want \"name\" or { type = \"name\"; ... }\n" },
	{ SERVICE("listen = [ ]; model = \"one\"; handler = \"plain\";"),
	  "f:2: listen: got none, want one address or more\n" },
	{ SERVICE("listen = [ \"tcp://*:0\" ]; model = \"one\"; handler = \"plain\"; "
		  "access = [ \"allow 10.0.0.1/8\",\n\"permit all\",\n\"deny unix\" ];"),
	  "f:2: access: got \"allow 10.0.0.1/8\", want a network whose address has no bits beyond "
	  "its prefix, as 192.0.2.0/24\n"
	  "f:3: access: got \"permit all\", want \"allow WHO\" or \"deny WHO\", where WHO is an "
	  "address, a network as 192.0.2.0/24, \"unix\" or \"all\"\n"
	  "f:4: access: got \"deny unix\", want \"allow all\" or \"deny all\" as the last rule\n" },
	{ SERVICE("listen = [ \"tcp://*:0\",\n\"tcp:*:0\",\n\"udp://localhost:53\" ]; "
		  "model = \"one\"; handler = \"plain\";"),
	  "f:3: listen: got \"tcp:*:0\", want tcp://host:port, udp://host:port, unix:///path or "
	  "unix-dgram:///path\n"
	  "f:4: listen: got \"udp://localhost:53\", want a numeric host such as 127.0.0.1, [::1] "
	  "or "
	  "*\n" },
	{ SERVICE("listen = ( 5 ); model = \"one\"; handler = \"plain\";"),
	  "f:2: listen: got 5, want a text in quotes\n" },
	{ SERVICE(ADDRESS "\nmodel = \"mny\"; handler = \"plain\";"),
	  "f:3: model: got \"mny\", want one of \"one\", \"many\"; did you mean \"many\"?\n" },
	{ SERVICE(ADDRESS "\nmodel = { type = \"epoll\"; }; handler = \"plain\";"),
	  "f:3: model: got \"epoll\", want one of \"one\", \"many\"\n" },
	{ SERVICE(ADDRESS "\nmodel = { loops = 1; }; handler = 7;"),
	  "f:3: type: missing, want a name in quotes\n"
	  "f:3: handler: got 7, want \"name\" or { type = \"name\"; ... }\n" },
	{ SERVICE(ADDRESS "\nmodel = { type = \"many\"; lops = 1; }; handler = { type = 5; };"),
	  "f:3: lops: unknown key; did you mean \"loops\"?\n"
	  "f:3: type: got 5, want a name in quotes\n" },
	{ SERVICE(ADDRESS "\nmodel = { type = \"one\"; loops = 1; }; handler = \"plain\";"),
	  "f:3: loops: unknown key, want one of type\n" },
	{ SERVICE(ADDRESS "\nmodel = { type = \"many\"; loops = 65; }; handler = \"plain\";"),
	  "f:3: loops: got 65, want a whole number (loops, 1 to 64)\n" },
	{ "plugin_path = \"/p\";" SERVICE(ADDRESS "model = \"one\";\nhandler = \"plane\";"),
	  "f:3: handler: no plugin plane in \"/p\"\n" },
	{ SERVICE(ADDRESS "model = \"one\"; handler = \"kit\";"),
	  "f:2: must: missing, want a text in quotes\n" },
	{ SERVICE(ADDRESS
		  "model = \"one\";\nhandler = { type = \"kit\"; must = \"\"; count = 13; };"),
	  "f:3: handler: plugin kit refuses its settings: 13 is not lucky\n" },
	{ SERVICE(ADDRESS "model = \"one\";\nhandler = { type = \"nest\";\nmain = \"plane\"; };"),
	  "f:4: main: no plugin plane in \"\"\n" },
	{ SERVICE(ADDRESS "model = \"one\";\nhandler = { type = \"nest\"; routes = (\n{ app = {\n"
			  "type = \"kit\"; count = 13; must = 5; }; } ); };"),
	  "f:5: must: got 5, want a text in quotes\n" },
	{ SERVICE(ADDRESS "model = \"one\"; handler = \"plain\"; timeouts = { idel = 5; };"),
	  "f:2: idel: unknown key; did you mean \"idle\"?\n" },
	{ SERVICE(ADDRESS "model = \"one\"; handler = \"plain\"; modle = \"one\";"),
	  "f:2: modle: unknown key; did you mean \"model\"?\n" },
	/* what does not go together */
	{ SERVICE(ADDRESS "model = \"many\"; handler = \"serial\";"),
	  "f:2: a: model many cannot run plugin serial: the plugin is not marked MODUS_REENTRANT, "
	  "so "
	  "it may not run interleaved or in several threads: use iterative or fork\n" },
	{ SERVICE("listen = [ \"udp://*:0\" ]; model = \"one\"; handler = \"serial\";"),
	  "f:2: a: plugin serial does not serve datagrams, which udp://*:0 is\n" },
	{ SERVICE(ADDRESS "model = \"many\"; handler = { type = \"nest\"; main = \"serial\"; };"),
	  "f:2: a: model many cannot run plugin serial: the plugin is not marked MODUS_REENTRANT, "
	  "so "
	  "it may not run interleaved or in several threads: use iterative or fork\n" },
};

START_TEST(refuses)
{
	struct said said = { 0 };
	struct plan *plan = NULL;

	ck_assert_int_eq(config_read_plan("f", wrong[_i].text, &sources, &plan, said_report, &said),
			 -EINVAL);
	ck_assert_str_eq(said.text, wrong[_i].said);
	ck_assert_ptr_null(plan);
}
END_TEST

static const struct {
	const char *name;
	bool good;
} names[] = {
	{ "a", true },
	{ "web-1_x", true },
	{ "0123456789abcdef0123456789abcdef", true },
	{ "0123456789abcdef0123456789abcdef0", false },
	{ "", false },
	{ "Web", false },
	{ "a b", false },
	{ "a/b", false },
};

START_TEST(checks_names)
{
	struct said said = { 0 };
	struct plan *plan = NULL;
	char text[256], want[256] = "";

	snprintf(text, sizeof(text),
		 "services = ( { name =\n\"%s\"; " ADDRESS "model = \"one\"; "
		 "handler = \"plain\"; } );",
		 names[_i].name);
	if (!names[_i].good)
		snprintf(want, sizeof(want),
			 "f:2: name: got \"%s\", want 1 to 32 of a-z, 0-9, _ and -\n",
			 names[_i].name);
	config_read_plan("f", text, &sources, &plan, said_report, &said);
	ck_assert_str_eq(said.text, want);
	config_free(plan);
}
END_TEST

START_TEST(refuses_the_same_name_twice)
{
	struct said said = { 0 };
	struct plan *plan;
	const char *rest = ADDRESS "model = \"one\"; handler = \"plain\"; }";
	char text[512];

	snprintf(text, sizeof(text),
		 "services = (\n{ name = \"a\"; %s,\n{ name = \"b\"; %s,\n{ name = \"a\"; %s );",
		 rest, rest, rest);
	ck_assert_int_eq(config_read_plan("f", text, &sources, &plan, said_report, &said), -EINVAL);
	ck_assert_str_eq(said.text,
			 "f:4: name: got \"a\", which line 2 has, want a name of its own\n");
}
END_TEST

START_TEST(reports_the_errors_of_all_services)
{
	struct said said = { 0 };
	struct plan *plan;

	config_read_plan(
		"dir/x.conf",
		"log_format = \"xml\";\n"
		"services = (\n"
		"{ name = \"A\"; listen = [ \"x\" ]; model = \"many\"; handler = \"none\";\n"
		"  backlog = 0; },\n"
		"{ name = \"b\"; " ADDRESS " model = \"many\"; handler = \"serial\"; },\n"
		"7\n"
		");\n"
		"extra = 1;",
		&sources, &plan, said_report, &said);
	ck_assert_str_eq(
		said.text,
		"dir/x.conf:1: log_format: got \"xml\", want one of \"text\", \"json\"\n"
		"dir/x.conf:3: name: got \"A\", want 1 to 32 of a-z, 0-9, _ and -\n"
		"dir/x.conf:3: listen: got \"x\", want tcp://host:port, udp://host:port, "
		"unix:///path or "
		"unix-dgram:///path\n"
		"dir/x.conf:3: handler: no plugin none in \"\"\n"
		"dir/x.conf:4: backlog: got 0, want a whole number (connections, 1 to 65535)\n"
		"dir/x.conf:5: b: model many cannot run plugin serial: the plugin is not marked "
		"MODUS_REENTRANT, so it may not run interleaved or in several threads: use "
		"iterative or "
		"fork\n"
		"dir/x.conf:6: services: got 7, want a group { ... }\n"
		"dir/x.conf:8: extra: unknown key, want one of services, scenario, plugin_path, "
		"control, "
		"log_format, "
		"log_level\n");
}
END_TEST

static const char whole[] =
	"# c\nplugin_path = \"/a:/b\" ; log_level = \"debug\"; /* d */ log_format = \"json\";\n"
	"services = ( { name = \"a\"; listen = [ \"tcp://*:80\", \"unix:///s\" ];\n"
	"  model = { type = \"many\"; loops = 0x2L; }; timeouts = { idle = -0.5e-3; grace = \"1m\" "
	"};\n"
	"  handler = { type = \"nest\"; routes = ( { path = \"\\x41\\\\\"; app = \"plain\"; },\n"
	"    { app = { type = \"kit\"; must = \"m\"; items = ( { path = \"\" } ); on = true; }; } "
	"); };\n"
	"} );";

static void read_anyhow(const char *text)
{
	struct said said = { 0 };
	struct plan *plan = NULL;
	int rc = config_read_plan("f", text, &sources, &plan, said_report, &said);

	ck_assert_int_eq(rc != 0, said.count != 0);
	ck_assert_int_eq(rc != 0, plan == NULL);
	config_free(plan);
}

START_TEST(survives_every_truncation)
{
	char text[sizeof(whole)];

	for (size_t n = 0; n < sizeof(whole); n++) {
		memcpy(text, whole, n);
		text[n] = '\0';
		read_anyhow(text);
	}
}
END_TEST

START_TEST(survives_every_replaced_byte)
{
	static const char other[] = "\"\\={}()[];,@#*/\n0.-x\x80";
	char text[sizeof(whole)];

	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		for (size_t i = 0; i < sizeof(other) - 1; i++) {
			memcpy(text, whole, sizeof(whole));
			text[n] = other[i];
			read_anyhow(text);
		}
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		reads_a_plan,
		reads_hosted_plugins,
		reads_without_plugins,
		refuses_the_same_name_twice,
		reports_the_errors_of_all_services,
		survives_every_truncation,
		survives_every_replaced_byte,
	};
	TCase *cases = SUITE_CASE("config_plan", tests, NULL, NULL);

	tcase_add_loop_test(cases, refuses, 0, sizeof(wrong) / sizeof(*wrong));
	tcase_add_loop_test(cases, checks_names, 0, sizeof(names) / sizeof(*names));
	return suite_run("config_plan", cases);
}
