/* SPDX-License-Identifier: MIT */
/*
 * Serving and stopping.  To stop is a word on an eventfd, which the service's control hears; what
 * was said while a server served is done with when it has stopped, what was said before or after is
 * heard by the next serving.
 */
#include "server/server.h"

#include "core/clock.h"
#include "core/news.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { ONCE_MS = 1000 };

/* ---- Stopping --------------------------------------------------------------------------------*/

void modus_server_stop(struct modus_server *s)
{
	int kept = errno;

	eventfd_write(s->host.stop_fd, 1);
	errno = kept;
}

/* Whether the calling thread serves, or is one of those that the model made to serve. */
static bool is_within(const struct modus_server *s)
{
	const struct scoreboard *b = s->board;
	int tid = gettid();

	if (s->tid == tid)
		return true;
	for (size_t i = 0; b && i < b->slots; i++)
		if (b->slot[i].tid == tid)
			return true;
	return false;
}

int modus_server_shutdown(struct modus_server *s)
{
	uint64_t serving;

	modus_server_stop(s);
	if (is_within(s))
		return -EDEADLK;
	pthread_mutex_lock(&s->lock);
	serving = s->servings;
	while (s->serving && s->servings == serving)
		pthread_cond_wait(&s->left, &s->lock);
	pthread_mutex_unlock(&s->lock);
	return 0;
}

/* ---- Serving ---------------------------------------------------------------------------------*/

static int begin(struct modus_server *s)
{
	int rc = 0;

	pthread_mutex_lock(&s->lock);
	if (s->closed || s->serving) {
		rc = s->closed ? -EBADF : -EBUSY;
	} else {
		s->serving = true;
		s->servings++;
		s->tid = gettid();
	}
	pthread_mutex_unlock(&s->lock);
	return rc;
}

static void end(struct modus_server *s)
{
	eventfd_t ignored;

	pthread_mutex_lock(&s->lock);
	eventfd_read(s->host.stop_fd, &ignored);
	s->serving = false;
	s->tid = 0;
	pthread_cond_broadcast(&s->left);
	pthread_mutex_unlock(&s->lock);
}

/* The state of the handler begins with the first serving, and outlasts the others. */
static int open_service(struct modus_server *s)
{
	int rc;

	if (s->open) {
		service_again(&s->service);
		return 0;
	}
	if (!s->board) {
		struct scoreboard *b = scoreboard_new(service_slots(server_plan(s)));

		if (!b)
			return -errno;
		s->board = b;
		news_join(b);
	}
	rc = service_open(&s->service, server_plan(s), s->listeners, s->board, &s->host);
	s->open = rc == 0;
	return rc;
}

static int serve(struct modus_server *s)
{
	int rc = open_service(s);

	return rc ? rc : service_serve(&s->service, NULL, NULL);
}

static bool was_told(const struct modus_server *s)
{
	struct pollfd stop = { s->host.stop_fd, POLLIN, 0 };

	return poll(&stop, 1, 0) > 0;
}

int modus_server_serve_forever(struct modus_server *s)
{
	int rc = begin(s);

	if (rc)
		return rc;
	rc = modus_server_activate(s);
	if (rc == 0 && !was_told(s))
		rc = serve(s);
	end(s);
	return rc;
}

/* ---- One request -----------------------------------------------------------------------------*/

/* Waits for a client or a word to stop: 1, 0 when the time is over, -ECANCELED. */
static int await_client(struct modus_server *s, int64_t start, int ms)
{
	struct pollfd set[PLAN_LISTENERS_MAX + 1];
	size_t n = s->listeners->count;
	int rc;

	for (size_t i = 0; i < n; i++)
		set[i] = (struct pollfd) { s->listeners->all[i].fd, POLLIN, 0 };
	set[n] = (struct pollfd) { s->host.stop_fd, POLLIN, 0 };
	do
		rc = poll(set, n + 1, clock_left(ms, start, clock_ms()));
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return -errno;
	if (set[n].revents)
		return -ECANCELED;
	return rc > 0;
}

/* The client may be gone before it is taken; then the time that is left is waited under the model.
 */
static int serve_one(struct modus_server *s, int64_t start, int ms)
{
	int left = clock_left(ms, start, clock_ms()), rc;

	s->host.once = true;
	s->host.once_ms = left >= 0 && left < ONCE_MS ? ONCE_MS : left;
	s->host.taken = HOST_FREE;
	rc = serve(s);
	s->host.once = false;
	if (rc)
		return rc;
	if (s->host.taken == HOST_TAKEN)
		return 1;
	return s->host.taken == HOST_EXPIRED ? 0 : -ECANCELED;
}

int modus_server_handle_request(struct modus_server *s, int ms)
{
	void (*handle_timeout)(void *arg) = s->handle_timeout;
	void *arg = s->host.arg; /* after end() s may be freed */
	int64_t start = clock_ms();
	int rc = begin(s);

	if (rc)
		return rc;
	rc = modus_server_activate(s);
	if (rc == 0)
		rc = await_client(s, start, ms);
	if (rc > 0)
		rc = serve_one(s, start, ms);
	end(s);
	if (rc == 0 && handle_timeout)
		handle_timeout(arg);
	return rc;
}
