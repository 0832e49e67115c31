/* SPDX-License-Identifier: MIT */
/*
 * thread: a new thread for each connection or datagram.
 *
 * who accepts           the service's first thread, which also receives the datagrams
 * who runs the handler  a thread that ends with its connection
 * what isolates clients nothing but the scheduler: memory is shared, a crash takes all
 * backpressure          max_threads, then the listen queue
 * stop                  idle clients are cut, running requests have the grace
 * cost per connection   a thread with its stack
 * cost per wait         one thread sleeps
 * choose when           connections are few and long, or handlers call libraries that block
 */
#include "core/control.h"
#include "core/log.h"
#include "models/blocking.h"
#include "models/models.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct thread_settings {
	int64_t max_threads, stack;
};

static const struct modus_setting thread_rows[] = {
	MODUS_INT(struct thread_settings, max_threads, "max_threads", 256, 1, 32768, "threads",
		  "Threads at once; further clients wait in the listen queue."),
	MODUS_BYTES(struct thread_settings, stack, "stack", 256 << 10, 64 << 10, 64 << 20,
		    "Stack of each thread."),
	MODUS_END
};

struct thread_slot { /* a worker that threads have one after another, with what it attached */
	struct modus_worker worker;
	struct modus_conn *conn;
	struct thread_slot *next; /* free one */
	bool used;
};

struct thread_state {
	pthread_mutex_t lock;
	pthread_cond_t freed; /* a slot, or the phase has changed */
	struct thread_slot *slots, *spare;
	int64_t alive;
};

static const struct thread_settings *thread_set(const struct modus_service *s)
{
	return service_settings(s);
}

static size_t thread_workers(const void *settings)
{
	return (size_t)((const struct thread_settings *)settings)->max_threads + 2;
}

static void thread_raise(void *settings, int64_t n)
{
	struct thread_settings *set = settings;

	if (set->max_threads < n + 1)
		set->max_threads = n + 1;
}

static void *thread_main(void *arg)
{
	struct thread_slot *slot = arg;
	struct modus_service *s = slot->worker.service;
	struct thread_state *t = s->model_state;

	worker_begin(&slot->worker, "worker");
	conn_run(slot->conn);
	worker_end(&slot->worker);
	pthread_mutex_lock(&t->lock);
	slot->next = t->spare;
	t->spare = slot;
	t->alive--;
	pthread_cond_signal(&t->freed);
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

/* Waits for a free slot; NULL: the service drains. */
static struct thread_slot *take_slot(struct modus_service *s)
{
	struct thread_state *t = s->model_state;
	struct thread_slot *slot = NULL;

	pthread_mutex_lock(&t->lock);
	while (!t->spare && service_phase(s) == PHASE_SERVING)
		pthread_cond_wait(&t->freed, &t->lock);
	if (t->spare) {
		slot = t->spare;
		t->spare = slot->next;
		t->alive++;
	}
	pthread_mutex_unlock(&t->lock);
	return slot;
}

static void return_slot(struct thread_state *t, struct thread_slot *slot)
{
	pthread_mutex_lock(&t->lock);
	slot->next = t->spare;
	t->spare = slot;
	t->alive--;
	pthread_mutex_unlock(&t->lock);
}

/* Without a thread for it, the client is served by the one that accepted it: later, not never. */
static void serve_in_thread(struct modus_service *s, struct thread_slot *slot, struct modus_conn *c)
{
	struct thread_state *t = s->model_state;
	int rc;

	if (!slot->used)
		worker_init(&slot->worker, s, (unsigned)(slot - t->slots), &blocking_io);
	slot->used = true;
	conn_unlend(c);
	conn_move(c, &slot->worker);
	slot->conn = c;
	rc = worker_thread(s, NULL, thread_set(s)->stack, thread_main, slot);
	if (rc) {
		modus_log(MODUS_WARNING, "no thread for a client: %s", strerror(-rc));
		worker_begin(&slot->worker, NULL);
		conn_run(c);
		worker_end(&slot->worker);
		return_slot(t, slot);
	}
}

static void accept_all(struct modus_service *s, struct modus_worker *w, int *error)
{
	struct thread_slot *slot;
	struct modus_conn *c;

	while ((slot = take_slot(s))) {
		c = service_next(s, w, error);
		if (!c) {
			return_slot(s->model_state, slot);
			return;
		}
		serve_in_thread(s, slot, c);
	}
}

static void thread_phase(struct modus_service *s)
{
	struct thread_state *t = s->model_state;

	blocking_phase(s);
	pthread_mutex_lock(&t->lock);
	pthread_cond_broadcast(&t->freed);
	pthread_mutex_unlock(&t->lock);
}

static int thread_open(struct modus_service *s)
{
	struct thread_state *t = s->model_state;
	size_t n = (size_t)thread_set(s)->max_threads;

	t->slots = calloc(n, sizeof(*t->slots));
	if (!t->slots)
		return -ENOMEM;
	for (size_t i = n; i-- > 0;) {
		t->slots[i].next = t->spare;
		t->spare = &t->slots[i];
	}
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->freed, NULL);
	return 0;
}

static void thread_close(struct modus_service *s)
{
	struct thread_state *t = s->model_state;

	free(t->slots);
	pthread_cond_destroy(&t->freed);
	pthread_mutex_destroy(&t->lock);
}

static void join_all(struct thread_state *t, int64_t n)
{
	pthread_mutex_lock(&t->lock);
	while (t->alive > 0)
		pthread_cond_wait(&t->freed, &t->lock);
	pthread_mutex_unlock(&t->lock);
	for (int64_t i = 0; i < n; i++)
		if (t->slots[i].used)
			worker_finish(&t->slots[i].worker);
}

static int thread_serve(struct modus_service *s)
{
	unsigned max = (unsigned)thread_set(s)->max_threads;
	struct modus_worker w;
	struct ticker ticker;
	int error = ticker_start(&ticker, s, max + 1);

	worker_init(&w, s, max, &blocking_io);
	worker_begin(&w, NULL);
	service_begun(s, error);
	if (error == 0)
		accept_all(s, &w, &error);
	if (error)
		control_drain(s);
	join_all(s->model_state, max);
	ticker_join(&ticker);
	worker_finish(&w);
	return error;
}

const struct modus_model model_thread = {
	.name = "thread",
	.summary = "a new thread for each connection or datagram",
	.capabilities = MODUS_CONCURRENT | MODUS_THREADED,
	.settings = thread_rows,
	.settings_size = sizeof(struct thread_settings),
	.state_size = sizeof(struct thread_state),
	.workers = thread_workers,
	.raise = thread_raise,
	.open = thread_open,
	.close = thread_close,
	.serve = thread_serve,
	.io = &blocking_io,
	.task_io = &blocking_io,
	.news = blocking_news,
	.phase = thread_phase,
};
