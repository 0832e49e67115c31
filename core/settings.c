/* SPDX-License-Identifier: MIT */
#include "core/settings.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What a type is called, and what its field takes in the struct (of a GROUP: rows_size). */
static const struct {
	const char *name;
	size_t size, align;
} types[] = {
	[MODUS_T_BOOL] = { "true or false", sizeof(bool), _Alignof(bool) },
	[MODUS_T_INT] = { "whole number", sizeof(int64_t), _Alignof(int64_t) },
	[MODUS_T_BYTES] = { "size", sizeof(int64_t), _Alignof(int64_t) },
	[MODUS_T_TIME] = { "time", sizeof(int64_t), _Alignof(int64_t) },
	[MODUS_T_TEXT] = { "text", sizeof(const char *), _Alignof(const char *) },
	[MODUS_T_CHOICE] = { "choice", sizeof(int), _Alignof(int) },
	[MODUS_T_LIST] = { "list", sizeof(struct modus_list), _Alignof(struct modus_list) },
	[MODUS_T_GROUP] = { "group", 0, 1 },
	[MODUS_T_HOSTED] = { "plugin", sizeof(struct modus_instance *),
			     _Alignof(struct modus_instance *) },
};

const char *settings_type_name(enum modus_type type)
{
	return (size_t)type < sizeof(types) / sizeof(*types) ? types[type].name : NULL;
}

const struct modus_setting *settings_find(const struct modus_setting *rows, const char *key)
{
	for (const struct modus_setting *row = rows; row && row->key; row++)
		if (!strcmp(row->key, key))
			return row;
	return NULL;
}

void settings_default(const struct modus_setting *row, void *settings)
{
	void *field = (char *)settings + row->offset;

	switch (row->type) {
	case MODUS_T_BOOL:
		*(bool *)field = row->def;
		break;
	case MODUS_T_INT:
	case MODUS_T_BYTES:
	case MODUS_T_TIME:
		*(int64_t *)field = row->def;
		break;
	case MODUS_T_TEXT:
		*(const char **)field = row->text;
		break;
	case MODUS_T_CHOICE:
		*(int *)field = (int)row->def;
		break;
	case MODUS_T_LIST:
		*(struct modus_list *)field = (struct modus_list) { 0, NULL };
		break;
	case MODUS_T_GROUP:
		settings_defaults(row->rows, field);
		break;
	case MODUS_T_HOSTED:
		*(struct modus_instance **)field = NULL;
		break;
	}
}

void settings_defaults(const struct modus_setting *rows, void *settings)
{
	for (const struct modus_setting *row = rows; row && row->key; row++)
		settings_default(row, settings);
}

const char *settings_word(const struct modus_setting *row, int index, size_t *length)
{
	const char *at = row->text;

	while (index-- > 0) {
		at = strchr(at, '|');
		if (!at)
			return NULL;
		at++;
	}
	*length = strcspn(at, "|");
	return at;
}

/* ---- The self-test of rows --------------------------------------------------------------------
 */

static int refuse(char *why, size_t size, const struct modus_setting *row, const char *what)
{
	snprintf(why, size, "setting \"%s\": %s", row->key, what);
	return -EINVAL;
}

static const char *check_words(const struct modus_setting *row)
{
	size_t n, m;
	const char *word, *other;

	if (!row->text)
		return "got no words, want them divided by |";
	for (int i = 0; (word = settings_word(row, i, &n)); i++) {
		if (n == 0)
			return "got an empty word, want words divided by |";
		for (int j = 0; j < i && (other = settings_word(row, j, &m)); j++)
			if (n == m && !memcmp(word, other, n))
				return "got a word twice, want each once";
	}
	if (row->def < 0 || row->def > INT32_MAX || !settings_word(row, (int)row->def, &n))
		return "got a default beyond its words, want the index of one";
	return NULL;
}

