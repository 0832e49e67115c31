/* SPDX-License-Identifier: MIT */
/* Opening and closing; taking clients is in core/accept.c. */
#include "core/listener.h"

#include "core/fatal.h"
#include "core/log.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static int set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) ? -errno : 0;
}

static int read_number(const char *file, int otherwise)
{
	FILE *f = fopen(file, "re");
	int n = otherwise;

	if (f) {
		if (fscanf(f, "%d", &n) != 1)
			n = otherwise;
		fclose(f);
	}
	return n;
}

static bool is_wildcard(const struct address *a)
{
	return (a->any.sa_family == AF_INET && a->in.sin_addr.s_addr == htonl(INADDR_ANY)) ||
	       (a->any.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&a->in6.sin6_addr));
}

/* What accepted connections inherit must stand before the first can come. */
static int set_timeouts(int fd, const struct plan_service *plan)
{
	int64_t idle = plan->timeouts.idle, write = plan->timeouts.write;
	struct timeval in = { idle / 1000, idle % 1000 * 1000 };
	struct timeval out = { write / 1000, write % 1000 * 1000 };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &in, sizeof(in)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &out, sizeof(out)))
		return -errno;
	if (!plan->defer_accept)
		return 0;
	return set_option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, (int)(idle / 1000) + 1);
}

