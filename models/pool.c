/* SPDX-License-Identifier: MIT */
/*
 * pool: N threads on one shared epoll.
 *
 * who accepts           whichever thread is free
 * who runs the handler  whichever thread is free, one request after another
 * what isolates clients nothing but the scheduler: memory is shared, a crash takes all
 * backpressure          busy threads do not accept; the listen queue
 * stop                  parked clients are closed, running requests have the grace
 * cost per connection   an entry in the epoll; no thread while it is idle
 * cost per wait         one thread of the N sleeps
 * choose when           handlers block or compute, and clients are many but mostly idle
 *
 * No thread waits for an idle connection (models/parking.h); with park = false each keeps its own.
 */
#include "models/blocking.h"
#include "models/models.h"
#include "models/parking.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct pool_settings {
	int64_t threads, stack;
	bool park;
};

static const struct modus_setting pool_rows[] = {
	MODUS_INT(struct pool_settings, threads, "threads", 16, 1, 1024, "threads",
		  "Threads that serve."),
	MODUS_BYTES(struct pool_settings, stack, "stack", 256 << 10, 64 << 10, 64 << 20,
		    "Stack of each thread."),
	MODUS_BOOL(struct pool_settings, park, "park", true,
		   "Whether a thread leaves a connection that has no request for it."),
	MODUS_END
};

struct pool_thread {
	struct modus_worker worker;
	pthread_t thread;
};

struct pool_state {
	struct parking parking; /* must be first */
	const struct pool_settings *set;
	struct pool_thread *threads;
	int done_fd;
};

static char pool_done; /* what the event that ends the threads is about */

static struct modus_service *service_of(struct pool_state *p)
{
	return p->parking.service;
}

/* Tells the threads whether nobody is left.  One may be taking a client when it is said first. */
static bool check_done(struct pool_state *p)
{
	if (service_phase(service_of(p)) == PHASE_SERVING)
		return false;
	eventfd_read(p->done_fd, &(eventfd_t) { 0 });
	return service_of(p)->admission.active == 0 && eventfd_write(p->done_fd, 1) == 0;
}

/* ---- What the threads do with an event ---- */

static void serve(struct pool_state *p, struct modus_worker *w, struct modus_conn *c)
{
	enum conn_next next;

	conn_move(c, w);
	do
		next = conn_step(c);
	while (next != CONN_STEP_CLOSED &&
	       !parking_park(&p->parking, c, next == CONN_STEP_YIELDED));
	if (next == CONN_STEP_CLOSED)
		check_done(p);
}

/* Not who comes while it drains.  The listener is armed again before a client is served. */
static void take_clients(struct pool_state *p, struct modus_worker *w, struct modus_listener *l)
{
	bool park = p->set->park && !l->datagram;
	struct modus_conn *c;
	int rc;

	do {
		if (service_phase(service_of(p)) != PHASE_SERVING)
			return;
		rc = listener_take(l, w, &c);
		if (rc == 0 && park && !parking_admit(&p->parking, c))
			serve(p, w, c);
	} while (rc == 0 && park);
	if (rc == -EBUSY)
		parking_pause(&p->parking);
	else if (rc && rc != -EAGAIN)
		service_fail(service_of(p), rc);
	else
		parking_listen(&p->parking, l, EPOLL_CTL_MOD);
	if (rc == 0)
		conn_run(c);
	check_done(p);
}

static bool is_listener(struct pool_state *p, const void *about)
{
	const struct listeners *l = service_of(p)->listeners;

	return about >= (void *)l->all && about < (void *)(l->all + l->count);
}

