/* SPDX-License-Identifier: MIT */
#include "handlers/http/forms/urlencoded.h"

#include "handlers/http/values/ascii.h"

#include <errno.h>

void urlencoded_begin(struct urlencoded *u)
{
	u->part = (struct modus_http_part) { .name = u->name, .type = "text/plain" };
	u->error = 0;
	u->in_value = u->ended = false;
	u->pairs = u->digits = u->byte = 0;
	u->len = 0;
}

/* 1: *out is what it says; 0: it is of an escape that goes on. */
static int decode(struct urlencoded *u, char c, char *out)
{
	int digit;

	if (!u->digits && c != '%') {
		*out = c == '+' ? ' ' : c;
		return 1;
	}
	if (!u->digits) {
		u->digits = 2;
		u->byte = 0;
		return 0;
	}
	digit = http_hex(c);
	if (digit < 0)
		return -EBADMSG;
	u->byte = u->byte * 16 + (unsigned)digit;
	*out = (char)u->byte;
	return --u->digits == 0;
}

/* At "=" or "&". */
static int end_name(struct urlencoded *u, char **at)
{
	if (**at == '&' && !u->len) {
		(*at)++;
		return FORM_MORE;
	}
	if (++u->pairs > FORM_PARTS)
		return -EMSGSIZE;
	if (**at == '=')
		(*at)++;
	u->name[u->len] = '\0';
	u->len = 0;
	u->in_value = true;
	return FORM_PART;
}

static int take_name(struct urlencoded *u, char **at, const char *end)
{
	while (*at < end) {
		char c;
		int rc;

		if (!u->digits && (**at == '&' || **at == '='))
			return end_name(u, at);
		rc = decode(u, *(*at)++, &c);
		if (rc < 0 || (rc && !c))
			return -EBADMSG;
		if (rc && u->len == URLENCODED_NAME)
			return -EMSGSIZE;
		if (rc)
			u->name[u->len++] = c;
	}
	return FORM_MORE;
}

/* What was decoded before a malformed escape is told first, wherever the body was cut. */
static int take_value(struct urlencoded *u, char **at, const char *end, struct form_piece *out)
{
	char *begin = *at, *to = begin;
	int rc = 0;

	while (rc >= 0 && *at < end && (u->digits || **at != '&')) {
		rc = decode(u, *(*at)++, to);
		to += rc > 0;
	}
	*out = (struct form_piece) { begin, (size_t)(to - begin) };
	if (rc < 0)
		u->error = rc;
	if (out->n || rc < 0)
		return out->n ? FORM_DATA : rc;
	if (*at == end)
		return FORM_MORE;
	(*at)++;
	u->in_value = false;
	return FORM_DONE;
}

int urlencoded_next(struct urlencoded *u, char **at, char *end, struct form_piece *out)
{
	int event = u->error;

	while (event == FORM_MORE && *at < end)
		event = u->in_value ? take_value(u, at, end, out) : take_name(u, at, end);
	if (event < 0)
		u->error = event;
	return event;
}

/* The last pair ends as those before it do. */
int urlencoded_end(struct urlencoded *u, struct form_piece *out)
{
	char separator[] = "&", *at = separator;
	int event;

	if (u->ended)
		return FORM_END;
	event = urlencoded_next(u, &at, separator + 1, out);
	u->ended = event == FORM_MORE || event == FORM_DONE;
	return event == FORM_MORE ? FORM_END : event;
}
