/* SPDX-License-Identifier: MIT */
/*
 * A message taken apart by GMime, as a post needs it.  There is none that cannot be taken: what is
 * no header is text, what cannot be decoded is mended with U+FFFD.
 */
#ifndef BOARD_ARCHIVE_MESSAGE_H
#define BOARD_ARCHIVE_MESSAGE_H

#include "mbox.h"

#include <gmime/gmime.h>

struct message {
	GMimeMessage *mime; /* NULL: it is text alone */
	const char *data;   /* without the From_ line; borrowed */
	size_t len;
	char *id;           /* its Message-ID without the brackets, or made from its bytes */
	GPtrArray *answers; /* the ids that it answers, the nearest first */
	char *subject, *author, *body;
	int64_t created; /* of its Date, its From_ line, or now */
	bool mended;
};

/* Reads what the archive is at: the id and what it answers. */
void message_open(struct message *m, const struct mbox *in);
/* And the rest. */
void message_decode(struct message *m, const struct mbox *in);
void message_close(struct message *m);

/* The closing line that the message, a multipart, lacks; NULL if none.  The caller frees it. */
char *message_lacks(const struct message *m);

#endif
