/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a form, that come in pieces of any size.  The first line is the Content-Type; where
 * it is empty, one with a boundary that is easily hit.
 */
#include "tests/fuzz/http_form_cuts.h"

static const char easy[] = "multipart/form-data; boundary=-x";

static void check_part(const struct modus_http_part *part)
{
	fuzz_expect(part->name && part->type && *part->type);
	fuzz_expect(!part->filename || !strpbrk(part->filename, "/\\"));
}

/* Events come in an order that makes sense; a failure sticks. */
static void check_events(struct form_parser *p, char *at, char *end)
{
	struct form_piece piece;
	bool open = false;
	int parts = 0, event;

	while ((event = form_parser_next(p, &at, end, &piece)) > FORM_MORE) {
		fuzz_expect(event != FORM_END && open == (event != FORM_PART));
		if (event == FORM_PART)
			check_part(form_parser_part(p));
		if (event == FORM_DATA)
			fuzz_expect(piece.n > 0);
		parts += event == FORM_PART;
		open = event != FORM_DONE;
	}
	fuzz_expect(parts <= FORM_PARTS && (event < 0 || at == end));
	if (event < 0)
		fuzz_expect(form_parser_next(p, &at, end, &piece) == event);
}

static void check_whole(const char *type, const char *body, size_t n)
{
	static struct form_parser p;
	char *copy = malloc(n + 1);

	fuzz_expect(copy);
	memcpy(copy, body, n);
	if (form_parser_begin(&p, type) == 0)
		check_events(&p, copy, copy + n);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *lf = size ? memchr(data, '\n', size) : NULL;
	size_t head = lf ? (size_t)(lf - data) : 0, skipped = lf ? head + 1 : 0;
	char *given = fuzz_text(data, head);
	const char *type = *given ? given : easy, *body = (const char *)data + skipped;

	check_whole(type, body, size - skipped);
	free(expect_any_cuts(type, body, size - skipped).text);
	free(given);
	return 0;
}
