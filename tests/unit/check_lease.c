/* SPDX-License-Identifier: MIT */
#include "core/lease.h"

#include "core_fixture.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

static struct lease_pool pool;

static struct lease *take(void)
{
	struct lease *l = lease_take(&pool);

	ck_assert_ptr_nonnull(l);
	return l;
}

START_TEST(test_the_last_returned_is_lent_again)
{
	struct lease *a = take(), *b = take();

	ck_assert_ptr_ne(a, b);
	memset(a->in, 'x', sizeof(a->in));
	memset(a->out, 'x', sizeof(a->out));
	lease_return(&pool, b);
	lease_return(&pool, a);
	ck_assert_ptr_eq(take(), a);
	ck_assert_ptr_eq(take(), b);
	lease_return(&pool, a);
	lease_return(&pool, b);
	lease_pool_finish(&pool);
}
END_TEST

START_TEST(test_one_lent_again_is_empty)
{
	struct lease *l = take();
	void *first = lease_alloc(l, 100);

	ck_assert_ptr_nonnull(lease_alloc(l, 3 * LEASE_ARENA));
	l->out_len = 77;
	lease_return(&pool, l);
	ck_assert_ptr_eq(take(), l);
	ck_assert_uint_eq(l->out_len, 0);
	ck_assert_ptr_null(l->blocks);
	ck_assert_ptr_eq(lease_alloc(l, 100), first); /* the arena is whole again */
	lease_return(&pool, l);
	lease_pool_finish(&pool);
}
END_TEST

/* From the arena first, then beyond: aligned for anything, and nobody else's. */
START_TEST(test_alloc_gives_memory_of_its_own)
{
	struct lease *l = take();
	unsigned char *at[300];

	for (int i = 0; i < 300; i++) {
		at[i] = lease_alloc(l, (size_t)i);
		ck_assert_ptr_nonnull(at[i]);
		ck_assert_uint_eq((uintptr_t)at[i] % _Alignof(max_align_t), 0);
		memset(at[i], i, (size_t)i);
	}
	for (int i = 0; i < 300; i++)
		for (int k = 0; k < i; k++)
			ck_assert_uint_eq(at[i][k], (unsigned char)i);
	ck_assert_ptr_nonnull(l->blocks);
	lease_free_all(l);
	ck_assert_ptr_null(l->blocks);
	lease_return(&pool, l);
	lease_pool_finish(&pool);
}
END_TEST

START_TEST(test_a_whole_arena_takes_no_block)
{
	struct lease *l = take();

	ck_assert_ptr_nonnull(lease_alloc(l, LEASE_ARENA));
	ck_assert_ptr_null(l->blocks);
	ck_assert_ptr_nonnull(lease_alloc(l, 1));
	ck_assert_ptr_nonnull(l->blocks);
	lease_free_all(l);
	lease_free_all(l); /* nothing is left to free */
	lease_return(&pool, l);
	lease_pool_finish(&pool);
}
END_TEST

START_TEST(test_what_no_memory_holds_is_refused)
{
	struct lease *l = take();

	for (size_t less = 0; less < 64; less++)
		ck_assert_ptr_null(lease_alloc(l, SIZE_MAX - less));
	ck_assert_ptr_nonnull(lease_alloc(l, 16));
	lease_return(&pool, l);
	lease_pool_finish(&pool);
}
END_TEST

START_TEST(test_finish_gives_memory_back)
{
	struct lease *l[100];
	unsigned char in_core;

	for (int i = 0; i < 100; i++)
		l[i] = take();
	for (int i = 0; i < 100; i++)
		lease_return(&pool, l[i]);
	lease_return(&pool, NULL);
	lease_pool_finish(&pool);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(mincore(l[i], 1, &in_core), -1);
	lease_return(&pool, take()); /* an emptied pool lends again */
	lease_pool_finish(&pool);
}
END_TEST

START_TEST(test_a_prepared_one_is_lent_untouched)
{
	struct lease *l;
	unsigned char in_core[2];

	lease_prepare(&pool);
	lease_prepare(&pool); /* there is one */
	l = pool.prepared;
	ck_assert_int_eq(mincore(l, 1, in_core), 0);
	ck_assert_uint_eq(in_core[0], 0);
	ck_assert_ptr_eq(take(), l);
	ck_assert_uint_eq(l->out_len, 0);
	ck_assert_ptr_ne(take(), l);
	lease_return(&pool, l);
	lease_prepare(&pool);
	lease_pool_finish(&pool);
	ck_assert_ptr_null(pool.prepared);
	ck_assert_int_eq(mincore(l, 1, in_core), -1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_the_last_returned_is_lent_again,  test_one_lent_again_is_empty,
		test_alloc_gives_memory_of_its_own,    test_a_whole_arena_takes_no_block,
		test_what_no_memory_holds_is_refused,  test_finish_gives_memory_back,
		test_a_prepared_one_is_lent_untouched,
	};

	return SUITE_RUN("lease", tests, NULL, NULL);
}
