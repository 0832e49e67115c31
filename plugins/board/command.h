/* SPDX-License-Identifier: MIT */
/*
 * The commands of the protocol.  A command's work is run where blocking is allowed, with the store
 * of that place; it reads and changes the session, whose connection waits meanwhile, and says what
 * is to be answered.  It sends nothing.
 */
#ifndef BOARD_COMMAND_H
#define BOARD_COMMAND_H

#include "reply.h"
#include "session.h"

enum { WORDS_MAX = 4 };

#define NO_TOPIC "412 no such topic"
#define NO_POST  "413 no such post"
#define NO_USER  "414 no such user"

struct call { /* a command on its way */
	struct session *session;
	const struct board_settings *settings;
	struct board_shared *shared;
	struct store *store;           /* NULL where the command needs none */
	const struct command *command; /* NULL: none was given, news or a post has come */
	char *words[WORDS_MAX];        /* its arguments; the last one may hold blanks */
	int count;
	struct draft *draft; /* out: the post that is to come now */
	struct watch watch;  /* out: what is watched from now on, if watches */
	bool watches, more, quit;
	struct reply reply;
};

enum who { ANYBODY, GUESTS, USERS, MODERATORS };

struct command {
	const char *verb, *arguments, *does; /* for HELP */
	int least, most;                     /* arguments; the last takes the rest of the line */
	enum who who;
	bool stores; /* work needs the store */
	void (*work)(struct call *k);
};

/* By its verb, in any case; NULL: there is none. */
const struct command *command_find(const char *verb);

/* Splits the line into k's words.  0, or the code of the refusal, which was said. */
int command_parse(struct call *k, const struct command *command, char *line);
/* Whether the session may give the command: 0, or the code of the refusal, which was said. */
int command_allowed(struct call *k, const struct command *command);

/* Says a failure of the store; without is for -ENOENT: what there is not ("412 no such topic"). */
void command_failed(struct call *k, int rc, const char *without);
/* Reads a number of 1 or more; else says so and returns false. */
bool command_number(struct call *k, const char *text, int64_t *n);

void help_work(struct call *k); /* in command.c */
void list_work(struct call *k); /* in read.c */
void open_work(struct call *k);
void read_work(struct call *k);
void show_work(struct call *k);
void search_work(struct call *k);
void new_work(struct call *k); /* in post.c */
void post_work(struct call *k);
void reply_work(struct call *k);
void edit_work(struct call *k);
void delete_work(struct call *k);
void draft_work(struct call *k);    /* the post has come */
void register_work(struct call *k); /* in account.c */
void login_work(struct call *k);
void logout_work(struct call *k);
void passwd_work(struct call *k);
/* Looks whether who logged in as a moderator is one still. */
void account_again(struct call *k);
void who_work(struct call *k);
void hide_work(struct call *k); /* in moderate.c */
void unhide_work(struct call *k);
void lock_work(struct call *k);
void unlock_work(struct call *k);
void ban_work(struct call *k);
void unban_work(struct call *k);
void watch_work(struct call *k); /* in watch.c */

#endif
