/* SPDX-License-Identifier: MIT */
#include "config/reader.h"
#include "core/instance.h"

#include <string.h>

static const char *const type_key[] = { "type", NULL };

bool chosen_read(struct reader *r, const config_setting_t *s, const char *key, int line,
		 struct chosen *out)
{
	const config_setting_t *type = s;
	char got[GOT_MAX];

	*out = (struct chosen) { .key = key, .line = s ? document_line(s) : line };
	if (s && config_setting_is_group(s)) {
		out->group = s;
		type = config_setting_get_member(s, "type");
	}
	if (!type) {
		reader_error(r, out->line, out->group ? "type" : key, "missing, want %s",
			     out->group ? "a name in quotes"
					: "\"name\" or { type = \"name\"; ... }");
		return false;
	}
	if (config_setting_type(type) == CONFIG_TYPE_STRING) {
		out->type = config_setting_get_string(type);
		return true;
	}
	if (!document_refused(type))
		reader_error(r, document_line(type), out->group ? "type" : key, "got %s, want %s",
			     reader_got(type, got),
			     out->group ? "a name in quotes"
					: "\"name\" or { type = \"name\"; ... }");
	return false;
}

void chosen_rows(struct reader *r, const struct chosen *c, const struct modus_setting *rows,
		 void *out, struct instance *outer)
{
	rows_read(r, c->group, c->line, rows, type_key, out, outer);
}

static void check(struct reader *r, const struct chosen *c, const struct instance *i)
{
	char why[256] = "";

	if (!i->plugin->check || !i->plugin->check(i->settings, why, sizeof(why)))
		return;
	reader_error(r, c->line, c->key, "plugin %s refuses its settings: %s", i->plugin->name,
		     *why ? why : "it does not say why");
}

static const struct modus_plugin *find(const struct reader *r, const char *type, char *why,
				       size_t size)
{
	const struct modus_plugin *const *p = r->sources->linked;

	for (; p && *p; p++)
		if (!strcmp((*p)->name, type))
			return *p;
	return r->sources->open_plugin(type, r->plugin_path, why, size);
}

void hosted_read(struct reader *r, const struct chosen *c, const char *name, struct instance *outer,
		 struct instance **slot)
{
	const struct modus_plugin *p;
	unsigned before = r->errors;
	char why[512] = "";

	p = find(r, c->type, why, sizeof(why));
	if (!p) {
		reader_error(r, c->line, c->key, "%s", why);
		return;
	}
	*slot = instance_new(p, name ? name : p->name);
	if (!*slot) {
		reader_no_memory(r);
		return;
	}
	if (outer)
		instance_host(outer, *slot);
	chosen_rows(r, c, p->settings, (*slot)->settings, *slot);
	if (r->errors == before)
		check(r, c, *slot);
}
