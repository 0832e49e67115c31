/* SPDX-License-Identifier: MIT */
/*
 * The file: opened, made, brought to this version, and what a transaction is.
 *
 * WAL with synchronous=FULL: readers never wait for writers, and what was committed is on disk.
 * Writers await their turn (turn.h) before they begin: SQLite's own way, to sleep and try again,
 * lets some wait very long where many write.
 */
#include "kit.h"
#include "schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = TURN_WAIT_MS };

static int run(struct store *s, const char *sql)
{
	return kit_error(s, sqlite3_exec(s->db, sql, NULL, NULL, NULL));
}

static int say(struct store *s, int rc, const char *why)
{
	snprintf(s->why, sizeof(s->why), "%s", why);
	return rc;
}

/* To SQLite a name without a folder may mean another thing: ":memory:", "file:...". */
static int open_named(struct store *s, const char *file, int flags)
{
	const char *folder = *file == '/' ? "" : "./";
	char path[4096];

	if ((size_t)snprintf(path, sizeof(path), "%s%s", folder, file) >= sizeof(path))
		return say(s, -ENAMETOOLONG, strerror(ENAMETOOLONG));
	return kit_error(s, sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL));
}

static int open_file(struct store *s, const char *file, int flags)
{
	int rc = open_named(s, file, flags);

	if (rc)
		return rc;
	if (sqlite3_db_readonly(s->db, "main") == 1)
		return say(s, -EROFS, "it must not be written");
	sqlite3_busy_timeout(s->db, BUSY_MS);
	/* The last to close would move the whole log into the file: each child, under fork. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return run(s, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
}

static int open_turn(struct store *s, const char *file)
{
	int rc = turn_open(&s->turn, file);

	if (rc)
		snprintf(s->why, sizeof(s->why), "its queue cannot be opened: %s", strerror(-rc));
	return rc;
}

static int open_store(struct store **s, const char *file, int flags)
{
	struct store *new = calloc(1, sizeof(*new));
	int rc = -ENOMEM;

	*s = new;
	if (!new)
		return rc;
	new->turn = TURN_NONE;
	rc = open_file(new, file, flags);
	return rc ? rc : open_turn(new, file);
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
	turn_close(&s->turn);
	free(s);
}

const char *store_why(const struct store *s)
{
	return s->why;
}

/* ---- Transactions ---- */

static int take_turn(struct store *s, enum store_work work)
{
	const char *why = "";
	int left = turn_take(&s->turn, work, &why);

	return left < 0 ? say(s, left, *why ? why : strerror(-left)) : left;
}

/* What is left of the wait is for a program that writes without a turn. */
static int begin(struct store *s, enum store_work work)
{
	int left = take_turn(s, work), rc;

	if (left < 0)
		return left;
	sqlite3_busy_timeout(s->db, left);
	rc = kit_run(s, kit_bind(s, SQL_BEGIN, ""));
	sqlite3_busy_timeout(s->db, BUSY_MS);
	if (rc == -EBUSY)
		say(s, rc, "another program holds the file");
	if (rc)
		turn_give(&s->turn);
	return rc;
}

/* SQLite undoes all by itself where the disk is full, or fails: what follows must not be kept as
 * if it were the whole. */
static int go_on(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		return 0;
	return say(s, -EIO, "what was done before in the transaction is undone");
}

int store_begin_long(struct store *s, enum store_work work)
{
	int rc = s->depth ? go_on(s) : begin(s, work);

	s->depth += !rc;
	return rc;
}

int store_begin(struct store *s)
{
	return store_begin_long(s, 0);
}

int store_end(struct store *s, int rc)
{
	if (--s->depth > 0)
		return rc;
	if (!rc)
		rc = kit_run(s, kit_bind(s, SQL_COMMIT, ""));
	if (rc && !sqlite3_get_autocommit(s->db))
		kit_run(s, kit_bind(s, SQL_ROLLBACK, ""));
	turn_give(&s->turn);
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

/* Runs a pragma that tells the mode of the journal. */
static int journal(struct store *s, const char *sql, bool *wal)
{
	sqlite3_stmt *st = NULL;
	int rc = kit_error(s, sqlite3_prepare_v2(s->db, sql, -1, &st, NULL));

	rc = rc ? rc : kit_row(s, st);
	*wal = rc == 1 && !strcmp(kit_text(st, 0), "wal");
	sqlite3_finalize(st);
	return rc == 1 ? 0 : rc;
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

/* SQLite keeps the mode there was, and says so, where a log cannot be had: processes have to share
 * memory for it, which not all file systems let them. */
static int set_wal(struct store *s)
{
	bool wal = false;
	int rc = journal(s, "PRAGMA journal_mode = WAL", &wal);

	if (rc || wal)
		return rc;
	return say(s, -ENOTSUP,
		   "its file system does not let processes share memory, "
		   "which SQLite's write-ahead log wants");
}

/* Whether there is nothing to be done to the file; what is no board's is refused. */
static int look(struct store *s, bool *ready)
{
	int64_t version = 0;
	bool wal = false;
	int rc = kit_run(s, kit_bind(s, SQL_BEGIN_READ, ""));

	if (rc)
		return rc;
	rc = open_version(s, &version);
	rc = rc ? rc : journal(s, "PRAGMA journal_mode", &wal);
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	*ready = version == SCHEMA_VERSION && wal;
	return rc;
}

/* A foreign file is left as it is, its journal's mode too; and one that is ready is not written to,
 * so that a board can be served while others write for long. */
static int prepare(struct store *s)
{
	bool ready = false;
	int rc = look(s, &ready);

	if (rc || ready)
		return rc;
	rc = take_turn(s, 0); /* services that share a file begin at once */
	if (rc < 0)
		return rc;
	rc = set_wal(s);
	return rc ? rc : migrate(s);
}

int store_prepare(const char *file, char *why, size_t size)
{
	struct store *s;
	int rc;

	create(file);
	rc = open_store(&s, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	rc = rc ? rc : prepare(s);
	if (!s)
		snprintf(why, size, "out of memory");
	else if (rc)
		snprintf(why, size, "%s: %s", file, s->why);
	store_close(s);
	return rc;
}
