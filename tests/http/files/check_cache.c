/* SPDX-License-Identifier: MIT */
#include "plugins/files/cache.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 64 << 10 };

static const struct identity here = { 1, 2, 3, { 4, 5 }, { 6, 7 } };

/* Of one variant, "NAME", whose file is that. */
static struct resource *file(const char *path, int64_t born, struct identity of)
{
	struct resource *r = resource_new(path);

	ck_assert_ptr_nonnull(r);
	r->kind = RESOURCE_FILE;
	r->born = born;
	r->variants = calloc(1, sizeof(*r->variants));
	ck_assert_ptr_nonnull(r->variants);
	r->count = 1;
	r->variants[0].name = strdup("name");
	r->variants[0].of = of;
	return r;
}

static struct content *bytes(size_t n, struct identity of, bool lasting)
{
	struct content *content = content_new(n);

	ck_assert_ptr_nonnull(content);
	memset(content->data, 'x', n);
	content->of = of;
	content->lasting = lasting;
	return content;
}

static void keep(struct cache *c, const char *path, size_t n)
{
	struct resource *r = file(path, 1, here);
	struct content *content = bytes(n, here, true);

	cache_keep(c, r, NULL);
	cache_keep_content(c, r, 0, content);
	cache_let_go(c, r, content);
}

static bool knows(struct cache *c, const char *path)
{
	struct resource *r = cache_find(c, path);
	bool known = r != NULL;

	cache_let_go(c, r, NULL);
	return known;
}

START_TEST(test_bounded)
{
	struct cache *c = cache_new(LIMIT);
	char path[32];

	for (int i = 0; i < 1000; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		keep(c, path, (size_t)i * 7 % 5000);
		ck_assert_uint_le(cache_used(c), LIMIT);
		ck_assert(knows(c, path));
	}
	ck_assert(!knows(c, "/0"));
	ck_assert_uint_gt(cache_used(c), LIMIT / 2);
	cache_free(c);
}
END_TEST

START_TEST(test_last_used_stay)
{
	struct cache *c = cache_new(LIMIT);
	char path[32];

	keep(c, "/wanted", 1000);
	for (int i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		keep(c, path, 1000);
		ck_assert(knows(c, "/wanted"));
	}
	cache_free(c);
}
END_TEST

START_TEST(test_absent_push_out_nothing)
{
	struct cache *c = cache_new(LIMIT);
	struct resource *r;
	char path[32];
	int known = 0;

	for (int i = 0; i < 25; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		keep(c, path, 700);
		known += knows(c, path);
	}
	for (int i = 0; i < 10000; i++) {
		snprintf(path, sizeof(path), "/absent/%05d", i);
		r = resource_new(path);
		cache_keep(c, r, NULL);
		cache_let_go(c, r, NULL);
		ck_assert_uint_le(cache_used(c), LIMIT);
	}
	for (int i = 0; i < 25; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		known -= knows(c, path);
	}
	ck_assert_int_le(known, 1); /* the first of them may need the room of one */
	ck_assert(knows(c, "/absent/09999"));
	cache_free(c);
}
END_TEST

START_TEST(test_what_is_held_counts)
{
	struct cache *c = cache_new(LIMIT);
	struct resource *held[8];
	struct content *content[8];
	char path[32];

	for (int i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		keep(c, path, 6000);
		held[i] = cache_find(c, path);
		content[i] = cache_content(c, held[i], 0);
		ck_assert_ptr_nonnull(content[i]);
		cache_forget(c, held[i]);
		cache_forget(c, held[i]);
		ck_assert(!knows(c, path));
	}
	ck_assert_uint_gt(cache_used(c), 48000);
	keep(c, "/more", 30000); /* there is no room for its content */
	ck_assert_uint_le(cache_used(c), LIMIT);
	for (int i = 0; i < 8; i++) {
		ck_assert_int_eq(content[i]->data[5999], 'x');
		cache_let_go(c, held[i], content[i]);
	}
	ck_assert_uint_lt(cache_used(c), 8000);
	cache_free(c);
}
END_TEST

/* Whether a content, made of the file old, is there for the file new. */
static bool carried(struct identity old, struct identity new, bool lasting)
{
	struct cache *c = cache_new(LIMIT);
	struct resource *was = file("/a", 1, old), *is = file("/a", 2, new);
	struct content *content = bytes(100, old, lasting), *got;

	cache_keep(c, was, NULL);
	cache_keep_content(c, was, 0, content);
	cache_keep(c, is, was);
	cache_let_go(c, was, content);
	got = cache_content(c, is, 0);
	cache_let_go(c, is, got);
	cache_free(c);
	return got != NULL;
}

START_TEST(test_contents_outlive_looks_at_the_same_file)
{
	struct identity other[6] = { here, here, here, here, here, here };

	other[0].device++;
	other[1].inode++;
	other[2].size++;
	other[3].modified.tv_nsec++;
	other[4].changed.tv_nsec++;
	other[5].changed.tv_sec++;
	ck_assert(carried(here, here, true));
	ck_assert(!carried(here, here, false));
	for (int i = 0; i < 6; i++)
		ck_assert_msg(!carried(here, other[i], true), "%d", i);
}
END_TEST

START_TEST(test_the_later_look_counts)
{
	struct cache *c = cache_new(LIMIT);
	struct resource *late = file("/a", 9, here), *early = file("/a", 3, here), *got;

	cache_keep(c, late, NULL);
	cache_keep(c, early, NULL);
	got = cache_find(c, "/a");
	ck_assert_int_eq(got->born, 9);
	cache_let_go(c, got, NULL);
	cache_let_go(c, early, NULL);
	cache_let_go(c, late, NULL);
	cache_free(c);
}
END_TEST

START_TEST(test_none)
{
	struct cache *c = cache_new(0);

	keep(c, "/a", 10);
	ck_assert(!knows(c, "/a"));
	ck_assert_uint_eq(cache_used(c), 0);
	cache_free(c);
}
END_TEST

static void *work(void *arg)
{
	struct cache *c = arg;
	unsigned seed = (unsigned)(uintptr_t)&seed;
	char path[32];

	for (int i = 0; i < 4000; i++) {
		struct resource *r;
		struct content *content;

		snprintf(path, sizeof(path), "/%d", rand_r(&seed) % 40);
		r = cache_find(c, path);
		if (!r) {
			keep(c, path, 3000);
			continue;
		}
		content = cache_content(c, r, 0);
		if (content)
			ck_assert_int_eq(content->data[2999], 'x');
		if (i % 50 == 0)
			cache_forget(c, r);
		cache_let_go(c, r, content);
	}
	return NULL;
}

START_TEST(test_threads)
{
	struct cache *c = cache_new(LIMIT);
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, c), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_le(cache_used(c), LIMIT);
	cache_free(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cache");
	TCase *cases = tcase_create("cache");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	tcase_add_test(cases, test_bounded);
	tcase_add_test(cases, test_last_used_stay);
	tcase_add_test(cases, test_absent_push_out_nothing);
	tcase_add_test(cases, test_what_is_held_counts);
	tcase_add_test(cases, test_contents_outlive_looks_at_the_same_file);
	tcase_add_test(cases, test_the_later_look_counts);
	tcase_add_test(cases, test_none);
	tcase_add_test(cases, test_threads);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
