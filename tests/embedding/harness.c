/* SPDX-License-Identifier: MIT */
#include "tests/embedding/harness.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { PATIENCE_MS = 20000 };

bool can(unsigned capabilities)
{
	return (subject.model->capabilities & capabilities) == capabilities;
}

/* ---- Servers ---- */

static void count_actions(void *arg)
{
	((struct seen *)arg)->actions++;
}

static void count_timeouts(void *arg)
{
	((struct seen *)arg)->timeouts++;
}

static void count_error(void *arg, struct modus_conn *c, int error)
{
	struct seen *seen = arg;

	seen->error = error;
	seen->result = gettid() == seen->tid; /* of the handler that failed */
	seen->errors++;
}

struct modus_server_options options(void)
{
	return (struct modus_server_options) { .handlers = handlers,
					       .arg = subject.seen,
					       .service_actions = count_actions,
					       .service_actions_ms = 20,
					       .handle_timeout = count_timeouts,
					       .handle_error = count_error };
}

struct modus_server *make(const char *handler, const char *address,
			  const struct modus_server_options *o)
{
	struct modus_server_options usual = options();
	struct modus_server *s;
	char why[1000];

	s = modus_server_new(o ? o : &usual, why, sizeof(why));
	ck_assert_msg(s != NULL, "%s", why);
	ASSERT_OK(modus_server_listen(s, address));
	ASSERT_OK(modus_server_model(s, subject.model->name, subject.rows));
	ASSERT_OK(modus_server_handler(s, handler, NULL));
	ASSERT_OK(modus_server_set(s, "timeouts", "{ idle = 30; grace = 2; }"));
	ASSERT_OK(modus_server_set(s, "log_level", "\"error\""));
	return s;
}

static void *serve(void *arg)
{
	struct serving *v = arg;

	v->result = modus_server_serve_forever(v->server);
	return NULL;
}

void start_serving(struct serving *v, struct modus_server *s)
{
	int rc = modus_server_activate(s);

	ck_assert_msg(rc == 0, "%s: %s", strerror(-rc), modus_server_why(s));
	*v = (struct serving) { .server = s };
	ASSERT_OK(pthread_create(&v->thread, NULL, serve, v));
}

int join_serving(struct serving *v)
{
	ASSERT_OK(pthread_join(v->thread, NULL));
	return v->result;
}

int stop_serving(struct serving *v)
{
	ASSERT_OK(modus_server_shutdown(v->server));
	return join_serving(v);
}

/* ---- Clients ---- */

int client(const struct modus_server *s)
{
	const struct modus_address *to = modus_server_address(s, 0);
	int listener = modus_server_fd(s, 0), type, fd;
	socklen_t size = sizeof(type);
	static unsigned names;

	ck_assert_ptr_nonnull(to);
	ASSERT_OK(getsockopt(listener, SOL_SOCKET, SO_TYPE, &type, &size));
	fd = socket(to->addr->sa_family, type | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(fd, 0);
	if (to->addr->sa_family == AF_UNIX && type == SOCK_DGRAM) { /* to be answered */
		struct sockaddr_un own = { .sun_family = AF_UNIX };

		snprintf(own.sun_path, sizeof(own.sun_path), "%s/client%u", subject.dir, names++);
		ASSERT_OK(bind(fd, (struct sockaddr *)&own, sizeof(own)));
	}
	ck_assert_msg(connect(fd, to->addr, to->addrlen) == 0, "%s: %s", to->text, strerror(errno));
	return fd;
}

void say(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

static ssize_t receive(int fd, void *buf, size_t size)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int rc;

	do
		rc = poll(&p, 1, PATIENCE_MS);
	while (rc < 0 && errno == EINTR);
	ck_assert_int_eq(rc, 1);
	return recv(fd, buf, size, 0);
}

void hear(int fd, const char *text)
{
	char got[256];
	size_t n = 0, all = strlen(text);

	while (n < all) {
		ssize_t more = receive(fd, got + n, all - n);

		ck_assert_int_gt(more, 0);
		n += (size_t)more;
	}
	ck_assert_mem_eq(got, text, all);
}

void hear_end(int fd)
{
	char byte;

	ck_assert_int_le(receive(fd, &byte, 1), 0);
}

/* ---- What a server could leave behind ---- */

static int entries(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

int open_descriptors(void)
{
	return entries("/proc/self/fd");
}

int threads(void)
{
	return entries("/proc/self/task") - 2;
}
