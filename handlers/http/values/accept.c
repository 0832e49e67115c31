/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/accept.h"

#include "handlers/http/values/ascii.h"
#include "handlers/http/values/list.h"

#include <string.h>

enum { MOST = 1000 };

/* An element of such a field. */
struct wish {
	const char *name, *end; /* not NUL-terminated; end is the element's, parameters included */
	size_t n;
	int quality;
};

/* What suits best so far: more specific wishes override less specific ones. */
struct verdict {
	int rank; /* 0: nothing suits yet */
	int quality;
	bool any; /* there was a well-formed wish, be it for this or for another */
};

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), in thousandths; -1: it is none. */
static int read_quality(const char *text, size_t n)
{
	int quality, digit = MOST;

	if (n == 0 || n > strlen("0.000") || (text[0] != '0' && text[0] != '1') ||
	    (n > 1 && text[1] != '.'))
		return -1;
	quality = (text[0] - '0') * MOST;
	for (size_t i = 2; i < n; i++) {
		if (!http_is_digit(text[i]))
			return -1;
		digit /= 10;
		quality += (text[i] - '0') * digit;
	}
	return quality <= MOST ? quality : -1;
}

static bool is_weight(const struct http_parameter *p)
{
	return http_same(p->name, p->name_len, "q", 1);
}

/* Reads an element; false: malformed.  A weight counts wherever it stands (RFC 9110 12.5.1). */
static bool read_wish(const char *item, size_t n, struct wish *out)
{
	struct http_parameter p;
	const char *at;
	int rc, quality;

	*out = (struct wish) { item, item + n, 0, MOST };
	while (out->n < n && item[out->n] != ';' && !http_is_blank(item[out->n]))
		out->n++;
	at = item + out->n;
	while (at < out->end && http_is_blank(*at))
		at++;
	if (out->n == 0 || (at < out->end && *at != ';'))
		return false;
	while ((rc = http_parameter_next(&at, out->end, &p)) == 1) {
		quality = is_weight(&p) ? read_quality(p.value, p.value_len) : -1;
		if (quality >= 0)
			out->quality = quality;
	}
	return rc == 0;
}

static bool next_wish(const char **list, struct wish *out)
{
	const char *item;
	size_t n;

	while (http_list_next(list, &item, &n))
		if (read_wish(item, n, out))
			return true;
	return false;
}

/* Of wishes that are equally specific the fondest counts.  rank -1: it is no wish at all. */
static void hear(struct verdict *v, int rank, int quality)
{
	v->any = v->any || rank >= 0;
	if (rank > v->rank || (rank > 0 && rank == v->rank && quality > v->quality)) {
		v->rank = rank;
		v->quality = quality;
	}
}

static bool is_any(const char *name, size_t n)
{
	return n == 1 && *name == '*';
}

/* ---- Media types ------------------------------------------------------------------------------
 */

enum { BY_ANY = 1, BY_TYPE, BY_SUBTYPE, PARAMETERS_MAX = 1 << 16 };

static bool read_media(const char *name, size_t n, size_t *slash)
{
	const char *at = memchr(name, '/', n);

	if (!at)
		return false;
	*slash = (size_t)(at - name);
	return http_is_token(name, *slash) && http_is_token(at + 1, n - *slash - 1);
}

/* Compares values as if both were unquoted.  Without case: that of most does not matter, and who
 * sends "UTF-8" for "utf-8" is served all the same. */
static bool same_value(const struct http_parameter *a, const struct http_parameter *b)
{
	const char *x = a->value, *x_end = x + a->value_len;
	const char *y = b->value, *y_end = y + b->value_len;

	x_end -= *x == '"';
	x += *x == '"';
	y_end -= *y == '"';
	y += *y == '"';
	while (x < x_end && y < y_end) {
		x += *x == '\\';
		y += *y == '\\';
		if (http_lower(*x++) != http_lower(*y++))
			return false;
	}
	return x == x_end && y == y_end;
}

static bool has_parameter(const char *type, const struct http_parameter *wanted)
{
	const char *end = type + strlen(type);
	struct http_parameter p;

	while (http_parameter_next(&type, end, &p) == 1)
		if (http_same(p.name, p.name_len, wanted->name, wanted->name_len) &&
		    same_value(&p, wanted))
			return true;
	return false;
}

/* How many parameters a range has, all of which the type has too; -1: it lacks one. */
static int shared_parameters(const struct wish *w, const char *type)
{
	const char *at = w->name + w->n;
	struct http_parameter p;
	int count = 0;

	while (http_parameter_next(&at, w->end, &p) == 1) {
		if (is_weight(&p))
			continue;
		if (!has_parameter(type, &p))
			return -1;
		count += count < PARAMETERS_MAX - 1;
	}
	return count;
}

