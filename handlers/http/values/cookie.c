/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/cookie.h"

#include "handlers/http/values/ascii.h"
#include "handlers/http/values/date.h"
#include "handlers/http/values/list.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Beyond these a client drops the cookie, or the attribute (RFC 6265bis 5.6). */
enum { PAIR_MAX = 4096, ATTRIBUTE_MAX = 1024 };

/* Blanks are passed over in front of a name alone: a name that has some is another one, and must
 * not be taken for one with a prefix that a browser guards. */
const char *http_cookie_find(const char *field, const char *name, size_t *len)
{
	size_t length = strlen(name), n;

	while (field && *field && length) {
		field += strspn(field, "; \t");
		n = strcspn(field, ";");
		if (n > length && !memcmp(field, name, length) && field[length] == '=') {
			field += length + 1;
			n -= length + 1;
			while (n > 0 && http_is_blank(field[n - 1]))
				n--;
			*len = n;
			return field;
		}
		field += n;
	}
	return NULL;
}

/* ---- What can be a cookie ---------------------------------------------------------------------
 */

static bool is_octet(char c)
{
	return c > ' ' && c < 0x7f && !strchr("\",;\\", c);
}

/* Octets, perhaps all of them in quotes. */
static bool is_value(const char *text)
{
	size_t n = strlen(text), i = 0;

	if (n >= 2 && text[0] == '"' && text[n - 1] == '"') {
		i++;
		n--;
	}
	while (i < n && is_octet(text[i]))
		i++;
	return i == n;
}

/* NULL is fine; an empty one would mean another than the client takes it for. */
static bool is_attribute(const char *text)
{
	size_t n = 0;

	if (!text)
		return true;
	while (text[n] >= ' ' && text[n] < 0x7f && text[n] != ';')
		n++;
	return !text[n] && n > 0 && n <= ATTRIBUTE_MAX;
}

/* Clients compare the prefix without case, whatever else of a name they compare. */
static bool keeps_prefix(const struct modus_http_cookie *c)
{
	if (http_begins(c->name, "__secure-"))
		return c->secure;
	if (http_begins(c->name, "__host-"))
		return c->secure && !c->domain && c->path && !strcmp(c->path, "/");
	return true;
}

/* One that is deleted needs none. */
static const char *value_of(const struct modus_http_cookie *c)
{
	return c->value ? c->value : "";
}

static bool is_cookie(const struct modus_http_cookie *c)
{
	const char *value = value_of(c);

	if (!c->name || !http_is_token(c->name, strlen(c->name)) || !is_value(value) ||
	    strlen(c->name) + strlen(value) > PAIR_MAX)
		return false;
	if (!is_attribute(c->path) || !is_attribute(c->domain))
		return false;
	if ((unsigned)c->same_site > MODUS_SITE_NONE)
		return false;
	return (c->same_site != MODUS_SITE_NONE || c->secure) && keeps_prefix(c);
}

/* ---- Writing ----------------------------------------------------------------------------------
 */

struct writing {
	char *out;
	size_t size, n; /* n counts on when it is full */
};

static void put(struct writing *w, const char *text)
{
	size_t length = strlen(text);

	if (w->n + length < w->size)
		memcpy(w->out + w->n, text, length + 1);
	w->n += length;
}

static void put_attribute(struct writing *w, const char *name, const char *value)
{
	if (!value)
		return;
	put(w, name);
	put(w, value);
}

/* Old clients know Expires alone; the others prefer Max-Age, which no wrong clock spoils. */
static void put_age(struct writing *w, int64_t age, time_t now)
{
	char date[HTTP_DATE_SIZE], seconds[24];
	int64_t end;

	if (age == 0)
		return;
	if (age < 0) {
		age = 0;
		end = 0;
	} else if (__builtin_add_overflow((int64_t)now, age, &end)) {
		end = INT64_MAX;
	}
	http_date_write(date, (time_t)end);
	snprintf(seconds, sizeof(seconds), "%" PRId64, age);
	put_attribute(w, "; Expires=", date);
	put_attribute(w, "; Max-Age=", seconds);
}

int http_cookie_write(char *out, size_t size, const struct modus_http_cookie *cookie, time_t now)
{
	static const char *const sites[] = {
		[MODUS_SITE_LAX] = "Lax", [MODUS_SITE_STRICT] = "Strict", [MODUS_SITE_NONE] = "None"
	};
	struct writing w = { out, size, 0 };

	if (!is_cookie(cookie))
		return -EINVAL;
	put(&w, cookie->name);
	put(&w, "=");
	put(&w, value_of(cookie));
	put_age(&w, cookie->max_age, now);
	put_attribute(&w, "; Domain=", cookie->domain);
	put_attribute(&w, "; Path=", cookie->path);
	put(&w, cookie->secure ? "; Secure" : "");
	put(&w, cookie->http_only ? "; HttpOnly" : "");
	put_attribute(&w, "; SameSite=", sites[cookie->same_site]);
	return w.n < size ? (int)w.n : -ENOSPC;
}
