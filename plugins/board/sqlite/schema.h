/* SPDX-License-Identifier: MIT */
/*
 * The versions of the file.  Step i makes version i + 1 of version i; what was once released is
 * never changed, a new step is added.  The version stands in PRAGMA user_version, and
 * application_id says whose the file is.
 */
#ifndef BOARD_SQLITE_SCHEMA_H
#define BOARD_SQLITE_SCHEMA_H

enum { SCHEMA_APPLICATION = 0x6d6f6264 /* "mobd" */ };

static const char *const schema_steps[] = {
	"CREATE TABLE users ("
	"  id INTEGER PRIMARY KEY,"
	"  name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
	"  hash TEXT NOT NULL,"
	"  created INTEGER NOT NULL,"
	"  moderator INTEGER NOT NULL DEFAULT 0,"
	"  banned INTEGER NOT NULL DEFAULT 0);"
	"CREATE TABLE boards ("
	"  id INTEGER PRIMARY KEY,"
	"  name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
	"  title TEXT NOT NULL,"
	"  topics INTEGER NOT NULL DEFAULT 0,"
	"  posts INTEGER NOT NULL DEFAULT 0);"
	"CREATE TABLE topics ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  board INTEGER NOT NULL REFERENCES boards,"
	"  subject TEXT NOT NULL,"
	"  written INTEGER NOT NULL,"
	"  posts INTEGER NOT NULL DEFAULT 0,"
	"  locked INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX topics_by_time ON topics (board, written);"
	"CREATE TABLE posts ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  topic INTEGER NOT NULL REFERENCES topics,"
	"  position INTEGER NOT NULL,"
	"  reply_to INTEGER REFERENCES posts,"
	"  author INTEGER REFERENCES users,"
	"  name TEXT NOT NULL,"
	"  created INTEGER NOT NULL,"
	"  edited INTEGER NOT NULL DEFAULT 0,"
	"  subject TEXT NOT NULL,"
	"  body TEXT NOT NULL,"
	"  message_id TEXT UNIQUE,"
	"  hidden INTEGER NOT NULL DEFAULT 0,"
	"  deleted INTEGER NOT NULL DEFAULT 0,"
	"  UNIQUE (topic, position));"
	"CREATE TABLE originals ("
	"  post INTEGER PRIMARY KEY REFERENCES posts,"
	"  message BLOB NOT NULL);"
	"CREATE VIRTUAL TABLE words USING fts5 (subject, body, content = 'posts', content_rowid = "
	"'id');"
	"CREATE TRIGGER words_add AFTER INSERT ON posts BEGIN"
	"  INSERT INTO words (rowid, subject, body) VALUES (new.id, new.subject, new.body);"
	"END;"
	"CREATE TRIGGER words_change AFTER UPDATE OF subject, body ON posts BEGIN"
	"  INSERT INTO words (words, rowid, subject, body)"
	"    VALUES ('delete', old.id, old.subject, old.body);"
	"  INSERT INTO words (rowid, subject, body) VALUES (new.id, new.subject, new.body);"
	"END;",
};

enum { SCHEMA_VERSION = sizeof(schema_steps) / sizeof(schema_steps[0]) };

#endif
