/* SPDX-License-Identifier: MIT */
#include "plugins/files/variants.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char table[] = "text/html html htm\ntext/plain txt\ntext/javascript es js mjs\n"
			    "application/json json\ntext/x-perl pl\napplication/gzip gz\n"
			    "image/png png\n";

/* What a name says, as "type charset encoding language" with "-" for what it does not say. */
static const char *words(const struct traits *t)
{
	static char out[200];

	snprintf(out, sizeof(out), "%s %s %s %s", t->type ? t->type : "-",
		 t->charset ? t->charset : "-", t->encoding ? t->encoding : "-",
		 *t->language ? t->language : "-");
	return out;
}

static struct types *types(void)
{
	static struct types *t;

	if (!t)
		t = types_parse(table, sizeof(table) - 1);
	ck_assert_ptr_nonnull(t);
	return t;
}

START_TEST(test_exact)
{
	static const char *const names[][2] = {
		{ "page.html", "text/html - - -" },
		{ "PAGE.HTML", "text/html - - -" },
		{ "page.html.en", "text/html - - en" },
		{ "page.de-CH.html", "text/html - - de-CH" },
		{ "page.html.koi8-r.ru", "text/html koi8-r - ru" },
		{ "page", "- - - -" },
		{ "page.en", "- - - -" },
		{ "page.", "- - - -" },
		{ "", "- - - -" },
		{ ".html", "text/html - - -" },
		{ "page.nosuch", "- - - -" },
		{ "page.html.nosuch", "- - - -" },
		{ "page.html.gz", "application/gzip - - -" },
		{ "page.html.br", "- - - -" },
		{ "lib.min.js", "text/javascript - - -" },
		{ "a.de.x1.html", "text/html - - -" },
		{ "page.js.es", "text/javascript - - es" },
		{ "page.es", "text/javascript - - -" },
		{ "page.pl.html", "text/html - - pl" },
		{ "page.html.txt", "text/plain - - -" },
	};
	struct traits t;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		variants_exact(types(), names[i][0], &t);
		ck_assert_msg(!strcmp(words(&t), names[i][1]), "%s: %s", names[i][0], words(&t));
	}
}
END_TEST

START_TEST(test_variants)
{
	static const char *const names[][3] = {
		{ "page", "page.html", "text/html - - -" },
		{ "page", "page.html.en.gz", "text/html - gzip en" },
		{ "page", "page.en", "- - - en" },
		{ "page", "page", "- - - -" },
		{ "page.html", "page.en.html", "text/html - - en" },
		{ "page.html", "page.gz.html.de-1996", "text/html - gzip de-1996" },
		{ "page.html", "page.html.utf8.ja.br", "text/html utf-8 br ja" },
		{ "page.html", "page.html.sgn-us-ma", "text/html - - sgn-us-ma" },
		{ "page.v2.html", "page.v2.html.fr", "text/html - - fr" },
		{ "page.html.en", "page.html.en.gz", "text/html - gzip en" },
		{ "page.js", "page.js.es", "text/javascript - - es" },
		{ "page.html", "page.html.pl", "text/html - - pl" },
	};
	struct traits t;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		ck_assert_msg(variants_read(types(), names[i][0], names[i][1], &t), "%s",
			      names[i][1]);
		ck_assert_msg(!strcmp(words(&t), names[i][2]), "%s: %s", names[i][1], words(&t));
	}
}
END_TEST

START_TEST(test_no_variants)
{
	static const char *const names[][2] = {
		{ "page", "pages.html" },
		{ "page", "Page.html" },
		{ "page", "pag" },
		{ "page", "page.bak" },
		{ "page", "page.html.bak" },
		{ "page", "page.html." },
		{ "page", "page..html" },
		{ "page", "page.en.de" },
		{ "page", "page.html.txt" },
		{ "page", "page.gz.br" },
		{ "page", "page.html.e" },
		{ "page", "page.html.engl" },
		{ "page", "page.html.en-" },
		{ "page", "page.html.en-toolongsubtag" },
		{ "page", "page.html.en--us" },
		{ "page", "page.html.e1" },
		{ "page.html", "page.txt" },
		{ "page.html", "page.html.txt" },
		{ "page.html", "page.htm" },
		{ "page.html.en", "page.en.html" },
		{ "page.html.en", "page.html.en.de" },
		{ "page.html", "page.HTML" },
		{ "page", "page.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.html" },
	};
	struct traits t;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_msg(!variants_read(types(), names[i][0], names[i][1], &t), "%s: %s",
			      names[i][1], words(&t));
}
END_TEST

START_TEST(test_possible)
{
	static const char *const may[] = { "page", "page.html", "page.html.en", "page.x" };
	static const char *const must_not[] = {
		".page", ".", "..", "page.gz", "page.html.BR", "page.", "page..html",
	};

	for (size_t i = 0; i < sizeof(may) / sizeof(*may); i++)
		ck_assert_msg(variants_possible(may[i]), "%s", may[i]);
	for (size_t i = 0; i < sizeof(must_not) / sizeof(*must_not); i++)
		ck_assert_msg(!variants_possible(must_not[i]), "%s", must_not[i]);
}
END_TEST

START_TEST(test_decoded)
{
	static const char *const names[][2] = {
		{ "page.html.gz", "page.html" },
		{ "page.gz.html", "page.html" },
		{ "page.html", "page.html" },
		{ "page", "page" },
		{ "gz", "gz" },
		{ ".gz", "" },
		{ "a.gz.br", "a" },
		{ "a..gz", "a." },
	};
	char out[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		variants_decoded(names[i][0], out);
		ck_assert_str_eq(out, names[i][1]);
	}
}
END_TEST

/* Whatever a name is made of, reading it stays within it, and it is a variant of itself unless it
 * is none of anything. */
START_TEST(test_any_name)
{
	static const char letters[] = "..--aeEghlmnzst18\xc3";
	struct traits t;
	char *name, out[64];

	srandom(11);
	for (int i = 0; i < 100000; i++) {
		size_t n = (size_t)random() % 40;

		name = malloc(n + 1);
		ck_assert_ptr_nonnull(name);
		for (size_t j = 0; j < n; j++)
			name[j] = letters[(size_t)random() % (sizeof(letters) - 1)];
		name[n] = '\0';
		variants_exact(types(), name, &t);
		variants_decoded(name, out);
		ck_assert_uint_le(strlen(out), n);
		if (variants_possible(name))
			ck_assert_msg(variants_read(types(), name, name, &t), "%s", name);
		free(name);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("variants");
	TCase *cases = tcase_create("variants");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	tcase_add_test(cases, test_exact);
	tcase_add_test(cases, test_variants);
	tcase_add_test(cases, test_no_variants);
	tcase_add_test(cases, test_possible);
	tcase_add_test(cases, test_decoded);
	tcase_add_test(cases, test_any_name);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
