/* SPDX-License-Identifier: MIT */
/*
 * The scoreboard of a service: one mapping that the supervisor, the service process and its
 * children share.  A slot belongs to one worker, its only writer, so counting takes no lock and no
 * locked instruction.  Counts are never taken back: who gets the slot of a dead worker goes on from
 * what it counted.  So each count only grows, and with it every sum that a reader makes.  (Children
 * that a killed service process leaves behind may share a slot with new ones until they have
 * drained; then a few counts are lost.)
 */
#ifndef CORE_COUNTERS_H
#define CORE_COUNTERS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* name, what it counts */
#define COUNTERS(_)                                                                                \
	_(accepted, "connections accepted")                                                        \
	_(closed, "connections closed")                                                            \
	_(datagrams, "datagrams received")                                                         \
	_(requests, "calls of handle()")                                                           \
	_(bytes_in, "bytes received")                                                              \
	_(bytes_out, "bytes sent")                                                                 \
	_(denied, "clients turned away by an access rule")                                         \
	_(over_limit, "clients turned away at the limit of connections")                           \
	_(over_address, "clients turned away at the limit of their address")                       \
	_(refused, "clients turned away by verify()")                                              \
	_(setup_failed, "connections that setup() refused")                                        \
	_(idle_timeout, "connections that were silent for too long, no request being begun")       \
	_(request_timeout, "requests whose input did not come in time")                            \
	_(write_timeout, "clients that took nothing for too long")                                 \
	_(reset, "connections that the client reset, or closed before it had its reply")           \
	_(cut_request, "inputs that ended within a request")                                       \
	_(too_long, "requests longer than the buffer, and lines longer than their handler allows") \
	_(handler_error, "calls of handle() that returned an error of their own")                  \
	_(lost, "clients lost to anything else: no memory, no process, a file that is too short")  \
	_(canceled, "requests cut by the end of the grace")                                        \
	_(truncated, "datagrams cut, for they were longer than the buffer")                        \
	_(unanswerable, "replies to datagrams without a return address")                           \
	_(undelivered, "replies to datagrams that were too long, or that the system did not take") \
	_(upstream_failed, "outbound connections that failed or could not be made")                \
	_(accept_error, "connections lost in accept")                                              \
	_(out_of_descriptors, "pauses of accept for want of descriptors or memory")                \
	_(at_limit, "pauses of accept at the limit of connections")                                \
	_(crashed, "processes of the model that died of a signal")

enum counter {
#define COUNTER_ENUM(name, doc) COUNT_##name,
	COUNTERS(COUNTER_ENUM)
#undef COUNTER_ENUM
		COUNT_KINDS
};

struct slot {
	_Alignas(64) _Atomic uint64_t count[COUNT_KINDS];
	_Atomic uint64_t
		wanted; /* topics that this worker's connections subscribed to, as a mask */
	_Atomic uint64_t pending; /* those of them that there is news of */
	_Atomic int pid, tid;     /* of the worker, while it runs */
};

enum phase { PHASE_SERVING, PHASE_DRAINING, PHASE_CANCELED, PHASE_GIVEN_UP };

struct scoreboard {
	_Atomic int phase;        /* enum phase, of the service */
	_Atomic uint64_t wanted;  /* topics any worker ever subscribed to */
	_Atomic uint64_t pending; /* topics published, not yet passed on to the workers */
	_Atomic uint64_t served;  /* clients taken since the process began; tells a good start */
	int news_fd;              /* an eventfd of the service, the same in every process */
	_Atomic int pid;          /* of the service process */
	size_t slots;
	struct slot slot[];
};

static inline void counter_add(struct slot *s, enum counter which, uint64_t n)
{
	uint64_t old = atomic_load_explicit(&s->count[which], memory_order_relaxed);

	atomic_store_explicit(&s->count[which], old + n, memory_order_relaxed);
}

extern const char *const counter_names[COUNT_KINDS], *const counter_docs[COUNT_KINDS];

/* Maps a board for that many workers, shared with all later children, and makes its eventfd.
 * NULL: errno tells. */
struct scoreboard *scoreboard_new(size_t slots);
void scoreboard_free(struct scoreboard *b); /* NULL is fine */

/* Readies b for a new service process: what the one before counted stays. */
void scoreboard_begin(struct scoreboard *b);

/* Forgets a dead worker, but for what it counted; its slot is free. */
void scoreboard_clear(struct scoreboard *b, size_t slot);

/* Never less than an earlier one. */
uint64_t scoreboard_sum(const struct scoreboard *b, enum counter which);

#endif
