/* SPDX-License-Identifier: MIT */
#include "core/service.h"

#include "core/clock.h"
#include "core/control.h"
#include "core/fatal.h"
#include "core/instance.h"
#include "core/log.h"
#include "core/output.h"
#include "core/title.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

size_t service_slots(const struct plan_service *plan)
{
	return plan->model->workers(plan->model_settings) + 1; /* and that of the tasks */
}

static size_t state_size(const struct modus_service *s)
{
	const struct modus_model *m = s->model;

	return m->state_size + m->state_each * m->workers(s->plan->model_settings);
}

static int init(struct modus_service *s, const struct plan_service *plan,
		struct listeners *listeners, struct scoreboard *board, struct host *host)
{
	int rc;

	*s = (struct modus_service) { .plan = plan,
				      .model = plan->model,
				      .handler = plan->handler,
				      .listeners = listeners,
				      .board = board,
				      .host = host };
	snprintf(s->child_title, sizeof(s->child_title), "modus: child of %s", plan->name);
	instance_number(s->handler, &s->instances);
	conn_table_init(&s->table, s->handler->plugin->session_size);
	s->table.alone = s->model->capabilities & MODUS_PROCESSES;
	s->drain_fd = s->cancel_fd = -1;
	rc = admission_open(&s->admission, plan);
	if (rc)
		return rc;
	s->drain_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->model_state = calloc(1, state_size(s) ? state_size(s) : 1);
	if (s->drain_fd < 0 || s->cancel_fd < 0)
		return -errno;
	return s->model_state ? 0 : -ENOMEM;
}

static void finish(struct modus_service *s)
{
	free(s->model_state);
	close(s->drain_fd);
	close(s->cancel_fd);
	conn_table_finish(&s->table);
	admission_close(&s->admission);
}

/* start() and stop() run as the worker whose slot is the last, which waits by blocking. */
static int with_task(struct modus_service *s, const struct modus_io *io,
		     int (*what)(struct modus_service *s, struct modus_conn *task))
{
	struct modus_worker w;
	struct modus_conn *task;
	int rc;

	worker_init(&w, s, (unsigned)s->board->slots - 1, io);
	worker_begin(&w, NULL);
	task = conn_task_begin(&w);
	rc = task ? what(s, task) : -ENOMEM;
	if (task)
		conn_task_end(task);
	worker_finish(&w);
	return rc;
}

static int start(struct modus_service *s, struct modus_conn *task)
{
	return instance_start(s->handler, task);
}

static int stop(struct modus_service *s, struct modus_conn *task)
{
	instance_stop(s->handler, task);
	return 0;
}

void service_begun(struct modus_service *s, int error)
{
	if (error)
		control_drain(s);
	else if (s->ready)
		s->ready(s->ready_arg);
}

void service_fail(struct modus_service *s, int error)
{
	modus_log(MODUS_ERROR, "a listener failed: %s", strerror(-error));
	atomic_store(&s->error, error);
	control_drain(s);
}

int service_serve(struct modus_service *s, void (*ready)(void *arg), void *arg)
{
	int rc = s->model->open ? s->model->open(s) : 0;

	if (rc)
		return rc;
	rc = control_open(s);
	if (rc == 0) {
		s->ready = ready;
		s->ready_arg = arg;
		rc = s->model->serve(s);
		rc = rc ? rc : s->error;
		control_close(s);
	}
	if (s->model->close)
		s->model->close(s);
	return rc;
}

int service_open(struct modus_service *s, const struct plan_service *plan,
		 struct listeners *listeners, struct scoreboard *board, struct host *host)
{
	int rc;

	scoreboard_begin(board);
	rc = init(s, plan, listeners, board, host);
	if (rc == 0)
		rc = with_task(s, s->model->task_io, start);
	if (rc)
		finish(s);
	return rc;
}

void service_again(struct modus_service *s)
{
	eventfd_t ignored;

	eventfd_read(s->drain_fd, &ignored);
	eventfd_read(s->cancel_fd, &ignored);
	memset(s->model_state, 0, state_size(s));
	s->error = 0;
	scoreboard_begin(s->board);
}

void service_close(struct modus_service *s)
{
	with_task(s, s->model->task_io, stop);
	finish(s);
}

int service_run(const struct plan_service *plan, struct listeners *listeners,
		struct scoreboard *board, void (*ready)(void *arg), void *arg)
{
	struct modus_service s;
	int rc;

	log_name(plan->name);
	title_set(plan->name, "modus: service %s (%s)", plan->name, plan->model->name);
	rc = service_open(&s, plan, listeners, board, NULL);
	if (rc == 0) {
		rc = service_serve(&s, ready, arg);
		service_close(&s);
	}
	if (rc)
		modus_log(MODUS_ERROR, "the service ends: %s (%s)", strerror(-rc), errno_name(rc));
	else
		modus_log(MODUS_INFO, "drained");
	return rc;
}

/* ---- Tasks ---- */

struct modus_conn *conn_task_begin(struct modus_worker *w)
{
	struct modus_conn *task = conn_new(w, CONN_TASK);

	if (!task)
		return NULL;
	task->state = CONN_OPEN;
	task->idle_ms = (int)w->service->plan->timeouts.idle;
	task->request_left_ms = (int)w->service->plan->timeouts.request;
	task->write_ms = (int)w->service->plan->timeouts.write;
	return task;
}

void conn_task_end(struct modus_conn *task)
{
	output_end_all(task);
	conn_close_outbound(task);
	lease_return(&task->worker->leases, task->lease);
	task->lease = NULL;
	conn_drop(task);
}