static int set_options(struct modus_listener *l, const struct plan_service *plan)
{
	int family = l->address.any.sa_family, rc = 0;

	if (family == AF_UNIX)
		return 0;
	if (family == AF_INET6)
		rc = set_option(l->fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (rc == 0 && plan->reuse_address && !l->datagram)
		rc = set_option(l->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (rc == 0 && plan->no_delay && !l->datagram)
		rc = set_option(l->fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (rc == 0 && !l->datagram)
		rc = set_timeouts(l->fd, plan);
	if (rc == 0 && l->wildcard && l->datagram)
		rc = family == AF_INET ? set_option(l->fd, IPPROTO_IP, IP_PKTINFO, 1)
				       : set_option(l->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	return rc;
}

/* ---- Unix sockets: bound under another name, then renamed over what stood there, so that at no
 * time a client finds nothing.  What somebody still answers on, or is no socket, is left alone.
 * ---- */

static int probe_old(const struct address *a)
{
	struct stat st;
	int fd, rc;

	if (lstat(a->un.sun_path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	fd = socket(AF_UNIX, a->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	rc = connect(fd, &a->any, a->len) && errno == ECONNREFUSED ? 0 : -EADDRINUSE;
	close(fd);
	return rc;
}

static int bind_path(struct modus_listener *l)
{
	struct address temporary = l->address;
	size_t size = sizeof(temporary.un.sun_path);
	struct stat st;
	int n, rc = probe_old(&l->address);

	if (rc)
		return rc;
	n = snprintf(temporary.un.sun_path, size, "%s.%d", l->address.un.sun_path, (int)getpid());
	if (n < 0 || (size_t)n >= size)
		return -ENAMETOOLONG;
	temporary.len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n + 1);
	if (lstat(temporary.un.sun_path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(temporary.un.sun_path); /* of one who had our number */
	if (bind(l->fd, &temporary.any, temporary.len))
		return -errno;
	if (stat(temporary.un.sun_path, &st) ||
	    rename(temporary.un.sun_path, l->address.un.sun_path)) {
		rc = -errno;
		unlink(temporary.un.sun_path);
		return rc;
	}
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	return 0;
}

static void remove_path(const struct modus_listener *l)
{
	const char *path = l->address.un.sun_path;
	struct stat st;

	if (l->ino && lstat(path, &st) == 0 && st.st_dev == l->dev && st.st_ino == l->ino)
		unlink(path);
}

/* ---- Opening ---------------------------------------------------------------------------------*/

static int bind_one(struct modus_listener *l)
{
	socklen_t len = sizeof(l->address.un);

	if (l->address.any.sa_family == AF_UNIX)
		return bind_path(l);
	if (bind(l->fd, &l->address.any, l->address.len) ||
	    getsockname(l->fd, &l->address.any, &len))
		return -errno;
	l->address.len = len;
	return 0;
}

static int listen_one(struct modus_listener *l, const struct plan_service *plan)
{
	int most = read_number("/proc/sys/net/core/somaxconn", 4096);

	if (l->datagram)
		return 0;
	l->backlog = plan->backlog < most ? (int)plan->backlog : most;
	return listen(l->fd, (int)plan->backlog) ? -errno : 0;
}

static void announce(const struct modus_listener *l, const struct plan_service *plan)
{
	char url[ADDRESS_TEXT_MAX];

	address_url(&l->address, url, sizeof(url));
	if (l->datagram)
		modus_log(MODUS_INFO, "%s: listening on %s", plan->name, url);
	else
		modus_log(MODUS_INFO, "%s: listening on %s (backlog %d of %d asked)", plan->name,
			  url, l->backlog, (int)plan->backlog);
}

static void name_listener(struct modus_listener *l)
{
	l->name = (struct modus_address) { &l->address.any, l->address.len, l->name_text };
	address_text(&l->address.any, l->address.len, l->name_text, sizeof(l->name_text));
}

static int open_one(struct modus_listener *l, const char *text, const struct plan_service *plan)
{
	int rc = address_parse(text, &l->address);

	if (rc)
		return rc;
	l->datagram = l->address.type == SOCK_DGRAM;
	l->wildcard = is_wildcard(&l->address);
	l->inherits = l->address.any.sa_family != AF_UNIX;
	l->fd = socket(l->address.any.sa_family, l->address.type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0)
		return -errno;
	rc = set_options(l, plan);
	if (rc == 0)
		rc = bind_one(l);
	name_listener(l);
	return rc;
}

static int cannot(const struct plan_service *plan, size_t i, int rc)
{
	const char *const *texts = plan->listen.items;

	modus_log(MODUS_ERROR, "%s: cannot listen on %s: %s (%s)", plan->name, texts[i],
		  strerror(-rc), errno_name(rc));
	return rc;
}

int listeners_bind(const struct plan_service *plan, struct listeners **out)
{
	const char *const *texts = plan->listen.items;
	struct listeners *l = calloc(1, sizeof(*l));

	if (l)
		l->all = calloc(plan->listen.count, sizeof(*l->all));
	if (!l || !l->all) {
		modus_log(MODUS_ERROR, "%s: no memory to listen", plan->name);
		free(l);
		return -ENOMEM;
	}
	for (unsigned i = 0; i < plan->listen.count; i++) {
		struct modus_listener *one = &l->all[l->count++];
		int rc;

		one->index = i;
		one->fd = -1;
		rc = open_one(one, texts[i], plan);
		if (rc) {
			listeners_close(l);
			return cannot(plan, i, rc);
		}
	}
	*out = l;
	return 0;
}

int listeners_listen(struct listeners *l, const struct plan_service *plan)
{
	for (size_t i = 0; i < l->count; i++) {
		int rc = listen_one(&l->all[i], plan);

		if (rc)
			return cannot(plan, i, rc);
		announce(&l->all[i], plan);
	}
	return 0;
}

int listeners_open(const struct plan_service *plan, struct listeners **out)
{
	struct listeners *l;
	int rc = listeners_bind(plan, &l);

	if (rc)
		return rc;
	rc = listeners_listen(l, plan);
	if (rc)
		listeners_close(l);
	else
		*out = l;
	return rc;
}

void listeners_forget(struct listeners *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		if (l->all[i].fd >= 0)
			close(l->all[i].fd);
	free(l->all);
	free(l);
}

void listeners_close(struct listeners *l)
{
	for (size_t i = 0; l && i < l->count; i++)
		if (l->all[i].address.any.sa_family == AF_UNIX)
			remove_path(&l->all[i]);
	listeners_forget(l);
}
