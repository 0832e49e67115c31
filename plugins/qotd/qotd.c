/* SPDX-License-Identifier: MIT */
/*
 * qotd: sends the quote of the day (RFC 865) from a file that is read again when it has changed.
 *
 * The quotes are one piece of text, each ended by a NUL.  tick() reads a new one where blocking is
 * allowed and puts it in place under a lock; handle() copies a quote out under the same lock, which
 * is never held across a call that waits.  Under models with processes the service process reads,
 * and clients that come later see what it read.
 */
#include "../small.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { QUOTE_MAX = 511, FILE_MAX = 1 << 20, SECONDS_PER_DAY = 86400, TICK_MS = 2000 };
enum { ORDER_DAY, ORDER_RANDOM };

struct qotd_settings {
	const char *file;
	int order;
};

static const struct modus_setting qotd_rows[] = {
	MODUS_TEXT(struct qotd_settings, file, "file", NULL,
		   "Quotes of less than 512 characters, divided by lines with a single %."),
	MODUS_CHOICE(struct qotd_settings, order, "order", ORDER_DAY, "day|random",
		     "Whether the quote changes with the day or with each client."),
	MODUS_END
};

struct book {
	char *text;
	size_t count;
	struct timespec changed; /* the file's time when it was read */
};

struct qotd {
	pthread_mutex_t lock;
	struct book book;
};

/* Turns text into quotes in place, each ended by a NUL; returns how many.  A quote keeps its line
 * ends, so text needs room for two bytes more than it has. */
static size_t book_split(char *text)
{
	char *line, *start = text, *end = text;
	size_t len, count = 0;

	while ((line = strsep(&text, "\n"))) {
		len = strlen(line);
		if (strcmp(line, "%") != 0 && (len > 0 || text)) {
			memmove(end, line, len);
			end += len;
			*end++ = '\n';
		} else if (end > start) {
			*end++ = '\0';
			start = end;
			count++;
		}
	}
	*end = '\0';
	return count + (end > start);
}

/* Fills *book, or leaves it and returns a negative errno: -ENODATA where there is no quote. */
static int book_read(const char *file, struct book *book)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct book new = { NULL, 0, { 0, 0 } };
	struct stat st;
	int rc = -EINVAL;

	if (fd < 0 || fstat(fd, &st))
		goto fail_errno;
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
		goto fail;
	new.text = calloc(1, (size_t)st.st_size + 2);
	if (!new.text || read(fd, new.text, (size_t)st.st_size) < 0)
		goto fail_errno;
	new.changed = st.st_mtim;
	new.count = book_split(new.text);
	rc = -ENODATA;
	if (new.count == 0)
		goto fail;
	close(fd);
	*book = new;
	return 0;
fail_errno:
	rc = -errno;
fail:
	free(new.text);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int qotd_start(struct modus_conn *task)
{
	const struct qotd_settings *set = modus_instance(task)->settings;
	struct qotd *q = calloc(1, sizeof(*q));
	int rc = q ? book_read(set->file, &q->book) : -ENOMEM;

	if (rc) {
		modus_log(MODUS_ERROR, "%s: cannot be read as quotes: %s", set->file,
			  strerror(-rc));
		free(q);
		return rc;
	}
	pthread_mutex_init(&q->lock, NULL);
	modus_instance(task)->state = q;
	return 0;
}

static void qotd_stop(struct modus_conn *task)
{
	struct qotd *q = modus_instance(task)->state;

	pthread_mutex_destroy(&q->lock);
	free(q->book.text);
	free(q);
}

struct reading {
	const char *file;
	struct book book; /* in: when the old one changed; out: the new one */
};

static int read_if_changed(void *worker, void *arg)
{
	struct reading *reading = arg;
	struct timespec old = reading->book.changed;
	struct stat st;

	if (stat(reading->file, &st))
		return -errno;
	if (st.st_mtim.tv_sec == old.tv_sec && st.st_mtim.tv_nsec == old.tv_nsec)
		return -EALREADY;
	return book_read(reading->file, &reading->book);
}

/* A file that cannot be read just now, or has no quotes, leaves the old ones in place. */
static void qotd_tick(struct modus_conn *task)
{
	const struct qotd_settings *set = modus_instance(task)->settings;
	struct qotd *q = modus_instance(task)->state;
	struct reading reading = { set->file, { .changed = q->book.changed } };
	char *old = q->book.text;

	if (modus_block(task, read_if_changed, &reading))
		return;
	pthread_mutex_lock(&q->lock);
	q->book = reading.book;
	pthread_mutex_unlock(&q->lock);
	free(old);
	modus_log(MODUS_INFO, "%s: read %zu quotes", set->file, reading.book.count);
}

/* Copies one quote out; which one, number says modulo their count. */
static size_t copy_quote(struct qotd *q, size_t number, char out[QUOTE_MAX])
{
	const char *quote;
	size_t n;

	pthread_mutex_lock(&q->lock);
	quote = q->book.text;
	for (number %= q->book.count; number > 0; number--)
		quote += strlen(quote) + 1;
	n = strnlen(quote, QUOTE_MAX);
	memcpy(out, quote, n);
	pthread_mutex_unlock(&q->lock);
	return n;
}

static int qotd_handle(struct modus_conn *c)
{
	const struct qotd_settings *set = modus_instance(c)->settings;
	size_t number = (size_t)(time(NULL) / SECONDS_PER_DAY);
	char quote[QUOTE_MAX];
	int rc;

	if (set->order == ORDER_RANDOM && getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		return -EAGAIN;
	rc = modus_write(c, quote, copy_quote(modus_instance(c)->state, number, quote));
	return rc ? rc : MODUS_CLOSE;
}

MODUS_PLUGIN(.name = "qotd", .summary = "sends the quote of the day (RFC 865)",
	     .flags = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT | MODUS_SPEAKS_FIRST,
	     .settings = qotd_rows, .settings_size = sizeof(struct qotd_settings),
	     .tick_ms = TICK_MS, .start = qotd_start, .stop = qotd_stop, .tick = qotd_tick,
	     .verify = small_verify, .handle = qotd_handle);
