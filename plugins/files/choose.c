/* SPDX-License-Identifier: MIT */
/*
 * Which variant a request is served.  What all variants have in common is no choice: who asks for
 * the only file there is, gets it, whatever types and languages he wishes.  Codings are different,
 * for a client may be unable to decode one.
 */
#include "choose.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { BEST = 1000, FALLBACK = 10, NOT_FOUND = -ENOENT };

/* By what variants are told apart. */
enum { BY_TYPE = 1, BY_CHARSET = 2, BY_LANGUAGE = 4 };

/* A part of the variants, in the terms of HTTP. */
struct choice {
	struct modus_http_variant *of;
	size_t *index; /* in the resource */
	size_t n;
};

static bool is_text(const struct variant *v)
{
	return v->traits.type && !strncasecmp(v->traits.type, "text/", 5);
}

const char *choose_charset(const struct files *f, const struct variant *v)
{
	if (v->traits.charset)
		return v->traits.charset;
	return is_text(v) && *f->set->charset ? f->set->charset : NULL;
}

static bool differ(const char *a, const char *b)
{
	return !a || !b ? a != b : strcasecmp(a, b) != 0;
}

static int differences(const struct files *f, const struct resource *r)
{
	const struct variant *v = r->variants;
	int by = 0;

	for (size_t i = 1; i < r->count; i++) {
		by |= differ(v[0].traits.type, v[i].traits.type) ? BY_TYPE : 0;
		by |= differ(choose_charset(f, &v[0]), choose_charset(f, &v[i])) ? BY_CHARSET : 0;
		by |= differ(v[0].traits.language, v[i].traits.language) ? BY_LANGUAGE : 0;
	}
	return by;
}

static bool is_default(const struct files *f, const struct variant *v)
{
	const char *wanted = f->set->language;
	size_t n = strlen(wanted);

	return n && !strncasecmp(v->traits.language, wanted, n) &&
	       (!v->traits.language[n] || v->traits.language[n] == '-');
}

/* A file that says no language is for those who wish none, and the last resort of others.  Of
 * languages that are wished alike the default one is preferred. */
static int quality(const struct files *f, const struct variant *v, bool wishes)
{
	if (!*v->traits.language)
		return wishes ? FALLBACK : BEST;
	return BEST - (wishes ? 0 : 1) - (*f->set->language && !is_default(f, v) ? 1 : 0);
}

static struct modus_http_variant in_terms(const struct files *f, const struct variant *v, int by,
					  bool wishes)
{
	struct modus_http_variant out = { .encoding = v->traits.encoding };

	out.type = by & BY_TYPE ? v->traits.type : NULL;
	out.charset = by & BY_CHARSET ? choose_charset(f, v) : NULL;
	if (by & BY_LANGUAGE) {
		out.language = *v->traits.language ? v->traits.language : NULL;
		out.quality = quality(f, v, wishes);
	}
	out.size = v->made ? v->size : v->of.size;
	return out;
}

static int pick(struct modus_http *h, const struct choice *c)
{
	int at = c->n ? modus_http_choose(h, c->of, c->n) : NOT_FOUND;

	return at < 0 ? at : (int)c->index[at];
}

/* Among those of the default language, by all else. */
static int pick_default(struct modus_http *h, const struct files *f, const struct resource *r,
			struct choice *c, int by)
{
	c->n = 0;
	for (size_t i = 0; i < r->count; i++) {
		if (!is_default(f, &r->variants[i]))
			continue;
		c->of[c->n] = in_terms(f, &r->variants[i], by & ~BY_LANGUAGE, false);
		c->index[c->n++] = i;
	}
	return pick(h, c);
}

static int pick_all(struct modus_http *h, const struct files *f, const struct resource *r,
		    struct choice *c, int by)
{
	bool wishes = by & BY_LANGUAGE && modus_http_field(h, "Accept-Language");

	c->n = r->count;
	for (size_t i = 0; i < r->count; i++) {
		c->of[i] = in_terms(f, &r->variants[i], by, wishes);
		c->index[i] = i;
	}
	return pick(h, c);
}

/* What everybody can read: that of the first file that is not coded, or the first one. */
static int plainest(const struct resource *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (!r->variants[i].traits.encoding)
			return (int)i;
	return 0;
}

/* Wishes are given up one after the other. */
static int give_in(struct modus_http *h, const struct files *f, const struct resource *r,
		   struct choice *c, int by)
{
	int at = NOT_FOUND;

	if (by & BY_LANGUAGE && *f->set->language)
		at = pick_default(h, f, r, c, by);
	if (at != NOT_FOUND || f->set->not_acceptable == NOT_ACCEPTABLE_LIST)
		return at;
	if (by & BY_LANGUAGE)
		at = pick_all(h, f, r, c, by & ~BY_LANGUAGE);
	if (at == NOT_FOUND && by & (BY_TYPE | BY_CHARSET))
		at = pick_all(h, f, r, c, 0);
	return at == NOT_FOUND ? plainest(r) : at;
}

int choose_variant(struct modus_http *h, const struct files *f, const struct resource *r)
{
	int by = differences(f, r), at;
	struct choice c;

	c.of = modus_http_alloc(h, r->count * sizeof(*c.of));
	c.index = modus_http_alloc(h, r->count * sizeof(*c.index));
	if (!c.of || !c.index)
		return -ENOMEM;
	at = pick_all(h, f, r, &c, by);
	return at == NOT_FOUND ? give_in(h, f, r, &c, by) : at;
}
