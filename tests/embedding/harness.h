/* SPDX-License-Identifier: MIT */
/*
 * A server in the process of the test, served by a thread of its own under the model that the
 * program was started for; what the handlers saw stands in memory that children share.
 */
#ifndef TESTS_EMBEDDING_HARNESS_H
#define TESTS_EMBEDDING_HARNESS_H

#include "core/plan.h"
#include "models/models.h"

#include <modus/server.h>

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct seen {
	_Atomic int requests, errors, error, verified, actions, timeouts, pid, tid, result;
	_Atomic int starts, stops, finishes;
};

struct subject {
	const struct modus_model *model;
	const char *rows;
	struct seen *seen;
	char dir[64]; /* of Unix sockets */
};
extern struct subject subject;

#define ASSERT_OK(call) ck_assert_int_eq(call, 0)

/* Waits until what holds; for conditions without a descriptor. */
#define AWAIT(what)                                                  \
	do {                                                         \
		for (int await_i = 0; !(what); await_i++) {          \
			ck_assert_msg(await_i < 20000, "%s", #what); \
			usleep(1000);                                \
		}                                                    \
	} while (0)

bool can(unsigned capabilities); /* the model */

/* Handlers; all are linked in. */
extern const struct modus_plugin *const handlers[];

/* The options that tests begin with: the handlers, and callbacks that count in seen. */
struct modus_server_options options(void);

/* A server of that handler on one address, not bound yet; o NULL: as options() has it. */
struct modus_server *make(const char *handler, const char *address,
			  const struct modus_server_options *o);

/* Serves s in a thread, until stop_serving(), which tells what that returned. */
struct serving {
	struct modus_server *server;
	pthread_t thread;
	int result;
};
void start_serving(struct serving *v, struct modus_server *s);
int join_serving(struct serving *v);
int stop_serving(struct serving *v); /* shutdown() and join */

/* A client's socket, connected to socket 0 of s; receives with a deadline. */
int client(const struct modus_server *s);
void say(int fd, const char *text);
void hear(int fd, const char *text); /* exactly that comes */
void hear_end(int fd);

int open_descriptors(void);
int threads(void); /* of this process */

/* Each file adds its tests. */
void add_requests(TCase *t);
void add_verbs(TCase *t);
void add_errors(TCase *t);
void add_writer(TCase *t);
void add_hosting(TCase *t);
void add_config(TCase *t);

#endif
