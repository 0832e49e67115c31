/* SPDX-License-Identifier: MIT */
/*
 * A service that no model serves: a plugin and a model of which a test fills in what it is about,
 * a board, a connection table, one worker.  Zeroed, changed as wanted, then fixture_open().
 */
#ifndef CORE_FIXTURE_H
#define CORE_FIXTURE_H

#include "core/instance.h"
#include "core/log.h"
#include "core/service.h"

#include "unit_suite.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct core_fixture {
	struct modus_plugin plugin;
	struct modus_model model;
	struct plan_service plan;
	struct modus_service service;
	struct modus_worker worker;
};

enum { FIXTURE_WORKERS = 3 };

static inline size_t fixture_workers(const void *settings)
{
	return FIXTURE_WORKERS;
}

static inline struct instance *fixture_instance(const struct modus_plugin *plugin, const char *name)
{
	struct instance *i = instance_new(plugin, name);

	ck_assert_ptr_nonnull(i);
	return i;
}

/* Names that are not set yet, and the one instance of the service, which may host more. */
static inline struct instance *fixture_plan(struct core_fixture *f)
{
	f->plugin.name = "fake";
	f->model.name = "still";
	f->model.workers = fixture_workers;
	f->plan.name = "service";
	f->plan.model = &f->model;
	f->plan.backlog = 16;
	f->plan.handler = fixture_instance(&f->plugin, "outer");
	return f->plan.handler;
}

/* What a test provokes need not be read among its results. */
static inline void fixture_open(struct core_fixture *f)
{
	struct modus_service *s = &f->service;

	log_setup(PLAN_LOG_TEXT, -1);
	if (!f->plan.handler)
		fixture_plan(f);
	*s = (struct modus_service) { .plan = &f->plan,
				      .model = &f->model,
				      .handler = f->plan.handler };
	instance_number(s->handler, &s->instances);
	s->board = scoreboard_new(service_slots(&f->plan));
	ck_assert_ptr_nonnull(s->board);
	conn_table_init(&s->table, f->plugin.session_size);
	s->drain_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	worker_init(&f->worker, s, 0, NULL);
	worker_begin(&f->worker, NULL);
}

static inline void fixture_close(struct core_fixture *f)
{
	worker_finish(&f->worker);
	close(f->service.drain_fd);
	close(f->service.cancel_fd);
	conn_table_finish(&f->service.table);
	scoreboard_free(f->service.board);
	instance_free(f->plan.handler);
	f->plan.handler = NULL;
}

static inline struct modus_conn *fixture_conn(struct core_fixture *f)
{
	struct modus_conn *c = conn_new(&f->worker, CONN_STREAM);

	ck_assert_ptr_nonnull(c);
	c->transport = &transport_stream;
	return c;
}

#endif
