/* SPDX-License-Identifier: MIT */
/* Models and plugins that exist only here, with rows of every kind. */
#ifndef CONFIG_KIT_H
#define CONFIG_KIT_H

#include "config/config.h"
#include "core/instance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* libconfig 1.5 itself loses a text that stands where its grammar has none. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig_yylex\nleak:strbuf_append\n";
}

/* Every kind of row. */
struct kit_item {
	const char *path;
	int64_t weight;
};

struct kit_inner {
	const char *label;
	int64_t depth;
};

struct kit {
	bool on;
	int64_t count, big, room, pause;
	const char *text, *must;
	int mode;
	struct modus_list names, items;
	struct kit_inner inner;
};

static const struct modus_setting kit_item_rows[] = {
	MODUS_TEXT(struct kit_item, path, "path", NULL, "Where."),
	MODUS_INT(struct kit_item, weight, "weight", 1, 0, 9, "stones", "How heavy."), MODUS_END
};

static const struct modus_setting kit_inner_rows[] = {
	MODUS_TEXT(struct kit_inner, label, "label", "none", "A label."),
	MODUS_INT(struct kit_inner, depth, "depth", 2, 1, 5, "metres", "How deep."), MODUS_END
};

static const struct modus_setting kit_rows[] = {
	MODUS_BOOL(struct kit, on, "on", true, "Whether it is on."),
	MODUS_INT(struct kit, count, "count", 3, -10, 1000, "tries", "How often."),
	MODUS_INT(struct kit, big, "big", 0, 0, INT64_MAX, "grains", "How many."),
	MODUS_BYTES(struct kit, room, "room", 4096, 1, 1LL << 40, "How much."),
	MODUS_TIME(struct kit, pause, "pause", 250, 1, 3600000, "How long."),
	MODUS_TEXT(struct kit, text, "text", "plain", "A text."),
	MODUS_TEXT(struct kit, must, "must", NULL, "A text that must be given."),
	MODUS_CHOICE(struct kit, mode, "mode", 1, "off|on|auto", "Which way."),
	MODUS_LIST(struct kit, names, "names", 3, NULL, sizeof(const char *), "Some names."),
	MODUS_LIST(struct kit, items, "items", 2, kit_item_rows, sizeof(struct kit_item), "Items."),
	MODUS_GROUP(struct kit, inner, "inner", kit_inner_rows, "More."),
	MODUS_END
};

struct many {
	int64_t loops;
};

static const struct modus_setting many_rows[] = {
	MODUS_INT(struct many, loops, "loops", 1, 1, 64, "loops", "Event loops."), MODUS_END
};

static const struct modus_model model_one = { .name = "one", .summary = "one at a time" };
static const struct modus_model model_many = { .name = "many",
					       .summary = "interleaved",
					       .capabilities = MODUS_CONCURRENT | MODUS_EVENTED,
					       .settings = many_rows,
					       .settings_size = sizeof(struct many) };
static const struct modus_model *const models[] = { &model_one, &model_many, NULL };

static const struct modus_plugin plugin_plain = {
	.name = "plain", .flags = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT
};
static const struct modus_plugin plugin_serial = { .name = "serial", .flags = MODUS_STREAM };

static int kit_check(const void *settings, char *why, size_t size)
{
	const struct kit *k = settings;

	if (k->count != 13)
		return 0;
	snprintf(why, size, "13 is not lucky");
	return -EINVAL;
}

static const struct modus_plugin plugin_kit = { .name = "kit",
						.flags = MODUS_STREAM | MODUS_REENTRANT,
						.settings = kit_rows,
						.settings_size = sizeof(struct kit),
						.check = kit_check };

/* A plugin that hosts others: one by a row of its own, more in a list. */
struct nest_route {
	const char *path;
	struct modus_instance *app;
};

struct nest {
	struct modus_instance *main;
	struct modus_list routes;
};

static const struct modus_setting nest_route_rows[] = {
	MODUS_TEXT(struct nest_route, path, "path", "/", "Where."),
	MODUS_HOSTED(struct nest_route, app, "app", "What answers there."), MODUS_END
};

static const struct modus_setting nest_rows[] = {
	MODUS_HOSTED(struct nest, main, "main", "What answers elsewhere."),
	MODUS_LIST(struct nest, routes, "routes", 8, nest_route_rows, sizeof(struct nest_route),
		   "What answers where."),
	MODUS_END
};

static const struct modus_plugin plugin_nest = { .name = "nest",
						 .flags = MODUS_STREAM | MODUS_REENTRANT,
						 .settings = nest_rows,
						 .settings_size = sizeof(struct nest) };

static const struct modus_plugin *fixture_open(const char *type, const char *path, char *why,
					       size_t size)
{
	static const struct modus_plugin *const all[] = { &plugin_plain, &plugin_serial,
							  &plugin_kit, &plugin_nest };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(type, all[i]->name))
			return all[i];
	snprintf(why, size, "no plugin %s in \"%s\"", type, path);
	return NULL;
}

static const struct config_sources sources = { models, fixture_open };

#endif
