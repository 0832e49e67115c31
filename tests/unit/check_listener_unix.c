/* SPDX-License-Identifier: MIT */
/* Unix sockets are files: which ones a listener replaces, refuses and removes. */
#include "listener_fixture.h"

#include <errno.h>

START_TEST(test_unix)
{
	begin();
	check_opens(url, false);
	ck_assert_str_eq(l->all[0].name.text + 5, path);
	ck_assert_uint_eq(files(), 1); /* the name it was bound under is gone */
	end();
}
END_TEST

START_TEST(test_unix_datagrams)
{
	begin();
	check_opens(dgram_url, true);
	end();
}
END_TEST

/* What a server that was killed leaves behind. */
static void leave_stale(int type)
{
	struct address a;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(address_parse(url, &a), 0);
	ck_assert_int_eq(bind(fd, &a.any, a.len), 0);
	close(fd);
	ck_assert_uint_eq(files(), 1);
}

START_TEST(test_stale_sockets_are_replaced)
{
	begin();
	leave_stale(SOCK_STREAM);
	check_opens(url, false);
	listeners_close(l);
	leave_stale(SOCK_DGRAM);
	check_opens(dgram_url, true);
	end();
}
END_TEST

static void check_living_is_refused(const char *first, const char *second)
{
	struct listeners *living;

	begin();
	ck_assert_int_eq(open_at(first), 0);
	living = l;
	l = NULL;
	ck_assert_int_eq(open_at(second), -EADDRINUSE);
	check_serves(living->all);
	listeners_close(living);
	end();
}

START_TEST(test_living_sockets_are_refused)
{
	check_living_is_refused(url, url);
	check_living_is_refused(dgram_url, dgram_url);
}
END_TEST

/* Each refuses the other's connect, but both are alive. */
START_TEST(test_living_sockets_of_the_other_type_are_refused)
{
	check_living_is_refused(dgram_url, url);
	check_living_is_refused(url, dgram_url);
}
END_TEST

/* Its queue is full, so that it cannot answer now. */
START_TEST(test_a_busy_living_socket_is_refused)
{
	struct listeners *living;
	int clients[64];

	begin();
	plan.backlog = 1;
	ck_assert_int_eq(open_at(url), 0);
	living = l;
	l = NULL;
	for (int i = 0; i < 64; i++) {
		clients[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (connect(clients[i], &living->all[0].address.any, living->all[0].address.len))
			ck_assert_int_eq(errno, EAGAIN);
	}
	ck_assert_int_eq(open_at(url), -EADDRINUSE);
	for (int i = 0; i < 64; i++)
		close(clients[i]);
	listeners_close(living);
	end();
}
END_TEST

static void check_file_remains(const char *name)
{
	struct stat st;

	ck_assert_int_eq(lstat(name, &st), 0);
	ck_assert(S_ISREG(st.st_mode) && st.st_size == 4);
	ck_assert_int_eq(unlink(name), 0);
}

START_TEST(test_files_are_refused_and_remain)
{
	begin();
	make_file(path);
	ck_assert_int_eq(open_at(url), -EEXIST);
	ck_assert_int_eq(open_at(dgram_url), -EEXIST);
	check_file_remains(path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(open_at(url), -EEXIST);
	ck_assert_int_eq(rmdir(path), 0);
	end();
}
END_TEST

/* Whatever name a socket is bound under first, a file that has it is not ours to remove. */
START_TEST(test_files_of_similar_names_remain)
{
	char similar[TEXT];

	begin();
	snprintf(similar, sizeof(similar), "%s.%d", path, (int)getpid());
	make_file(similar);
	if (open_at(url) == 0)
		listeners_close(l);
	l = NULL;
	check_file_remains(similar);
	end();
}
END_TEST

START_TEST(test_a_successor_is_not_removed)
{
	struct listeners *first;

	begin();
	ck_assert_int_eq(open_at(url), 0);
	first = l;
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(open_at(url), 0);
	listeners_close(first);
	check_serves(l->all);
	listeners_close(l);
	l = NULL;
	ck_assert_uint_eq(files(), 0);

	ck_assert_int_eq(open_at(url), 0);
	ck_assert_int_eq(unlink(path), 0);
	make_file(path);
	listeners_close(l);
	l = NULL;
	check_file_remains(path);
	end();
}
END_TEST

START_TEST(test_forgetting_closes_and_removes_nothing)
{
	begin();
	ck_assert_int_eq(open_at(url), 0);
	ck_assert_int_ge(client_of(l->all), 0);
	listeners_forget(l);
	listeners_forget(NULL);
	l = NULL;
	ck_assert_uint_eq(files(), 1);
	ck_assert_int_eq(open_at(url), 0); /* for nobody answers any more */
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_unix,
		test_unix_datagrams,
		test_stale_sockets_are_replaced,
		test_living_sockets_are_refused,
		test_living_sockets_of_the_other_type_are_refused,
		test_a_busy_living_socket_is_refused,
		test_files_are_refused_and_remain,
		test_files_of_similar_names_remain,
		test_a_successor_is_not_removed,
		test_forgetting_closes_and_removes_nothing,
	};

	return SUITE_RUN("listener_unix", tests, NULL, NULL);
}
