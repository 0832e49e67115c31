/* SPDX-License-Identifier: MIT */
/* Bad company: how it is written, and what it does beside the clients of a load. */
#include "compare/load/company.h"

#include "compare/load/load.h"

#include "echo_peers.h"
#include "unit_suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct company company;
static struct load_options o;
static struct load_result r;
static char why[256];

static void read_company(const char *text)
{
	ck_assert_msg(company_read(&company, text, why, sizeof(why)) == 0, "%s", why);
}

START_TEST(test_numbers_and_shares)
{
	read_company("silent=10,trickle=20%,herd=0.5%");
	ck_assert_uint_eq(company_clients(&company, COMPANY_SILENT, 64), 10);
	ck_assert_uint_eq(company_clients(&company, COMPANY_TRICKLE, 64), 13);
	ck_assert_uint_eq(company_clients(&company, COMPANY_HERD, 1000), 5);
	ck_assert_uint_eq(company_clients(&company, COMPANY_SLOW, 64), 0);
	ck_assert_uint_eq(company_size(&company, 1000), 10 + 200 + 5);
}
END_TEST

START_TEST(test_wrong)
{
	static const char *const wrong[] = {
		"",           "silent",    "silent=",    "loud=1",     "silent=x",   "silent=-1",
		"silent=1.5", "silent=1,", "silent=1;x", "silent=inf", "silent=1%%", "silent=9e9"
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ck_assert_msg(company_read(&company, wrong[i], why, sizeof(why)) == -EINVAL,
			      "'%s' was taken", wrong[i]);
		ck_assert_ptr_nonnull(strstr(why, "company: got '"));
	}
}
END_TEST

static void run(void (*behave)(int fd), const char *text)
{
	peer_start(peer_inet(SOCK_STREAM, AF_INET), behave, 0);
	read_company(text);
	ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
}

static void end_at_once(int fd)
{
}

/* The good ones are served among them all, and nobody is counted as one of them. */
START_TEST(test_each_does_its_own)
{
	const struct company_count *c = r.company;

	run(be_right, "silent=2,trickle=2,slow=2,reset=2,half=50%,herd=3");
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	ck_assert_uint_gt(r.requests, 0);
	ck_assert_uint_eq(r.asked, 4);
	for (int i = 0; i < COMPANY_KINDS; i++) {
		ck_assert_uint_eq(c[i].asked, i == COMPANY_HERD ? 3 : 2);
		ck_assert_uint_ge(c[i].opened, c[i].asked);
		ck_assert_uint_eq(c[i].refused, 0);
		ck_assert_uint_eq(c[i].thrown, 0);
	}
	ck_assert_uint_eq(c[COMPANY_SILENT].heard, 0);
	ck_assert_uint_eq(c[COMPANY_SILENT].opened, 2);
	ck_assert_uint_gt(c[COMPANY_TRICKLE].heard, 0);
	ck_assert_uint_gt(c[COMPANY_SLOW].heard, 0);
	ck_assert_uint_gt(c[COMPANY_RESET].opened, 2);
	ck_assert_uint_gt(c[COMPANY_HALF].heard, 2);
	ck_assert_uint_gt(c[COMPANY_HERD].heard, 0);
	ck_assert_uint_eq(c[COMPANY_HERD].opened, 3);
}
END_TEST

/* Who is thrown out comes again. */
START_TEST(test_thrown_out)
{
	run(end_at_once, "silent=2");
	ck_assert_uint_gt(r.company[COMPANY_SILENT].thrown, 2);
	ck_assert_uint_ge(r.company[COMPANY_SILENT].opened, r.company[COMPANY_SILENT].thrown);
}
END_TEST

START_TEST(test_refused)
{
	close(peer_inet(SOCK_STREAM, AF_INET));
	read_company("silent=2");
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), 0);
	ck_assert_uint_ge(r.company[COMPANY_SILENT].refused, 2);
	ck_assert_uint_eq(r.company[COMPANY_SILENT].opened, 0);
}
END_TEST

START_TEST(test_no_datagrams)
{
	read_company("silent=2");
	o.target = "udp://127.0.0.1:1";
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "stream"));
}
END_TEST

static void set_up(void)
{
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.company = &company;
	o.connections = 4;
	o.duration = 1; /* room for several turns of each, on a busy machine, too */
	peer_directory();
}

static void tear_down(void)
{
	peer_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_numbers_and_shares, test_wrong,   test_each_does_its_own,
		test_thrown_out,         test_refused, test_no_datagrams,
	};

	return SUITE_RUN("company", tests, set_up, tear_down);
}
