/* SPDX-License-Identifier: MIT */
/* The loader against plugins with one thing wrong each, and against some that are right.  The
 * environment's FIXTURES is the folder that they were built in. */
#include "handlers/loader.h"

#include "unit_suite.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static char why[1024], dir[64];

static const char *fixture(const char *name)
{
	static char file[PATH_MAX];
	const char *fixtures = getenv("FIXTURES");

	ck_assert_msg(fixtures != NULL, "FIXTURES is not set");
	snprintf(file, sizeof(file), "%s/%s.so", fixtures, name);
	return file;
}

static const struct modus_plugin *open_fixture(const char *name)
{
	const struct modus_plugin *p = loader_open(fixture(name), "", why, sizeof(why));

	ck_assert_msg(p != NULL, "%s", why);
	return p;
}

/* One sentence that names the file and holds part. */
static void check_refused(const char *file, const char *part)
{
	ck_assert_ptr_null(loader_open(file, "", why, sizeof(why)));
	ck_assert_msg(strstr(why, file) != NULL, "no \"%s\" in \"%s\"", file, why);
	ck_assert_msg(strstr(why, part) != NULL, "no \"%s\" in \"%s\"", part, why);
	ck_assert_ptr_null(strchr(why, '\n'));
}

/* Copies the fixture to DIR/name.so with this mode. */
static char *copy(const char *fixture_name, const char *name, mode_t mode)
{
	static char file[PATH_MAX];
	int from = open(fixture(fixture_name), O_RDONLY | O_CLOEXEC), to;
	struct stat st;

	snprintf(file, sizeof(file), "%s/%s.so", dir, name);
	to = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert(from >= 0 && to >= 0 && fstat(from, &st) == 0);
	ck_assert_int_eq(sendfile(to, from, NULL, (size_t)st.st_size), st.st_size);
	ck_assert_int_eq(fchmod(to, mode), 0);
	close(from);
	close(to);
	return file;
}

