/* SPDX-License-Identifier: MIT */
/* modus board user. */
#include "../password.h"
#include "../text.h"
#include "archive.h"
#include "prompt.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"modus board user FILE.db NAME [--moderator | --no-moderator] [--password]\n"
	"\n"
	"Makes the account where there is none; FILE.db, too.  Without a password nobody can log "
	"in.\n"
	"  --moderator, --no-moderator   it may hide, lock, ban and delete, or not\n"
	"  --password                    set one: typed unseen, or a line of standard input";

enum { COST = 5 };

struct wanted {
	int moderator; /* -1: as it is */
	bool password;
	const char *file, *name;
};

/* ---- A password ---- */

/* 0, or 1: it was said what is wrong. */
static int ask_password(char *password, size_t size)
{
	char again[PASSWORD_MAX + 3] = "";
	bool terminal = isatty(STDIN_FILENO), same;
	size_t n;

	if (!prompt_unseen("Password", password, size))
		*password = '\0';
	n = strlen(password);
	if (n < PASSWORD_MIN || n > PASSWORD_MAX || strchr(password, ' ')) {
		fprintf(stderr, "modus board: want a password of %d to %d bytes without blanks\n",
			PASSWORD_MIN, PASSWORD_MAX);
		return 1;
	}
	if (!terminal)
		return 0;
	same = prompt_unseen("Again", again, sizeof(again)) && !strcmp(password, again);
	explicit_bzero(again, sizeof(again));
	if (!same)
		fprintf(stderr, "modus board: the two passwords differ\n");
	return same ? 0 : 1;
}

/* Its hash, empty where none is wanted. */
static int make_hash(const struct wanted *w, char *hash, size_t size)
{
	char password[PASSWORD_MAX + 3];
	int rc;

	*hash = '\0';
	if (!w->password)
		return 0;
	rc = ask_password(password, sizeof(password));
	if (!rc && password_hash(password, COST, hash, size)) {
		fprintf(stderr, "modus board: the password cannot be hashed: %s\n",
			strerror(errno));
		rc = 1;
	}
	explicit_bzero(password, sizeof(password));
	return rc;
}

/* ---- The account ---- */

static int change(struct store *s, const struct wanted *w, const char *hash, struct store_user *u,
		  bool *made)
{
	int rc = store_find_user(s, w->name, u);

	*made = rc == -ENOENT;
	if (*made)
		rc = store_add_user(s, w->name, *hash ? hash : "*", u);
	else if (!rc && *hash)
		rc = store_set_password(s, u->id, hash);
	if (!rc && w->moderator >= 0)
		rc = store_set_moderator(s, w->name, w->moderator);
	return rc ? rc : store_find_user(s, w->name, u);
}

static int user(const struct wanted *w)
{
	char hash[STORE_HASH + 1];
	struct store *s;
	struct store_user u;
	bool made = false;
	int rc;

	if (make_hash(w, hash, sizeof(hash)))
		return 1;
	s = archive_open(w->file, true);
	if (!s)
		return 1;
	rc = store_begin(s);
	rc = rc ? rc : store_end(s, change(s, w, hash, &u, &made));
	if (rc)
		archive_failed(s, w->file, rc);
	else
		printf("%s: %s, %s%s%s\n", u.name, made ? "made" : "is there",
		       u.moderator ? "moderator" : "user", u.banned ? ", banned" : "",
		       *u.hash == '*' ? ", without a password" : "");
	store_close(s);
	return rc ? 1 : 0;
}

int user_main(int argc, char **argv)
{
	static const struct option options[] = { { "moderator", no_argument, NULL, 1 },
						 { "no-moderator", no_argument, NULL, 0 },
						 { "password", no_argument, NULL, 'p' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct wanted w = { .moderator = -1 };
	int o;

	while ((o = getopt_long(argc, argv, "ph", options, NULL)) != -1) {
		if (o == 0 || o == 1)
			w.moderator = o;
		else if (o == 'p')
			w.password = true;
		else
			return archive_usage(usage, o);
	}
	if (optind + 2 != argc)
		return archive_usage(usage, 0);
	w.file = argv[optind];
	w.name = argv[optind + 1];
	if (!text_is_name(w.name)) {
		fprintf(stderr,
			"modus board: a name has 1 to %d letters, digits, _ and -, a letter "
			"first\n",
			STORE_NAME);
		return 2;
	}
	return user(&w);
}
