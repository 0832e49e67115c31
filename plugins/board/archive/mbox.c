/* SPDX-License-Identifier: MIT */
#include "mbox.h"

#include "from_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEEK = 256, SHOWN = 40 };

int mbox_refuse(struct mbox *m, int64_t line, const char *want, const char *found)
{
	snprintf(m->why, sizeof(m->why), "%s:%lld: want %s, found %s", m->name, (long long)line,
		 want, found);
	return -EBADMSG;
}

static int fail(struct mbox *m, int rc)
{
	snprintf(m->why, sizeof(m->why), "%s: %s", m->name, strerror(-rc));
	return rc;
}

int mbox_open(struct mbox *m, const char *name)
{
	struct stat st;

	memset(m, 0, offsetof(struct mbox, buffer));
	m->name = name;
	m->next_line = 1;
	m->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (m->fd < 0 || fstat(m->fd, &st))
		return fail(m, -errno);
	if (!S_ISREG(st.st_mode)) {
		snprintf(m->why, sizeof(m->why), "%s: it is no file", name);
		return -EINVAL;
	}
	m->size = st.st_size;
	return 0;
}

void mbox_close(struct mbox *m)
{
	if (m->fd >= 0)
		close(m->fd);
	free(m->data);
	m->data = NULL;
	m->fd = -1;
}

int mbox_seek(struct mbox *m, int64_t offset, int64_t line)
{
	if (offset == m->next)
		return 0;
	if (lseek(m->fd, offset, SEEK_SET) < 0)
		return fail(m, -errno);
	m->at = m->fill = 0;
	m->next = offset;
	m->next_line = line;
	return 0;
}

/* ---- Lines ---- */

