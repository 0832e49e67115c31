/* SPDX-License-Identifier: MIT */
/* The fields of a head, and of trailers; cookies, which stand in them. */
#include "handlers/http/exchange.h"
#include "handlers/http/values/cookie.h"
#include "handlers/http/values/list.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { COOKIE_MAX = 7168 }; /* a pair of 4096 bytes, and attributes */

const char *http_field_first(const struct http_fields *of, const char *name, size_t *count)
{
	const char *found = NULL;
	size_t n = 0, len = strlen(name);

	for (size_t i = 0; i < of->count; i++) {
		if (of->all[i].name_len != len || strcasecmp(of->all[i].name, name) != 0)
			continue;
		found = n++ ? found : of->all[i].value;
		if (!count)
			break;
	}
	if (count)
		*count = n;
	return found;
}

/* Those of several are a list, but cookies are none of commas (RFC 6265bis 5.7.3). */
static const char *join(struct modus_http *h, const struct http_fields *of, const char *name)
{
	const char *between = strcasecmp(name, "Cookie") == 0 ? "; " : ", ";
	size_t size = 1;
	char *out, *at;

	for (size_t i = 0; i < of->count; i++)
		if (strcasecmp(of->all[i].name, name) == 0)
			size += strlen(of->all[i].value) + 2;
	out = at = modus_alloc(h->conn, size);
	if (!out)
		return NULL;
	for (size_t i = 0; i < of->count; i++) {
		if (strcasecmp(of->all[i].name, name) != 0)
			continue;
		if (at > out)
			at = stpcpy(at, between);
		at = stpcpy(at, of->all[i].value);
	}
	return out;
}

static const char *combined(struct modus_http *h, const struct http_fields *of, const char *name)
{
	size_t count;
	const char *first = http_field_first(of, name, &count);

	return count > 1 ? join(h, of, name) : first;
}

const char *modus_http_field(struct modus_http *h, const char *name)
{
	return combined(h, &h->request.fields, name);
}

const char *modus_http_trailer(struct modus_http *h, const char *name)
{
	return combined(h, &h->body.trailers, name);
}

bool modus_http_each(const struct modus_http *h, size_t i, const char **name, const char **value)
{
	const struct http_fields *f = &h->request.fields;

	if (i >= f->count)
		return false;
	*name = f->all[i].name;
	*value = f->all[i].value;
	return true;
}

const char *modus_http_cookie(struct modus_http *h, const char *name)
{
	const char *field = modus_http_field(h, "Cookie");
	size_t n;
	const char *value = field ? http_cookie_find(field, name, &n) : NULL;
	char *copy = value ? modus_alloc(h->conn, n + 1) : NULL;

	if (!copy)
		return NULL;
	memcpy(copy, value, n);
	copy[n] = '\0';
	return copy;
}

int modus_http_set_cookie(struct modus_http *h, const struct modus_http_cookie *cookie)
{
	char value[COOKIE_MAX];
	int n = http_cookie_write(value, sizeof(value), cookie, time(NULL));

	return n < 0 ? n : modus_http_add(h, "Set-Cookie", value);
}

/* ---- Lines of fields, as trailers are ---- */

static char *end_of_line(char *at, const char *end)
{
	char *lf = memchr(at, '\n', (size_t)(end - at));

	return lf && lf > at && lf[-1] == '\r' ? lf - 1 : NULL;
}

static int read_line(char *at, char *end, struct http_field *out)
{
	char *colon = memchr(at, ':', (size_t)(end - at));

	if (!colon || !http_is_token(at, (size_t)(colon - at)))
		return -EBADMSG;
	if (!http_is_value(colon + 1, (size_t)(end - colon) - 1))
		return -EBADMSG;
	*colon++ = '\0';
	while (colon < end && (*colon == ' ' || *colon == '\t'))
		colon++;
	while (end > colon && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	*out = (struct http_field) { at, colon, (uint32_t)strlen(at), (uint32_t)(end - colon) };
	return 0;
}

int http_fields_read(char *data, size_t n, size_t max, struct http_fields *out)
{
	char *at = data, *last = data + n;
	int rc = 0;

	while (rc == 0 && at < last) {
		char *end = end_of_line(at, last);

		if (!end)
			return -EBADMSG;
		if (out->count == max)
			return -ENOSPC;
		rc = read_line(at, end, &out->all[out->count++]);
		at = end + 2;
	}
	return rc;
}
