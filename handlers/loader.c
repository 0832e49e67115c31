/* SPDX-License-Identifier: MIT */
/*
 * A plugin that passed stays loaded for the process's life: threads, thread keys and log lines may
 * point into it long after its last connection.  One that was refused is closed at once.
 *
 * RTLD_NOW, so that a missing symbol shows here and not in a request; RTLD_LOCAL, so that two
 * plugins may use the same names.
 */
#include "handlers/loader.h"

#include "handlers/descriptor.h"
#include "handlers/refusal.h"
#include "handlers/search.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loaded {
	struct loaded *next;
	const struct modus_plugin *found;
	struct modus_plugin own;
	dev_t dev; /* of the file; 0 where the plugin is linked in */
	ino_t ino;
};

/* What is loaded is so for the whole process: the one list that no struct can hold. */
static struct loaded *loaded_first;
static pthread_mutex_t loaded_lock = PTHREAD_MUTEX_INITIALIZER;

static const struct modus_plugin *loaded_file(const struct stat *st)
{
	for (struct loaded *l = loaded_first; l; l = l->next)
		if (l->ino != 0 && l->dev == st->st_dev && l->ino == st->st_ino)
			return &l->own;
	return NULL;
}

static const struct modus_plugin *loaded_add(const struct refusal *r,
					     const struct modus_plugin *found,
					     const struct stat *st)
{
	struct loaded *l;

	for (l = loaded_first; l; l = l->next)
		if (l->found == found)
			return &l->own;
	l = calloc(1, sizeof(*l));
	if (!l) {
		refuse(r, "out of memory for its descriptor");
		return NULL;
	}
	if (descriptor_take(r, found, &l->own)) {
		free(l);
		return NULL;
	}
	l->found = found;
	l->dev = st ? st->st_dev : 0;
	l->ino = st ? st->st_ino : 0;
	l->next = loaded_first;
	loaded_first = l;
	return &l->own;
}

/* The C library says "FILE: reason", or names another file that FILE needs. */
static void refuse_open(const struct refusal *r, const char *error)
{
	const char *unknown = "undefined symbol: modus_";
	size_t len = strlen(r->file);

	if (strncmp(error, r->file, len) == 0 && strncmp(error + len, ": ", 2) == 0)
		error += len + 2;
	if (strncmp(error, unknown, strlen(unknown)) == 0)
		refuse(r,
		       "calls %s(), which modus %d.%d does not have; was it built for a newer one?",
		       strchr(error, ':') + 2, MODUS_ABI_MAJOR, MODUS_ABI_MINOR);
	else if (strstr(error, "ELF") || strcmp(error, "file too short") == 0)
		refuse(r, "is not a shared object of this machine (%s)", error);
	else
		refuse(r, "cannot be loaded: %s", error);
}

static const struct modus_plugin *load(const struct refusal *r, const struct stat *st)
{
	const struct modus_plugin *found, *own = NULL;
	void *object = dlopen(r->file, RTLD_NOW | RTLD_LOCAL);

	if (!object) {
		refuse_open(r, dlerror());
		return NULL;
	}
	found = dlsym(object, "modus_plugin_descriptor");
	if (found)
		own = loaded_add(r, found, st);
	else
		refuse(r, "is no modus plugin: it has no symbol modus_plugin_descriptor, expected "
			  "MODUS_PLUGIN() in it");
	if (!own)
		dlclose(object);
	return own;
}

const struct modus_plugin *loader_open(const char *type, const char *path, char *why, size_t size)
{
	char file[PATH_MAX];
	const struct refusal r = { file, why, size };
	const struct modus_plugin *own;
	struct stat st;

	if (search_find(type, path, file, sizeof(file), why, size) || search_trust(&r, &st))
		return NULL;
	pthread_mutex_lock(&loaded_lock);
	own = loaded_file(&st);
	if (!own)
		own = load(&r, &st);
	pthread_mutex_unlock(&loaded_lock);
	return own;
}

const struct modus_plugin *loader_check(const struct modus_plugin *found, const char *file,
					char *why, size_t size)
{
	const struct refusal r = { file, why, size };
	const struct modus_plugin *own;

	pthread_mutex_lock(&loaded_lock);
	own = loaded_add(&r, found, NULL);
	pthread_mutex_unlock(&loaded_lock);
	return own;
}
