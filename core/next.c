/* SPDX-License-Identifier: MIT */
/*
 * The next client, for models that take them one by one on one thread: tries the listeners that
 * were ready in turn until they have no more, then polls; so a busy service makes no poll at all.
 */
#include "core/clock.h"
#include "core/control.h"
#include "core/log.h"
#include "core/service.h"

#include <errno.h>
#include <poll.h>

static uint64_t bit(size_t i)
{
	return UINT64_C(1) << i;
}

/* Takes from the first that is marked ready, beginning after the last one, which unmarks it when it
 * has no more.  1 and *out, 0: none, or a negative errno; *paused when one must be left alone. */
static int take_ready(struct modus_service *s, struct modus_worker *w, struct modus_conn **out,
		      bool *paused)
{
	struct listeners *l = s->listeners;

	for (size_t tried = 0; tried < l->count; tried++) {
		size_t i = s->turn++ % l->count;
		int rc;

		if (!(s->ready_listeners & bit(i)))
			continue;
		rc = listener_take(&l->all[i], w, out);
		if (rc == 0)
			return 1;
		s->ready_listeners &= ~bit(i);
		if (rc == -EBUSY)
			*paused = true;
		else if (rc != -EAGAIN)
			return rc;
	}
	return 0;
}

/* Such a service has a ticker of its own. */
static bool is_threaded(const struct modus_service *s)
{
	return s->model->capabilities & MODUS_THREADED;
}

static void wait_ready(struct modus_service *s, struct modus_worker *w, bool paused)
{
	struct listeners *l = s->listeners;
	struct pollfd set[PLAN_LISTENERS_MAX + 2];
	int ms = is_threaded(s) ? MODUS_FOREVER : ticker_turn(w), fd = control_fd(s);

	if (paused)
		ms = clock_sooner(ms, LISTENER_PAUSE_MS);
	for (size_t i = 0; i < l->count; i++)
		set[i] = (struct pollfd) { paused ? -1 : l->all[i].fd, POLLIN, 0 };
	set[l->count] = (struct pollfd) { s->drain_fd, POLLIN, 0 };
	set[l->count + 1] = (struct pollfd) { fd, POLLIN, 0 };
	if (poll(set, l->count + 2, ms) < 0)
		return;
	if (set[l->count + 1].revents)
		control_turn(s);
	for (size_t i = 0; i < l->count; i++)
		if (paused || set[i].revents)
			s->ready_listeners |= bit(i);
}

struct modus_conn *service_next(struct modus_service *s, struct modus_worker *w, int *error)
{
	struct modus_conn *c;
	bool paused = false;

	*error = 0;
	while (service_phase(s) == PHASE_SERVING) {
		int rc;

		if (!is_threaded(s))
			ticker_turn(w); /* under steady load too */
		rc = take_ready(s, w, &c, &paused);

		if (rc > 0)
			return c;
		if (rc < 0) {
			*error = rc;
			return NULL;
		}
		wait_ready(s, w, paused);
		paused = false;
	}
	return NULL;
}
