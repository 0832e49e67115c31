/* SPDX-License-Identifier: MIT */
#include "compare/load/message.h"

#include "unit_suite.h"

#include <stdlib.h>
#include <string.h>

enum { STREAM = 4000 };

/* A piece of a stream is the same however it is cut. */
START_TEST(test_pieces_fit)
{
	static const size_t sizes[] = { 1, 3, 8, 9, 64, 1000 };
	unsigned char whole[STREAM], part[STREAM];
	struct message m;

	ck_assert_int_eq(message_init(&m, sizes[_i]), 0);
	message_bytes(&m, 7, 0, whole, STREAM);
	for (size_t at = 0, n = 1; at + n <= STREAM; at += n, n = n % 97 + 1) {
		message_bytes(&m, 7, at, part, n);
		ck_assert_mem_eq(part, whole + at, n);
	}
	message_free(&m);
}
END_TEST

/* All messages of all connections differ, from eight bytes on. */
START_TEST(test_messages_differ)
{
	unsigned char all[20 * 50][8];
	struct message m;
	int alike = 0;

	ck_assert_int_eq(message_init(&m, 8), 0);
	for (uint32_t owner = 0; owner < 20; owner++)
		message_bytes(&m, owner, 0, all[owner * 50], 50 * 8);
	for (int i = 0; i < 1000; i++)
		for (int j = 0; j < i; j++)
			alike += !memcmp(all[i], all[j], 8);
	ck_assert_int_eq(alike, 0);
	message_free(&m);
}
END_TEST

/* Beyond their beginnings, too: what lies behind the eight bytes is another piece of the pad. */
START_TEST(test_bodies_differ)
{
	unsigned char one[2000], two[2000];
	struct message m;

	ck_assert_int_eq(message_init(&m, 1000), 0);
	message_bytes(&m, 1, 0, one, 2000);
	message_bytes(&m, 2, 0, two, 2000);
	ck_assert(memcmp(one + 8, one + 1008, 100) != 0);
	ck_assert(memcmp(one + 8, two + 8, 100) != 0);
	message_free(&m);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_messages_differ,
		test_bodies_differ,
	};
	TCase *cases = SUITE_CASE("message", tests, NULL, NULL);

	tcase_add_loop_test(cases, test_pieces_fit, 0, 6);
	return suite_run("message", cases);
}