/* Sees to n bytes in the buffer, less at the end of the file: 0 or a negative errno. */
static int fill(struct mbox *m, size_t n)
{
	ssize_t got = 1;

	if (m->fill - m->at >= n)
		return 0;
	memmove(m->buffer, m->buffer + m->at, m->fill - m->at);
	m->fill -= m->at;
	m->at = 0;
	while (m->fill < n && got > 0) {
		got = read(m->fd, m->buffer + m->fill, sizeof(m->buffer) - m->fill);
		if (got < 0 && errno != EINTR)
			return fail(m, -errno);
		m->fill += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

static int append(struct mbox *m, const char *bytes, size_t n)
{
	size_t room = m->room ? m->room : 4096;
	char *data;

	if (m->len + n > MBOX_MESSAGE_MAX) {
		mbox_refuse(m, m->next_line, "messages of at most 67108864 bytes", "more");
		return -EFBIG;
	}
	while (room < m->len + n)
		room *= 2;
	if (room != m->room) {
		data = realloc(m->data, room);
		if (!data)
			return fail(m, -ENOMEM);
		m->data = data;
		m->room = room;
	}
	memcpy(m->data + m->len, bytes, n);
	m->len += n;
	return 0;
}

/* Appends the next line to the message: 1, 0 at the end, or a negative errno. */
static int take_line(struct mbox *m)
{
	size_t before = m->len;

	for (;;) {
		const char *from, *end;
		size_t n;
		int rc = fill(m, 1);

		if (rc)
			return rc;
		if (m->at == m->fill)
			return m->len > before;
		from = m->buffer + m->at;
		end = memchr(from, '\n', m->fill - m->at);
		n = end ? (size_t)(end - from) + 1 : m->fill - m->at;
		rc = append(m, from, n);
		if (rc)
			return rc;
		m->at += n;
		m->next += (int64_t)n;
		m->next_line += end != NULL;
		if (end)
			return 1;
	}
}

static bool is_empty(const char *line, size_t n)
{
	return n && line[n - 1] == '\n' && (n == 1 || (n == 2 && *line == '\r'));
}

static bool is_quoted(const char *line, size_t n)
{
	size_t quotes = 0;

	while (quotes < n && line[quotes] == '>')
		quotes++;
	return n - quotes >= 5 && !memcmp(line + quotes, "From ", 5);
}

bool mbox_is_field(const char *text, size_t n)
{
	size_t i = 0;

	while (i < n && text[i] > ' ' && text[i] < 127 && text[i] != ':')
		i++;
	return i && i < n && text[i] == ':';
}

/* ---- Messages ---- */

/* Whether a message begins in the buffer.  A From_ line whose date cannot be read counts where it
 * names an address, and a header comes next. */
static int begins(struct mbox *m, bool *yes)
{
	const char *line, *end;
	int64_t date;
	size_t n;
	int rc = fill(m, 2 * PEEK);

	line = m->buffer + m->at;
	n = m->fill - m->at;
	*yes = false;
	if (rc || n < 5 || memcmp(line, "From ", 5))
		return rc;
	end = memchr(line, '\n', n);
	*yes = from_line_date(line, end ? (size_t)(end - line) : n, &date) ||
	       (end && from_line_has_address(line, (size_t)(end - line)) &&
		mbox_is_field(end + 1, (size_t)(line + n - end - 1)));
	return 0;
}

/* What the line begins with, fit for a terminal. */
static const char *shown(char *out, const char *line, size_t n)
{
	char *to = out;

	if (!n)
		return "the end of the file";
	*to++ = '"';
	for (size_t i = 0; i < n && i < SHOWN && line[i] != '\n'; i++) {
		if (line[i] >= ' ' && line[i] < 127)
			*to++ = line[i];
		else
			to += sprintf(to, "\\x%02x", (unsigned char)line[i]);
	}
	strcpy(to, "\"");
	return out;
}

/* Takes the From_ line. */
static int take_head(struct mbox *m)
{
	char found[SHOWN * 4 + 3];
	int rc = fill(m, PEEK);
	const char *line = m->buffer + m->at;

	if (rc)
		return rc;
	if (m->fill - m->at < 5 || memcmp(line, "From ", 5))
		return mbox_refuse(m, m->line, "a line \"From ADDRESS DATE\"",
				   shown(found, line, m->fill - m->at));
	rc = take_line(m);
	m->head = m->len;
	m->date = 0;
	from_line_date(m->data, m->len, &m->date);
	return rc;
}

/* The end of the file, after a line that was empty, or not. */
static int finish(struct mbox *m, bool body, bool empty)
{
	if (empty) {
		m->last = true;
		return 1;
	}
	return mbox_refuse(m, m->next_line,
			   body ? "an empty line after the last message"
				: "the empty line that ends a message's headers",
			   "the end of the file");
}

int mbox_next(struct mbox *m)
{
	bool empty = false, body = false, next = false;
	int rc;

	m->offset = m->next;
	m->line = m->next_line;
	m->len = 0;
	if (m->next && m->next == m->size)
		return 0;
	for (rc = take_head(m); rc >= 0 && !next;) {
		size_t at = m->len, n;

		rc = take_line(m);
		if (rc <= 0)
			break;
		n = m->len - at;
		if (m->data[at] == '>' && is_quoted(m->data + at, n)) {
			memmove(m->data + at, m->data + at + 1, n - 1);
			m->len--;
		}
		empty = is_empty(m->data + at, n);
		body = body || empty;
		if (empty)
			rc = begins(m, &next);
		if (next || (empty && m->next == m->size))
			m->len = at;
	}
	m->last = false;
	return rc < 0 ? rc : next ? 1 : finish(m, body, empty);
}

int mbox_write(FILE *f, const char *data, size_t n)
{
	const char *end = data + n;

	for (const char *line = data; line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop ? stop + 1 : end) - line);

		if (line != data && is_quoted(line, length))
			putc('>', f);
		fwrite(line, 1, length, f);
		if (!stop)
			putc('\n', f);
		line += length;
	}
	putc('\n', f);
	return ferror(f) ? -EIO : 0;
}
