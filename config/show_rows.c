/* SPDX-License-Identifier: MIT */
/* The reference of rows, as text:
 *
 *     retries (whole number of tries, 0 to 10; default 3)
 *         How often it is tried again.
 */
#include "config/config.h"
#include "config/units.h"
#include "core/settings.h"

#include <inttypes.h>

enum { STEP = 4 };

static void show_range(FILE *out, const struct modus_setting *row)
{
	char min[UNITS_TEXT_MAX], max[UNITS_TEXT_MAX], def[UNITS_TEXT_MAX];

	if (row->type == MODUS_T_INT)
		fprintf(out, " of %s, %" PRId64 " to %" PRId64 "; default %" PRId64, row->unit,
			row->min, row->max, row->def);
	else if (row->type == MODUS_T_BYTES)
		fprintf(out, " in %s, %s to %s; default %s", row->unit, units_bytes(row->min, min),
			units_bytes(row->max, max), units_bytes(row->def, def));
	else
		fprintf(out, " in %s, %s to %s; default %s", row->unit,
			units_seconds(row->min, min), units_seconds(row->max, max),
			units_seconds(row->def, def));
}

static void show_words(FILE *out, const struct modus_setting *row)
{
	const char *word;
	size_t n;

	for (int i = 0; (word = settings_word(row, i, &n)); i++)
		fprintf(out, "%s\"%.*s\"", i ? ", " : " of ", (int)n, word);
	word = settings_word(row, (int)row->def, &n);
	if (word)
		fprintf(out, "; default \"%.*s\"", (int)n, word);
}

static void show_type(FILE *out, const struct modus_setting *row)
{
	fputs(settings_type_name(row->type), out);
	switch (row->type) {
	case MODUS_T_BOOL:
		fprintf(out, "; default %s", row->def ? "true" : "false");
		break;
	case MODUS_T_INT:
	case MODUS_T_BYTES:
	case MODUS_T_TIME:
		show_range(out, row);
		break;
	case MODUS_T_TEXT:
		fprintf(out, row->text ? "; default \"%s\"" : "; must be given", row->text);
		break;
	case MODUS_T_CHOICE:
		show_words(out, row);
		break;
	case MODUS_T_LIST:
		fprintf(out, " of at most %" PRId64 " %s", row->max,
			row->rows ? "groups" : "texts");
		break;
	case MODUS_T_GROUP:
	case MODUS_T_HOSTED:
		break;
	}
}

static void show_rows(FILE *out, const struct modus_setting *rows, int indent)
{
	for (const struct modus_setting *row = rows; row && row->key; row++) {
		fprintf(out, "%*s%s (", indent, "", row->key);
		show_type(out, row);
		fprintf(out, ")\n%*s%s\n", indent + STEP, "", row->doc);
		show_rows(out, row->rows, indent + STEP);
	}
}

void config_show_rows(FILE *out, const struct modus_setting *rows)
{
	show_rows(out, rows, 0);
}
