/* SPDX-License-Identifier: MIT */
/*
 * What a config asks for, typed and checked: a plan of services.  The config reader fills it by the
 * rows below; the supervisor and the service processes carry it out.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <modus/model.h>

struct instance;

enum { PLAN_LISTENERS_MAX = 64 }; /* of a service; a bit each */

enum { PLAN_FULL_WAIT, PLAN_FULL_REFUSE };

struct plan_limits {
	int64_t connections; /* at once, all listeners together */
	int64_t per_address; /* of them, from one address; 0 = any number */
	int full;            /* PLAN_FULL_... */
};

struct plan_timeouts { /* milliseconds */
	int64_t idle, request, write, grace;
	int64_t min_rate; /* bytes per second by which a long request earns more time; 0 = none */
};

struct plan_service {
	const char *name;
	struct modus_list listen; /* of const char *: "tcp://127.0.0.1:0" */
	int64_t backlog;
	bool reuse_address, no_delay, defer_accept;
	struct modus_list access; /* of const char *: "allow 127.0.0.0/8" */
	struct plan_limits limits;
	struct plan_timeouts timeouts;

	const struct modus_model *model;
	void *model_settings;     /* model->settings_size bytes, filled by its rows; the plan's */
	const char *handler_type; /* the plugin's name or path as the config gives it */
	struct instance
		*handler; /* NULL where the plan was read without loading plugins; the plan's */
	const char *file; /* where the service stands in the config */
	int line;
};

enum { PLAN_LOG_TEXT, PLAN_LOG_JSON };

struct plan {
	const char
		*plugin_path; /* directories divided by ':'; "" = environment, then installation */
	int log_format;       /* PLAN_LOG_... */
	int log_level;        /* enum modus_level */
	const char *control;  /* address of the socket that modus status asks; "" = none */
	struct modus_list services; /* of struct plan_service */
};

/* The rows of the whole file (without "services") and of one service (without "model" and
 * "handler", which are groups whose "type" decides their rows). */
extern const struct modus_setting plan_rows[], plan_service_rows[];

/* Whether model, plugin and listeners of s go together: NULL, or the reason why not, in why.
 * s->handler may be NULL: then nothing is said of the plugin. */
const char *plan_misfit(const struct plan_service *s, char *why, size_t size);

#endif
