/* SPDX-License-Identifier: MIT */
/*
 * What is said under a load, as options and scenarios ask for it: messages that are echoed, a
 * script, a request with its reply, or HTTP.
 */
#ifndef COMPARE_TALK_H
#define COMPARE_TALK_H

#include "compare/load/bytes.h"
#include "compare/load/http.h"
#include "compare/load/script.h"

/* As it was asked for; NULL and 0 where it was not. */
struct talk_wish {
	const char *script; /* a file */
	const char *send, *reply;
	struct http_wish http;
};

struct talk {
	struct talk_wish wish; /* whose texts stay in use */
	enum { TALK_ECHO, TALK_SCRIPT, TALK_BYTES, TALK_HTTP } kind;
	struct script script;
	struct bytes bytes;
	struct http http;
};

/* Reads t->wish into the rest, which is empty before; files that it names without a leading '/' are
 * in folder (NULL: here).  0, or a negative errno and a sentence in why, which begins with the name
 * of what is wrong or, of a script, with file and line.  talk_free() in any case. */
int talk_read(struct talk *t, const char *folder, char *why, size_t size);
void talk_free(struct talk *t);

/* Lets a load say it; t may be NULL, for messages. */
void talk_put(const struct talk *t, struct load_options *o);

#endif
