/* SPDX-License-Identifier: MIT */
/* The store on SQLite, where it is about processes and files; the rest is seen through dialogues.
 */
#include "plugins/board/sqlite/turn.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 2000 }; /* on a machine that has much to do */

static char folder[] = "/tmp/check-store-XXXXXX";
static char file[64], why[512];

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/board.db", folder);
}

static void remove_files(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-queue", "-journal" };
	char path[80];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", file, ends[i]);
		unlink(path);
	}
}

static void tear_down(void)
{
	remove_files();
	rmdir(folder);
}

static struct store *prepared(void)
{
	struct store *s;

	ck_assert_msg(!store_prepare(file, why, sizeof(why)), "%s", why);
	ck_assert_int_eq(store_open(&s, file), 0);
	return s;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- Turns ---- */

/* A process that has begun to write, and does not end: how one is that was stopped. */
static pid_t writer(enum store_work work)
{
	int ready[2];
	char c;
	pid_t pid;

	ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct store *s;
		int rc = store_open(&s, file);

		rc = rc ? rc : work ? store_begin_long(s, work) : store_begin(s);
		if (write(ready[1], "x", !rc) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* Writing is refused after so long, for this reason. */
static void refused(struct store *s, int least, int most, const char *reason)
{
	int64_t began = now_ms();

	ck_assert_int_eq(store_begin(s), -EBUSY);
	ck_assert_str_eq(store_why(s), reason);
	ck_assert_int_ge(now_ms() - began, least);
	ck_assert_int_le(now_ms() - began, most);
}

static void written(struct store *s)
{
	ck_assert_int_eq(store_end(s, store_begin(s)), 0);
}

START_TEST(test_nobody_waits_for_a_long_work)
{
	struct store *s = prepared();
	pid_t pid = writer(STORE_IMPORT);

	refused(s, 0, TURN_STUCK_MS - 1000, "an archive is being imported");
	refused(s, 0, AT_ONCE, "an archive is being imported");
	end(pid);
	written(s);
	store_close(s);
}
END_TEST

START_TEST(test_nobody_waits_for_one_that_is_stuck)
{
	struct store *s = prepared();
	pid_t pid = writer(0);

	refused(s, TURN_LONG_MS, TURN_WAIT_MS - 1000, "another who writes does not end");
	refused(s, 0, AT_ONCE, "another who writes does not end");
	end(pid);
	written(s);
	store_close(s);
}
END_TEST

/* One that says nothing of itself, as it is between taking the turn and saying so. */
START_TEST(test_nobody_waits_for_ever)
{
	struct store *s = prepared();
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "%s-queue", file);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	refused(s, TURN_WAIT_MS, TURN_WAIT_MS + 4000, "too many write");
	close(fd);
	written(s);
	store_close(s);
}
END_TEST

/* Reading, opening and starting to serve. */
START_TEST(test_who_reads_does_not_wait)
{
	struct store *s = prepared();
	struct store_board b;
	int64_t began;
	pid_t pid;

	ck_assert_int_eq(store_add_board(s, "general", "General"), 0);
	store_close(s);
	pid = writer(STORE_IMPORT);
	began = now_ms();
	s = prepared();
	ck_assert_int_eq(store_add_board(s, "general", "General"), 0);
	ck_assert_int_eq(store_find_board(s, "general", &b), 0);
	ck_assert_int_eq(store_name_posts(s, b.id), 0);
	ck_assert_int_lt(now_ms() - began, AT_ONCE);
	end(pid);
	store_close(s);
}
END_TEST

/* ---- Files ---- */

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_mode & 07777;
}

START_TEST(test_without_shared_memory)
{
	/* It locks by files, and has no shared memory: as a file system may. */
	ck_assert_int_eq(sqlite3_vfs_register(sqlite3_vfs_find("unix-dotfile"), 1), SQLITE_OK);
	ck_assert_int_eq(store_prepare(file, why, sizeof(why)), -ENOTSUP);
	ck_assert_msg(strstr(why, file) && strstr(why, "share memory"), "%s", why);
	ck_assert_int_eq(sqlite3_vfs_register(sqlite3_vfs_find("unix"), 1), SQLITE_OK);
	store_close(prepared());
}
END_TEST

/* What means something else to SQLite is a file, too, that nobody else can read. */
START_TEST(test_odd_names)
{
	static const char *const names[] = { ":memory:", "file:x?mode=memory",
					     "file:y?vfs=unix-none" };

	ck_assert_int_eq(chdir(folder), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(file, sizeof(file), "%s", names[i]);
		store_close(prepared());
		ck_assert_int_eq(mode_of(file), 0600);
		remove_files();
	}
	ck_assert_int_ne(store_prepare("", why, sizeof(why)), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("store");
	TCase *turns = tcase_create("turns"), *files = tcase_create("files");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, turns);
	tcase_set_timeout(turns, 60);
	tcase_add_checked_fixture(turns, set_up, tear_down);
	tcase_add_test(turns, test_nobody_waits_for_a_long_work);
	tcase_add_test(turns, test_nobody_waits_for_one_that_is_stuck);
	tcase_add_test(turns, test_nobody_waits_for_ever);
	tcase_add_test(turns, test_who_reads_does_not_wait);
	suite_add_tcase(suite, files);
	tcase_add_checked_fixture(files, set_up, tear_down);
	tcase_add_test(files, test_without_shared_memory);
	tcase_add_test(files, test_odd_names);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
