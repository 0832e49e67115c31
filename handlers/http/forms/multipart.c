/* SPDX-License-Identifier: MIT */
#include "handlers/http/forms/multipart.h"

#include "handlers/http/values/ascii.h"
#include "handlers/http/values/list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool is_boundary(const char *text)
{
	static const char legal[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "'()+_,-./:=? ";
	size_t n = strspn(text, legal);

	return n > 0 && !text[n] && text[n - 1] != ' ';
}

static int find_boundary(const char *parameters, char out[MULTIPART_BOUNDARY + 1])
{
	const char *end = parameters + strlen(parameters);
	struct http_parameter p;
	int rc;

	*out = '\0';
	while ((rc = http_parameter_next(&parameters, end, &p)) == 1) {
		if (!http_same(p.name, p.name_len, "boundary", 8))
			continue;
		if (*out || !http_unquote(p.value, p.value_len, out, MULTIPART_BOUNDARY + 1) ||
		    !is_boundary(out))
			return -EBADMSG;
	}
	return rc || !*out ? -EBADMSG : 0;
}

int multipart_begin(struct multipart *m, const char *parameters)
{
	char boundary[MULTIPART_BOUNDARY + 1];

	if (find_boundary(parameters, boundary))
		return -EBADMSG;
	m->delimiter_len =
		(size_t)snprintf(m->delimiter, sizeof(m->delimiter), "\r\n--%s-", boundary) - 1;
	m->state = MULTIPART_PREAMBLE;
	m->error = 0;
	m->closing = false;
	m->parts = 0;
	m->matched = m->before = 2; /* the body begins as a line does */
	return 0;
}

/* Where a delimiter is, or what there is of one that the end cuts. */
static char *find_delimiter(const struct multipart *m, char *at, const char *end)
{
	while ((at = memchr(at, '\r', (size_t)(end - at)))) {
		size_t n = (size_t)(end - at);

		if (memcmp(at, m->delimiter, n < m->delimiter_len ? n : m->delimiter_len) == 0)
			return at;
		at++;
	}
	return NULL;
}

/* What is passed over: in a preamble it is nobody's. */
static int tell(const struct multipart *m, struct form_piece *out, const char *data, size_t n)
{
	*out = (struct form_piece) { data, n };
	return n && m->state == MULTIPART_VALUE ? FORM_DATA : FORM_MORE;
}

/* It was no delimiter after all; only its first byte is a CR, so no other begins within. */
static int give_back(struct multipart *m, struct form_piece *out)
{
	const char *data = m->delimiter + m->before;
	size_t n = m->matched - m->before;

	m->matched = m->before = 0;
	return tell(m, out, data, n);
}

static int end_value(struct multipart *m, bool closing)
{
	int event = m->state == MULTIPART_VALUE ? FORM_DONE : FORM_MORE;

	m->closing = closing;
	m->state = MULTIPART_PADDING;
	return event;
}

/* Behind the whole of it what makes it one must follow: two dashes, or blanks and a line's end. */
static int decide(struct multipart *m, char **at, struct form_piece *out)
{
	bool dashed = m->matched > m->delimiter_len;

	if (!dashed && (**at == ' ' || **at == '\t' || **at == '\r'))
		return end_value(m, false);
	if (**at != '-')
		return give_back(m, out);
	(*at)++;
	if (dashed)
		return end_value(m, true);
	m->matched++;
	return FORM_MORE;
}

static int search(struct multipart *m, char **at, const char *end, struct form_piece *out)
{
	char *begin = *at, *found;
	size_t left = (size_t)(end - begin), n;

	if (m->matched >= m->delimiter_len)
		return decide(m, at, out);
	if (m->matched) {
		n = m->delimiter_len - m->matched;
		n = left < n ? left : n;
		if (memcmp(begin, m->delimiter + m->matched, n) != 0)
			return give_back(m, out);
		m->matched += n;
		*at += n;
		return FORM_MORE;
	}
	found = find_delimiter(m, begin, end);
	n = found ? (size_t)(found - begin) : left;
	left -= n;
	m->matched = left < m->delimiter_len ? left : m->delimiter_len;
	*at += n + m->matched;
	return tell(m, out, begin, n);
}

static int pass_padding(struct multipart *m, char **at, const char *end, struct form_piece *out)
{
	while (*at < end && (**at == ' ' || **at == '\t'))
		(*at)++;
	if (*at == end)
		return FORM_MORE;
	if (*(*at)++ != '\r')
		return -EBADMSG;
	m->state = MULTIPART_LF;
	return FORM_MORE;
}

static int end_line(struct multipart *m, char **at, const char *end, struct form_piece *out)
{
	if (*(*at)++ != '\n')
		return -EBADMSG;
	if (m->closing) {
		m->state = MULTIPART_EPILOGUE;
		return FORM_MORE;
	}
	if (++m->parts > FORM_PARTS)
		return -EMSGSIZE;
	m->state = MULTIPART_HEAD;
	part_head_begin(&m->head);
	return FORM_MORE;
}

/* The line that ends a head may be the one that a delimiter begins with: no value at all. */
static int take_head(struct multipart *m, char **at, const char *end, struct form_piece *out)
{
	int rc = part_head_take(&m->head, at, end);

	if (rc != 1)
		return rc;
	m->state = MULTIPART_VALUE;
	m->matched = m->before = 2;
	return FORM_PART;
}

static int pass_epilogue(struct multipart *m, char **at, const char *end, struct form_piece *out)
{
	*at += end - *at;
	return FORM_MORE;
}

int multipart_next(struct multipart *m, char **at, const char *end, struct form_piece *out)
{
	static int (*const steps[])(struct multipart *, char **, const char *,
				    struct form_piece *) = {
		[MULTIPART_PREAMBLE] = search,      [MULTIPART_VALUE] = search,
		[MULTIPART_PADDING] = pass_padding, [MULTIPART_LF] = end_line,
		[MULTIPART_HEAD] = take_head,       [MULTIPART_EPILOGUE] = pass_epilogue,
	};
	int event = m->error;

	while (event == FORM_MORE && *at < end)
		event = steps[m->state](m, at, end, out);
	if (event < 0)
		m->error = event;
	return event;
}

int multipart_end(struct multipart *m)
{
	bool complete =
		m->state == MULTIPART_EPILOGUE || (m->state == MULTIPART_PADDING && m->closing);

	if (!m->error && !complete)
		m->error = -EBADMSG;
	return m->error ? m->error : FORM_END;
}