static void make_dir(void)
{
	strcpy(dir, "/tmp/check_loader.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	unsetenv("MODUS_PLUGIN_PATH");
}

static void remove_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static const struct {
	const char *name, *part;
} refusals[] = {
	{ "not_elf", "is not a shared object of this machine (invalid ELF header)" },
	{ "newer_call", "calls modus_invention(), which modus 1.0 does not have" },
	{ "no_descriptor", "has no symbol modus_plugin_descriptor" },
	{ "wrong_magic", "begins with 0x12345678, expected 0x6d6f6475" },
	{ "wrong_major", "was built for modus ABI 2.0, this is 1.0" },
	{ "newer_minor", "was built for a newer modus (ABI 1.7), this is 1.0" },
	{ "short_struct", "descriptor has 64 bytes, expected at least " },
	{ "short_rows", "rows have 16 bytes, expected " },
	{ "huge_rows", "rows have 1000000 bytes, expected " },
	{ "no_name", "has no name" },
	{ "bad_name", "its name is \"Bad name\", expected 1 to 32 of" },
	{ "no_summary", "has no summary" },
	{ "no_flags", "its flags are 0x4, expected MODUS_STREAM, MODUS_DATAGRAM or both" },
	{ "unknown_flags", "has unknown flags 0x4000, expected some of 0x3f" },
	{ "missing_handle", "has no handle()" },
	{ "negative_tick", "tick_ms is -5, expected at least 0" },
	{ "tick_without_period", "has tick() but its tick_ms is 0" },
	{ "period_without_tick", "tick_ms is 10 but it has no tick()" },
	{ "attach_only", "has attach() without detach()" },
	{ "detach_only", "has detach() without attach()" },
	{ "big_settings", "settings_size is 2097152, expected at most 1048576 bytes" },
	{ "big_session", "session_size is 2097152, expected at most 1048576 bytes" },
	{ "big_shared", "shared_size is 68157440, expected at most 67108864 bytes" },
	{ "big_stack", "stack_size is 68157440, expected at most 67108864 bytes" },
	{ "rows_twice", "its settings rows are wrong: " },
	{ "rows_no_doc", "its settings rows are wrong: " },
	{ "rows_bad_default", "its settings rows are wrong: " },
	{ "rows_outside", "its settings rows are wrong: " },
	{ "rows_endless", "rows in a table, expected MODUS_END" },
	{ "rows_circular", "nested more than 8 deep" },
};

/* A refused plugin does not stay in the process. */
START_TEST(test_refusal)
{
	const char *file = fixture(refusals[_i].name);

	check_refused(file, refusals[_i].part);
	ck_assert_ptr_null(dlopen(file, RTLD_NOW | RTLD_NOLOAD));
	check_refused(file, refusals[_i].part);
}
END_TEST

START_TEST(test_short_why_is_ended)
{
	char little[8];

	memset(little, 'x', sizeof(little));
	ck_assert_ptr_null(loader_open(fixture("wrong_magic"), "", little, sizeof(little)));
	ck_assert_uint_eq(strlen(little), sizeof(little) - 1);
}
END_TEST

START_TEST(test_right_plugin)
{
	const struct modus_plugin *p = open_fixture("every");

	ck_assert_str_eq(p->name, "every");
	ck_assert_uint_eq(p->size, sizeof(*p));
	ck_assert_uint_eq(p->row_size, sizeof(struct modus_setting));
	ck_assert_ptr_nonnull(p->handle);
	ck_assert_str_eq(p->settings[0].key, "flag");
	ck_assert_ptr_eq(open_fixture("every"), p);
}
END_TEST

/* Rows and descriptor are longer than ours; what follows our part of a row is left out. */
START_TEST(test_plugin_of_a_longer_header)
{
	const struct modus_plugin *p = open_fixture("future");
	const struct modus_setting *rows = p->settings;

	ck_assert_uint_eq(p->size, sizeof(*p));
	ck_assert_uint_eq(p->row_size, sizeof(struct modus_setting));
	ck_assert_ptr_null(p->extension);
	ck_assert_str_eq(rows[0].key, "first");
	ck_assert_int_eq(rows[0].def, 4);
	ck_assert_str_eq(rows[1].key, "group");
	ck_assert_ptr_null(rows[2].key);
	ck_assert_str_eq(rows[1].rows[0].key, "nested");
	ck_assert_str_eq(rows[1].rows[1].key, "text");
	ck_assert_str_eq(rows[1].rows[1].text, "deep");
	ck_assert_ptr_null(rows[1].rows[2].key);
}
END_TEST

/* What a plugin calls by a name that modus also uses within is the plugin's own. */
START_TEST(test_names_of_its_own)
{
	ck_assert_int_eq(open_fixture("own_names")->handle(NULL), 42);
}
END_TEST

START_TEST(test_same_file_same_descriptor)
{
	const struct modus_plugin *p;
	char link[PATH_MAX];

	p = loader_open(copy("hello", "one", 0755), "", why, sizeof(why));
	ck_assert_msg(p != NULL, "%s", why);
	snprintf(link, sizeof(link), "%s/two.so", dir);
	ck_assert_int_eq(symlink("one.so", link), 0);
	ck_assert_ptr_eq(loader_open(link, "", why, sizeof(why)), p);
	ck_assert_ptr_eq(loader_open("two", dir, why, sizeof(why)), p);
	p = loader_open(copy("hello", "three", 0755), "", why, sizeof(why));
	ck_assert_ptr_ne(loader_open(link, "", why, sizeof(why)), p);
}
END_TEST

/* First the path, then the environment's, then the installed ones; empty parts are skipped. */
START_TEST(test_search)
{
	char path[200];
	const struct modus_plugin *hello = open_fixture("hello"), *one;
	const char *fixtures = getenv("FIXTURES");

	ck_assert_ptr_nonnull(fixtures);
	one = loader_open(copy("every", "hello", 0755), "", why, sizeof(why));
	snprintf(path, sizeof(path), ":/nonexistent::%s:%s", dir, fixtures);
	ck_assert_ptr_eq(loader_open("hello", path, why, sizeof(why)), one);
	ck_assert_ptr_null(loader_open("hello", "/nonexistent", why, sizeof(why)));
	setenv("MODUS_PLUGIN_PATH", fixtures, 1);
	ck_assert_ptr_eq(loader_open("hello", "/nonexistent", why, sizeof(why)), hello);
	ck_assert_ptr_eq(loader_open("hello", NULL, why, sizeof(why)), hello);
	ck_assert_ptr_eq(loader_open("hello", dir, why, sizeof(why)), one);
}
END_TEST

START_TEST(test_not_found)
{
	setenv("MODUS_PLUGIN_PATH", "/second", 1);
	ck_assert_ptr_null(loader_open("nothing", "/first:/next", why, sizeof(why)));
	ck_assert_ptr_nonnull(strstr(why, "no plugin \"nothing\""));
	ck_assert_ptr_nonnull(strstr(why, "nothing.so in /first, /next, /second, /"));
	check_refused("/nonexistent/echo.so", "there is no such file");
	ck_assert_ptr_null(loader_open("", "", why, sizeof(why)));
	ck_assert_ptr_nonnull(strstr(why, "expected a name or a file"));
}
END_TEST

START_TEST(test_name_too_long)
{
	static char type[2 * PATH_MAX];

	memset(type, 'x', sizeof(type) - 1);
	ck_assert_ptr_null(loader_open(type, "/tmp", why, sizeof(why)));
	type[0] = '/';
	ck_assert_ptr_null(loader_open(type, "", why, sizeof(why)));
	ck_assert_ptr_nonnull(strstr(why, "expected at most"));
}
END_TEST

START_TEST(test_not_a_regular_file)
{
	char fifo[PATH_MAX];

	check_refused("/tmp/", "is a directory, expected a regular file");
	snprintf(fifo, sizeof(fifo), "%s/fifo.so", dir);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	check_refused(fifo, "expected a regular file");
}
END_TEST

START_TEST(test_writable_by_others)
{
	char link[PATH_MAX], outside[] = "/tmp/check_loader_link.XXXXXX";

	check_refused(copy("hello", "group", 0775), "its group (mode 0775), expected by its owner");
	check_refused(copy("hello", "all", 0757), "anybody (mode 0757), expected by its owner");
	copy("hello", "fine", 0755);
	ck_assert_int_eq(chmod(dir, 01777), 0);
	snprintf(link, sizeof(link), "%s/fine.so", dir);
	check_refused(link, "its directory");
	check_refused(link, "anybody (mode 1777)");
	ck_assert_ptr_nonnull(mkdtemp(outside));
	snprintf(link, sizeof(link), "%s/fine.so", outside);
	ck_assert_int_eq(symlink(copy("hello", "fine", 0755), link), 0);
	check_refused(link, "anybody (mode 1777)");
	unlink(link);
	rmdir(outside);
}
END_TEST

static int own_handle(struct modus_conn *c)
{
	return MODUS_CLOSE;
}

static void own_finish(struct modus_conn *c)
{
}

/* A plugin that is linked in, and older: it knows nothing of what follows handle(). */
START_TEST(test_linked_in_and_shorter)
{
	static struct modus_plugin old = {
		.magic = MODUS_MAGIC,
		.abi_major = MODUS_ABI_MAJOR,
		.abi_minor = MODUS_ABI_MINOR,
		.size = offsetof(struct modus_plugin, finish),
		.row_size = sizeof(struct modus_setting),
		.name = "old",
		.summary = "is old",
		.flags = MODUS_STREAM,
		.handle = own_handle,
		.finish = own_finish,
	};
	const struct modus_plugin *p = loader_check(&old, "linked in", why, sizeof(why));

	ck_assert_msg(p != NULL, "%s", why);
	ck_assert(p->handle == own_handle && p->finish == NULL);
	ck_assert_uint_eq(p->size, sizeof(*p));
	ck_assert_ptr_eq(loader_check(&old, "linked in", why, sizeof(why)), p);
}
END_TEST

START_TEST(test_linked_in_and_wrong)
{
	static const struct modus_plugin wrong = { .magic = 1 };

	ck_assert_ptr_null(loader_check(&wrong, "linked in", why, sizeof(why)));
	ck_assert_ptr_nonnull(strstr(why, "linked in: its descriptor begins with 0x00000001"));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_short_why_is_ended,
		test_right_plugin,
		test_plugin_of_a_longer_header,
		test_names_of_its_own,
		test_same_file_same_descriptor,
		test_search,
		test_not_found,
		test_name_too_long,
		test_not_a_regular_file,
		test_writable_by_others,
		test_linked_in_and_shorter,
		test_linked_in_and_wrong,
	};
	TCase *cases = SUITE_CASE("loader", tests, make_dir, remove_dir);

	tcase_add_loop_test(cases, test_refusal, 0, sizeof(refusals) / sizeof(refusals[0]));
	return suite_run("loader", cases);
}
