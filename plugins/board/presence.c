/* SPDX-License-Identifier: MIT */
#include "presence.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static bool is_gone(uint32_t pid)
{
	return kill((pid_t)pid, 0) && errno == ESRCH;
}

static bool take(struct presence_place *p, uint32_t from)
{
	return atomic_compare_exchange_strong(&p->pid, &from, (uint32_t)getpid());
}

/* The first search, from where nobody is likely, looks for a free place; the second one also takes
 * those of the dead. */
int presence_enter(struct presence *p)
{
	int start = gettid() % PRESENCE_PLACES;

	for (int i = 0; i < 2 * PRESENCE_PLACES; i++) {
		int at = (start + i) % PRESENCE_PLACES;
		struct presence_place *place = &p->places[at];
		uint32_t pid = atomic_load(&place->pid);

		if (pid ? i < PRESENCE_PLACES || !is_gone(pid) || !take(place, pid)
			: !take(place, 0))
			continue;
		atomic_store(&place->since, 0);
		return at;
	}
	return -1;
}

void presence_leave(struct presence *p, int place)
{
	if (place < 0)
		return;
	atomic_store(&p->places[place].since, 0);
	atomic_store(&p->places[place].pid, 0);
}

void presence_name(struct presence *p, int place, const char *name, bool moderator, int64_t since)
{
	struct presence_place *at;
	uint64_t words[PRESENCE_WORDS] = { 0 };

	if (place < 0)
		return;
	at = &p->places[place];
	atomic_store(&at->since, 0);
	if (!name)
		return;
	memcpy(words, name, strnlen(name, sizeof(words)));
	for (int i = 0; i < PRESENCE_WORDS; i++)
		atomic_store(&at->name[i], words[i]);
	atomic_store(&at->moderator, moderator);
	atomic_store(&at->since, since);
}

void presence_demote(struct presence *p, int place)
{
	if (place >= 0)
		atomic_store(&p->places[place].moderator, 0);
}

bool presence_read(struct presence *p, int place, struct presence_guest *g)
{
	struct presence_place *at = &p->places[place];
	uint32_t pid = atomic_load(&at->pid);
	uint64_t words[PRESENCE_WORDS];

	if (!pid || is_gone(pid))
		return false;
	memset(g, 0, sizeof(*g));
	g->since = atomic_load(&at->since);
	for (int i = 0; i < PRESENCE_WORDS; i++)
		words[i] = atomic_load(&at->name[i]);
	g->moderator = atomic_load(&at->moderator) != 0;
	if (g->since && atomic_load(&at->since) == g->since)
		memcpy(g->name, words, sizeof(words));
	return true;
}
