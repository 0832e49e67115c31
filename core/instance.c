/* SPDX-License-Identifier: MIT */
#include "core/instance.h"

#include "core/connection.h"
#include "core/fatal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct instance *instance_new(const struct modus_plugin *plugin, const char *name)
{
	struct instance *i = calloc(1, sizeof(*i));

	if (!i)
		return NULL;
	i->plugin = plugin;
	i->self.name = strdup(name);
	i->settings = calloc(1, plugin->settings_size ? plugin->settings_size : 1);
	i->self.settings = i->settings;
	if (!i->self.name || !i->settings) {
		instance_free(i);
		return NULL;
	}
	return i;
}

void instance_host(struct instance *outer, struct instance *inner)
{
	struct instance **at = &outer->hosted;

	while (*at)
		at = &(*at)->next;
	*at = inner;
}

void instance_free(struct instance *i)
{
	if (!i)
		return;
	while (i->hosted) {
		struct instance *h = i->hosted;

		i->hosted = h->next;
		instance_free(h);
	}
	if (i->shared) /* kept until here: worker data may look into it to its end */
		munmap(i->shared, i->plugin->shared_size);
	free(i->settings);
	free((void *)(uintptr_t)i->self.name);
	free(i);
}

void instance_number(struct instance *i, unsigned *index)
{
	i->index = (*index)++;
	for (struct instance *h = i->hosted; h; h = h->next)
		instance_number(h, index);
}

/* Mapped and not allocated: the processes of a service share it. */
static int map_shared(struct instance *i)
{
	size_t size = i->plugin->shared_size;

	if (size == 0)
		return 0;
	if (i->shared) { /* of an earlier start */
		memset(i->shared, 0, size);
		return 0;
	}
	i->shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (i->shared != MAP_FAILED)
		return 0;
	i->shared = NULL;
	return -ENOMEM;
}

static void stop_hosted(struct instance *from, const struct instance *end, struct modus_conn *task)
{
	if (from == end)
		return;
	stop_hosted(from->next, end, task); /* the last that was started first */
	instance_stop(from, task);
}

static int start_one(struct instance *i, struct modus_conn *task)
{
	struct instance *before = task->instance;
	int rc = map_shared(i);

	if (rc == 0 && i->plugin->start) {
		task->instance = i;
		rc = i->plugin->start(task);
		task->instance = before;
	}
	if (rc >= 0)
		return 0;
	modus_log(MODUS_ERROR, "plugin %s: start() failed: %s", i->plugin->name, errno_name(rc));
	return rc;
}

int instance_start(struct instance *i, struct modus_conn *task)
{
	struct instance *h;
	int rc = 0;

	for (h = i->hosted; h; h = h->next) {
		rc = instance_start(h, task);
		if (rc)
			break;
	}
	if (rc == 0)
		rc = start_one(i, task);
	if (rc)
		stop_hosted(i->hosted, h, task);
	return rc;
}

void instance_stop(struct instance *i, struct modus_conn *task)
{
	struct instance *before = task->instance;

	if (i->plugin->stop) {
		task->instance = i;
		i->plugin->stop(task);
		task->instance = before;
	}
	stop_hosted(i->hosted, NULL, task);
}
