/* SPDX-License-Identifier: MIT */
/*
 * Who is here: a place per connection in the block that all processes of the service share.  Each
 * place has one writer, its connection.  One whose process was killed is taken for free by whoever
 * comes by next.
 */
#ifndef BOARD_PRESENCE_H
#define BOARD_PRESENCE_H

#include "store.h"

#include <stdatomic.h>

enum { PRESENCE_PLACES = 4096, PRESENCE_WORDS = STORE_NAME / 8 };

struct presence_place {
	_Atomic uint32_t pid; /* 0: free */
	_Atomic uint32_t moderator;
	_Atomic int64_t since; /* 0: a guest */
	_Atomic uint64_t name[PRESENCE_WORDS];
};

struct presence {
	struct presence_place places[PRESENCE_PLACES];
};

struct presence_guest {
	char name[STORE_NAME + 1]; /* "": not logged in */
	bool moderator;
	int64_t since;
};

/* Takes a place: its number, or -1 where all are taken. */
int presence_enter(struct presence *p);
void presence_leave(struct presence *p, int place);
/* Says who is at the place from now on; NULL: a guest. */
void presence_name(struct presence *p, int place, const char *name, bool moderator, int64_t since);
void presence_demote(struct presence *p, int place); /* who is there is no moderator any more */
/* Reads a place: whether somebody is there. */
bool presence_read(struct presence *p, int place, struct presence_guest *g);

#endif
