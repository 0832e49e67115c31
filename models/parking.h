/* SPDX-License-Identifier: MIT */
/*
 * Parking: connections between two requests stand armed, each for one event, in an epoll that
 * several workers share.  Whoever gets the event claims the connection; deadlines and the drain end
 * an armed connection's input, which raises that event; news arms it anew.
 */
#ifndef MODELS_PARKING_H
#define MODELS_PARKING_H

#include "core/service.h"

#include <sys/epoll.h>

struct parking {
	struct modus_service *service;
	int ep, timer_fd;
	struct deadlines deadlines; /* of parked connections; under the table's lock, as next is */
	int64_t next;               /* when the timer is set to fire */
	bool paused;                /* the listeners wait for it; likewise locked */
};

int parking_open(struct parking *p, struct modus_service *s); /* 0 or a negative errno */
void parking_close(struct parking *p);

/* Arms fd for one event, which is about something; op is EPOLL_CTL_ADD or _MOD. */
int parking_arm(struct parking *p, int op, int fd, uint32_t events, void *about);

/* The blocking strategy, but idle connections park.  The state of a model that uses it begins with
 * a struct parking. */
extern const struct modus_io parking_io;

/* Parks c, which is new; it is stepped at once only if its handler may have something to say. False
 * as below. */
bool parking_admit(struct parking *p, struct modus_conn *c);

/* Parks c, which is nobody's from here on; now: it is to be stepped at once, after others.
 * False: it cannot be parked; the caller still has it, and its next step will close it. */
bool parking_park(struct parking *p, struct modus_conn *c, bool now);

/* Takes c, which an event was about: false if it is not parked.  A late event may claim another
 * connection that stands there now: one step too many does no harm, two at a time would. */
bool parking_claim(struct modus_conn *c);

/* Arms a listener, unless the service drains: 0, or a negative errno, which is only to be had of
 * EPOLL_CTL_ADD; or leaves it alone until the timer fires. */
int parking_listen(struct parking *p, struct modus_listener *l, int op);
void parking_pause(struct parking *p);

/* The timer has fired: ends the connections whose time is over, listens again. */
void parking_expire(struct parking *p);

/* News of topics: raises events for those that subscribed. */
void parking_news(struct parking *p, uint64_t topics);

#endif
