/* SPDX-License-Identifier: MIT */
#include "core/status.h"

#include "core/clock.h"

#include "core_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static char path[] = "/tmp/check_status.XXXXXX";
static struct scoreboard *boards[2];
static struct status_service services[2];

static void set_up(void)
{
	for (int i = 0; i < 2; i++)
		boards[i] = scoreboard_new(2);
	services[0] = (struct status_service) { "a", "fork", boards[0], 7, 1 };
	services[1] = (struct status_service) { "b", "epoll", boards[1], 0, 3 };
}

static void tear_down(void)
{
	for (int i = 0; i < 2; i++)
		scoreboard_free(boards[i]);
}

static void expect_line(const char *text, const char *line)
{
	char whole[128];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	ck_assert_msg(strstr(text, whole), "no \"%s\" in %s", line, text);
}

START_TEST(tells_of_each_service)
{
	size_t len;
	char *text;

	counter_add(&boards[0]->slot[0], COUNT_accepted, 8);
	counter_add(&boards[0]->slot[1], COUNT_accepted, 2);
	counter_add(&boards[0]->slot[1], COUNT_closed, 4);
	counter_add(&boards[1]->slot[0], COUNT_denied, UINT64_MAX);
	text = status_text(services, 2, &len);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(strlen(text), len);
	expect_line(text, "modus_up{service=\"a\",model=\"fork\"} 1");
	expect_line(text, "modus_up{service=\"b\",model=\"epoll\"} 0");
	expect_line(text, "modus_starts_total{service=\"b\",model=\"epoll\"} 3");
	expect_line(text, "# TYPE modus_accepted_total counter");
	expect_line(text, "modus_accepted_total{service=\"a\",model=\"fork\"} 10");
	expect_line(text, "modus_connections{service=\"a\",model=\"fork\"} 6");
	expect_line(text, "modus_connections{service=\"b\",model=\"epoll\"} 0");
	expect_line(text, "modus_denied_total{service=\"b\",model=\"epoll\"} 18446744073709551615");
	ck_assert_str_eq(text + len - strlen(STATUS_END), STATUS_END);
	free(text);
}
END_TEST

START_TEST(no_address_is_no_socket)
{
	struct listeners *control = NULL;

	ck_assert_int_eq(status_open("", &control), 0);
	ck_assert_ptr_null(control);
}
END_TEST

static int dial(const struct listeners *l)
{
	const struct address *a = &l->all[0].address;
	int fd = socket(a->any.sa_family, a->type | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(connect(fd, &a->any, a->len), 0);
	return fd;
}

/* One that does not read, or has gone, holds up nobody. */
START_TEST(answers_whoever_is_there)
{
	char address[64], data[1 << 16];
	struct listeners *control;
	size_t used = 0;
	int fd, gone;
	ssize_t n;

	ck_assert_ptr_nonnull(mkdtemp(path));
	snprintf(address, sizeof(address), "unix://%s/s", path);
	ck_assert_int_eq(status_open(address, &control), 0);
	status_answer(control, services, 2); /* nobody */
	gone = dial(control);
	close(gone);
	status_answer(control, services, 2);
	fd = dial(control);
	status_answer(control, services, 2);
	while ((n = read(fd, data + used, sizeof(data) - used)) > 0)
		used += (size_t)n;
	ck_assert_int_eq(n, 0);
	ck_assert_uint_gt(used, strlen(STATUS_END));
	ck_assert_mem_eq(data + used - strlen(STATUS_END), STATUS_END, strlen(STATUS_END));
	close(fd);
	listeners_close(control);
	ck_assert_int_eq(rmdir(path), 0);
}
END_TEST

static int accept_error;

int __real_accept4(int fd, struct sockaddr *peer, socklen_t *len, int flags);
int __wrap_accept4(int fd, struct sockaddr *peer, socklen_t *len, int flags);
int __wrap_accept4(int fd, struct sockaddr *peer, socklen_t *len, int flags)
{
	errno = accept_error;
	return accept_error ? -1 : __real_accept4(fd, peer, len, flags);
}

/* The socket stays readable, so without a pause who polls it would spin. */
START_TEST(pauses_without_descriptors)
{
	struct modus_listener socket = { .fd = -1 };
	struct listeners control = { .count = 1, .all = &socket };
	int64_t start = clock_ms();

	accept_error = EMFILE;
	for (int i = 0; i < 3; i++)
		status_answer(&control, services, 2);
	ck_assert_int_ge(clock_ms() - start, 3 * (LISTENER_PAUSE_MS - 1));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		tells_of_each_service,
		no_address_is_no_socket,
		answers_whoever_is_there,
		pauses_without_descriptors,
	};

	log_setup(PLAN_LOG_TEXT, MODUS_ERROR);
	return SUITE_RUN("status", tests, set_up, tear_down);
}
