/* SPDX-License-Identifier: MIT */
/* A plan whose listeners a test chooses, and a folder for Unix sockets. */
#ifndef LISTENER_FIXTURE_H
#define LISTENER_FIXTURE_H

#include "core/listener.h"
#include "core_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

enum { TEXT = 200 };

static struct plan_service plan;
static struct listeners *l;
static char folder[64], path[80], url[TEXT], dgram_url[TEXT];

static inline void begin(void)
{
	const char *temporary = getenv("TMPDIR");

	log_setup(PLAN_LOG_TEXT, -1);
	plan = (struct plan_service) {
		.name = "service", .backlog = 16, .reuse_address = true, .no_delay = true
	};
	snprintf(folder, sizeof(folder), "%.40s/listenerXXXXXX", temporary ? temporary : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	snprintf(url, sizeof(url), "unix://%s", path);
	snprintf(dgram_url, sizeof(dgram_url), "unix-dgram://%s", path);
	l = NULL;
}

static inline size_t files(void)
{
	DIR *d = opendir(folder);
	size_t n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static inline void end(void)
{
	listeners_close(l);
	ck_assert_uint_eq(files(), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}

static inline int open_at(const char *text)
{
	const char *texts[] = { text };

	plan.listen = (struct modus_list) { 1, texts };
	return listeners_open(&plan, &l);
}

static inline int client_of(const struct modus_listener *to)
{
	int fd = socket(to->address.any.sa_family, to->address.type | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	if (connect(fd, &to->address.any, to->address.len) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Something that a client sends arrives, after those who said nothing. */
static inline void check_serves(const struct modus_listener *at)
{
	int client = client_of(at), served = at->fd;
	char ch = 0;

	ck_assert_int_ge(client, 0);
	ck_assert_int_eq(send(client, "y", 1, 0), 1);
	while (ch == 0) {
		if (!at->datagram)
			served = accept4(at->fd, NULL, NULL, SOCK_CLOEXEC);
		ck_assert_int_ge(served, 0);
		ck_assert_int_ge(recv(served, &ch, 1, 0), at->datagram);
		if (!at->datagram)
			close(served);
	}
	ck_assert_int_eq(ch, 'y');
	close(client);
}

static inline void check_opens(const char *text, bool datagram)
{
	struct modus_listener *one;

	ck_assert_msg(open_at(text) == 0, "%s", text);
	ck_assert_uint_eq(l->count, 1);
	one = &l->all[0];
	ck_assert_int_eq(one->datagram, datagram);
	ck_assert_int_ne(fcntl(one->fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_ne(fcntl(one->fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(one->backlog, datagram ? 0 : 16);
	check_serves(one);
}

static inline void make_file(const char *name)
{
	int fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	ck_assert_int_eq(write(fd, "mine", 4), 4);
	close(fd);
}

#endif
