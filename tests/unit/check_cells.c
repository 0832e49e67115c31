/* SPDX-License-Identifier: MIT */
#include "compare/cells.h"

#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

#include <errno.h>

static struct comparison c;
static struct comparison_options options;

static void set_up(void)
{
	options = made_options();
}

static void tear_down(void)
{
	cells_free(&c);
}

static void assert_names(const char *const *names, unsigned n)
{
	ck_assert_uint_eq(c.options.contestant_count, n);
	for (unsigned i = 0; i < n; i++)
		ck_assert_str_eq(c.options.contestants[i].name, names[i]);
}

/* Not the iterative one, which leaves connections waiting. */
START_TEST(test_the_reference_serves_several_and_has_a_twin)
{
	static const char *const names[] = { "iterative", "pool", "pool again", "epoll" };

	made_comparison(&c, &options);
	assert_names(names, 4);
	ck_assert_uint_eq(c.reference, 1);
	ck_assert_uint_eq(c.twin, 2);
	ck_assert_ptr_eq(c.options.contestants[2].model, &made_pool);
}
END_TEST

START_TEST(test_a_reference_by_name)
{
	static const char *const names[] = { "iterative", "pool", "epoll", "epoll again" };

	options.reference = "epoll";
	made_comparison(&c, &options);
	assert_names(names, 4);
	ck_assert_uint_eq(c.reference, 2);
}
END_TEST

START_TEST(test_an_unknown_reference)
{
	char why[256];

	options.reference = "select";
	c = (struct comparison) { .options = options };
	ck_assert_int_eq(cells_make(&c, why, sizeof(why)), -EINVAL);
	ck_assert_str_eq(why, "--reference: got 'select', want the name of one that takes part");
}
END_TEST

/* Two rounds are no interval, and one alone has nobody to differ from. */
START_TEST(test_where_there_is_no_twin)
{
	options.rounds = 2;
	made_comparison(&c, &options);
	ck_assert_uint_eq(c.options.contestant_count, 3);
	ck_assert_uint_eq(c.twin, c.reference);
	ck_assert_double_eq(comparison_noise(&c, 0, METRIC_RATE), 0);
	cells_free(&c);
	options.rounds = 0;
	options.contestant_count = 1;
	made_comparison(&c, &options);
	ck_assert_uint_eq(c.options.contestant_count, 1);
	ck_assert_uint_eq(c.reference, 0);
}
END_TEST

START_TEST(test_cells_by_mode_connections_and_contestant)
{
	options.modes[1] = LOAD_CLOSE;
	options.mode_count = 2;
	made_comparison(&c, &options);
	ck_assert_uint_eq(c.count, 16);
	ck_assert_uint_eq(comparison_loads(&c), 4);
	for (unsigned i = 0; i < c.count; i++) {
		ck_assert_ptr_eq(c.cells[i].contestant, &c.options.contestants[i % 4]);
		ck_assert_uint_eq(c.cells[i].connections, i / 4 % 2 ? 64 : 1);
		ck_assert_int_eq(c.cells[i].mode, i / 8 ? LOAD_CLOSE : LOAD_KEEP);
	}
}
END_TEST

START_TEST(test_rounds_of_a_load)
{
	made_comparison(&c, &options);
	ck_assert_uint_eq(comparison_rounds(&c, 1), 0);
	made_sample(made_cell(&c, 1, 0), 1, 1);
	made_sample(made_cell(&c, 1, 3), 1, 1);
	made_sample(made_cell(&c, 1, 3), 1, 1);
	ck_assert_uint_eq(comparison_rounds(&c, 1), 2);
	ck_assert_uint_eq(comparison_rounds(&c, 0), 0);
}
END_TEST

START_TEST(test_well)
{
	made_comparison(&c, &options);
	ck_assert(comparison_well(&c));
	c.cells[2].errors.count[LOAD_RESET] = 1;
	ck_assert(comparison_well(&c));
	c.cells[2].errors.count[LOAD_WRONG] = 1;
	ck_assert(!comparison_well(&c));
	c.cells[2].errors.count[LOAD_WRONG] = 0;
	made_sample(&c.cells[3], NAN, NAN);
	c.cells[3].late = 1;
	ck_assert(comparison_well(&c));
	made_sample(&c.cells[3], 0, 0);
	ck_assert(!comparison_well(&c));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_the_reference_serves_several_and_has_a_twin,
		test_a_reference_by_name,
		test_an_unknown_reference,
		test_where_there_is_no_twin,
		test_cells_by_mode_connections_and_contestant,
		test_rounds_of_a_load,
		test_well,
	};

	return SUITE_RUN("cells", tests, set_up, tear_down);
}
