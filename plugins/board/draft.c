/* SPDX-License-Identifier: MIT */
#include "draft.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

void draft_refuse(struct draft *d, int code)
{
	if (d->refused)
		return;
	d->refused = code;
	free(d->body);
	d->body = NULL;
}

static bool make_room(struct draft *d, size_t n)
{
	size_t room = d->room ? d->room : 256;
	char *body;

	while (room < n)
		room *= 2;
	if (room == d->room)
		return true;
	body = realloc(d->body, room);
	if (!body)
		return false;
	d->body = body;
	d->room = room;
	return true;
}

void draft_add(struct draft *d, const struct board_settings *set, const char *line, size_t n)
{
	if (d->refused)
		return;
	d->lines++;
	if (d->len + n + 1 > (size_t)set->max_post || d->lines > (size_t)set->max_lines)
		draft_refuse(d, 504);
	else if (text_check(line, n, true))
		draft_refuse(d, 503);
	else if (!make_room(d, d->len + n + 2))
		draft_refuse(d, 451);
	if (d->refused)
		return;
	memcpy(d->body + d->len, line, n);
	d->len += n + 1;
	d->body[d->len - 1] = '\n';
	d->body[d->len] = '\0';
}

bool draft_is_fit(const struct draft *d, const struct board_settings *set, struct reply *r)
{
	switch (d->refused) {
	case 0:
		if (d->len)
			return true;
		reply_line(r, "506 the post is empty, nothing was kept");
		break;
	case 451:
		reply_line(r, "451 out of memory, nothing was kept");
		break;
	case 502:
		reply_line(r, "502 a line had more than %d bytes, nothing was kept",
			   LINE_MAX_BYTES);
		break;
	case 503:
		reply_line(r,
			   "503 line %zu has a control character, or is not UTF-8; nothing "
			   "was kept",
			   d->lines);
		break;
	default:
		reply_line(r, "504 a post has at most %lld bytes and %lld lines, nothing was kept",
			   (long long)set->max_post, (long long)set->max_lines);
	}
	return false;
}

void draft_free(struct draft *d)
{
	if (d)
		free(d->body);
	free(d);
}
