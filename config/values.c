/* SPDX-License-Identifier: MIT */
/* One value by its row.  Nothing is converted that was not meant: "5" is no number, 1 is not true.
 */
#include "config/reader.h"
#include "config/units.h"
#include "core/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WANT_MAX = 512 };

static void refuse(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		   const char *want)
{
	char got[GOT_MAX];

	reader_error(r, document_line(s), row->key, "got %s, want %s", reader_got(s, got), want);
}

static bool is_whole(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_INT ||
	       config_setting_type(s) == CONFIG_TYPE_INT64;
}

static int64_t whole(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_INT ? config_setting_get_int(s)
							 : config_setting_get_int64(s);
}

static bool in_range(int64_t v, const struct modus_setting *row)
{
	return v >= row->min && v <= row->max;
}

static void read_bool(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		      bool *field)
{
	if (config_setting_type(s) == CONFIG_TYPE_BOOL)
		*field = config_setting_get_bool(s);
	else
		refuse(r, s, row, "true or false");
}

static void read_int(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		     int64_t *field)
{
	char want[WANT_MAX];

	if (is_whole(s) && in_range(whole(s), row)) {
		*field = whole(s);
		return;
	}
	snprintf(want, sizeof(want), "a whole number (%s, %" PRId64 " to %" PRId64 ")", row->unit,
		 row->min, row->max);
	refuse(r, s, row, want);
}

static void read_bytes(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		       int64_t *field)
{
	char want[WANT_MAX], min[UNITS_TEXT_MAX], max[UNITS_TEXT_MAX];
	int64_t v = 0;
	bool good = is_whole(s);

	if (good)
		v = whole(s);
	else if (config_setting_type(s) == CONFIG_TYPE_STRING)
		good = units_parse_bytes(config_setting_get_string(s), &v);
	if (good && in_range(v, row)) {
		*field = v;
		return;
	}
	snprintf(want, sizeof(want), "a size such as 4096 or \"64K\" (bytes, %s to %s)",
		 units_bytes(row->min, min), units_bytes(row->max, max));
	refuse(r, s, row, want);
}

/* Milliseconds, where seconds are a whole number of them; the bound is far above any row's. */
static bool float_ms(double seconds, int64_t *ms)
{
	double v = seconds * 1000, off;

	if (!(v > -1e15 && v < 1e15)) /* NaN is neither */
		return false;
	*ms = (int64_t)(v < 0 ? v - 0.5 : v + 0.5);
	off = v - (double)*ms;
	return off > -1e-3 && off < 1e-3;
}

static bool get_ms(const config_setting_t *s, int64_t *ms)
{
	if (is_whole(s))
		return !__builtin_mul_overflow(whole(s), 1000, ms);
	if (config_setting_type(s) == CONFIG_TYPE_FLOAT)
		return float_ms(config_setting_get_float(s), ms);
	return config_setting_type(s) == CONFIG_TYPE_STRING &&
	       units_parse_time(config_setting_get_string(s), ms);
}

static void read_time(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		      int64_t *field)
{
	char want[WANT_MAX], min[UNITS_TEXT_MAX], max[UNITS_TEXT_MAX];
	int64_t v;

	if (get_ms(s, &v) && in_range(v, row)) {
		*field = v;
		return;
	}
	snprintf(want, sizeof(want),
		 "a time such as 15, 0.25, \"250ms\" or \"2m\" (seconds, %s to %s, in steps of "
		 "0.001)",
		 units_seconds(row->min, min), units_seconds(row->max, max));
	refuse(r, s, row, want);
}

static void read_text(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		      const char **field)
{
	if (config_setting_type(s) != CONFIG_TYPE_STRING) {
		refuse(r, s, row, "a text in quotes");
		return;
	}
	*field = memory_text(r->memory, config_setting_get_string(s));
	if (!*field)
		reader_no_memory(r);
}

static void refuse_choice(struct reader *r, const config_setting_t *s,
			  const struct modus_setting *row)
{
	const char *got = config_setting_get_string(s), *word;
	struct settings_nearest near = { .word = got ? got : "" };
	char want[WANT_MAX + HINT_MAX] = "", hint[HINT_MAX];
	size_t used = 0, n;

	for (int i = 0; (word = settings_word(row, i, &n)); i++) {
		settings_nearest_offer(&near, word, n);
		if (used < WANT_MAX)
			used += (size_t)snprintf(want + used, WANT_MAX - used, "%s\"%.*s\"",
						 i ? ", " : "one of ", (int)n, word);
	}
	strcat(want, reader_hint(&near, hint));
	refuse(r, s, row, want);
}

static void read_choice(struct reader *r, const config_setting_t *s,
			const struct modus_setting *row, int *field)
{
	const char *got = config_setting_get_string(s), *word;
	size_t n;

	for (int i = 0; got && (word = settings_word(row, i, &n)); i++) {
		if (strlen(got) == n && !memcmp(got, word, n)) {
			*field = i;
			return;
		}
	}
	refuse_choice(r, s, row);
}

void value_read(struct reader *r, const config_setting_t *s, const struct modus_setting *row,
		void *field)
{
	if (document_refused(s))
		return;
	memory_note(r->memory, field, document_line(s), NULL);
	switch (row->type) {
	case MODUS_T_BOOL:
		read_bool(r, s, row, field);
		break;
	case MODUS_T_INT:
		read_int(r, s, row, field);
		break;
	case MODUS_T_BYTES:
		read_bytes(r, s, row, field);
		break;
	case MODUS_T_TIME:
		read_time(r, s, row, field);
		break;
	case MODUS_T_TEXT:
		read_text(r, s, row, field);
		break;
	case MODUS_T_CHOICE:
		read_choice(r, s, row, field);
		break;
	default: /* rows.c has the others */
		break;
	}
}
