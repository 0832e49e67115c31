/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/precondition.h"

#include "handlers/http/values/ascii.h"
#include "handlers/http/values/date.h"

#include <string.h>

enum { NOT_MODIFIED = 304, FAILED = 412 };

struct tag {
	const char *opaque; /* with its quotes */
	size_t n;
	bool weak;
};

/* The entity-tag that begins here.  Returns what is behind it; where it is none, where that shows.
 */
static const char *read_tag(const char *at, struct tag *out)
{
	*out = (struct tag) { .weak = at[0] == 'W' && at[1] == '/' };
	at += out->weak ? 2 : 0;
	if (*at != '"')
		return at;
	out->opaque = at++;
	while ((unsigned char)*at > ' ' && *at != '"' && *at != 0x7f)
		at++;
	if (*at == '"')
		out->n = (size_t)(++at - out->opaque);
	return at;
}

bool http_is_etag(const char *text)
{
	struct tag tag;

	return !*read_tag(text, &tag) && tag.n > 0;
}

static bool equal(const struct tag *a, const struct tag *b, bool strong)
{
	if (strong && (a->weak || b->weak))
		return false;
	return a->n > 0 && a->n == b->n && !memcmp(a->opaque, b->opaque, a->n);
}

/* Not by http_list_next(): in a tag a backslash is a letter. */
bool http_etag_in(const char *list, const char *etag, bool strong)
{
	struct tag own = { 0 }, tag;

	if (etag && *read_tag(etag, &own))
		own.n = 0;
	if (!list || !strcmp(list, "*"))
		return list != NULL;
	for (;;) {
		list += strspn(list, ", \t");
		if (!*list)
			return false;
		list = read_tag(list, &tag);
		list += strspn(list, " \t");
		if ((!*list || *list == ',') && equal(&tag, &own, strong))
			return true;
		list += strcspn(list, ",");
	}
}

static bool has_tag(const char *list, bool exists, const char *etag, bool strong)
{
	return exists && http_etag_in(list, etag, strong);
}

/* Whether the date is one, and it was modified later, or was not.  What has no date is neither. */
static bool is_newer(const char *than, time_t modified, time_t now)
{
	time_t date = http_date_read(than, now);

	return modified != 0 && date != -1 && modified > date;
}

static bool is_not_newer(const char *than, time_t modified, time_t now)
{
	time_t date = http_date_read(than, now);

	return modified != 0 && date != -1 && modified <= date;
}

int http_precondition(const struct http_conditions *of, bool exists, const char *etag,
		      time_t modified, time_t now)
{
	bool gets = !strcmp(of->method, "GET") || !strcmp(of->method, "HEAD");
	/* They select nothing that a condition could be about (RFC 9110 13.2.1). */
	bool exempt = !strcmp(of->method, "OPTIONS") || !strcmp(of->method, "TRACE") ||
		      !strcmp(of->method, "CONNECT");

	if (exempt)
		return 0;
	if (of->if_match) {
		if (!has_tag(of->if_match, exists, etag, true))
			return FAILED;
	} else if (exists && of->if_unmodified_since &&
		   is_newer(of->if_unmodified_since, modified, now)) {
		return FAILED;
	}
	if (of->if_none_match) {
		if (has_tag(of->if_none_match, exists, etag, false))
			return gets ? NOT_MODIFIED : FAILED;
	} else if (exists && gets && of->if_modified_since &&
		   is_not_newer(of->if_modified_since, modified, now)) {
		return NOT_MODIFIED;
	}
	return 0;
}

bool http_if_range(const char *value, const char *etag, time_t modified, time_t now)
{
	time_t date;

	if (!value)
		return true;
	if (http_is_etag(value))
		return etag && http_etag_in(value, etag, true);
	date = http_date_read(value, now);
	/* A second that is not over may bring another representation of the same date. */
	return modified != 0 && modified < now && date != -1 && date == modified;
}
