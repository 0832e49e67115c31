/* SPDX-License-Identifier: MIT */
#include "turn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Who waits looks again after LOOK_MS, for one that was killed, or stopped as it was woken, wakes
 * nobody. */
enum { LOOK_MS = 100 };

struct turn_hints {
	_Atomic uint32_t given; /* how often the turn was given up */
	_Atomic uint32_t work;  /* that of who has it, or 0 */
	_Atomic int64_t since;  /* when it was taken; 0: nobody has it */
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int map_hints(struct turn *t)
{
	const off_t size = sizeof(*t->hints);
	struct stat st;
	void *hints;
	int rc = fstat(t->fd, &st) ? errno : 0;

	/* There has to be room for them now: to write to them later cannot fail, but kills. */
	if (!rc && st.st_size < size)
		rc = posix_fallocate(t->fd, 0, size);
	if (rc)
		return -rc;
	hints = mmap(NULL, sizeof(*t->hints), PROT_READ | PROT_WRITE, MAP_SHARED, t->fd, 0);
	if (hints == MAP_FAILED)
		return -errno;
	t->hints = hints;
	return 0;
}

int turn_open(struct turn *t, const char *file)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof(path), "%s-queue", file) >= sizeof(path))
		return -ENAMETOOLONG;
	t->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return t->fd < 0 ? -errno : map_hints(t);
}

void turn_close(struct turn *t)
{
	if (t->had)
		turn_give(t);
	if (t->hints)
		munmap(t->hints, sizeof(*t->hints));
	if (t->fd >= 0)
		close(t->fd);
	*t = TURN_NONE;
}

/* Why it is not worth waiting, or NULL. */
static const char *hopeless(const struct turn_hints *h, int64_t now, int64_t until)
{
	static const char *const works[] = {
		[STORE_IMPORT] = "an archive is being imported",
		[STORE_EXPORT] = "posts are being named for an export",
		[STORE_VERIFY] = "the board is being verified",
	};
	int64_t since = atomic_load(&h->since), lasts = since ? now - since : 0;
	uint32_t work = atomic_load(&h->work);

	if (work && work < sizeof(works) / sizeof(works[0]) && lasts >= TURN_LONG_MS)
		return works[work];
	if (lasts >= TURN_STUCK_MS)
		return "another who writes does not end";
	return now >= until ? "too many write" : NULL;
}

static void wait_for(struct turn_hints *h, uint32_t given, int64_t ms)
{
	struct timespec t = { .tv_nsec = (ms < LOOK_MS ? ms : LOOK_MS) * 1000000 };

	syscall(SYS_futex, &h->given, FUTEX_WAIT, given, &t, NULL, 0);
}

int turn_take(struct turn *t, enum store_work work, const char **why)
{
	struct turn_hints *h = t->hints;
	int64_t now = now_ms(), until = now + TURN_WAIT_MS;

	for (;; now = now_ms()) {
		uint32_t given =
			atomic_load(&h->given); /* first: one that comes now is not missed */

		if (!flock(t->fd, LOCK_EX | LOCK_NB))
			break;
		if (errno != EWOULDBLOCK)
			return -errno;
		*why = hopeless(h, now, until);
		if (*why)
			return -EBUSY;
		wait_for(h, given, until - now);
	}
	t->had = true;
	atomic_store(&h->work, work);
	atomic_store(&h->since, now);
	return until > now ? (int)(until - now) : 0;
}

/* Wakes one, which then may still find that another was faster. */
void turn_give(struct turn *t)
{
	struct turn_hints *h = t->hints;

	t->had = false;
	atomic_store(&h->since, 0);
	atomic_store(&h->work, 0);
	flock(t->fd, LOCK_UN);
	atomic_fetch_add(&h->given, 1);
	syscall(SYS_futex, &h->given, FUTEX_WAKE, 1, NULL, NULL, 0);
}
