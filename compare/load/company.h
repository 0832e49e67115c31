/* SPDX-License-Identifier: MIT */
/*
 * Bad company: clients beside those of a load, who behave as some on the Internet do.  They are in
 * no figure of the load, which tells what the good ones still get; theirs is how they fared.  They
 * live in a thread of their own, so that they do not slow those who measure.
 */
#ifndef COMPARE_COMPANY_H
#define COMPARE_COMPANY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum company_kind {
	COMPANY_SILENT,  /* connects and says nothing */
	COMPANY_TRICKLE, /* sends its requests a byte at a time */
	COMPANY_SLOW,    /* asks much and reads little */
	COMPANY_RESET,   /* breaks off in the midst of a request */
	COMPANY_HALF,    /* asks, ends its side, reads the reply to its end */
	COMPANY_HERD,    /* has one reply and stays, idle */
	COMPANY_KINDS,
};

/* How many of each: a number, or a share of the load's connections. */
struct company {
	double number[COMPANY_KINDS];
	bool share[COMPANY_KINDS];
};

struct company_count {
	uint64_t asked;   /* clients */
	uint64_t opened;  /* connections, as often as it was */
	uint64_t heard;   /* of these, those on which the server said anything */
	uint64_t thrown;  /* ended by the server, before the client meant to */
	uint64_t refused; /* connections that could not be opened */
};

extern const char *const company_names[COMPANY_KINDS]; /* "silent" */

/* Reads "silent=10,trickle=20%": 0, or -EINVAL and a sentence in why. */
int company_read(struct company *c, const char *text, char *why, size_t size);
unsigned company_clients(const struct company *c, enum company_kind kind, unsigned connections);
unsigned company_size(const struct company *c, unsigned connections); /* all of them */

void company_add(struct company_count into[COMPANY_KINDS],
		 const struct company_count from[COMPANY_KINDS]);

struct company_run;
struct load;

/* Opens the company of l's target, which says what l's exchange would; NULL: out of memory.  When
 * it returns, each client has been connected or refused, or 2 s are over. */
struct company_run *company_start(struct load *l);
/* Ends it; count gets a row for each kind. */
void company_stop(struct company_run *r, struct company_count count[COMPANY_KINDS]);

#endif
