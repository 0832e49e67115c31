/* SPDX-License-Identifier: MIT */
/*
 * iterative: one connection at a time.
 *
 * who accepts           the service process, when it has nothing else to do
 * who runs the handler  the service process
 * what isolates clients nothing: each waits for those before it
 * backpressure          the listen queue
 * stop                  an idle client is cut, a running request ends, the queue is left
 * cost per connection   none beyond accept
 * cost per wait         everybody waits
 * choose when           requests are short and clients do not linger; as the baseline of others
 */
#include "models/blocking.h"
#include "models/models.h"

static size_t iterative_workers(const void *settings)
{
	return 1;
}

static int iterative_serve(struct modus_service *s)
{
	struct modus_worker w;
	struct modus_conn *c;
	int error;

	worker_init(&w, s, 0, &blocking_io);
	worker_begin(&w, NULL);
	service_begun(s, 0);
	while ((c = service_next(s, &w, &error)))
		conn_run(c);
	worker_finish(&w);
	return error;
}

const struct modus_model model_iterative = {
	.name = "iterative",
	.summary = "one connection at a time, in one process",
	.workers = iterative_workers,
	.serve = iterative_serve,
	.io = &blocking_io,
	.task_io = &blocking_io,
	.news = blocking_news,
	.phase = blocking_phase,
};
