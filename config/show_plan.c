/* SPDX-License-Identifier: MIT */
/* A plan in the form that config_read_plan() reads: reading it again gives the same plan. */
#include "config/reader.h"
#include "config/units.h"
#include "core/instance.h"
#include "core/settings.h"

#include <stdarg.h>
#include <string.h>

enum { STEP = 2, COLUMN = 48 };

struct show {
	FILE *out;
	const struct config_memory *memory;
	int indent, column;
};

static void put(struct show *w, const char *format, ...) MODUS_FORMAT(2, 3);

static void put(struct show *w, const char *format, ...)
{
	va_list ap;
	int n;

	if (!w->column)
		w->column = fprintf(w->out, "%*s", w->indent, "");
	va_start(ap, format);
	n = vfprintf(w->out, format, ap);
	va_end(ap);
	w->column += n > 0 ? n : 0;
}

static void end_line(struct show *w)
{
	fputc('\n', w->out);
	w->column = 0;
}

/* Ends the line of a value with where it comes from. */
static void end_value(struct show *w, const void *field)
{
	int line = memory_line(w->memory, field);

	put(w, ";%*s", w->column + 1 < COLUMN ? COLUMN - 1 - w->column : 1, "");
	if (line)
		put(w, "# %s:%d", w->memory->file, line);
	else
		put(w, "# default");
	end_line(w);
}

static void open_block(struct show *w, const char *bracket)
{
	put(w, "%s", bracket);
	end_line(w);
	w->indent += STEP;
}

static void close_block(struct show *w, const char *bracket)
{
	w->indent -= STEP;
	put(w, "%s", bracket);
	end_line(w);
}

static void put_text(struct show *w, const char *text)
{
	static const char plain[] = "\"\\\n\r\t\f", letters[] = "\"\\nrtf";

	put(w, "\"");
	for (; *text; text++) {
		const char *special = strchr(plain, *text);

		if (special)
			put(w, "\\%c", letters[special - plain]);
		else if ((unsigned char)*text < ' ' || *text == 0x7f)
			put(w, "\\x%02x", (unsigned char)*text);
		else
			put(w, "%c", *text);
	}
	put(w, "\"");
}

static void put_bytes(struct show *w, int64_t v)
{
	char text[UNITS_TEXT_MAX];
	bool suffix = v > 0 && v % 1024 == 0;

	put(w, suffix ? "\"%s\"" : "%s", suffix ? units_bytes(v, text) : units_number(v, text));
}

static void put_time(struct show *w, int64_t ms)
{
	char text[UNITS_TEXT_MAX];

	put(w, "%s", ms % 1000 ? units_seconds(ms, text) : units_number(ms / 1000, text));
}

static void put_scalar(struct show *w, const struct modus_setting *row, const void *field)
{
	char text[UNITS_TEXT_MAX];
	const char *word;
	size_t n = 0;

	switch (row->type) {
	case MODUS_T_BOOL:
		put(w, "%s", *(const bool *)field ? "true" : "false");
		break;
	case MODUS_T_INT:
		put(w, "%s", units_number(*(const int64_t *)field, text));
		break;
	case MODUS_T_BYTES:
		put_bytes(w, *(const int64_t *)field);
		break;
	case MODUS_T_TIME:
		put_time(w, *(const int64_t *)field);
		break;
	case MODUS_T_TEXT:
		put_text(w, *(const char *const *)field);
		break;
	case MODUS_T_CHOICE:
		word = settings_word(row, *(const int *)field, &n);
		put(w, "\"%.*s\"", (int)n, word ? word : "");
		break;
	default: /* show_row() has the others */
		break;
	}
}

static void show_rows(struct show *w, const struct modus_setting *rows, const void *settings);

static void show_groups(struct show *w, const struct modus_setting *row,
			const struct modus_list *list)
{
	const char *items = list->items;

	open_block(w, "(");
	for (size_t i = 0; i < list->count; i++) {
		open_block(w, "{");
		show_rows(w, row->rows, items + i * row->rows_size);
		close_block(w, i + 1 < list->count ? "}," : "}");
	}
	close_block(w, ");");
}

static void show_list(struct show *w, const struct modus_setting *row,
		      const struct modus_list *list)
{
	const char *const *texts = list->items;

	if (row->rows && list->count) {
		show_groups(w, row, list);
		return;
	}
	put(w, row->rows ? "(" : "[");
	for (size_t i = 0; i < list->count; i++) {
		put(w, i ? ", " : " ");
		put_text(w, texts[i]);
	}
	put(w, row->rows ? ")" : list->count ? " ]" : "]");
	end_value(w, list);
}

static void show_instance(struct show *w, const char *type, const void *field,
			  const struct instance *i)
{
	open_block(w, "{");
	put(w, "type = ");
	put_text(w, type);
	end_value(w, field);
	if (i)
		show_rows(w, i->plugin->settings, i->settings);
	close_block(w, "};");
}

static void show_hosted(struct show *w, const struct modus_setting *row,
			const struct instance *const *field)
{
	const struct memory_origin *o = memory_find(w->memory, field);

	if (!*field)
		return;
	put(w, "%s = ", row->key);
	show_instance(w, o && o->type ? o->type : (*field)->plugin->name, field, *field);
}

static void show_row(struct show *w, const struct modus_setting *row, const void *field)
{
	switch (row->type) {
	case MODUS_T_GROUP:
		put(w, "%s = ", row->key);
		open_block(w, "{");
		show_rows(w, row->rows, field);
		close_block(w, "};");
		break;
	case MODUS_T_LIST:
		put(w, "%s = ", row->key);
		show_list(w, row, field);
		break;
	case MODUS_T_HOSTED:
		show_hosted(w, row, field); /* an instance begins with what its plugin sees */
		break;
	default:
		put(w, "%s = ", row->key);
		put_scalar(w, row, field);
		end_value(w, field);
	}
}

static void show_rows(struct show *w, const struct modus_setting *rows, const void *settings)
{
	for (const struct modus_setting *row = rows; row && row->key; row++)
		show_row(w, row, (const char *)settings + row->offset);
}

static void show_service(struct show *w, const struct plan_service *s, bool last)
{
	open_block(w, "{");
	show_rows(w, plan_service_rows, s);
	put(w, "model = ");
	open_block(w, "{");
	put(w, "type = \"%s\"", s->model->name);
	end_value(w, &s->model);
	show_rows(w, s->model->settings, s->model_settings);
	close_block(w, "};");
	put(w, "handler = ");
	show_instance(w, s->handler_type, &s->handler_type, s->handler);
	close_block(w, last ? "}" : "},");
}

void config_show_plan(FILE *out, const struct plan *plan)
{
	const struct plan_service *all = plan->services.items;
	struct show w = { .out = out, .memory = &((const struct held_plan *)plan)->memory };

	show_rows(&w, plan_rows, plan);
	put(&w, "services = ");
	open_block(&w, "(");
	for (size_t i = 0; i < plan->services.count; i++)
		show_service(&w, &all[i], i + 1 == plan->services.count);
	close_block(&w, ");");
}
