/* SPDX-License-Identifier: MIT */
/*
 * The file: opened, made, brought to this version, and what a transaction is.
 *
 * WAL with synchronous=FULL: readers never wait for writers, and what was committed is on disk.
 * Writers queue at a lock on a file beside, FILE-queue, before they begin: SQLite's own way, to
 * sleep and try again, lets some wait very long where many write.  The kernel gives up the lock of
 * one that is killed.
 */
#include "kit.h"
#include "schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { BUSY_MS = 10000 };

static int run(struct store *s, const char *sql)
{
	return kit_error(s, sqlite3_exec(s->db, sql, NULL, NULL, NULL));
}

static int open_queue(struct store *s, const char *file)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof(path), "%s-queue", file) >= sizeof(path))
		return -ENAMETOOLONG;
	s->queue = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->queue >= 0)
		return 0;
	snprintf(s->why, sizeof(s->why), "its queue cannot be opened: %s", strerror(errno));
	return -errno;
}

static int open_file(struct store *s, const char *file, int flags)
{
	int rc = kit_error(s, sqlite3_open_v2(file, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL));

	if (rc)
		return rc;
	sqlite3_busy_timeout(s->db, BUSY_MS);
	/* The last to close would move the whole log into the file: each child, under fork. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return run(s, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
}

static int open_store(struct store **s, const char *file, int flags)
{
	struct store *new = calloc(1, sizeof(*new));
	int rc = -ENOMEM;

	*s = new;
	if (!new)
		return rc;
	new->queue = -1;
	rc = open_file(new, file, flags);
	return rc ? rc : open_queue(new, file);
}

int store_open(struct store **s, const char *file)
{
	int rc = open_store(s, file, SQLITE_OPEN_READWRITE);

	if (rc) {
		store_close(*s);
		*s = NULL;
	}
	return rc;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	for (int i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(s->prepared[i]);
	sqlite3_close(s->db);
	if (s->queue >= 0)
		close(s->queue);
	free(s);
}

const char *store_why(const struct store *s)
{
	return s->why;
}

/* ---- Transactions ---- */

static void take_turn(struct store *s)
{
	while (flock(s->queue, LOCK_EX) && errno == EINTR)
		continue;
}

static int begin(struct store *s)
{
	int rc;

	take_turn(s);
	rc = kit_run(s, kit_bind(s, SQL_BEGIN, ""));
	if (rc)
		flock(s->queue, LOCK_UN);
	return rc;
}

/* SQLite undoes all by itself where the disk is full, or fails: what follows must not be kept as
 * if it were the whole. */
static int go_on(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		return 0;
	snprintf(s->why, sizeof(s->why), "what was done before in the transaction is undone");
	return -EIO;
}

int store_begin(struct store *s)
{
	int rc = s->depth ? go_on(s) : begin(s);

	s->depth += !rc;
	return rc;
}

int store_end(struct store *s, int rc)
{
	if (--s->depth > 0)
		return rc;
	if (!rc)
		rc = kit_run(s, kit_bind(s, SQL_COMMIT, ""));
	if (rc && !sqlite3_get_autocommit(s->db))
		kit_run(s, kit_bind(s, SQL_ROLLBACK, ""));
	flock(s->queue, LOCK_UN);
	return rc;
}

/* ---- Versions ---- */

static int pragma(struct store *s, const char *sql, int64_t *value)
{
	sqlite3_stmt *st = NULL;
	int rc = kit_error(s, sqlite3_prepare_v2(s->db, sql, -1, &st, NULL));

	if (!rc)
		rc = kit_number(s, st, value);
	sqlite3_finalize(st);
	return rc;
}

static int refuse(struct store *s, const char *what, long long found, long long want)
{
	snprintf(s->why, sizeof(s->why), "%s %lld, want %lld", what, found, want);
	return -EBADMSG;
}

int open_version(struct store *s, int64_t *version)
{
	int64_t application = 0, objects = 0;
	int rc = pragma(s, "PRAGMA user_version", version);

	rc = rc ? rc : pragma(s, "PRAGMA application_id", &application);
	rc = rc ? rc : pragma(s, "SELECT count(*) FROM sqlite_schema", &objects);
	if (rc || (!objects && !application && !*version))
		return rc;
	if (application != SCHEMA_APPLICATION)
		return refuse(s, "it is not a board's: its application_id is", application,
			      SCHEMA_APPLICATION);
	if (*version < 0)
		return refuse(s, "it is damaged: its version is", *version, SCHEMA_VERSION);
	if (*version > SCHEMA_VERSION)
		return refuse(s, "it was made by a newer board: its version is", *version,
			      SCHEMA_VERSION);
	return 0;
}

static int migrate(struct store *s)
{
	int64_t version = 0;
	char sql[128];
	int rc = store_begin(s);

	if (rc)
		return rc;
	rc = open_version(s, &version);
	for (int64_t i = version; !rc && i < SCHEMA_VERSION; i++)
		rc = run(s, schema_steps[i]);
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d; PRAGMA application_id = %d",
		 SCHEMA_VERSION, SCHEMA_APPLICATION);
	if (!rc && version < SCHEMA_VERSION)
		rc = run(s, sql);
	return store_end(s, rc);
}

/* Others of the machine are not to read what is hidden, nor try passwords on their hashes; SQLite
 * gives its log the same mode.  A file that is there is never opened here: to close it would take
 * SQLite's locks off it, whoever in this process holds them. */
static void create(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

int store_prepare(const char *file, char *why, size_t size)
{
	struct store *s;
	int64_t version;
	int rc;

	create(file);
	rc = open_store(&s, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	if (!s) {
		snprintf(why, size, "out of memory");
		return rc;
	}
	if (!rc)
		take_turn(s); /* services that share a file begin at once */
	/* A foreign file is left as it is, its journal's mode too. */
	rc = rc ? rc : open_version(s, &version);
	rc = rc ? rc : run(s, "PRAGMA journal_mode = WAL");
	rc = rc ? rc : migrate(s);
	if (rc)
		snprintf(why, size, "%s: %s", file, s->why);
	store_close(s);
	return rc;
}
