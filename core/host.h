/* SPDX-License-Identifier: MIT */
/*
 * An application that runs a service in a process of its own making.  Its signals, its children and
 * its process stay its own, and it has a say where the subclasses of Python's socketserver have.
 * A service without a host has the process to itself.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include <modus/handler.h>

#include <signal.h>
#include <stdatomic.h>

struct modus_service;
struct modus_worker;

enum host_turn { HOST_FREE, HOST_TRYING, HOST_TAKEN, HOST_EXPIRED };

struct host {
	void *arg;
	int (*verify_request)(void *arg, const struct modus_conn *c);
	void (*handle_error)(void *arg, struct modus_conn *c, int error);
	void (*service_actions)(void *arg);
	int actions_ms; /* their period */
	int64_t actions_due;
	int stop_fd;       /* an eventfd; readable: the service is to drain */
	bool once;         /* one client is served, then the service drains */
	int once_ms;       /* how long one is waited for, or MODUS_FOREVER */
	_Atomic int taken; /* enum host_turn, of that client */
};

/* While a service is served by the calling thread: modus wants to be neither ended by SIGPIPE nor
 * interrupted by news but where it waits for them.  A host's handlers stay; SIGURG means nothing by
 * default, so that for it news, which does nothing, may be left installed. */
void host_keep_signals(int urgent, void (*news)(int number), sigset_t *before);
void host_give_back_signals(const sigset_t *before);

/* h is NULL where there is no host. */

/* Whether a client may be taken now; what became of it. */
bool host_takes(struct host *h);
void host_took(struct host *h, bool client);

/* A client is gone, of any kind. */
void host_lost(struct host *h);

/* The time for the one client is over: whether none came.  While one is being tried, asks again. */
bool host_expired(struct host *h, int *again_ms);

/* 0, or the negative errno by which the host turns c away. */
int host_verify(struct host *h, const struct modus_conn *c);

/* A callback of c's handler returned error. */
void host_failed(struct host *h, struct modus_conn *c, int error);

/* Runs the service action if its time has come; the milliseconds until the next, or MODUS_FOREVER.
 */
int host_act(struct host *h, struct modus_worker *w);

#endif
