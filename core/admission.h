/* SPDX-License-Identifier: MIT */
/*
 * Who may be a client of a service, and how many at once: access rules, the limit of connections
 * and that of each address.  The process that accepts keeps count; a seat is given back once, by
 * whoever learns that the connection is over, so that a child's death costs none.
 */
#ifndef CORE_ADMISSION_H
#define CORE_ADMISSION_H

#include "core/access.h"
#include "core/counters.h"
#include "core/plan.h"

#include <pthread.h>

struct seat { /* what a connection takes up */
	bool taken;
	uint8_t address[16]; /* as far as the limit of an address looks */
};

struct admission {
	const struct plan_limits *limits;
	struct access_rule *rules;
	size_t rule_count;
	_Atomic int64_t active; /* seats taken */
	_Atomic int64_t places; /* those, and what is kept for whoever is about to be accepted */
	pthread_mutex_t lock;   /* of the addresses */
	void *addresses;        /* a tree (tsearch(3)), kept only where there is a limit of them */
};

/* 0 or -ENOMEM. */
int admission_open(struct admission *a, const struct plan_service *plan);
void admission_close(struct admission *a);

/* Keeps a place for the next client, before he is accepted: several may accept at the same time,
 * and who is to wait for a place must not be accepted without one.  False: there is none. */
bool admission_reserve(struct admission *a);
void admission_unreserve(struct admission *a); /* nobody came */

/* Whether a datagram from there is to be received. */
bool admission_hears(const struct admission *a, const struct sockaddr *peer);

/* Gives a connection from there a seat: COUNT_KINDS; or counts nothing, gives none, and returns
 * what the refusal is counted as.  reserved: what admission_reserve() said; it is used up. */
enum counter admission_enter(struct admission *a, const struct sockaddr *peer, bool reserved);

struct seat admission_seat(const struct sockaddr *peer);
void admission_leave(struct admission *a, const struct seat *seat);

#endif
