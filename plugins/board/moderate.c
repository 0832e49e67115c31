/* SPDX-License-Identifier: MIT */
/* HIDE, LOCK, BAN and what undoes them. */
#include "command.h"

static void hide(struct call *k, bool hidden)
{
	int64_t post;
	int rc;

	if (!command_number(k, k->words[0], &post))
		return;
	rc = store_hide(k->store, post, hidden);
	if (rc)
		command_failed(k, rc, NO_POST);
	else
		reply_line(&k->reply, "%d %lld %s", hidden ? 243 : 244, (long long)post,
			   hidden ? "hidden" : "shown");
}

static void lock(struct call *k, bool locked)
{
	int64_t topic;
	int rc;

	if (!command_number(k, k->words[0], &topic))
		return;
	rc = store_lock(k->store, topic, locked);
	if (rc)
		command_failed(k, rc, NO_TOPIC);
	else
		reply_line(&k->reply, "%d %lld %s", locked ? 245 : 246, (long long)topic,
			   locked ? "locked" : "unlocked");
}

static void ban(struct call *k, bool banned)
{
	int rc = store_set_banned(k->store, k->words[0], banned);

	if (rc)
		command_failed(k, rc, NO_USER);
	else
		reply_line(&k->reply, "%d %s %s", banned ? 247 : 248, k->words[0],
			   banned ? "banned" : "no longer banned");
}

void hide_work(struct call *k)
{
	hide(k, true);
}

void unhide_work(struct call *k)
{
	hide(k, false);
}

void lock_work(struct call *k)
{
	lock(k, true);
}

void unlock_work(struct call *k)
{
	lock(k, false);
}

void ban_work(struct call *k)
{
	ban(k, true);
}

void unban_work(struct call *k)
{
	ban(k, false);
}
