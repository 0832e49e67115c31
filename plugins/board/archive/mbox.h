/* SPDX-License-Identifier: MIT */
/*
 * An archive of messages in the mbox format (RFC 4155), read and written byte for byte.
 *
 * A message begins with a From_ line, at the file's start or after an empty line, and ends with an
 * empty line.  Lines within it that would pass for a From_ line have a ">" before them; it is taken
 * off, and put back, as mboxrd has it: each "From " after any number of ">" gains one.
 */
#ifndef BOARD_ARCHIVE_MBOX_H
#define BOARD_ARCHIVE_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { MBOX_MESSAGE_MAX = 64 << 20, MBOX_BUFFER = 64 << 10 };

struct mbox {
	/* The message: its From_ line, its end included, and behind it the rest, unquoted. */
	char *data;
	size_t len, head; /* head: bytes of the From_ line */
	int64_t offset;   /* where in the file it begins */
	int64_t line;
	int64_t date;      /* of its From_ line, or 0 */
	bool last;         /* no other follows */
	int64_t size;      /* of the file */
	int64_t next;      /* offset behind what was read */
	int64_t next_line; /* number of the line there */
	char why[400];     /* of a failure: ARCHIVE:LINE: what was wanted, what was found */

	const char *name;
	int fd;
	size_t room;
	size_t at, fill; /* within buffer */
	char buffer[MBOX_BUFFER];
};

/* 0, or a negative errno and why.  The name is borrowed. */
int mbox_open(struct mbox *m, const char *name);
void mbox_close(struct mbox *m);

/* Takes the next message: 1, 0 at the end, or a negative errno and why: -EBADMSG, it is no archive
 * or not all of it; -EFBIG, a message has more than MBOX_MESSAGE_MAX bytes. */
int mbox_next(struct mbox *m);
/* Goes to where a message was found. */
int mbox_seek(struct mbox *m, int64_t offset, int64_t line);
/* Sets why, with the name and the line before it; returns -EBADMSG. */
int mbox_refuse(struct mbox *m, int64_t line, const char *want, const char *found);

/* Writes a message, as in data, and the empty line after it: 0, or a negative errno. */
int mbox_write(FILE *f, const char *data, size_t n);

/* Whether the text begins with a header field: a name and a colon. */
bool mbox_is_field(const char *text, size_t n);

#endif
