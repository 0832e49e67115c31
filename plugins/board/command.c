/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void noop_work(struct call *k)
{
	reply_line(&k->reply, "200 nothing done");
}

static void quit_work(struct call *k)
{
	k->quit = true;
	reply_line(&k->reply, "205 goodbye");
}

static void unwatch_work(struct call *k)
{
	k->watches = true;
	reply_line(&k->reply, "287 watching nothing");
}

static const struct command commands[] = {
	{ "HELP", "[verb]", "tells the commands", 0, 1, ANYBODY, false, help_work },
	{ "NOOP", "", "does nothing", 0, 0, ANYBODY, false, noop_work },
	{ "QUIT", "", "ends the connection", 0, 0, ANYBODY, false, quit_work },
	{ "LIST", "[board [page]]", "the boards; the topics of one", 0, 2, ANYBODY, true,
	  list_work },
	{ "OPEN", "board", "the board that NEW is about", 1, 1, ANYBODY, true, open_work },
	{ "READ", "topic [first [count]]", "the posts of a topic", 1, 3, ANYBODY, true, read_work },
	{ "SHOW", "post", "one post", 1, 1, ANYBODY, true, show_work },
	{ "SEARCH", "word...", "posts that have all the words", 1, 1, ANYBODY, true, search_work },
	{ "WHO", "", "who is here", 0, 0, ANYBODY, false, who_work },
	{ "REGISTER", "name password", "makes an account", 2, 2, GUESTS, true, register_work },
	{ "LOGIN", "name password", "logs in", 2, 2, GUESTS, true, login_work },
	{ "LOGOUT", "", "logs out", 0, 0, USERS, false, logout_work },
	{ "PASSWD", "old new", "changes the password", 2, 2, USERS, true, passwd_work },
	{ "NEW", "subject", "a new topic in the open board", 1, 1, USERS, true, new_work },
	{ "POST", "topic", "a post to a topic", 1, 1, USERS, true, post_work },
	{ "REPLY", "post", "an answer to a post", 1, 1, USERS, true, reply_work },
	{ "EDIT", "post", "one's own post anew", 1, 1, USERS, true, edit_work },
	{ "DELETE", "post", "empties one's own post", 1, 1, USERS, true, delete_work },
	{ "WATCH", "topic|board", "tells new posts as they come", 1, 1, ANYBODY, true, watch_work },
	{ "UNWATCH", "", "tells them no more", 0, 0, ANYBODY, false, unwatch_work },
	{ "HIDE", "post", "hides a post", 1, 1, MODERATORS, true, hide_work },
	{ "UNHIDE", "post", "shows it again", 1, 1, MODERATORS, true, unhide_work },
	{ "LOCK", "topic", "lets nobody write to a topic", 1, 1, MODERATORS, true, lock_work },
	{ "UNLOCK", "topic", "lets users write again", 1, 1, MODERATORS, true, unlock_work },
	{ "BAN", "name", "lets a user write no more", 1, 1, MODERATORS, true, ban_work },
	{ "UNBAN", "name", "lets the user write again", 1, 1, MODERATORS, true, unban_work },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

const struct command *command_find(const char *verb)
{
	for (int i = 0; i < COMMANDS; i++)
		if (!strcasecmp(commands[i].verb, verb))
			return &commands[i];
	return NULL;
}

static void help_line(struct call *k, const struct command *command)
{
	reply_line(&k->reply, "%s%s%s - %s", command->verb, *command->arguments ? " " : "",
		   command->arguments, command->does);
}

void help_work(struct call *k)
{
	const struct command *one = k->count ? command_find(k->words[0]) : NULL;

	if (k->count && !one) {
		reply_line(&k->reply, "500 no such command, HELP tells which there are");
		return;
	}
	reply_line(&k->reply, "100 commands");
	for (int i = 0; i < COMMANDS; i++)
		if (!one || one == &commands[i])
			help_line(k, &commands[i]);
	reply_dot(&k->reply);
}

int command_parse(struct call *k, const struct command *command, char *line)
{
	char *rest = line + strspn(line, " ");

	for (k->count = 0; *rest && k->count < command->most; k->count++) {
		k->words[k->count] = rest;
		rest += k->count + 1 < command->most ? strcspn(rest, " ") : strlen(rest);
		if (*rest)
			*rest++ = '\0';
		rest += strspn(rest, " ");
	}
	if (k->count >= command->least && !*rest)
		return 0;
	reply_line(&k->reply, "501 usage: %s%s%s", command->verb, *command->arguments ? " " : "",
		   command->arguments);
	return 501;
}

int command_allowed(struct call *k, const struct command *command)
{
	bool guest = !k->session->user;

	switch (command->who) {
	case GUESTS:
		if (guest)
			return 0;
		reply_line(&k->reply, "441 logged in as %s already", k->session->name);
		return 441;
	case MODERATORS:
		if (k->session->moderator)
			return 0;
		reply_line(&k->reply, "442 only moderators may");
		return 442;
	case USERS:
		if (!guest)
			return 0;
		reply_line(&k->reply, "440 log in first");
		return 440;
	default:
		return 0;
	}
}

void command_failed(struct call *k, int rc, const char *without)
{
	switch (rc) {
	case -ENOENT:
		reply_line(&k->reply, "%s", without);
		break;
	case -EACCES:
		reply_line(&k->reply, "442 not yours to change, or you are banned");
		break;
	case -EPERM:
		reply_line(&k->reply, "443 the topic is locked");
		break;
	case -EBUSY:
		reply_line(&k->reply, "450 %s, try again later",
			   k->store ? store_why(k->store) : "too many wait");
		break;
	case -ENOSPC:
		reply_line(&k->reply, "452 there is no room left");
		break;
	default:
		modus_log(MODUS_ERROR, "the store failed: %s: %s", strerror(-rc),
			  k->store ? store_why(k->store) : "not open");
		reply_line(&k->reply, "451 the store failed, nothing was done");
	}
}

bool command_number(struct call *k, const char *text, int64_t *n)
{
	size_t digits = strspn(text, "0123456789");

	if (digits && digits <= 18 && !text[digits] && *text != '0') {
		*n = strtoll(text, NULL, 10);
		return true;
	}
	reply_line(&k->reply, "501 want a number of 1 or more, of at most 18 digits");
	return false;
}
