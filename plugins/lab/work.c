/* SPDX-License-Identifier: MIT */
/* What a request can be made of. */
#include "lab.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NS_PER_US = 1000, US_PER_MS = 1000, US_PER_S = 1000000, FIRST_SPIN = 256, GROWTH = 64 };

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * US_PER_S * NS_PER_US + t.tv_nsec;
}

static void spin(int64_t turns)
{
	for (; turns > 0; turns--)
		__asm__ volatile("" ::: "memory");
}

/* Counts for as long as it takes to use the CPU so much.  Reading the clock is a system call: how
 * far to count is reckoned from how far it went so far, so that there are only a few. */
static int use_cpu(struct modus_conn *c, const struct lab_step *step)
{
	int64_t want = step->amount * NS_PER_US, begin = cpu_ns(), spent, turns = 0, more;

	while ((spent = cpu_ns() - begin) < want) {
		more = FIRST_SPIN;
		if (turns && spent > 0)
			more = (int64_t)((double)turns * (double)(want - spent) / (double)spent) +
			       1;
		if (turns && more > turns * GROWTH)
			more = turns * GROWTH;
		spin(more);
		turns += more;
	}
	return 1;
}

static int wait_for(struct modus_conn *c, const struct lab_step *step)
{
	int rc = modus_sleep(c, (int)(step->amount / US_PER_MS));

	return rc ? rc : 1;
}

/* Also where a signal tells that the service drains. */
static int stand_still(void *worker, void *arg)
{
	const int64_t *us = arg;
	struct timespec t = { *us / US_PER_S, *us % US_PER_S * NS_PER_US };

	while (nanosleep(&t, &t) && errno == EINTR)
		continue;
	return 1;
}

static int block(struct modus_conn *c, const struct lab_step *step)
{
	int64_t us = step->amount;

	return modus_block(c, stand_still, &us);
}

/* What no handler may do: under an evented model all others stand still, too. */
static int hog(struct modus_conn *c, const struct lab_step *step)
{
	int64_t us = step->amount;

	return stand_still(NULL, &us);
}

static int touch(struct modus_conn *c, const struct lab_step *step)
{
	size_t n = (size_t)step->amount, page = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *memory = modus_alloc(c, n);

	if (!memory)
		return lab_refuse(c, "touch: got no memory, want %zu bytes", n);
	for (size_t i = 0; i < n; i += page)
		memory[i] = 1;
	return 1;
}

static const char *words_of(ssize_t rc)
{
	const char *text = strerrordesc_np((int)-rc);

	return text ? text : "an unknown error";
}

/* Reads so many bytes; how many came before an end or an error, which is in *rc. */
static int64_t take(struct modus_conn *up, int64_t n, ssize_t *rc)
{
	char buf[4096];
	int64_t left = n;

	*rc = 1;
	while (left > 0 && *rc > 0) {
		*rc = modus_read(up, buf, left < (int64_t)sizeof(buf) ? (size_t)left : sizeof(buf));
		left -= *rc > 0 ? *rc : 0;
	}
	return n - left;
}

static int converse(struct modus_conn *c, struct modus_conn *up, const struct lab_step *step)
{
	int64_t got;
	ssize_t rc = modus_write(up, step->to->send, strlen(step->to->send));

	if (!rc)
		rc = modus_flush(up); /* a datagram waits for it */
	got = rc ? 0 : take(up, step->amount, &rc);
	if (rc == -ECANCELED)
		return (int)rc;
	if (rc <= 0)
		return lab_refuse(c, "call: %s: got %s after %lld bytes, want %lld",
				  step->to->address, rc ? words_of(rc) : "the end", (long long)got,
				  (long long)step->amount);
	return 1;
}

static int call(struct modus_conn *c, const struct lab_step *step)
{
	const struct lab_settings *set = modus_instance(c)->settings;
	struct modus_conn *up;
	int rc = modus_connect(c, step->to->address, (int)set->connect_ms, &up);

	if (rc == -ECANCELED)
		return rc;
	if (rc)
		return lab_refuse(c, "call: %s: got %s, want a connection", step->to->address,
				  words_of(rc));
	rc = converse(c, up, step);
	modus_close(up);
	return rc;
}

/* Comes after all else. */
static int reply(struct modus_conn *c, const struct lab_step *step)
{
	return 1;
}

int lab_work(struct modus_conn *c, const struct lab_step *step)
{
	static int (*const works[LAB_KINDS])(struct modus_conn *, const struct lab_step *) = {
		[LAB_CPU] = use_cpu, [LAB_WAIT] = wait_for, [LAB_BLOCK] = block, [LAB_HOG] = hog,
		[LAB_TOUCH] = touch, [LAB_CALL] = call,     [LAB_REPLY] = reply,
	};

	return works[step->kind](c, step);
}