static const char *check_value(const struct modus_setting *row)
{
	switch (row->type) {
	case MODUS_T_BOOL:
		return row->def == 0 || row->def == 1 ? NULL : "want true or false by default";
	case MODUS_T_INT:
	case MODUS_T_BYTES:
	case MODUS_T_TIME:
		if (!row->unit || !*row->unit)
			return "got no unit, want one";
		if (row->min > row->max)
			return "got a least value above the greatest, want a range";
		if (row->def < row->min || row->def > row->max)
			return "got a default out of its range, want one within";
		return NULL;
	case MODUS_T_CHOICE:
		return check_words(row);
	case MODUS_T_LIST:
		return row->max >= 1 ? NULL : "got no greatest count, want 1 or more";
	case MODUS_T_GROUP:
		return row->rows ? NULL : "got no rows, want those of the group";
	case MODUS_T_TEXT:
	case MODUS_T_HOSTED:
		break;
	}
	return NULL;
}

static const char *check_doc(const char *doc)
{
	size_t n = doc ? strlen(doc) : 0;

	if (n == 0)
		return "got no sentence, want one that documents it";
	if (isspace((unsigned char)doc[n - 1]))
		return "got a sentence with a blank at its end, want none";
	return NULL;
}

static const char *check_key(const struct modus_setting *rows, const struct modus_setting *row,
			     int depth)
{
	size_t n = strspn(row->key, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (n == 0 || row->key[n] || !islower((unsigned char)row->key[0]))
		return "want a key of a-z, 0-9 and _ that begins with a letter";
	if (depth == 0 && !strcmp(row->key, "type"))
		return "want another key: type names the plugin or the model itself";
	if (settings_find(rows, row->key) != row)
		return "got the key twice, want each once";
	return NULL;
}

static const char *check_field(const struct modus_setting *row, size_t room)
{
	size_t size = row->type == MODUS_T_GROUP ? row->rows_size : types[row->type].size;

	if (row->offset > room || size > room - row->offset)
		return "its field lies beyond the struct: is the struct's size given?";
	if (row->offset % types[row->type].align)
		return "its field is not aligned for its type";
	if (row->rows && row->rows_size == 0)
		return "got no size of the struct that its rows fill";
	return NULL;
}

static int check_rows(const struct modus_setting *rows, size_t room, int depth, char *why,
		      size_t size)
{
	const char *wrong;
	int rc;

	for (size_t i = 0; rows && rows[i].key; i++) {
		const struct modus_setting *row = &rows[i];

		if (i + 1 >= SETTINGS_ROWS_MAX)
			return refuse(why, size, row, "want MODUS_END within 256 rows");
		if (!settings_type_name(row->type))
			return refuse(why, size, row, "its type is unknown here");
		wrong = check_key(rows, row, depth);
		wrong = wrong ? wrong : check_doc(row->doc);
		wrong = wrong ? wrong : check_value(row);
		wrong = wrong ? wrong : check_field(row, room);
		if (!wrong && row->rows && depth + 1 >= SETTINGS_DEPTH_MAX)
			wrong = "want rows nested at most 8 deep";
		if (wrong)
			return refuse(why, size, row, wrong);
		rc = check_rows(row->rows, row->rows_size, depth + 1, why, size);
		if (rc)
			return rc;
	}
	return 0;
}

int settings_check_rows(const struct modus_setting *rows, size_t room, char *why, size_t size)
{
	return check_rows(rows, room, 0, why, size);
}

/* ---- The nearest name -------------------------------------------------------------------------
 */

enum { NAME_MAX_LENGTH = 48 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[3][NAME_MAX_LENGTH + 1]; /* i - 2, i - 1 and i, in turn */

	for (size_t j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *upup = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = up[j - 1] + (a[i - 1] != b[j - 1]);
			now[j] = least(now[j], least(up[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], upup[j - 2] + 1);
		}
	}
	return row[n % 3][m];
}

/* One slip in four letters, and one more, still leaves a word that is recognised. */
void settings_nearest_offer(struct settings_nearest *n, const char *name, size_t length)
{
	size_t typed = strlen(n->word);
	unsigned d;

	if (typed > NAME_MAX_LENGTH || length > NAME_MAX_LENGTH || typed < 2)
		return;
	d = distance(n->word, typed, name, length);
	if (d > 1 + length / 4 || d >= length || (n->name && d >= n->distance))
		return;
	n->name = name;
	n->length = length;
	n->distance = d;
}
