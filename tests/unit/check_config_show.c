/* SPDX-License-Identifier: MIT */
#include "config_fixture.h"
#include "unit_suite.h"

/* Leaves one blank before a comment. */
static void squeeze(char *text)
{
	char *to = text;

	for (; *text; text++) {
		size_t blanks = strspn(text, " ");

		if (blanks && text[blanks] == '#')
			text += blanks - 1;
		*to++ = *text;
	}
	*to = '\0';
}

static char *show_plan(const struct plan *plan)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	config_show_plan(f, plan);
	fclose(f);
	squeeze(text);
	return text;
}

static struct plan *read_plan(const char *file, const char *text)
{
	struct said said = { 0 };
	struct plan *plan = NULL;

	config_read_plan(file, text, &sources, &plan, said_report, &said);
	ck_assert_str_eq(said.text, "");
	return plan;
}

START_TEST(shows_the_reference_of_rows)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	config_show_rows(f, kit_rows);
	config_show_rows(f, nest_rows);
	config_show_rows(f, NULL);
	fclose(f);
	ck_assert_str_eq(text, "on (true or false; default true)\n"
			       "    Whether it is on.\n"
			       "count (whole number of tries, -10 to 1000; default 3)\n"
			       "    How often.\n"
			       "big (whole number of grains, 0 to 9223372036854775807; default 0)\n"
			       "    How many.\n"
			       "room (size in bytes, 1 to 1024G; default 4K)\n"
			       "    How much.\n"
			       "pause (time in seconds, 0.001 to 3600; default 0.25)\n"
			       "    How long.\n"
			       "text (text; default \"plain\")\n"
			       "    A text.\n"
			       "must (text; must be given)\n"
			       "    A text that must be given.\n"
			       "mode (choice of \"off\", \"on\", \"auto\"; default \"on\")\n"
			       "    Which way.\n"
			       "names (list of at most 3 texts)\n"
			       "    Some names.\n"
			       "items (list of at most 2 groups)\n"
			       "    Items.\n"
			       "    path (text; must be given)\n"
			       "        Where.\n"
			       "    weight (whole number of stones, 0 to 9; default 1)\n"
			       "        How heavy.\n"
			       "inner (group)\n"
			       "    More.\n"
			       "    label (text; default \"none\")\n"
			       "        A label.\n"
			       "    depth (whole number of metres, 1 to 5; default 2)\n"
			       "        How deep.\n"
			       "main (plugin)\n"
			       "    What answers elsewhere.\n"
			       "routes (list of at most 8 groups)\n"
			       "    What answers where.\n"
			       "    path (text; default \"/\")\n"
			       "        Where.\n"
			       "    app (plugin)\n"
			       "        What answers there.\n");
	free(text);
}
END_TEST

static const char config[] =
	"log_level = \"debug\";\n"
	"services = (\n"
	"{ name = \"a\";\n"
	"  listen = [ \"tcp://*:80\",\n"
	"    \"unix:///s\" ];\n"
	"  model = { type = \"many\";\n"
	"    loops = 2; };\n"
	"  handler = { type = \"nest\"; main = \"plain\"; routes = (\n"
	"    { app = { type = \"kit\"; must = \"\\\"\\\\\\n\\x01\\t\\xc3\"; big = 5000000000L;\n"
	"      room = 1099511627775L; pause = \"90s\"; names = [ \"x\", \"y\" ]; on = false;\n"
	"      items = ( { path = \"p\"; } ); mode = \"auto\"; count = -5; }; },\n"
	"    { path = \"/x\"; } ); };\n"
	"  timeouts = { idle = 0.001; }; },\n"
	"{ name = \"b\"; listen = [ \"udp://*:53\" ]; model = \"one\"; handler = \"plain\"; }\n"
	");\n";

static const char shown[] = "plugin_path = \"\"; # default\n"
			    "control = \"\"; # default\n"
			    "log_format = \"text\"; # default\n"
			    "log_level = \"debug\"; # f:1\n"
			    "services = (\n"
			    "  {\n"
			    "    name = \"a\"; # f:3\n"
			    "    listen = [ \"tcp://*:80\", \"unix:///s\" ]; # f:4\n";

START_TEST(shows_values_with_their_origin)
{
	struct plan *plan = read_plan("f", config);
	char *text = show_plan(plan);
	static const char *const lines[] = {
		"    backlog = 4096; # default\n",
		"    access = []; # default\n",
		"    limits = {\n      connections = 10000; # default\n"
		"      per_address = 0; # default\n      full = \"wait\"; # default\n    };\n",
		"      idle = 0.001; # f:13\n",
		"      type = \"many\"; # f:6\n"
		"      loops = 2; # f:7\n",
		"    handler = {\n      type = \"nest\"; # f:8\n"
		"      main = {\n        type = \"plain\"; # f:8\n      "
		"};\n"
		"      routes = (\n        {\n          path = \"/\"; # "
		"default\n",
		"            on = false; # f:10\n"
		"            count = -5; # f:11\n"
		"            big = 5000000000L; # f:9\n"
		"            room = 1099511627775L; # f:10\n"
		"            pause = 90; # f:10\n",
		"            must = \"\\\"\\\\\\n\\x01\\t\xc3\"; # f:9\n"
		"            mode = \"auto\"; # f:11\n"
		"            names = [ \"x\", \"y\" ]; # f:10\n"
		"            items = (\n              {\n"
		"                path = \"p\"; # f:11\n"
		"                weight = 1; # default\n              }\n"
		"            );\n",
		"  },\n  {\n    name = \"b\"; ",
		"    };\n  }\n);\n",
	};

	ck_assert_mem_eq(text, shown, strlen(shown));
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ck_assert_msg(strstr(text, lines[i]), "%s\nis not in\n%s", lines[i], text);
	free(text);
	config_free(plan);
}
END_TEST

/* Without the comments. */
static void strip(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (text[0] == ' ' && text[1] == '#')
			text += strcspn(text, "\n");
		*to++ = *text;
	}
	*to = '\0';
}

START_TEST(what_is_shown_can_be_read_again)
{
	struct plan *plan = read_plan("f", config);
	char *text = show_plan(plan), *again;
	struct plan *second = read_plan("g", text);

	again = show_plan(second);
	strip(text);
	strip(again);
	ck_assert_str_eq(text, again);
	free(text);
	free(again);
	config_free(plan);
	config_free(second);
}
END_TEST

START_TEST(shows_a_plan_without_plugins)
{
	static const struct config_sources none = { models, NULL };
	struct said said = { 0 };
	struct plan *plan;
	char *text;

	ck_assert_int_eq(
		config_read_plan("f",
				 "services = ( { name = \"a\"; listen = [ \"udp://*:0\" ]; "
				 "model = \"one\";\nhandler = { type = \"x\"; y = 1; }; } );",
				 &none, &plan, said_report, &said),
		0);
	text = show_plan(plan);
	ck_assert_ptr_nonnull(strstr(text, "    handler = {\n"
					   "      type = \"x\"; # f:2\n"
					   "    };\n"));
	free(text);
	config_free(plan);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		shows_the_reference_of_rows,
		shows_values_with_their_origin,
		what_is_shown_can_be_read_again,
		shows_a_plan_without_plugins,
	};

	return SUITE_RUN("config_show", tests, NULL, NULL);
}
