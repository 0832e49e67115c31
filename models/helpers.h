/* SPDX-License-Identifier: MIT */
/*
 * Helper threads of evented models: where modus_block() runs its work while the fiber waits.  Each
 * is a worker, with plugins' attach() data of its own.
 */
#ifndef MODELS_HELPERS_H
#define MODELS_HELPERS_H

#include "core/service.h"

struct loop;
struct task;

struct job { /* on the stack of the task that waits for it */
	int (*work)(void *worker, void *arg);
	void *arg;
	struct instance *instance;
	struct loop *loop;
	struct task *task;
	int result;
	bool done; /* set by the loop when a helper has handed it back */
	struct job *next;
};

struct helper {
	struct modus_worker worker;
	pthread_t thread;
	struct helpers *all;
};

struct helpers {
	struct modus_service *service;
	struct helper *each;
	int64_t count, started;
	unsigned first_index; /* of their workers */
	int wait_ms;          /* how long work may wait for a helper */
	pthread_mutex_t lock;
	pthread_cond_t some;
	struct job *queue, **queue_end;
	bool stop;
};

/* h->service, count, first_index and wait_ms are set by the caller. */
int helpers_start(struct helpers *h);
void helpers_stop(struct helpers *h); /* after the loops that used them */

void helpers_submit(struct helpers *h, struct job *j);
/* Takes back work that no helper has begun; false: one has. */
bool helpers_withdraw(struct helpers *h, struct job *j);

#endif
