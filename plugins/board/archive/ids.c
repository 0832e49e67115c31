/* SPDX-License-Identifier: MIT */
#include "ids.h"

#include "../text.h"

#include <string.h>

enum { LONGEST = 250, MOST = 32 };

static char *hashed(const char *data, size_t n, const char *domain)
{
	char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)data, n);
	char *id = g_strdup_printf("%.40s@%s.modus-board.invalid", sum, domain);

	g_free(sum);
	return id;
}

char *ids_made(const char *data, size_t n)
{
	return hashed(data, n, "bytes");
}

static char *normal(const char *text, size_t n)
{
	GString *id = g_string_sized_new(n);
	char *mended;

	for (size_t i = 0; i < n; i++)
		if (!g_ascii_isspace(text[i]))
			g_string_append_c(id, text[i]);
	if (id->len > LONGEST) {
		mended = hashed(id->str, id->len, "long");
	} else {
		mended = g_malloc(3 * id->len + 1);
		text_mend(mended, id->str, id->len);
	}
	g_string_free(id, TRUE);
	return mended;
}

/* The next "<...>" of the text, or NULL; n: what is between. */
static const char *bracketed(const char *text, size_t *n)
{
	const char *open = strchr(text, '<');
	const char *close = open ? strchr(open, '>') : NULL;

	if (!close)
		return NULL;
	*n = (size_t)(close - open - 1);
	return open + 1;
}

char *ids_one(const char *header)
{
	size_t n = strlen(header);
	const char *text = bracketed(header, &n);
	char *id = normal(text ? text : header, n);

	if (*id)
		return id;
	g_free(id);
	return NULL;
}

static GPtrArray *all_of(const char *header)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	size_t n;

	for (const char *at = header; at && (at = bracketed(at, &n)) != NULL; at += n)
		g_ptr_array_add(ids, normal(at, n));
	return ids;
}

static void add(GPtrArray *to, const char *id)
{
	if (*id && to->len < MOST && !g_ptr_array_find_with_equal_func(to, id, g_str_equal, NULL))
		g_ptr_array_add(to, g_strdup(id));
}

GPtrArray *ids_answered(const char *in_reply_to, const char *references)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *direct = all_of(in_reply_to), *path = all_of(references);

	for (guint i = 0; i < direct->len; i++)
		add(all, direct->pdata[i]);
	for (guint i = path->len; i > 0; i--)
		add(all, path->pdata[i - 1]);
	g_ptr_array_unref(direct);
	g_ptr_array_unref(path);
	return all;
}
