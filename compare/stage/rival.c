/* SPDX-License-Identifier: MIT */
#include "compare/stage/rival.h"

#include "core/address.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Ports that the kernel gives no client by itself (ip_local_port_range begins at 32768): else one
 * could have it first, or a connection be made with itself. */
enum { PORT_FIRST = 20000, PORTS = 10000, CONNECT_MS = 1000 };

/* ---- Reading ----------------------------------------------------------------------------------*/

/* How long the name before '=' is; 0: there is none. */
static size_t name_length(const char *text)
{
	size_t n =
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

	return text[n] == '=' ? n : 0;
}

/* That of the program, or of a server that has none. */
static void name_by_itself(struct rival *r)
{
	size_t n = r->command ? strcspn(r->command, " \t") : 0;
	const char *word = r->command ? r->command : "rival", *at = word + n;

	while (at > word && at[-1] != '/')
		at--;
	n = r->command ? n - (size_t)(at - word) : strlen(word);
	snprintf(r->name, sizeof(r->name), "%.*s", (int)n, at);
}

int rival_read(struct rival *r, const char *text, char *want, size_t size)
{
	size_t named = name_length(text);
	const char *rest = text + (named ? named + 1 : 0);
	struct address a;

	*r = (struct rival) { .command = strncmp(rest, "tcp://", 6) ? rest : NULL };
	if (named > RIVAL_NAME_MAX) {
		snprintf(want, size, "a name of at most %d letters before '='", RIVAL_NAME_MAX);
		return -EINVAL;
	}
	if (named)
		snprintf(r->name, sizeof(r->name), "%.*s", (int)named, text);
	else
		name_by_itself(r);
	if (!r->command && (address_parse(rest, &a) || strlen(rest) >= sizeof(r->target))) {
		snprintf(want, size, "tcp://host:port, the host being a number");
		return -EINVAL;
	}
	if (r->command && !strstr(r->command, "{port}")) {
		snprintf(want, size,
			 "tcp://HOST:PORT, or a command line with {port} where it is "
			 "told where to listen");
		return -EINVAL;
	}
	if (!r->command)
		snprintf(r->target, sizeof(r->target), "%s", rest);
	return 0;
}

/* ---- The command line -------------------------------------------------------------------------*/

/* A port of 127.0.0.1 that nobody has now; 0: there is none. */
static unsigned free_port(void)
{
	unsigned from = (unsigned)getpid() * 97;

	for (unsigned i = 0; i < PORTS; i++) {
		unsigned port = PORT_FIRST + (from + i) % PORTS;
		struct sockaddr_in at = { .sin_family = AF_INET,
					  .sin_port = htons((uint16_t)port),
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool is_free = fd >= 0 && !bind(fd, (struct sockaddr *)&at, sizeof(at));

		if (fd >= 0)
			close(fd);
		if (is_free)
			return port;
	}
	return 0;
}

/* Writes the command line for /bin/sh, which it takes the place of; NULL: out of memory. */
static char *spell(const char *command, unsigned port, const char *directory)
{
	char *text = NULL, *here = getcwd(NULL, 0);
	size_t n = 0;
	bool well;
	FILE *f = here ? open_memstream(&text, &n) : NULL;

	if (f)
		fputs("exec ", f);
	for (const char *at = command; f && *at && !ferror(f);) {
		if (!strncmp(at, "{port}", 6))
			at += fprintf(f, "%u", port) ? 6 : 0;
		else if (!strncmp(at, "{dir}", 5))
			at += fputs(directory, f) >= 0 ? 5 : 0;
		else if (!strncmp(at, "{here}", 6))
			at += fputs(here, f) >= 0 ? 6 : 0;
		else
			putc(*at++, f);
	}
	free(here);
	well = f && !fflush(f) && !ferror(f);
	if (f)
		fclose(f);
	if (well)
		return text;
	free(text);
	return NULL;
}

/* ---- Its start --------------------------------------------------------------------------------*/

struct command {
	const char *text, *directory;
};

static void become(const void *arg)
{
	const struct command *c = arg;

	if (chdir(c->directory))
		dprintf(2, "%s: %s\n", c->directory, strerror(errno));
	else
		execl("/bin/sh", "sh", "-c", c->text, (char *)NULL);
}

static bool accepts(struct server *s)
{
	struct pollfd done = { .events = POLLOUT };
	socklen_t size = sizeof(int);
	struct address a;
	int err = address_parse(s->target, &a);
	int fd = err ? -1 : socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return false;
	err = connect(fd, &a.any, a.len) ? errno : 0;
	done.fd = fd;
	if (err == EINPROGRESS &&
	    (poll(&done, 1, CONNECT_MS) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size)))
		err = ETIMEDOUT;
	close(fd);
	return !err;
}

static int begin(struct server *s, const struct rival *r, const char *directory, int cpu,
		 int stop_fd, char *why, size_t size)
{
	unsigned port = free_port();
	char *text = spell(r->command, port, directory);
	struct command command = { text, directory };
	const struct server_plan plan = {
		.become = become,
		.arg = &command,
		.ready = accepts,
		.sign = "accept connections at its {port}",
		.cpu = cpu,
		.stop_fd = stop_fd,
	};
	int err = -ENOMEM;

	snprintf(s->target, sizeof(s->target), "tcp://127.0.0.1:%u", port);
	if (port && text)
		err = server_begin(s, &plan, why, size);
	else
		snprintf(why, size, "no free port from %d on, or no memory", PORT_FIRST);
	free(text);
	return err;
}

int rival_start(struct server *s, const struct rival *r, const char *directory, int cpu,
		int stop_fd, char *why, size_t size)
{
	*s = (struct server)SERVER_NONE;
	if (r->command)
		return begin(s, r, directory, cpu, stop_fd, why, size);
	s->root = r->pid;
	snprintf(s->target, sizeof(s->target), "%s", r->target);
	if (accepts(s))
		return 0;
	snprintf(why, size, "nobody accepts connections at %s", r->target);
	return -ECONNREFUSED;
}
