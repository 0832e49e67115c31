/* SPDX-License-Identifier: MIT */
#include "types.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 16 << 20, EXTENSION_MAX = 32 };

struct row {
	const char *extension, *type;
};

struct types {
	char *text; /* the words that rows point to */
	size_t count, room;
	struct row *rows; /* sorted by extension; of equal ones that which came first */
};

static const char built_in[] = "application/gzip gz\n"
			       "application/json json map\n"
			       "application/pdf pdf\n"
			       "application/wasm wasm\n"
			       "application/x-tar tar\n"
			       "application/xhtml+xml xhtml\n"
			       "application/xml xml\n"
			       "application/zip zip\n"
			       "audio/mpeg mp3\n"
			       "audio/ogg ogg opus\n"
			       "font/otf otf\n"
			       "font/ttf ttf\n"
			       "font/woff woff\n"
			       "font/woff2 woff2\n"
			       "image/avif avif\n"
			       "image/gif gif\n"
			       "image/jpeg jpg jpeg\n"
			       "image/png png\n"
			       "image/svg+xml svg\n"
			       "image/vnd.microsoft.icon ico\n"
			       "image/webp webp\n"
			       "text/css css\n"
			       "text/csv csv\n"
			       "text/html html htm\n"
			       "text/javascript js mjs\n"
			       "text/markdown md\n"
			       "text/plain txt text log\n"
			       "video/mp4 mp4\n"
			       "video/webm webm\n";

static bool is_token(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("!#$%&'*+-.^_`|~", text[i]))
			return false;
	return n > 0;
}

static bool is_type(const char *word)
{
	const char *slash = strchr(word, '/');

	return slash && is_token(word, (size_t)(slash - word)) &&
	       is_token(slash + 1, strlen(slash + 1));
}

static bool add(struct types *t, const char *extension, const char *type)
{
	struct row *rows;
	size_t room = t->room ? 2 * t->room : 64;

	if (t->count == t->room) {
		rows = reallocarray(t->rows, room, sizeof(*rows));
		if (!rows)
			return false;
		t->rows = rows;
		t->room = room;
	}
	t->rows[t->count++] = (struct row) { extension, type };
	return true;
}

static bool add_line(struct types *t, char *line)
{
	char *type, *word;

	line[strcspn(line, "#")] = '\0';
	do
		type = strsep(&line, " \t\r\v\f");
	while (type && !*type);
	if (!type || !is_type(type))
		return true;
	while ((word = strsep(&line, " \t\r\v\f")))
		if (*word && strlen(word) <= EXTENSION_MAX && !add(t, word, type))
			return false;
	return true;
}

/* Rows of equal extensions keep the order in which they came: their words lie in that order. */
static int compare(const void *one, const void *other)
{
	const struct row *a = one, *b = other;
	int order = strcasecmp(a->extension, b->extension);

	if (order)
		return order;
	return a->extension < b->extension ? -1 : a->extension > b->extension;
}

struct types *types_parse(const char *text, size_t n)
{
	struct types *t = calloc(1, sizeof(*t));
	char *rest, *line;

	if (!t)
		return NULL;
	t->text = strndup(text, n);
	rest = t->text;
	if (!rest)
		goto fail;
	while ((line = strsep(&rest, "\n")))
		if (!add_line(t, line))
			goto fail;
	if (t->count)
		qsort(t->rows, t->count, sizeof(*t->rows), compare);
	return t;
fail:
	types_free(t);
	return NULL;
}

struct types *types_built_in(void)
{
	return types_parse(built_in, sizeof(built_in) - 1);
}

void types_free(struct types *t)
{
	if (!t)
		return;
	free(t->rows);
	free(t->text);
	free(t);
}

size_t types_count(const struct types *t)
{
	return t->count;
}

/* Reads until the end or until n bytes are there. */
static ssize_t read_all(int fd, char *buf, size_t n)
{
	size_t have = 0;
	ssize_t got = 1;

	while (have < n && got > 0) {
		got = read(fd, buf + have, n - have);
		if (got < 0)
			return -errno;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

static int parse_file(int fd, struct types **out)
{
	struct stat st;
	ssize_t n;
	char *text;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size > FILE_MAX)
		return -EFBIG;
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		return -ENOMEM;
	n = read_all(fd, text, (size_t)st.st_size);
	*out = n < 0 ? NULL : types_parse(text, (size_t)n);
	free(text);
	if (n < 0)
		return (int)n;
	return *out ? 0 : -ENOMEM;
}

int types_read(const char *file, struct types **out)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;

	if (fd < 0)
		return -errno;
	rc = parse_file(fd, out);
	close(fd);
	return rc;
}

static int compare_key(const char *key, size_t n, const char *extension)
{
	int order = strncasecmp(key, extension, n);

	return order ? order : -(extension[n] != '\0');
}

/* The first row that is not before the key. */
const char *types_find(const struct types *t, const char *extension, size_t n)
{
	size_t low = 0, high = t->count, mid;

	if (n == 0 || n > EXTENSION_MAX)
		return NULL;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (compare_key(extension, n, t->rows[mid].extension) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == t->count || compare_key(extension, n, t->rows[low].extension))
		return NULL;
	return t->rows[low].type;
}

static bool ends_with(const char *text, size_t n, const char *end)
{
	size_t len = strlen(end);

	return n >= len && !strncasecmp(text + n - len, end, len);
}

bool types_compressible(const char *type)
{
	static const char *const others[] = {
		"application/json",
		"application/javascript",
		"application/ecmascript",
		"application/xml",
		"application/wasm",
		"application/rtf",
		"application/x-tar",
		"application/vnd.ms-fontobject",
		"font/otf",
		"font/ttf",
		"image/bmp",
		"image/vnd.microsoft.icon",
		"image/x-icon",
	};
	size_t n = strlen(type);

	if (!strncasecmp(type, "text/", 5) || ends_with(type, n, "+xml") ||
	    ends_with(type, n, "+json"))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strcasecmp(type, others[i]))
			return true;
	return false;
}
