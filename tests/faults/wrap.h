/* SPDX-License-Identifier: MIT */
/*
 * The linker puts the calls below in the place of the C library's (--wrap), so that the Nth call of
 * one of them fails, in whichever process it is made: the count stands on a page that a test shares
 * with the service that it forks.  The test's own calls never fail.
 */
#ifndef FAULTS_WRAP_H
#define FAULTS_WRAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Those that can be made to fail, as the linker knows them; meson.build has the same list. */
enum wrapped {
	WRAP_NOTHING,
	WRAP_accept4,
	WRAP_bind,
	WRAP_calloc,
	WRAP_connect,
	WRAP_dup,
	WRAP_epoll_create1,
	WRAP_epoll_ctl,
	WRAP_epoll_wait,
	WRAP_eventfd,
	WRAP_fopen64,
	WRAP_fork,
	WRAP_getsockname,
	WRAP_listen,
	WRAP_malloc,
	WRAP_mmap64,
	WRAP_mprotect,
	WRAP_pidfd_open,
	WRAP_pipe2,
	WRAP_poll,
	WRAP_ppoll,
	WRAP_pthread_create,
	WRAP_read,
	WRAP_realloc,
	WRAP_recv,
	WRAP_recvfrom,
	WRAP_recvmsg,
	WRAP_sendmsg,
	WRAP_sendto,
	WRAP_setsockopt,
	WRAP_signalfd,
	WRAP_socket,
	WRAP_timerfd_create,
	WRAP_write,
};

/* One call and the errno that it really gives. */
struct fault {
	enum wrapped call;
	int error;
	const char *name; /* "accept4 EMFILE" */
};
#define FAULT(call, error)                           \
	{                                            \
		WRAP_##call, error, #call " " #error \
	}

struct wrap_order {
	_Atomic int call;   /* enum wrapped: which is to fail */
	_Atomic int error;  /* with this errno */
	_Atomic long first; /* the first call that fails, counted from 1 */
	_Atomic long last;  /* and the last */
	_Atomic long calls, hits;
};

/* A call that began under one order is of that order to its end, so each has a place of its own. */
enum { WRAP_ORDERS = 64 };

struct wrap_page {
	struct wrap_order orders[WRAP_ORDERS];
	_Atomic unsigned current;
	_Atomic int64_t wall_ms; /* how far the wall clock has jumped */
	_Atomic bool holds;      /* accepted clients, as long as it is set */
	_Atomic bool held;       /* one is */
};

extern struct wrap_page *wrap_page;

void wrap_init(void);  /* maps the page, once for a test */
void wrap_enter(void); /* from here on calls of this process and its children may fail */

/* The calls from the first to the last fail, until wrap_disarm(), which returns how many did. */
void wrap_arm(enum wrapped call, int error, long first, long last);
long wrap_disarm(void);

/* Blocks of memory and mappings that this process holds. */
long wrap_blocks(void);
long wrap_mappings(void);

#endif
