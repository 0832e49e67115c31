/* SPDX-License-Identifier: MIT */
#include "config_fixture.h"
#include "unit_suite.h"

#include <unistd.h>

struct file {
	char path[64];
	int fd;
};

static struct file make_file(const void *bytes, size_t size)
{
	struct file f = { .path = "/tmp/check_config_load.XXXXXX" };

	f.fd = mkstemp(f.path);
	ck_assert_int_ge(f.fd, 0);
	ck_assert_int_eq(write(f.fd, bytes, size), (ssize_t)size);
	return f;
}

static void remove_file(struct file *f)
{
	close(f->fd);
	unlink(f->path);
}

START_TEST(loads_a_file)
{
	struct file f = make_file("a = 1;\n", 7);
	char *text, why[256] = "";

	ck_assert_int_eq(config_load_file(f.path, &text, why, sizeof(why)), 0);
	ck_assert_str_eq(text, "a = 1;\n");
	ck_assert_str_eq(why, "");
	free(text);
	remove_file(&f);
}
END_TEST

START_TEST(loads_a_pipe_and_an_empty_file)
{
	char *text, why[256], path[32];
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "b", 1), 1);
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	ck_assert_int_eq(config_load_file(path, &text, why, sizeof(why)), 0);
	ck_assert_str_eq(text, "b");
	close(ends[0]);
	free(text);
	ck_assert_int_eq(config_load_file("/dev/null", &text, why, sizeof(why)), 0);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

START_TEST(loads_what_is_just_not_too_long)
{
	char *bytes = calloc(1, CONFIG_FILE_MAX + 1), *text, why[256], want[256];
	struct file f;

	memset(bytes, ' ', CONFIG_FILE_MAX + 1);
	f = make_file(bytes, CONFIG_FILE_MAX);
	ck_assert_int_eq(config_load_file(f.path, &text, why, sizeof(why)), 0);
	ck_assert_uint_eq(strlen(text), CONFIG_FILE_MAX);
	free(text);
	ck_assert_int_eq(write(f.fd, " ", 1), 1);
	ck_assert_int_eq(config_load_file(f.path, &text, why, sizeof(why)), -EFBIG);
	snprintf(want, sizeof(want),
		 "%s: got more than 262144 bytes, want a config of at most that", f.path);
	ck_assert_str_eq(why, want);
	remove_file(&f);
	free(bytes);
}
END_TEST

START_TEST(refuses_what_is_no_text)
{
	struct file f = make_file("a\n\nb\0c", 6);
	char *text, why[256], want[256];

	ck_assert_int_eq(config_load_file(f.path, &text, why, sizeof(why)), -EINVAL);
	snprintf(want, sizeof(want), "%s:3: got a NUL byte, want text", f.path);
	ck_assert_str_eq(why, want);
	remove_file(&f);
	ck_assert_int_eq(config_load_file("/dev/zero", &text, why, sizeof(why)), -EFBIG);
}
END_TEST

START_TEST(refuses_what_cannot_be_read)
{
	char *text, why[256];

	ck_assert_int_eq(config_load_file("/nowhere/x.conf", &text, why, sizeof(why)), -ENOENT);
	ck_assert_str_eq(why, "/nowhere/x.conf: cannot be read: No such file or directory");
	ck_assert_int_eq(config_load_file("/tmp", &text, why, sizeof(why)), -EISDIR);
	ck_assert_str_eq(why, "/tmp: cannot be read: Is a directory");
}
END_TEST

/* The samples name models that these stand for. */
static const struct modus_model epoll = { .name = "epoll",
					  .settings = many_rows,
					  .settings_size = sizeof(struct many) };
static const struct modus_model pool = { .name = "pool" }, forking = { .name = "fork" },
				iterative = { .name = "iterative" };
static const struct modus_model *const sample_models[] = { &epoll, &pool, &forking, &iterative,
							   NULL };

static const struct {
	const char *file;
	size_t services;
} samples[] = { { "board.conf", 1 }, { "echo.conf", 1 }, { "three.conf", 3 }, { "small.conf", 6 } };

START_TEST(samples_are_right)
{
	const struct config_sources from = { sample_models, NULL };
	struct said said = { 0 };
	struct plan *plan;
	char path[512], *text, why[1024] = "";

	ck_assert_msg(getenv("SAMPLES") != NULL, "SAMPLES must name the directory of the samples");
	snprintf(path, sizeof(path), "%s/%s", getenv("SAMPLES"), samples[_i].file);
	config_load_file(path, &text, why, sizeof(why));
	ck_assert_str_eq(why, "");
	config_read_plan(samples[_i].file, text, &from, &plan, said_report, &said);
	ck_assert_str_eq(said.text, "");
	ck_assert_uint_eq(plan->services.count, samples[_i].services);
	config_free(plan);
	free(text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		loads_a_file,
		loads_a_pipe_and_an_empty_file,
		loads_what_is_just_not_too_long,
		refuses_what_is_no_text,
		refuses_what_cannot_be_read,
	};
	TCase *cases = SUITE_CASE("config_load", tests, NULL, NULL);

	tcase_add_loop_test(cases, samples_are_right, 0, sizeof(samples) / sizeof(*samples));
	return suite_run("config_load", cases);
}
