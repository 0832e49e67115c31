/* SPDX-License-Identifier: MIT */
/* What the board knows of a connection, its settings, and what all its processes share. */
#ifndef BOARD_SESSION_H
#define BOARD_SESSION_H

#include "presence.h"
#include "store.h"
#include "throttle.h"

#include <modus/handler.h>

enum { LINE_MAX_BYTES = 1000, NEWS_AT_ONCE = 100 };

struct board_settings {
	const char *file, *title;
	struct modus_list boards; /* of struct board_row */
	bool registration;
	int64_t page, max_post, max_lines, password_cost;
};

struct board_row {
	const char *name, *title;
};

struct board_shared {
	struct throttle throttle;
	struct presence presence;
	_Atomic int64_t told; /* the last post that tick() published */
};

enum draft_kind { DRAFT_TOPIC, DRAFT_POST, DRAFT_EDIT };

struct draft { /* a post whose lines are coming */
	enum draft_kind kind;
	int64_t board, topic, reply_to, post; /* as kind needs them, else 0 */
	char subject[STORE_SUBJECT + 1];
	char *body; /* its lines, each ended by '\n' */
	size_t len, room, lines;
	int refused; /* the code of its first fault, or 0: what follows is thrown away */
};

struct watch {
	bool on;
	int64_t topic;              /* 0: all of the board */
	char board[STORE_NAME + 1]; /* also of the topic */
	int64_t after;              /* the last post that was told */
};

struct session {
	int64_t user; /* 0: a guest */
	char name[STORE_NAME + 1];
	bool moderator;
	bool skipping; /* the rest of a line that was too long */
	bool news;     /* has come while a post was being written */
	int place;     /* in the presence, or -1 */
	unsigned throttle;
	int64_t board; /* that NEW is about, 0: none */
	struct draft *draft;
	struct watch watch;
};

#endif
