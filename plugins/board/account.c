/* SPDX-License-Identifier: MIT */
/* REGISTER, LOGIN, LOGOUT, PASSWD, WHO. */
#include "command.h"

#include "password.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <time.h>

static void enter(struct call *k, const struct store_user *u)
{
	struct session *s = k->session;

	s->user = u->id;
	s->moderator = u->moderator && !u->banned;
	memcpy(s->name, u->name, sizeof(s->name));
	presence_name(&k->shared->presence, s->place, s->name, s->moderator, time(NULL));
}

/* Where it cannot be read who is one, nobody is. */
void account_again(struct call *k)
{
	struct session *s = k->session;
	struct store_user u;

	if (!s->moderator)
		return;
	s->moderator = !store_find_user(k->store, s->name, &u) && u.moderator && !u.banned;
	if (!s->moderator)
		presence_demote(&k->shared->presence, s->place);
}

static bool is_password(struct call *k, const char *password)
{
	size_t n = strlen(password);

	if (n >= PASSWORD_MIN && n <= PASSWORD_MAX && !strchr(password, ' '))
		return true;
	reply_line(&k->reply, "501 a password has %d to %d bytes and no blank", PASSWORD_MIN,
		   PASSWORD_MAX);
	return false;
}

void register_work(struct call *k)
{
	char hash[STORE_HASH + 1];
	struct store_user u;
	int rc;

	if (!k->settings->registration) {
		reply_line(&k->reply, "446 nobody can register here");
		return;
	}
	if (!text_is_name(k->words[0])) {
		reply_line(&k->reply,
			   "501 a name has 1 to %d letters, digits, _ and -, a letter first",
			   STORE_NAME);
		return;
	}
	if (!is_password(k, k->words[1]))
		return;
	rc = password_hash(k->words[1], (unsigned long)k->settings->password_cost, hash,
			   sizeof(hash));
	rc = rc ? rc : store_add_user(k->store, k->words[0], hash, &u);
	if (rc == -EEXIST) {
		reply_line(&k->reply, "445 the name is taken");
	} else if (rc) {
		command_failed(k, rc, NULL);
	} else {
		enter(k, &u);
		reply_line(&k->reply, "280 %s registered and logged in", u.name);
	}
}

/* Whether the password is that of the user; it costs the same where there is none. */
static int right(struct call *k, const char *name, const char *password, struct store_user *u)
{
	int rc = store_find_user(k->store, name, u);
	bool is;

	if (rc && rc != -ENOENT)
		return rc;
	is = password_is(password, rc ? NULL : u->hash, (unsigned long)k->settings->password_cost);
	return is ? 0 : -EKEYREJECTED;
}

/* The same, but attempts that fail are counted, and slowed. */
static int attempt(struct call *k, const char *name, const char *password, struct store_user *u)
{
	struct throttle *t = &k->shared->throttle;
	unsigned place = k->session->throttle;
	int64_t wait = throttle_wait(t, place, throttle_now());
	int rc;

	if (wait) {
		reply_line(&k->reply, "448 %lld seconds to wait after failed logins",
			   (long long)wait);
		return -EAGAIN;
	}
	rc = right(k, name, password, u);
	if (rc == -EKEYREJECTED) {
		throttle_failed(t, place, throttle_now());
		reply_line(&k->reply, "447 wrong name or password");
	} else if (rc) {
		command_failed(k, rc, NULL);
	} else {
		throttle_passed(t, place);
	}
	return rc;
}

void login_work(struct call *k)
{
	struct store_user u;

	if (attempt(k, k->words[0], k->words[1], &u))
		return;
	enter(k, &u);
	reply_line(&k->reply, "281 %s logged in%s", u.name,
		   u.banned ? ", banned: you may not write" : "");
}

void logout_work(struct call *k)
{
	k->session->user = 0;
	k->session->moderator = false;
	presence_name(&k->shared->presence, k->session->place, NULL, false, 0);
	reply_line(&k->reply, "282 logged out");
}

void passwd_work(struct call *k)
{
	char hash[STORE_HASH + 1];
	struct store_user u;
	int rc;

	if (!is_password(k, k->words[1]) || attempt(k, k->session->name, k->words[0], &u))
		return;
	rc = password_hash(k->words[1], (unsigned long)k->settings->password_cost, hash,
			   sizeof(hash));
	rc = rc ? rc : store_set_password(k->store, u.id, hash);
	if (rc)
		command_failed(k, rc, NO_USER);
	else
		reply_line(&k->reply, "283 password changed");
}

static void say_guest(struct call *k, const struct presence_guest *g)
{
	char when[REPLY_TIME];

	reply_line(&k->reply, "user %s %s %s", g->name, g->moderator ? "moderator" : "user",
		   reply_time(when, g->since));
}

void who_work(struct call *k)
{
	struct presence_guest g;
	int users = 0, guests = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < PRESENCE_PLACES; i++) {
			if (!presence_read(&k->shared->presence, i, &g))
				continue;
			if (pass == 0)
				*(*g.name ? &users : &guests) += 1;
			else if (*g.name)
				say_guest(k, &g);
		}
		if (pass == 0)
			reply_line(&k->reply, "217 %d %d users and guests", users, guests);
	}
	reply_dot(&k->reply);
}
