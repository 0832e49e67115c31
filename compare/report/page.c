/* SPDX-License-Identifier: MIT */
#include "compare/report/page.h"

#include "compare/report/record.h"

#include <errno.h>
#include <string.h>

static const char before[] = "<script type=\"application/json\" class=\"record\">\n",
		  after[] = "</script>\n";

void page_begin(FILE *f)
{
	fwrite(page_head, 1, page_head_size, f);
}

void page_end(FILE *f)
{
	fwrite(page_tail, 1, page_tail_size, f);
}

void page_write(FILE *f, const struct comparison *all, unsigned count)
{
	page_begin(f);
	fputs(before, f);
	record_write(f, all, count);
	fputs(after, f);
	page_end(f);
}

/* In JSON a '<' is always within a string, where it may be escaped; so whoever wrote the record, no
 * text in it ends the element. */
static void copy(FILE *f, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == '<')
			fputs("\\u003c", f);
		else
			putc(s[i], f);
}

int page_record(FILE *f, FILE *from)
{
	static const char want[] = "{\n \"format\": \"" RECORD_FORMAT "\"";
	char piece[4096];
	size_t n = fread(piece, 1, sizeof(piece), from);

	if (!ferror(from) && (n < sizeof(want) - 1 || memcmp(piece, want, sizeof(want) - 1) != 0))
		return -EINVAL;
	fputs(before, f);
	for (; n; n = fread(piece, 1, sizeof(piece), from))
		copy(f, piece, n);
	fputs(after, f);
	return ferror(from) ? -EIO : 0;
}