static int rank_type(const struct wish *w, const char *type)
{
	size_t n = strcspn(type, "; \t"), slash, wanted;
	int by, count;

	if (!read_media(w->name, w->n, &wanted))
		return -1;
	if (is_any(w->name, wanted))
		by = is_any(w->name + 2, w->n - 2) ? BY_ANY : -1;
	else if (!read_media(type, n, &slash) || !http_same(w->name, wanted, type, slash))
		by = 0;
	else if (is_any(w->name + wanted + 1, w->n - wanted - 1))
		by = BY_TYPE;
	else
		by = http_same(w->name, w->n, type, n) ? BY_SUBTYPE : 0;
	if (by <= 0)
		return by;
	count = shared_parameters(w, type + n);
	return count < 0 ? 0 : by * PARAMETERS_MAX + count;
}

int http_quality_of_type(const char *accept, const char *type)
{
	struct verdict v = { 0 };
	struct wish w;

	while (accept && next_wish(&accept, &w))
		hear(&v, rank_type(&w, type), w.quality);
	return v.any ? v.quality : MOST;
}

/* ---- Languages --------------------------------------------------------------------------------
 */

enum { LANGUAGE_ANY = 1, LANGUAGE_WIDER, LANGUAGE_IT };

/* language-range = ( 1*8ALPHA *( "-" 1*8alphanum ) ) / "*" */
static bool is_language_range(const char *text, size_t n)
{
	size_t length = 0; /* of the subtag */
	bool first = true;

	if (is_any(text, n))
		return true;
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '-' && length > 0) {
			length = 0;
			first = false;
			continue;
		}
		if (!http_is_alpha(text[i]) && (first || !http_is_digit(text[i])))
			return false;
		if (++length > 8)
			return false;
	}
	return length > 0;
}

/* Whether the first n bytes of whole are the prefix, to the end of a subtag. */
static bool is_prefix(const char *prefix, size_t n, const char *whole, size_t m)
{
	return n > 0 && n <= m && http_same(prefix, n, whole, n) && (n == m || whole[n] == '-');
}

/* The longer range that a tag begins with is the more specific one.  A range that begins with the
 * tag is none for it by 3.3.1, and where it is refused, the tag is not. */
static void hear_language(struct verdict *v, const struct wish *w, const char *tag)
{
	size_t m = strlen(tag);

	if (!is_language_range(w->name, w->n))
		return;
	if (is_any(w->name, w->n))
		hear(v, LANGUAGE_ANY, w->quality);
	else if (is_prefix(w->name, w->n, tag, m))
		hear(v, LANGUAGE_IT + (int)w->n, w->quality);
	else if (w->quality > 0 && is_prefix(tag, m, w->name, w->n))
		hear(v, LANGUAGE_WIDER, w->quality > 1 ? w->quality - 1 : 1);
	else
		hear(v, 0, 0);
}

int http_quality_of_language(const char *accept, const char *tag)
{
	struct verdict v = { 0 };
	struct wish w;

	while (accept && next_wish(&accept, &w))
		hear_language(&v, &w, tag);
	return v.any ? v.quality : MOST;
}

/* ---- Charsets and codings ---------------------------------------------------------------------
 */

static int rank_token(const struct wish *w, const char *token, size_t n)
{
	if (!http_is_token(w->name, w->n))
		return -1;
	if (is_any(w->name, w->n))
		return 1;
	return http_same(w->name, w->n, token, n) ? 2 : 0;
}

int http_quality_of_charset(const char *accept, const char *charset)
{
	struct verdict v = { 0 };
	struct wish w;

	while (accept && next_wish(&accept, &w))
		hear(&v, rank_token(&w, charset, strlen(charset)), w.quality);
	return v.any ? v.quality : MOST;
}

/* "x-gzip" and "x-compress" are other names (RFC 9110 8.4.1). */
static const char *own_name(const char *name, size_t *n)
{
	if (!http_same(name, *n, "x-gzip", 6) && !http_same(name, *n, "x-compress", 10))
		return name;
	*n -= 2;
	return name + 2;
}

/* An empty field wants identity alone.  Where nothing is said of identity, it is liked less than
 * the codings that are asked for, or these would be asked for in vain. */
int http_quality_of_encoding(const char *accept, const char *coding)
{
	struct verdict v = { 0 };
	struct wish w;
	int least = MOST + 1;
	size_t n;
	bool identity;

	if (!accept)
		return MOST;
	coding = coding ? coding : "identity";
	n = strlen(coding);
	identity = http_same(coding, n, "identity", 8);
	coding = own_name(coding, &n);
	while (next_wish(&accept, &w)) {
		w.name = own_name(w.name, &w.n);
		hear(&v, rank_token(&w, coding, n), w.quality);
		if (w.quality > 0 && w.quality < least && http_is_token(w.name, w.n))
			least = w.quality;
	}
	if (v.rank > 0 || !identity)
		return v.quality;
	return least > 1 ? least - 1 : 1;
}
