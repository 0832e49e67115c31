/* SPDX-License-Identifier: MIT */
/*
 * Any four lines as what a client would like, and a fifth one as what there is.  The same texts are
 * lists, elements with parameters, and lists of entity-tags.
 */
#include "tests/fuzz/http_lines.h"

#include "handlers/http/values/accept.h"
#include "handlers/http/values/choose.h"
#include "handlers/http/values/list.h"
#include "handlers/http/values/precondition.h"

#include <errno.h>

enum { FIELDS = 4 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void expect_quality(int quality)
{
	fuzz_expect(quality >= 0 && quality <= 1000);
}

static void expect_qualities(const char *field, const char *what)
{
	expect_quality(http_quality_of_type(field, what));
	expect_quality(http_quality_of_language(field, what));
	expect_quality(http_quality_of_charset(field, what));
	expect_quality(http_quality_of_encoding(field, what));
	expect_quality(http_quality_of_encoding(field, NULL));
}

static void expect_parameters(const char *item, size_t n)
{
	const char *at = item, *end = item + n, *last = item;
	struct http_parameter p;
	int rc;

	while ((rc = http_parameter_next(&at, end, &p)) == 1) {
		char *out = malloc(p.value_len + 1);

		fuzz_expect(out && at > last && at <= end);
		fuzz_expect(http_is_token(p.name, p.name_len));
		fuzz_expect(p.name > item && p.value == p.name + p.name_len + 1);
		fuzz_expect(p.value_len > 0 && p.value + p.value_len <= at);
		fuzz_expect(http_unquote(p.value, p.value_len, out, p.value_len + 1));
		fuzz_expect(strlen(out) <= p.value_len);
		free(out);
		last = at;
	}
	fuzz_expect(at == end && (rc == 0 || rc == -1));
}

static void expect_list(const char *list)
{
	const char *at = list, *item, *last = list;
	size_t n;

	while (http_list_next(&at, &item, &n)) {
		fuzz_expect(n > 0 && item >= last && item + n <= at);
		fuzz_expect(!is_blank(item[0]) && !is_blank(item[n - 1]) && item[0] != ',');
		fuzz_expect(!*at || *at == ',');
		expect_parameters(item, n);
		last = at;
	}
	fuzz_expect(!*at);
}

static void expect_value(const char *text)
{
	size_t n = strlen(text);
	bool all = true;

	for (size_t i = 0; i < n; i++)
		all = all && http_is_vchar((unsigned char)text[i]);
	fuzz_expect(http_is_value(text, n) == all);
}

static void expect_tags(const char *list, const char *tag)
{
	bool strong = http_etag_in(list, tag, true), weak = http_etag_in(list, tag, false);

	fuzz_expect(!strong || weak);
	if (weak && strcmp(list, "*") != 0)
		fuzz_expect(tag && http_is_etag(tag) && strstr(list, strchr(tag, '"')));
	if (http_is_etag(list))
		fuzz_expect(http_etag_in(list, list, false));
}

static int64_t product(const struct http_wishes *w, const struct modus_http_variant *v)
{
	int64_t p = v->quality ? v->quality : 1000;

	p *= v->type ? http_quality_of_type(w->type, v->type) : 1000;
	p *= v->charset ? http_quality_of_charset(w->charset, v->charset) : 1000;
	p *= v->language ? http_quality_of_language(w->language, v->language) : 1000;
	return p * http_quality_of_encoding(w->encoding, v->encoding);
}

/* The one that is chosen is as good as any, and none is only where none is acceptable. */
static void expect_choice(const struct http_wishes *w, const char *what)
{
	const struct modus_http_variant of[] = {
		{ "text/html", "utf-8", "en", NULL, 0, 1000 },
		{ "text/html;level=1", "utf-8", "de-CH", "gzip", 900, 300 },
		{ "application/json", NULL, "de", "br", 0, 0 },
		{ what, what, what, what, 500, 200 },
	};
	enum { COUNT = sizeof(of) / sizeof(*of) };
	int64_t products[COUNT];

	for (int i = 0; i < COUNT; i++)
		products[i] = product(w, &of[i]);
	for (int count = 0; count <= COUNT; count += COUNT / 2) {
		unsigned by;
		int chosen = http_choose(w, of, (size_t)count, &by);

		fuzz_expect(chosen == -ENOENT || (chosen >= 0 && chosen < count));
		fuzz_expect(count > 1 ? by && by <= 15 : by == 0);
		for (int i = 0; i < count; i++)
			fuzz_expect(products[i] <= (chosen < 0 ? 0 : products[chosen]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *fields[FIELDS], *what;
	struct http_wishes w;

	for (int i = 0; i < FIELDS; i++)
		fields[i] = next_line(&data, &size);
	what = next_line(&data, &size);
	w = (struct http_wishes) { fields[0], fields[1], fields[2], fields[3] };
	expect_choice(&w, what);
	for (int i = 0; i < FIELDS; i++) {
		if (what)
			expect_qualities(fields[i], what);
		if (fields[i]) {
			expect_value(fields[i]);
			expect_list(fields[i]);
			expect_tags(fields[i], what);
		}
		free(fields[i]);
	}
	free(what);
	return 0;
}
