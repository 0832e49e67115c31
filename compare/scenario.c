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

/* Its script lies beside it, unless that is named by a whole path. */
static int add_script(struct reading *r)
{
	struct scenario *s = r->scenario;
	char folder[PATH_MAX], path[2 * PATH_MAX];

	if (!s->script_file)
		return 0;
	directory(s->path, folder);
	snprintf(path, sizeof(path), "%s%s%s", *s->script_file == '/' ? "" : folder,
		 *s->script_file == '/' ? "" : "/", s->script_file);
	s->load.script = &s->script;
	return script_read(&s->script, path, r->why, r->size);
}

static int add_bytes(struct reading *r, const config_setting_t *group)
{
	struct scenario *s = r->scenario;
	const config_setting_t *reply = config_setting_get_member(group, "reply");
	char said[256];
	int err;

	if (!s->request && !s->reply)
		return 0;
	if (s->script_file)
		scenario_refuse(r, config_setting_get_member(group, "script"), "script",
				"either it or a request and a reply");
	else if (!s->reply)
		scenario_refuse_at(r, group, NULL, "reply", "what a request brings");
	if (s->script_file || !s->reply)
		return -EINVAL;
	s->load.bytes = &s->bytes;
	err = bytes_read(&s->bytes, s->request, s->reply, said, sizeof(said));
	if (err)
		snprintf(r->why, r->size, "%s:%d: %s", s->path,
			 (int)config_setting_source_line(reply), said);
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
	err = add_bytes(&r, group);
	return err ? err : add_script(&r);
}

struct load_options scenario_load(const struct scenario *s)
{
	struct load_options defaults = LOAD_DEFAULTS;

	return s ? s->load : defaults;
}

bool scenario_takes_rate(const struct scenario *s)
{
	return !s->script_file && s->load.pipeline == 1 && s->load.think <= 0;
}

unsigned scenario_clients(const struct scenario *s, unsigned connections)
{
	const struct company *company = s ? s->load.company : NULL;

	return connections + (company ? company_size(company, connections) : 0);
}

void scenario_free(struct scenario *s)
{
	script_free(&s->script);
	bytes_free(&s->bytes);
	config_destroy(&s->file);
}
