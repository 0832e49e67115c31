/* SPDX-License-Identifier: MIT */
/* Forms that are read as they come: the body goes through a parser in pieces. */
#include "handlers/http/forms/form.h"

#include "handlers/http/forms/parser.h"

#include <errno.h>
#include <string.h>

enum { INPUT_MIN = 4096, INPUT_MAX = 16384 };

struct http_form {
	struct form_parser parser;
	int error;
	bool open;               /* a part's value goes on */
	bool cut;                /* the body has no more */
	struct form_piece value; /* what was found of it and not yet asked for */
	char *at, *end;          /* the input that is left */
	size_t room;
	char input[];
};

/* A small body gets no more memory than it needs. */
static size_t input_size(const struct modus_http *h)
{
	int64_t length = modus_http_length(h);

	if (length < 0 || length > INPUT_MAX)
		return INPUT_MAX;
	return length < INPUT_MIN ? INPUT_MIN : (size_t)length;
}

static int open_form(struct modus_http *h, struct http_form **out)
{
	size_t room = input_size(h);
	struct http_form *f = modus_http_alloc(h, sizeof(*f) + room);
	int rc;

	if (!f)
		return -ENOMEM;
	rc = form_parser_begin(&f->parser, modus_http_field(h, "Content-Type"));
	if (rc == -EOPNOTSUPP)
		return rc;
	f->error = rc;
	f->open = f->cut = false;
	f->value.n = 0;
	f->at = f->end = f->input;
	f->room = room;
	*out = f;
	return rc;
}

static int fill(struct modus_http *h, struct http_form *f)
{
	ssize_t n = modus_http_read(h, f->input, f->room);

	if (n < 0)
		return (int)n;
	f->cut = n == 0;
	f->at = f->input;
	f->end = f->input + n;
	return FORM_MORE;
}

static int next_event(struct modus_http *h, struct http_form *f)
{
	int event = f->error;

	while (event == FORM_MORE) {
		if (f->at < f->end)
			event = form_parser_next(&f->parser, &f->at, f->end, &f->value);
		else if (f->cut)
			event = form_parser_end(&f->parser, &f->value);
		else
			event = fill(h, f);
	}
	if (event != FORM_DATA)
		f->value.n = 0;
	if (event < 0)
		f->error = event;
	f->open = event == FORM_PART || event == FORM_DATA;
	return event;
}

static bool lend(struct modus_http *h, const char **out, const char *text)
{
	size_t n = text ? strlen(text) + 1 : 0;
	char *copy;

	*out = NULL;
	if (!text)
		return true;
	copy = modus_http_alloc(h, n);
	if (copy)
		*out = memcpy(copy, text, n);
	return copy;
}

int modus_http_part(struct modus_http *h, struct modus_http_part *part)
{
	struct http_form **at = http_form_of(h), *f;
	const struct modus_http_part *found;
	int event = *at ? 0 : open_form(h, at);

	if (event < 0)
		return event;
	f = *at;
	do
		event = next_event(h, f);
	while (event == FORM_DATA || event == FORM_DONE);
	if (event != FORM_PART)
		return event == FORM_END ? 0 : event;
	found = form_parser_part(&f->parser);
	if (lend(h, &part->name, found->name) && lend(h, &part->filename, found->filename) &&
	    lend(h, &part->type, found->type))
		return 1;
	return f->error = -ENOMEM;
}

ssize_t modus_http_part_read(struct modus_http *h, void *buf, size_t size)
{
	struct http_form *f = *http_form_of(h);

	if (!f)
		return -EINVAL;
	while (!f->error && f->open && !f->value.n)
		next_event(h, f);
	if (f->error || !f->value.n)
		return f->error;
	size = size < f->value.n ? size : f->value.n;
	memcpy(buf, f->value.data, size);
	f->value.data += size;
	f->value.n -= size;
	return (ssize_t)size;
}
