/* SPDX-License-Identifier: MIT */
#include "models/overflow.h"

#include <errno.h>
#include <modus/handler.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum { HANDLER_STACK = 64 * 1024 };

static _Thread_local const struct fiber_pool *watched;
static struct sigaction others; /* who handled faults before */

/* The process ends either way: at the return the fault happens again, with the handler of before.
 */
static void on_fault(int number, siginfo_t *info, void *context)
{
	if (watched && fiber_guards(watched, info->si_addr))
		modus_log(MODUS_ERROR,
			  "a handler has overflowed its stack of %zu bytes: raise the "
			  "model's stack, or the plugin's stack_size",
			  watched->stack);
	sigaction(SIGSEGV, &others, NULL);
	if (info->si_code <= 0)
		raise(number); /* it was sent, and would not happen again */
}

static void install(void)
{
	struct sigaction act = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaction(SIGSEGV, &act, &others);
}

int overflow_watch(struct overflow *o, const struct fiber_pool *p)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	stack_t stack = { .ss_size = HANDLER_STACK };

	o->before = watched;
	sigaltstack(NULL, &o->others);
	o->stack = stack.ss_sp = malloc(HANDLER_STACK);
	if (!o->stack)
		return -ENOMEM;
	sigaltstack(&stack, NULL);
	pthread_once(&once, install);
	watched = p;
	return 0;
}

void overflow_unwatch(struct overflow *o)
{
	sigaltstack(&o->others, NULL);
	free(o->stack);
	watched = o->before;
}
