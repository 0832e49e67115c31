/* SPDX-License-Identifier: MIT */
/*
 * The load engine: an epoll in each of its threads, which is one unless asked for more.  Against an
 * echo service each connection has so many requests under way, and a request counts when all its
 * bytes came back and are those that were sent; with a script (script.h) it holds the dialogue that
 * stands there; bytes (bytes.h) and http (http.h) are one request and what its replies have to be.
 *
 * In a closed loop each connection sends its next request when it has its reply.  So a server that
 * stalls also stalls its clients, and the stall shows in the maximum and less than it should in the
 * percentiles: compare like with like only.
 *
 * In an open loop (rate) requests arrive by a schedule, whatever becomes of those before; each goes
 * to a connection that is free, or waits for one, and its latency counts from the time at which it
 * was to be sent.  A run is late, and its figures mean nothing, if the engine itself did not keep
 * the schedule: if one in a hundred sends was more than 1 ms behind its time though a connection
 * was free, or if the server is behind while the engine has used more than 90 % of its CPUs.  It
 * is overload if more than a twentieth of what arrived was added to what has no reply: then the
 * latencies tell how long the run was, and the requests what the server can do.
 *
 * A run has phases, and each is bounded, whatever the server does: connections are opened, and
 * those that are to be kept get one reply each (2 s at most, 0.2 s without a further one; with a
 * script those that the server has begun with may run its beginning first, 10 s at most); warm-up,
 * whose requests do not count; the measured time; a drain of at most 1 s or the timeout.
 */
#ifndef COMPARE_LOAD_H
#define COMPARE_LOAD_H

#include "compare/load/company.h"
#include "compare/load/histogram.h"
#include "compare/load/pace.h"

#include <stdbool.h>
#include <stddef.h>

struct script;
struct bytes;
struct http;

enum load_mode {
	LOAD_KEEP,  /* connections stay open */
	LOAD_CLOSE, /* one connection per request, which the client closes */
};

enum load_error {
	LOAD_REFUSED,   /* the connection was refused */
	LOAD_CONNECT,   /* it could not be opened for another reason */
	LOAD_RESET,     /* the server reset it */
	LOAD_CLOSED,    /* the server closed it and owed a reply */
	LOAD_TRUNCATED, /* the server closed it, or the datagram ended, within a reply */
	LOAD_WRONG,     /* the reply is not what it has to be */
	LOAD_STATUS,    /* it is HTTP and has another status */
	LOAD_TIMEOUT,   /* no connection or no reply in time */
	LOAD_LOST,      /* a datagram without reply for 200 ms, which was sent again */
	LOAD_ERRORS,
};

/* Moments at which a watcher may look at the server.  The engine's clock stands still meanwhile. */
enum load_moment {
	LOAD_START, /* nothing was opened yet */
	LOAD_BEGIN, /* the measured time begins when watch() returns */
	LOAD_END,   /* it has just ended, all connections are still open */
	LOAD_OVER,  /* all connections are closed, replies under way have come */
};

struct load_options {
	const char *target; /* as core/address.h reads it */
	enum load_mode mode;
	unsigned connections, pipeline;
	size_t size;                 /* of a message */
	const struct script *script; /* what is said in the place of messages, or NULL */
	const struct bytes *bytes;   /* likewise; at most one of them is not NULL */
	const struct http *http;
	const struct company *company;    /* that the connections are in, or NULL */
	struct histogram *by_label;       /* filled by the script's labels, or NULL */
	double duration, warmup, timeout; /* seconds */
	double rate;                      /* requests per second, of an open loop; 0: closed */
	enum pace_arrivals arrivals;      /* of an open loop */
	double think;            /* seconds between a reply and the next request of a closed loop */
	double ramp;             /* seconds over which the connections are opened */
	unsigned per_connection; /* requests, then it is opened anew; 0: no bound */
	unsigned threads;        /* of the engine */
	int stop_fd;             /* ends the run when it becomes readable (a signalfd); -1: none */
	void (*watch)(void *arg, enum load_moment moment); /* or NULL */
	void *arg;
};

#define LOAD_DEFAULTS                                                                           \
	{                                                                                       \
		.mode = LOAD_KEEP, .connections = 64, .pipeline = 1, .size = 64, .duration = 3, \
		.warmup = 0.3, .timeout = 5, .threads = 1, .stop_fd = -1                        \
	}

struct load_errors {
	uint64_t count[LOAD_ERRORS];
	int number[LOAD_ERRORS]; /* the last errno of each kind, or 0 */
};

/* Requests and times are those of the measured time; errors those of the whole run, so that an
 * arrival storm's are seen, too. */
struct load_result {
	uint64_t requests;
	uint64_t answered; /* requests of the whole run, the warm-up and the drain included */
	double seconds;
	struct histogram latency; /* nanoseconds */
	struct load_errors errors;
	unsigned asked, served; /* connections; served ones got a reply in the measured time */
	struct company_count company[COMPANY_KINDS];
	char wrong[200];   /* what was wrong with the first reply that was, or "" */
	double client_cpu; /* seconds of this process's CPU in the measured time */
	double fairness;   /* Jain's index over the connections' requests: 1 all alike */
	double stalled; /* of a closed loop: the part of the clients' time that is in no latency, as
			 * of requests without end; NaN where they pause */
	bool stopped;   /* by stop_fd */
	/* Of an open loop: */
	double offered;        /* arrivals per second */
	uint64_t arrived;      /* in the measured time */
	uint64_t unanswered;   /* at its end, those that had to wait for a connection included */
	int64_t fallen_behind; /* how many of them were added meanwhile */
	struct histogram lag;  /* how late sends left that could have left on time */
	bool late, overload;
};

/* Runs a load.  0, or a negative errno and a sentence in why, when nothing was run. */
int load_run(const struct load_options *o, struct load_result *r, char *why, size_t size);

/* Raises the limit of open files as far as it may be, which load_run() does, too: what is started
 * later has the same.  0 or a negative errno. */
int load_raise_files(uint64_t *most);

/* Whether what they ask for fits together, whatever the machine: 0, or -EINVAL and a sentence. */
int load_fits(const struct load_options *o, char *why, size_t size);

uint64_t load_errors_sum(const struct load_errors *e);
uint64_t load_errors_wrong(
	const struct load_errors *e); /* replies that were not as they had to be */
void load_errors_add(struct load_errors *into, const struct load_errors *from);
extern const char *const load_error_names[LOAD_ERRORS]; /* "refused", "reset" */
extern const char *const load_mode_names[];             /* by enum load_mode, and NULL */
extern const char *const load_arrivals_names[];         /* by enum pace_arrivals */

#endif
