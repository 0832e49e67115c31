/* SPDX-License-Identifier: MIT */
#include "core/worker.h"

#include "core/instance.h"
#include "core/outbound.h"
#include "core/service.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

struct worker_data {
	void *data;
	bool attached;
};

void worker_init(struct modus_worker *w, struct modus_service *s, unsigned index,
		 const struct modus_io *io)
{
	*w = (struct modus_worker) { .service = s, .io = io, .index = index };
	w->slot = &s->board->slot[index];
	w->table = &s->table;
	w->dialer = &dialer_sockets;
}

void worker_begin(struct modus_worker *w, const char *name)
{
	if (name)
		prctl(PR_SET_NAME, name);
	w->slot->pid = getpid();
	w->slot->tid = gettid();
}

void worker_end(struct modus_worker *w)
{
	w->slot->pid = 0;
	w->slot->tid = 0;
}

static void detach_all(struct modus_worker *w, struct instance *i)
{
	struct worker_data *d = &w->data[i->index];

	for (struct instance *h = i->hosted; h; h = h->next)
		detach_all(w, h);
	if (d->attached)
		i->plugin->detach(&i->self, d->data);
}

void worker_detach(struct modus_worker *w)
{
	if (!w->data)
		return;
	detach_all(w, w->service->handler);
	free(w->data);
	w->data = NULL;
}

void worker_finish(struct modus_worker *w)
{
	worker_detach(w);
	lease_pool_finish(&w->leases);
	worker_end(w);
	w->slot->wanted = 0;
}

int worker_work(struct modus_worker *w, struct instance *i, int (*work)(void *, void *), void *arg)
{
	struct worker_data *d;

	if (!i || !i->plugin->attach)
		return work(NULL, arg);
	if (!w->data)
		w->data = calloc(w->service->instances, sizeof(*w->data));
	if (!w->data)
		return -ENOMEM;
	d = &w->data[i->index];
	if (!d->attached) {
		int rc = i->plugin->attach(&i->self, &d->data);

		if (rc < 0)
			return rc;
		d->attached = true;
	}
	return work(d->data, arg);
}

int worker_spawn(struct modus_service *s, pthread_t *thread, const pthread_attr_t *attributes,
		 void *(*main)(void *arg), void *arg)
{
	sigset_t all, before;
	int rc;

	if (!s->host)
		return -pthread_create(thread, attributes, main, arg);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = pthread_create(thread, attributes, main, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
}

int worker_thread(struct modus_service *s, pthread_t *thread, int64_t stack,
		  void *(*main)(void *arg), void *arg)
{
	size_t wish = s->handler->plugin->stack_size, size = (size_t)stack;
	pthread_attr_t attributes;
	pthread_t detached;
	int rc;

	pthread_attr_init(&attributes);
	rc = pthread_attr_setstacksize(&attributes, size < wish ? wish : size);
	if (rc == 0 && !thread)
		pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (rc == 0)
		rc = -worker_spawn(s, thread ? thread : &detached, &attributes, main, arg);
	pthread_attr_destroy(&attributes);
	return -rc;
}
