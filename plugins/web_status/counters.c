/* SPDX-License-Identifier: MIT */
#include "counters.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { CONNECT_MS = 2000, FIRST = 16 << 10, MOST = 16 << 20 };

static const char last_line[] = "# EOF\n"; /* of a text that is whole */

const char *control_path(const char *control)
{
	const char *path = strncmp(control, "unix://", 7) ? control : control + 7;

	return *path == '/' && strlen(path) <= CONTROL_MAX ? path : NULL;
}

/* ---- Asking
 * ------------------------------------------------------------------------------------*/

static char *grow(struct modus_http *h, char *text, size_t len, size_t room)
{
	char *more = room <= MOST ? modus_http_alloc(h, room) : NULL;

	if (more)
		memcpy(more, text, len);
	return more;
}

/* All that comes until the end, NUL-terminated. */
static int read_all(struct modus_http *h, struct modus_conn *up, char **out, size_t *len)
{
	size_t room = FIRST;
	char *text = modus_http_alloc(h, room);
	ssize_t n = text ? 1 : -ENOMEM;

	for (*len = 0; n > 0; *len += (size_t)n) {
		if (*len + 1 == room) {
			text = grow(h, text, *len, room *= 2);
			if (!text)
				return -ENOMEM;
		}
		n = modus_read(up, text + *len, room - *len - 1);
		if (n <= 0)
			break;
	}
	if (n < 0)
		return (int)n;
	text[*len] = '\0';
	*out = text;
	return 0;
}

/* ---- Understanding
 * -----------------------------------------------------------------------------*/

/* Ends *at where mark begins, and moves it behind mark.  NULL: it is not in there. */
static char *cut(char **at, const char *mark)
{
	char *begin = *at, *end = strstr(begin, mark);

	if (!end)
		return NULL;
	*end = '\0';
	*at = end + strlen(mark);
	return begin;
}

struct sample {
	const char *name, *service, *model, *value;
};

/* Takes `modus_NAME{service="S",model="M"} VALUE` apart. */
static bool read_sample(char *line, struct sample *s)
{
	s->name = cut(&line, "{service=\"");
	s->service = s->name ? cut(&line, "\",model=\"") : NULL;
	s->model = s->service ? cut(&line, "\"} ") : NULL;
	s->value = line;
	return s->model && *line && strspn(line, "0123456789") == strlen(line);
}

struct reading {
	struct service *services;
	struct metric *metrics;
	const char **values; /* of all metrics, one after the other */
	size_t service_count, metric_count, value_count;
};

/* As many as its lines could ask for. */
static bool make_room(struct modus_http *h, struct reading *r, const char *text)
{
	size_t lines = 1;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	r->services = modus_http_alloc(h, lines * sizeof(*r->services));
	r->metrics = modus_http_alloc(h, lines * sizeof(*r->metrics));
	r->values = modus_http_alloc(h, lines * sizeof(*r->values));
	return r->services && r->metrics && r->values;
}

/* Whether the metric that was read last has a value for each service. */
static bool is_whole(const struct reading *r)
{
	return r->metric_count == 0 || r->metrics[r->metric_count - 1].values + r->service_count ==
					       r->values + r->value_count;
}

static bool add_metric(struct reading *r, char *line)
{
	struct metric *m = &r->metrics[r->metric_count];

	if (!is_whole(r))
		return false;
	m->name = cut(&line, " ");
	m->type = "untyped";
	m->help = line;
	m->values = r->values + r->value_count;
	r->metric_count++;
	return m->name;
}

static bool add_type(struct reading *r, char *line)
{
	const char *name = cut(&line, " ");
	struct metric *m = r->metric_count ? &r->metrics[r->metric_count - 1] : NULL;

	if (!m || !name || strcmp(name, m->name) != 0)
		return false;
	m->type = line;
	return true;
}

/* The first metric tells which services there are; the others have the same in the same order. */
static bool add_sample(struct reading *r, char *line)
{
	struct metric *m = r->metric_count ? &r->metrics[r->metric_count - 1] : NULL;
	struct sample s;
	size_t i;

	if (!m || !read_sample(line, &s) || strcmp(s.name, m->name) != 0)
		return false;
	i = (size_t)(r->values + r->value_count - m->values);
	if (r->metric_count == 1)
		r->services[r->service_count++] = (struct service) { s.service, s.model };
	else if (i >= r->service_count || strcmp(s.service, r->services[i].name) != 0)
		return false;
	r->values[r->value_count++] = s.value;
	return true;
}

static bool read_line(struct reading *r, char *line)
{
	if (!strncmp(line, "# HELP ", 7))
		return add_metric(r, line + 7);
	if (!strncmp(line, "# TYPE ", 7))
		return add_type(r, line + 7);
	return add_sample(r, line);
}

static int understand(struct modus_http *h, char *text, struct counters *out)
{
	struct reading r = { 0 };
	char *line;

	if (!make_room(h, &r, text))
		return -ENOMEM;
	while ((line = cut(&text, "\n")))
		if (!read_line(&r, line))
			return -EBADMSG;
	if (*text || !is_whole(&r))
		return -EBADMSG;
	out->services = r.services;
	out->metrics = r.metrics;
	out->service_count = r.service_count;
	out->metric_count = r.metric_count;
	return 0;
}

/* The text is kept as it came, and a copy of it taken apart. */
static int read_counters(struct modus_http *h, char *text, size_t len, struct counters *out)
{
	size_t last = strlen(last_line);
	char *copy;

	if (len < last || strlen(text) != len || strcmp(text + len - last, last_line) != 0)
		return -EBADMSG;
	text[len -= last] = '\0';
	copy = modus_http_alloc(h, len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, len + 1);
	out->text = text;
	out->text_len = len;
	return understand(h, copy, out);
}

int counters_ask(struct modus_http *h, const char *control, struct counters *out)
{
	char address[CONTROL_MAX + 8], *text = NULL;
	struct modus_conn *up;
	size_t len = 0;
	int rc;

	snprintf(address, sizeof(address), "unix://%s", control_path(control));
	rc = modus_connect(modus_http_conn(h), address, CONNECT_MS, &up);
	if (rc)
		return rc;
	rc = read_all(h, up, &text, &len);
	modus_close(up);
	return rc ? rc : read_counters(h, text, len, out);
}
