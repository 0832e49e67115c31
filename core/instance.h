/* SPDX-License-Identifier: MIT */
/*
 * An instance is a plugin at work: descriptor, settings, state, shared block.  A service has one;
 * those that a HOSTED row makes hang below it.  They are started inner ones first and stopped in
 * the opposite order, in the service process.
 */
#ifndef CORE_INSTANCE_H
#define CORE_INSTANCE_H

#include <modus/handler.h>

struct instance {
	struct modus_instance self;        /* what the plugin sees; must be first */
	const struct modus_plugin *plugin; /* as the loader completed it */
	void *settings;                    /* settings_size bytes that the rows filled, owned */
	void *shared;                      /* shared_size bytes, mapped at the first start */
	struct instance *hosted, *next;    /* those that its HOSTED rows made; the next of those */
	unsigned index;                    /* within its service, 0 for the outermost */
	int64_t tick_due; /* when tick() is to be called in this process; 0: not yet known */
};

/* Makes an instance of plugin (borrowed for ever) called name (copied), with settings zeroed: the
 * caller fills instance->settings by the plugin's rows.  NULL: out of memory. */
struct instance *instance_new(const struct modus_plugin *plugin, const char *name);

/* Hangs inner below outer, which owns it from here on. */
void instance_host(struct instance *outer, struct instance *inner);

/* Frees i and all below it; what the settings point to belongs to the plan.  NULL is fine. */
void instance_free(struct instance *i);

/* Numbers i and all below it from *index on, which is left at the next free number. */
void instance_number(struct instance *i, unsigned *index);

/* Maps the shared blocks of i and all below it, and calls start(), inner ones first.  0, or the
 * negative errno of the one that failed, when those that were started have been stopped again. */
int instance_start(struct instance *i, struct modus_conn *task);
void instance_stop(struct instance *i, struct modus_conn *task);

#endif
