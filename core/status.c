/* SPDX-License-Identifier: MIT */
#include "core/status.h"

#include "core/plan.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKLOG = 16 };

int status_open(const char *address, struct listeners **out)
{
	const struct plan_service plan = { .name = "control",
					   .listen = { 1, &address },
					   .backlog = BACKLOG };
	mode_t before;
	int rc;

	*out = NULL;
	if (!address || !*address)
		return 0;
	before = umask(0077);
	rc = listeners_open(&plan, out);
	umask(before);
	return rc;
}

/* ---- The text --------------------------------------------------------------------------------*/

typedef uint64_t value_of(const struct status_service *s, int which);

static void write_metric(FILE *f, const char *name, const char *type, const char *doc,
			 const struct status_service *all, size_t count, value_of *value, int which)
{
	fprintf(f, "# HELP modus_%s %s\n# TYPE modus_%s %s\n", name, doc, name, type);
	for (size_t i = 0; i < count; i++)
		fprintf(f, "modus_%s{service=\"%s\",model=\"%s\"} %llu\n", name, all[i].name,
			all[i].model, (unsigned long long)value(&all[i], which));
}

static uint64_t is_up(const struct status_service *s, int which)
{
	return s->pid != 0;
}

static uint64_t starts(const struct status_service *s, int which)
{
	return s->starts;
}

static uint64_t counted(const struct status_service *s, int which)
{
	return scoreboard_sum(s->board, (enum counter)which);
}

/* They are read one after the other, while clients come and go. */
static uint64_t connections(const struct status_service *s, int which)
{
	uint64_t closed = counted(s, COUNT_closed), accepted = counted(s, COUNT_accepted);

	return accepted > closed ? accepted - closed : 0;
}

char *status_text(const struct status_service *all, size_t count, size_t *len)
{
	char *text = NULL, name[64];
	FILE *f = open_memstream(&text, len);

	if (!f)
		return NULL;
	write_metric(f, "up", "gauge", "whether the service runs", all, count, is_up, 0);
	write_metric(f, "starts_total", "counter", "times the service was started", all, count,
		     starts, 0);
	write_metric(f, "connections", "gauge", "connections open", all, count, connections, 0);
	for (int i = 0; i < COUNT_KINDS; i++) {
		snprintf(name, sizeof(name), "%s_total", counter_names[i]);
		write_metric(f, name, "counter", counter_docs[i], all, count, counted, i);
	}
	fputs(STATUS_END, f);
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

/* ---- The client ------------------------------------------------------------------------------*/

void status_answer(const struct listeners *control, const struct status_service *all, size_t count)
{
	int fd = accept4(control->all[0].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	size_t len, sent = 0;
	char *text;

	if (fd < 0) {
		if (errno != EAGAIN) /* he waits on, and is not to make us spin */
			poll(NULL, 0, LISTENER_PAUSE_MS);
		return;
	}
	text = status_text(all, count, &len);
	if (text)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int) { (int)len }, sizeof(int));
	while (text && sent < len) {
		ssize_t n = send(fd, text + sent, len - sent, MSG_NOSIGNAL);

		if (n <= 0)
			break; /* the lack of its last line tells the client */
		sent += (size_t)n;
	}
	free(text);
	close(fd);
}
