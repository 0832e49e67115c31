/* SPDX-License-Identifier: MIT */
/* One group by its rows, and what rows nest: groups, lists, plugins. */
#include "config/reader.h"
#include "core/instance.h"
#include "core/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { KNOWN_MAX = 1024 };

static void refuse(struct reader *r, const config_setting_t *s, const char *key, const char *want)
{
	char got[GOT_MAX];

	if (!document_refused(s))
		reader_error(r, document_line(s), key, "got %s, want %s", reader_got(s, got), want);
}

/* ---- Unknown keys -----------------------------------------------------------------------------
 */

struct known {
	struct settings_nearest near;
	char list[KNOWN_MAX];
	size_t used;
};

static void known_offer(struct known *k, const char *key)
{
	settings_nearest_offer(&k->near, key, strlen(key));
	if (k->used < sizeof(k->list))
		k->used += (size_t)snprintf(k->list + k->used, sizeof(k->list) - k->used, "%s%s",
					    k->used ? ", " : "", key);
}

static void refuse_key(struct reader *r, const config_setting_t *s,
		       const struct modus_setting *rows, const char *const *others)
{
	struct known k = { .near.word = config_setting_name(s) };
	char hint[HINT_MAX];

	for (; *others; others++)
		known_offer(&k, *others);
	for (; rows && rows->key; rows++)
		known_offer(&k, rows->key);
	if (k.near.name)
		reader_error(r, document_line(s), k.near.word, "unknown key%s",
			     reader_hint(&k.near, hint));
	else if (k.used)
		reader_error(r, document_line(s), k.near.word, "unknown key, want one of %s",
			     k.list);
	else
		reader_error(r, document_line(s), k.near.word, "unknown key, want none here");
}

static bool is_known(const char *key, const struct modus_setting *rows, const char *const *others)
{
	for (; *others; others++)
		if (!strcmp(key, *others))
			return true;
	return settings_find(rows, key);
}

static void check_keys(struct reader *r, const config_setting_t *group,
		       const struct modus_setting *rows, const char *const *others)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);

		if (!is_known(config_setting_name(s), rows, others))
			refuse_key(r, s, rows, others);
	}
}

/* ---- Nested rows ------------------------------------------------------------------------------
 */

static const char *const no_others[] = { NULL };

static void read_group(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		       void *out, struct instance *outer)
{
	if (config_setting_is_group(s))
		rows_read(r, s, (int)config_setting_source_line(s), row->rows, no_others, out,
			  outer);
	else
		refuse(r, s, row->key, "a group { ... }");
}

static bool check_list(struct reader *r, const config_setting_t *s, const struct modus_setting *row)
{
	bool groups = row->rows;
	bool list = config_setting_is_list(s) || (config_setting_is_array(s) && !groups);
	char want[128];

	if (list && config_setting_length(s) <= row->max)
		return true;
	snprintf(want, sizeof(want),
		 groups ? "a list ( { ... }, ... ) of at most %" PRId64 " groups"
			: "a list [ \"...\", ... ] of at most %" PRId64 " texts",
		 row->max);
	if (list)
		reader_error(r, document_line(s), row->key, "got %d items, want %s",
			     config_setting_length(s), want);
	else
		refuse(r, s, row->key, want);
	return false;
}

static void read_item(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		      void *item, struct instance *outer)
{
	struct modus_setting text = { .key = row->key, .type = MODUS_T_TEXT };

	if (row->rows)
		read_group(r, s, row, item, outer);
	else
		value_read(r, s, &text, item);
}

static void read_list(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		      struct modus_list *list, struct instance *outer)
{
	size_t size = row->rows ? row->rows_size : sizeof(const char *);
	size_t count;
	char *items;

	if (!check_list(r, s, row))
		return;
	count = (size_t)config_setting_length(s);
	items = memory_alloc(r->memory, count, size);
	if (!items) {
		reader_no_memory(r);
		return;
	}
	*list = (struct modus_list) { count, items };
	memory_note(r->memory, list, document_line(s), NULL);
	for (size_t i = 0; i < count; i++)
		read_item(r, config_setting_get_elem(s, (unsigned)i), row, items + i * size, outer);
}

static void read_hosted(struct reader *r, const config_setting_t *s,
			const struct modus_setting *row, struct modus_instance **field,
			struct instance *outer)
{
	struct instance *inner = NULL;
	struct chosen c;

	if (!outer || !r->sources || !r->sources->open_plugin) {
		refuse(r, s, row->key, "none: no plugin can be hosted here");
		return;
	}
	if (!chosen_read(r, s, row->key, document_line(s), &c))
		return;
	hosted_read(r, &c, NULL, outer, &inner);
	if (inner) {
		*field = &inner->self;
		memory_note(r->memory, field, c.line, memory_text(r->memory, c.type));
	}
}

/* ---- One group --------------------------------------------------------------------------------
 */

static void read_row(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		     void *field, struct instance *outer)
{
	switch (row->type) {
	case MODUS_T_GROUP:
		read_group(r, s, row, field, outer);
		break;
	case MODUS_T_LIST:
		read_list(r, s, row, field, outer);
		break;
	case MODUS_T_HOSTED:
		read_hosted(r, s, row, field, outer);
		break;
	default:
		value_read(r, s, row, field);
	}
}

static void read_absent(struct reader *r, int line, const struct modus_setting *row, void *out,
			struct instance *outer)
{
	if (row->type == MODUS_T_GROUP)
		rows_read(r, NULL, line, row->rows, no_others, (char *)out + row->offset, outer);
	else if (row->type == MODUS_T_TEXT && !row->text)
		reader_error(r, line, row->key, "missing, want a text in quotes");
}

void rows_read(struct reader *r, const config_setting_t *group, int line,
	       const struct modus_setting *rows, const char *const *others, void *out,
	       struct instance *outer)
{
	if (group)
		check_keys(r, group, rows, others);
	for (const struct modus_setting *row = rows; row && row->key; row++) {
		const config_setting_t *s =
			group ? config_setting_get_member(group, row->key) : NULL;

		settings_default(row, out);
		if (s)
			read_row(r, s, row, (char *)out + row->offset, outer);
		else
			read_absent(r, line, row, out, outer);
	}
}