static void *pool_main(void *arg)
{
	struct pool_thread *me = arg;
	struct pool_state *p = me->worker.service->model_state;
	struct epoll_event e;

	worker_begin(&me->worker, "worker");
	for (;;) {
		if (epoll_wait(p->parking.ep, &e, 1, -1) < 1)
			continue;
		if (e.data.ptr == &p->parking)
			parking_expire(&p->parking);
		else if (is_listener(p, e.data.ptr))
			take_clients(p, &me->worker, e.data.ptr);
		else if (e.data.ptr != &pool_done && parking_claim(e.data.ptr))
			serve(p, &me->worker, e.data.ptr);
		else if (check_done(p))
			return NULL;
	}
}

/* ---- From outside ---- */

static void pool_phase(struct modus_service *s)
{
	conn_table_interrupt(&s->table, service_phase(s) >= PHASE_CANCELED);
	check_done(s->model_state);
}

static void pool_news(struct modus_service *s, uint64_t topics)
{
	struct pool_state *p = s->model_state;

	if (p->set->park)
		parking_news(&p->parking, topics);
	else
		blocking_news(s, topics);
}

/* ---- The model ---- */

static size_t pool_workers(const void *settings)
{
	return (size_t)((const struct pool_settings *)settings)->threads + 1;
}

static void pool_raise(void *settings, int64_t n)
{
	struct pool_settings *set = settings;

	if (!set->park && set->threads < n)
		set->threads = n < 1024 ? n : 1024;
}

static void pool_close(struct modus_service *s)
{
	struct pool_state *p = s->model_state;

	parking_close(&p->parking);
	close(p->done_fd);
	free(p->threads);
}

static int pool_open(struct modus_service *s)
{
	struct pool_state *p = s->model_state;
	struct epoll_event done = { .events = EPOLLIN, .data.ptr = &pool_done };
	int rc = parking_open(&p->parking, s);

	if (rc)
		return rc;
	p->set = service_settings(s);
	p->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	p->threads = calloc((size_t)p->set->threads, sizeof(*p->threads));
	if (!p->threads || p->done_fd < 0 ||
	    epoll_ctl(p->parking.ep, EPOLL_CTL_ADD, p->done_fd, &done))
		rc = -errno;
	if (rc)
		pool_close(s);
	return rc;
}

static int start_threads(struct pool_state *p, int64_t *started)
{
	const struct modus_io *io = p->set->park ? &parking_io : &blocking_io;
	int rc = 0;

	for (*started = 0; rc == 0 && *started < p->set->threads; *started += rc == 0) {
		struct pool_thread *t = &p->threads[*started];

		worker_init(&t->worker, service_of(p), (unsigned)*started, io);
		rc = worker_thread(service_of(p), &t->thread, p->set->stack, pool_main, t);
		if (rc)
			worker_finish(&t->worker);
	}
	return rc;
}

static int pool_serve(struct modus_service *s)
{
	struct pool_state *p = s->model_state;
	struct ticker ticker = { 0 };
	int64_t started;
	int rc = start_threads(p, &started);

	rc = rc ? rc : ticker_start(&ticker, s, (unsigned)p->set->threads);
	for (size_t i = 0; rc == 0 && i < s->listeners->count; i++)
		rc = parking_listen(&p->parking, &s->listeners->all[i], EPOLL_CTL_ADD);
	service_begun(s, rc);
	for (int64_t i = 0; i < started; i++) {
		pthread_join(p->threads[i].thread, NULL);
		worker_finish(&p->threads[i].worker);
	}
	ticker_join(&ticker);
	return rc;
}

const struct modus_model model_pool = {
	.name = "pool",
	.summary = "N threads share the connections, idle ones hold none",
	.capabilities = MODUS_CONCURRENT | MODUS_THREADED,
	.settings = pool_rows,
	.settings_size = sizeof(struct pool_settings),
	.state_size = sizeof(struct pool_state),
	.workers = pool_workers,
	.raise = pool_raise,
	.open = pool_open,
	.close = pool_close,
	.serve = pool_serve,
	.io = &parking_io,
	.task_io = &blocking_io,
	.news = pool_news,
	.phase = pool_phase,
};
