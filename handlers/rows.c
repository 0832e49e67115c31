/* SPDX-License-Identifier: MIT */
/*
 * The bounds are here because a forgotten MODUS_END, or rows that lead back to themselves, must not
 * take the server along: no sensible plugin comes near them.
 */
#include "handlers/rows.h"

#include "core/settings.h"
#include "handlers/refusal.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_MAX = SETTINGS_ROWS_MAX - 1, TOTAL_MAX = 2000 };

static struct modus_setting row_at(const struct modus_setting *rows, size_t stride, size_t i)
{
	struct modus_setting row;

	memcpy(&row, (const char *)rows + i * stride, sizeof(row));
	return row;
}

/* Adds the rows of a table, of those nested in it, and of their ends to *total. */
static int rows_count(const struct refusal *r, const struct modus_setting *rows, size_t stride,
		      unsigned depth, size_t *total)
{
	struct modus_setting row = row_at(rows, stride, 0);
	int rc = 0;

	if (depth > SETTINGS_DEPTH_MAX)
		return refuse(r, "settings rows are nested more than %d deep", SETTINGS_DEPTH_MAX);
	for (size_t i = 0; rc == 0 && row.key; row = row_at(rows, stride, ++i)) {
		if (i == TABLE_MAX)
			return refuse(r,
				      "more than %d settings rows in a table, expected MODUS_END",
				      TABLE_MAX);
		if (++*total > TOTAL_MAX)
			return refuse(r, "more than %d settings rows in all", TOTAL_MAX);
		if (row.rows)
			rc = rows_count(r, row.rows, stride, depth + 1, total);
	}
	++*total;
	return rc;
}

static const struct modus_setting *rows_fill(struct modus_setting **unused,
					     const struct modus_setting *rows, size_t stride)
{
	struct modus_setting *own = *unused;
	size_t count = 0;

	do
		own[count] = row_at(rows, stride, count);
	while (own[count++].key);
	*unused += count;
	for (size_t i = 0; i + 1 < count; i++)
		if (own[i].rows)
			own[i].rows = rows_fill(unused, own[i].rows, stride);
	return own;
}

struct modus_setting *rows_copy(const struct refusal *r, const struct modus_setting *rows,
				size_t stride)
{
	struct modus_setting *own, *unused;
	size_t total = 0;

	if (rows_count(r, rows, stride, 1, &total))
		return NULL;
	own = calloc(total, sizeof(*own));
	if (!own) {
		refuse(r, "out of memory for its settings rows");
		return NULL;
	}
	unused = own;
	rows_fill(&unused, rows, stride);
	return own;
}
