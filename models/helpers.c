/* SPDX-License-Identifier: MIT */
#include "models/helpers.h"

#include "models/loop.h"

#include <errno.h>
#include <stdlib.h>

enum { HELPER_STACK = 512 * 1024 };

static struct job *next_job(struct helpers *h)
{
	struct job *j;

	pthread_mutex_lock(&h->lock);
	while (!h->queue && !h->stop)
		pthread_cond_wait(&h->some, &h->lock);
	j = h->queue;
	if (j) {
		h->queue = j->next;
		if (!h->queue)
			h->queue_end = &h->queue;
	}
	pthread_mutex_unlock(&h->lock);
	return j;
}

/* From the moment it is in the loop's list, the job may be gone. */
static void hand_back(struct job *j)
{
	struct loop *l = j->loop;

	pthread_mutex_lock(&l->done_lock);
	j->next = l->done;
	l->done = j;
	loop_wake(l);
	pthread_mutex_unlock(&l->done_lock);
}

static void *helper_main(void *arg)
{
	struct helper *me = arg;
	struct job *j;

	worker_begin(&me->worker, "helper");
	while ((j = next_job(me->all))) {
		j->result = worker_work(&me->worker, j->instance, j->work, j->arg);
		hand_back(j);
	}
	return NULL;
}

int helpers_start(struct helpers *h)
{
	int rc = 0;

	h->queue_end = &h->queue;
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->some, NULL);
	h->each = calloc((size_t)h->count, sizeof(*h->each));
	if (!h->each)
		return -ENOMEM;
	for (h->started = 0; rc == 0 && h->started < h->count; h->started += rc == 0) {
		struct helper *one = &h->each[h->started];

		one->all = h;
		worker_init(&one->worker, h->service, h->first_index + (unsigned)h->started,
			    h->service->model->task_io);
		rc = worker_thread(h->service, &one->thread, HELPER_STACK, helper_main, one);
		if (rc)
			worker_finish(&one->worker);
	}
	return rc;
}

void helpers_stop(struct helpers *h)
{
	pthread_mutex_lock(&h->lock);
	h->stop = true;
	pthread_cond_broadcast(&h->some);
	pthread_mutex_unlock(&h->lock);
	for (int64_t i = 0; i < h->started; i++) {
		pthread_join(h->each[i].thread, NULL);
		worker_finish(&h->each[i].worker);
	}
	free(h->each);
	pthread_cond_destroy(&h->some);
	pthread_mutex_destroy(&h->lock);
}

void helpers_submit(struct helpers *h, struct job *j)
{
	j->next = NULL;
	pthread_mutex_lock(&h->lock);
	*h->queue_end = j;
	h->queue_end = &j->next;
	pthread_cond_signal(&h->some);
	pthread_mutex_unlock(&h->lock);
}

bool helpers_withdraw(struct helpers *h, struct job *j)
{
	struct job **at;
	bool found;

	pthread_mutex_lock(&h->lock);
	for (at = &h->queue; *at && *at != j; at = &(*at)->next)
		continue;
	found = *at != NULL;
	if (found) {
		*at = j->next;
		if (!*at)
			h->queue_end = at;
	}
	pthread_mutex_unlock(&h->lock);
	return found;
}
