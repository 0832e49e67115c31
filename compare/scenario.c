/* SPDX-License-Identifier: MIT */
#include "compare/scenario.h"

#include "compare/scenario_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void directory(const char *path, char out[PATH_MAX])
{
	char *slash;

	snprintf(out, PATH_MAX, "%s", path);
	slash = strrchr(out, '/');
	if (slash)
		slash[slash == out] = '\0';
	else
		snprintf(out, PATH_MAX, ".");
}

static int parse(struct reading *r)
{
	struct scenario *s = r->scenario;
	char folder[PATH_MAX];
	const char *file;

	directory(s->path, folder);
	config_set_include_dir(&s->file, folder);
	if (config_read_file(&s->file, s->path))
		return 0;
	file = config_error_file(&s->file);
	if (config_error_type(&s->file) == CONFIG_ERR_PARSE)
		snprintf(r->why, r->size, "%s:%d: %s", file ? file : s->path,
			 config_error_line(&s->file), config_error_text(&s->file));
	else
		snprintf(r->why, r->size, "%s: cannot be read: %s", s->path, strerror(errno));
	return -EINVAL;
}

/* What talk_read() names otherwise than the keys are called. */
static const struct {
	const char *name, *key;
} renamed[] = {
	{ "send", "request" },
	{ "header", "headers" },
	{ "expect-body", "expect_body" },
	{ "any-body", "any_body" },
};

/* The key that a sentence begins with. */
static void key_of(const char *sentence, char key[32])
{
	snprintf(key, 32, "%.*s", (int)strcspn(sentence, ":"), sentence);
	for (size_t i = 0; i < sizeof(renamed) / sizeof(*renamed); i++)
		if (!strcmp(key, renamed[i].name))
			snprintf(key, 32, "%s", renamed[i].key);
}

/* Only a script tells by itself where it is wrong. */
static int add_talk(struct reading *r, const config_setting_t *group)
{
	struct scenario *s = r->scenario;
	char folder[PATH_MAX], said[sizeof(folder) + 256], key[32];
	const config_setting_t *place;
	int err;

	directory(s->path, folder);
	err = talk_read(&s->talk, folder, said, sizeof(said));
	talk_put(&s->talk, &s->load);
	if (!err)
		return 0;
	key_of(said, key);
	place = config_setting_get_member(group, key);
	if (s->talk.kind == TALK_SCRIPT)
		snprintf(r->why, r->size, "%s", said);
	else
		snprintf(r->why, r->size, "%s:%u: %s%s", s->path,
			 config_setting_source_line(place ? place : group), key,
			 said + strcspn(said, ":"));
	return err;
}

static void set_name(struct scenario *s)
{
	const char *slash = strrchr(s->path, '/'), *base = slash ? slash + 1 : s->path;

	snprintf(s->name, sizeof(s->name), "%.*s", (int)strcspn(base, "."), base);
}

int scenario_read(struct scenario *s, const char *path, char *why, size_t size)
{
	struct reading r = { s, why, size };
	const config_setting_t *group;
	int err;

	*s = (struct scenario) { .load = LOAD_DEFAULTS };
	config_init(&s->file);
	snprintf(s->path, sizeof(s->path), "%s", path);
	set_name(s);
	err = parse(&r);
	if (err)
		return err;
	group = config_lookup(&s->file, "scenario");
	if (!group || !config_setting_is_group(group)) {
		scenario_refuse_at(&r, group ? group : config_root_setting(&s->file), group,
				   "scenario", "a group { ... }");
		return -EINVAL;
	}
	if (!scenario_group(&r, group))
		return -EINVAL;
	if (s->knee > 0 && !scenario_takes_rate(s)) {
		scenario_refuse(&r, config_setting_get_member(group, "knee"), "knee",
				"none beside a script, a pipeline or time to think");
		return -EINVAL;
	}
	if (!s->mode_count)
		s->modes[s->mode_count++] = LOAD_KEEP;
	return add_talk(&r, group);
}

struct load_options scenario_load(const struct scenario *s)
{
	struct load_options defaults = LOAD_DEFAULTS;

	return s ? s->load : defaults;
}

bool scenario_takes_rate(const struct scenario *s)
{
	return !s->talk.wish.script && s->load.pipeline == 1 && s->load.think <= 0;
}

unsigned scenario_clients(const struct scenario *s, unsigned connections)
{
	const struct company *company = s ? s->load.company : NULL;

	return connections + (company ? company_size(company, connections) : 0);
}

void scenario_free(struct scenario *s)
{
	talk_free(&s->talk);
	config_destroy(&s->file);
}
