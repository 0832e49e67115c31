/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/choose.h"

#include "handlers/http/values/accept.h"
#include "handlers/http/values/ascii.h"

#include <errno.h>
#include <string.h>

enum { LANGUAGE, TYPE, CHARSET, ENCODING, DIMENSIONS, MOST = 1000 };

/* What a variant is judged by, first things first. */
struct merit {
	int64_t product;
	int quality[DIMENSIONS];
	int64_t size;
};

static int own_quality(const struct modus_http_variant *v)
{
	if (v->quality == 0)
		return MOST;
	return v->quality < 0 ? 0 : v->quality > MOST ? MOST : v->quality;
}

static struct merit judge(const struct http_wishes *w, const struct modus_http_variant *v)
{
	struct merit m = { .product = own_quality(v), .size = v->size > 0 ? v->size : INT64_MAX };

	m.quality[LANGUAGE] =
		v->language ? http_quality_of_language(w->language, v->language) : MOST;
	m.quality[TYPE] = v->type ? http_quality_of_type(w->type, v->type) : MOST;
	m.quality[CHARSET] = v->charset ? http_quality_of_charset(w->charset, v->charset) : MOST;
	m.quality[ENCODING] = http_quality_of_encoding(w->encoding, v->encoding);
	for (int i = 0; i < DIMENSIONS; i++)
		m.product *= m.quality[i];
	/* Who says nothing of codings takes any, but may know none: another form, if it is as good
	 * and has none, is the safer one. */
	if (!w->encoding && v->encoding)
		m.quality[ENCODING]--;
	return m;
}

static bool is_better(const struct merit *a, const struct merit *b)
{
	if (a->product != b->product)
		return a->product > b->product;
	for (int i = 0; i < DIMENSIONS; i++)
		if (a->quality[i] != b->quality[i])
			return a->quality[i] > b->quality[i];
	return a->size < b->size;
}

static bool differ(const char *a, const char *b)
{
	if (!a || !b)
		return a != b;
	return !http_same(a, strlen(a), b, strlen(b));
}

static unsigned differences(const struct modus_http_variant *a, const struct modus_http_variant *b)
{
	return (differ(a->type, b->type) ? HTTP_BY_TYPE : 0u) |
	       (differ(a->charset, b->charset) ? HTTP_BY_CHARSET : 0u) |
	       (differ(a->language, b->language) ? HTTP_BY_LANGUAGE : 0u) |
	       (differ(a->encoding, b->encoding) ? HTTP_BY_ENCODING : 0u);
}

int http_choose(const struct http_wishes *wishes, const struct modus_http_variant *of, size_t n,
		unsigned *by)
{
	struct merit best = { 0 };
	int chosen = -ENOENT;

	*by = 0;
	for (size_t i = 0; i < n; i++) {
		struct merit m = judge(wishes, &of[i]);

		*by |= differences(&of[0], &of[i]) | (of[i].encoding ? HTTP_BY_ENCODING : 0u);
		if (m.product > 0 && (chosen < 0 || is_better(&m, &best))) {
			best = m;
			chosen = (int)i;
		}
	}
	return chosen;
}
