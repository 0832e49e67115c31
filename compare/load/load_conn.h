/* SPDX-License-Identifier: MIT */
/*
 * Within the load engine: the state of a run, and the life of one of its connections.
 *
 *   PAUSED --time--> CONNECTING --first byte--> OPEN --error--> PAUSED
 *                                                 `--reply, mode close--> CONNECTING
 *
 * In an open loop, and with think time, it is idle between two requests (idle.h), open or not.
 * A connection that failed pauses for 10 ms, so that a server in trouble is not hammered and one
 * that is gone does not make the client spin.
 */
#ifndef COMPARE_LOAD_CONN_H
#define COMPARE_LOAD_CONN_H

#include "compare/load/bytes_run.h"
#include "compare/load/http_run.h"
#include "compare/load/load.h"
#include "compare/load/message.h"
#include "compare/load/pace.h"
#include "compare/load/script_run.h"
#include "core/address.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/queue.h>

struct epoll_event;

enum { LOAD_BUFFER = 65536, LOAD_DATAGRAM_MAX = 65507 };

/* Positions in a connection's stream of messages: answered <= sent <= begun. */
struct echo {
	uint64_t answered, sent, begun;
	int64_t *starts; /* when each of the requests under way began, by number modulo pipeline */
	int64_t sent_at; /* the last sending of a datagram */
};

struct load_conn {
	int fd;
	enum { CONN_PAUSED, CONN_CONNECTING, CONN_OPEN } state;
	bool heard;   /* got anything since it was opened */
	bool failed;  /* at any time, and after it was heard */
	bool greeted; /* got a reply at any time */
	bool idle;    /* stands in the queue of those without a request */
	bool want_write;
	uint32_t id;
	uint64_t done;    /* requests */
	uint64_t before;  /* and those before it was opened */
	uint64_t served;  /* in the measured time */
	int64_t since;    /* from when on it waits for a connection or a reply */
	int64_t due;      /* when its request was to begin, from which its latency counts */
	int64_t turn;     /* since when it is idle, or until when it thinks */
	int64_t retry_at; /* the end of the pause */
	STAILQ_ENTRY(load_conn) next; /* that is idle */
	union {                       /* what its exchange keeps */
		struct echo echo;
		struct script_run script;
		struct bytes_run bytes;
		struct http_run http;
	};
};

/* What the threads of a run share.  Beside stopped it changes only while all stand at a meeting. */
struct load_crew {
	unsigned parts;
	pthread_mutex_t gate;
	pthread_barrier_t meeting;
	bool failed;                 /* not all could be started */
	atomic_bool stopped;         /* by stop_fd */
	int64_t away;                /* how long the clock stood still */
	int64_t paced_at;            /* when the schedule of an open loop began */
	char run[SCRIPT_RUN + 1];    /* $run of a script */
	struct company_run *company; /* or NULL */
	bool company_failed;         /* it could not be opened */
	struct company_count company_count[COMPANY_KINDS];
};

STAILQ_HEAD(idle_queue, load_conn);

/* One thread of a run. */
struct load {
	struct load_crew *crew;
	unsigned part; /* its number */
	const struct load_options *options;
	const struct exchange *exchange;
	struct load_result *result;
	struct address target;
	struct message message;
	struct load_conn *conns;
	unsigned count;          /* of them */
	int64_t *starts;         /* of requests, of all connections */
	void *store;             /* of a script, bytes, http: likewise */
	uint64_t opened;         /* connections, those that failed included */
	unsigned char *in, *out; /* LOAD_BUFFER bytes each */
	int epoll;
	bool by_ppoll; /* the kernel has no better wait */
	int64_t tick_ns, ticked_at;
	int64_t woken_at;       /* when the kernel last told what happened */
	struct idle_queue idle; /* those without a request, the first to begin one first */
	struct pace pace;       /* of an open loop */
	bool paced;             /* it has begun */
	uint64_t arrived;       /* arrivals up to the last account */
	uint32_t next_source;
	unsigned greeted;    /* connections that are */
	int64_t greeting_at; /* when the last one of them was */
	bool greeting;       /* each connection waits after its first reply */
	bool measuring, draining;
};

/* Reads the target, and raises the limit of open files: 0, or a negative errno and a sentence in
 * why. */
int load_check(const struct load_options *o, struct address *target, char *why, size_t size);

int load_init(struct load *l); /* 0 or a negative errno; load_free() in any case */
void load_free(struct load *l);
void load_phases(struct load *l);

/* As epoll_wait(), for at most so many nanoseconds. */
int load_wait(struct load *l, struct epoll_event *events, int max, int64_t ns);

int64_t load_now(const struct load *l); /* nanoseconds */

void load_result_merge(struct load_result *into, const struct load_result *from);
void load_result_judge(struct load_result *r, const struct load_options *o);

void conn_start(struct load *l, struct load_conn *c); /* opens it, for a request */
void conn_begin(struct load *l, struct load_conn *c, int64_t since);
void conn_resume(struct load *l, struct load_conn *c); /* after the greeting */
void conn_ready(struct load *l, struct load_conn *c, uint32_t events);
void conn_tick(struct load *l, struct load_conn *c, int64_t now); /* pauses, deadlines */
void conn_shut(struct load_conn *c);

/* For exchanges: a request that began at start is done; the connection is of no use any more, which
 * counts as an error; what there is to send, is sent; the next requests begin if they may. */
void conn_done(struct load *l, struct load_conn *c, int64_t start, int64_t now);
void conn_fail(struct load *l, struct load_conn *c, enum load_error kind, int err);
void conn_push(struct load *l, struct load_conn *c);
void conn_go_on(struct load *l, struct load_conn *c, int64_t now);

/* Opens a socket that connects to l's target: 0 or a negative errno, -EAGAIN when there is no room
 * in the queue of a Unix socket just now.  c->fd is set in any case, to -1 on failure. */
int conn_socket(struct load *l, struct load_conn *c);

/* The same for anybody: the socket or a negative errno.  *next_source is counted up. */
int load_socket(const struct address *target, uint32_t *next_source);

#endif
