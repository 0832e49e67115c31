/* SPDX-License-Identifier: MIT */
/*
 * A service without a supervisor, for tests of what stands between a model and a connection: one
 * worker, no listeners of its own, and connections on socket pairs.
 */
#ifndef TESTS_UNIT_SERVICE_FIXTURE_H
#define TESTS_UNIT_SERVICE_FIXTURE_H

#include "core/instance.h"
#include "core/log.h"
#include "core/news.h"
#include "core/service.h"
#include "models/blocking.h"

#include "unit_suite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>

enum { WORKERS = 4 };

static struct {
	struct plan_service plan;
	struct modus_model model;
	struct modus_plugin plugin;
	struct listeners listeners;
	struct modus_service service;
	struct modus_worker worker;
	int peer; /* the other end of the connection that was made last */
} rig;

static inline size_t rig_workers(const void *settings)
{
	return WORKERS;
}

static inline int rig_handle(struct modus_conn *c)
{
	return MODUS_CLOSE;
}

/* Before rig_begin() a test may change what these say. */
static inline void rig_defaults(void)
{
	rig.peer = -1;
	rig.plan = (struct plan_service) { .name = "rig", .model = &rig.model };
	rig.plan.limits.connections = 100;
	rig.plan.timeouts = (struct plan_timeouts) { 20000, 20000, 20000, 20000, 0 };
	rig.model = (struct modus_model) {
		.name = "rig", .workers = rig_workers, .io = &blocking_io, .task_io = &blocking_io
	};
	rig.plugin = (struct modus_plugin) { .name = "rig", .handle = rig_handle };
	rig.listeners = (struct listeners) { 0 };
}

static inline void rig_begin(void)
{
	struct modus_service *s = &rig.service;

	log_setup(PLAN_LOG_TEXT, MODUS_ERROR);
	*s = (struct modus_service) { .plan = &rig.plan,
				      .model = &rig.model,
				      .listeners = &rig.listeners };
	rig.plan.handler = s->handler = instance_new(&rig.plugin, "rig");
	instance_number(s->handler, &s->instances);
	s->board = scoreboard_new(service_slots(&rig.plan));
	s->drain_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ck_assert(s->handler && s->board && s->drain_fd >= 0 && s->cancel_fd >= 0);
	news_boards(&s->board, 1);
	ck_assert_int_eq(admission_open(&s->admission, &rig.plan), 0);
	conn_table_init(&s->table, rig.plugin.session_size);
	worker_init(&rig.worker, s, 0, rig.model.io);
	worker_begin(&rig.worker, NULL);
}

/* All connections must have ended. */
static inline void rig_end(void)
{
	ck_assert_uint_eq(rig.service.table.count, 0);
	worker_finish(&rig.worker);
	conn_table_finish(&rig.service.table);
	admission_close(&rig.service.admission);
	close(rig.service.drain_fd);
	close(rig.service.cancel_fd);
	scoreboard_free(rig.service.board);
	instance_free(rig.service.handler);
	if (rig.peer >= 0)
		close(rig.peer);
}

static inline void rig_set_up(void)
{
	rig_defaults();
	rig_begin();
}

/* What the control does when the service is told to stop, or its grace is over. */
static inline void rig_phase(enum phase phase)
{
	atomic_store(&rig.service.board->phase, phase);
	eventfd_write(phase == PHASE_DRAINING ? rig.service.drain_fd : rig.service.cancel_fd, 1);
}

/* A connection on fd, as if it had been accepted a moment ago; its setup() is done. */
static inline struct modus_conn *rig_adopt(int fd)
{
	static struct modus_listener listener = { .fd = -1 };
	struct modus_conn *c = conn_new(&rig.worker, CONN_STREAM);

	ck_assert_ptr_nonnull(c);
	c->fd = fd;
	c->transport = &transport_stream;
	c->listener = &listener;
	c->state = CONN_OPEN;
	c->idle_ms = (int)rig.plan.timeouts.idle;
	c->request_left_ms = (int)rig.plan.timeouts.request;
	c->write_ms = (int)rig.plan.timeouts.write;
	ck_assert(admission_reserve(&rig.service.admission));
	atomic_fetch_add(&rig.service.admission.active, 1);
	ck_assert_int_eq(conn_lend(c), 0);
	return c;
}

static inline struct modus_conn *rig_connect(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	if (rig.peer >= 0)
		close(rig.peer);
	rig.peer = ends[1];
	return rig_adopt(ends[0]);
}

/* Ends c as conn_step() does when handle() returned CLOSE. */
static inline void rig_close(struct modus_conn *c)
{
	conn_finish(c, MODUS_CLOSE);
	conn_release(c);
}

/* What the peer sends, in one piece. */
static inline void rig_send(const void *data, size_t n)
{
	ck_assert_int_eq(send(rig.peer, data, n, MSG_NOSIGNAL), (ssize_t)n);
}

static inline void rig_say(const char *text)
{
	rig_send(text, strlen(text));
}

/* What has come to the peer so far. */
static inline ssize_t rig_receive(void *buf, size_t size)
{
	return recv(rig.peer, buf, size, MSG_DONTWAIT);
}

static inline uint64_t rig_count(enum counter which)
{
	return scoreboard_sum(rig.service.board, which);
}

#endif
