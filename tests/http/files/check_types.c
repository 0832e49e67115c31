/* SPDX-License-Identifier: MIT */
#include "plugins/files/types.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *find(const struct types *t, const char *extension)
{
	return types_find(t, extension, strlen(extension));
}

START_TEST(test_parse)
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "text/html\t\thtml htm # and another\n"
				   "  text/plain txt\r\n"
				   "video/none\n"
				   "nonsense here\n"
				   "bad/ty\"pe bad\n"
				   "/x nothing\n"
				   "a/b/c deep\n"
				   "text/other TXT html2\n"
				   "application/vnd.a-b+c x";
	struct types *t = types_parse(text, sizeof(text) - 1);

	ck_assert_ptr_nonnull(t);
	ck_assert_str_eq(find(t, "html"), "text/html");
	ck_assert_str_eq(find(t, "HTM"), "text/html");
	ck_assert_str_eq(find(t, "txt"), "text/plain"); /* the first one */
	ck_assert_str_eq(find(t, "html2"), "text/other");
	ck_assert_str_eq(find(t, "x"), "application/vnd.a-b+c");
	ck_assert_str_eq(types_find(t, "html5", 4), "text/html");
	ck_assert_ptr_null(find(t, "htmlx"));
	ck_assert_ptr_null(find(t, "ht"));
	ck_assert_ptr_null(find(t, ""));
	ck_assert_ptr_null(find(t, "here"));
	ck_assert_ptr_null(find(t, "bad"));
	ck_assert_ptr_null(find(t, "nothing"));
	ck_assert_ptr_null(find(t, "deep"));
	ck_assert_ptr_null(find(t, "and"));
	ck_assert_uint_eq(types_count(t), 6);
	types_free(t);
}
END_TEST

START_TEST(test_many)
{
	enum { MANY = 5000 };
	char *text = malloc(MANY * 40), extension[16], type[40];
	size_t n = 0;
	struct types *t;

	ck_assert_ptr_nonnull(text);
	for (int i = MANY; i-- > 0;)
		n += (size_t)sprintf(text + n, "kind/n%d e%d\n", i, i);
	t = types_parse(text, n);
	ck_assert_ptr_nonnull(t);
	for (int i = 0; i < MANY; i++) {
		snprintf(extension, sizeof(extension), "E%d", i);
		snprintf(type, sizeof(type), "kind/n%d", i);
		ck_assert_str_eq(find(t, extension), type);
	}
	types_free(t);
	free(text);
}
END_TEST

START_TEST(test_read)
{
	char path[] = "/tmp/types-XXXXXX";
	int fd = mkstemp(path);
	struct types *t;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "a/b c\n", 6), 6);
	close(fd);
	ck_assert_int_eq(types_read(path, &t), 0);
	ck_assert_str_eq(find(t, "c"), "a/b");
	types_free(t);
	unlink(path);
	ck_assert_int_eq(types_read(path, &t), -ENOENT);
	ck_assert_int_eq(types_read("/", &t), -EINVAL);
}
END_TEST

START_TEST(test_empty)
{
	struct types *t = types_parse("", 0);

	ck_assert_ptr_nonnull(t);
	ck_assert_ptr_null(find(t, "html"));
	types_free(t);
}
END_TEST

START_TEST(test_built_in)
{
	struct types *t = types_built_in();

	ck_assert_ptr_nonnull(t);
	ck_assert_str_eq(find(t, "html"), "text/html");
	ck_assert_str_eq(find(t, "svg"), "image/svg+xml");
	types_free(t);
}
END_TEST

START_TEST(test_compressible)
{
	static const char *const worth[] = { "text/html",        "TEXT/x-any",
					     "application/json", "application/ld+json",
					     "image/svg+xml",    "application/wasm" };
	static const char *const not_worth[] = { "image/png",  "application/gzip",
						 "video/mp4",  "application/octet-stream",
						 "font/woff2", "" };

	for (size_t i = 0; i < sizeof(worth) / sizeof(*worth); i++)
		ck_assert_msg(types_compressible(worth[i]), "%s", worth[i]);
	for (size_t i = 0; i < sizeof(not_worth) / sizeof(*not_worth); i++)
		ck_assert_msg(!types_compressible(not_worth[i]), "%s", not_worth[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("types");
	TCase *cases = tcase_create("types");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	tcase_add_test(cases, test_parse);
	tcase_add_test(cases, test_many);
	tcase_add_test(cases, test_read);
	tcase_add_test(cases, test_empty);
	tcase_add_test(cases, test_built_in);
	tcase_add_test(cases, test_compressible);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
