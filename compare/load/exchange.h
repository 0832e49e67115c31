/* SPDX-License-Identifier: MIT */
/*
 * Within the load engine: what its connections say, and what they make of the replies.  The engine
 * opens connections, moves bytes and counts; an exchange knows which bytes and what a request is.
 * It tells of each request that is done by conn_done(), and of a wrong reply by conn_fail().
 */
#ifndef COMPARE_EXCHANGE_H
#define COMPARE_EXCHANGE_H

#include "compare/load/load_conn.h"

struct exchange {
	/* What among the options it cannot do; NULL: it can do all. */
	const char *(*misfit)(const struct load_options *o, const struct address *target);
	int (*init)(struct load *l); /* 0 or a negative errno; end() in any case */
	void (*end)(struct load *l);
	/* The connection is new: nothing is under way. */
	void (*open)(struct load *l, struct load_conn *c);
	/* Begins the requests that can begin now; they count from since. */
	void (*begin)(struct load *l, struct load_conn *c, int64_t since);
	/* The bytes to be sent next; 0: there are none.  They stay until sent() takes some away. */
	size_t (*output)(struct load *l, struct load_conn *c, const void **bytes);
	void (*sent)(struct load_conn *c, size_t n);
	/* Takes the n bytes in l->in. */
	void (*input)(struct load *l, struct load_conn *c, size_t n, int64_t now);
	bool (*owed)(const struct load *l, const struct load_conn *c);   /* is a reply */
	bool (*midway)(const struct load *l, const struct load_conn *c); /* within a reply */
	void (*tick)(struct load *l, struct load_conn *c, int64_t now);  /* or NULL */
	/* Writes a request as bad company may send it, at most room bytes: how many, at least 1. */
	size_t (*sample)(const struct load *l, char *out, size_t room);
	/* The stream ended: whether it is known now what that was, the end of the connection's last
	 * reply, or a failure that is told; or NULL, if no reply ever ends so. */
	bool (*ended)(struct load *l, struct load_conn *c, int64_t now);
	/* Whether the last reply was the connection's last, as the server says; or NULL. */
	bool (*over)(const struct load_conn *c);
};

extern const struct exchange echo_exchange;

const struct exchange *exchange_of(const struct load_options *o);

/* As conn_fail(), with what was wrong; the first one is kept for the result. */
__attribute__((format(printf, 4, 5))) void exchange_wrong(struct load *l, struct load_conn *c,
							  enum load_error kind, const char *format,
							  ...);

#endif
