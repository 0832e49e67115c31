/* SPDX-License-Identifier: MIT */
#include "models/fiber.h"

#include "core/fatal.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef __has_feature /* clang tells so, gcc by macros */
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define FIBER_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define FIBER_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif

/* Code that a sanitizer instruments needs several times the stack. */
#if defined(FIBER_ASAN) || defined(FIBER_TSAN)
enum { STACK_FACTOR = 4 };
#else
enum { STACK_FACTOR = 1 };
#endif

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13 */
#endif

enum { GUARD = 64 * 1024 };

struct fiber {
	struct fiber_side side;
	fiber_main *main;
	void *arg;
	bool done;
	char *low; /* the stack's lowest byte */
	struct fiber *next;
	struct fiber_pool *pool;
};

void fiber_switch(void **save, void *load);
void fiber_begin(void);

/* ---- Switching.  Not instrumented: TSan would find its shadow stack changed under its feet. ----
 */

__attribute__((noinline, no_sanitize("thread"))) static void go(struct fiber_side *from,
								struct fiber_side *to)
{
	int kept = errno;

#ifdef FIBER_ASAN
	__sanitizer_start_switch_fiber(&from->fake, to->bottom, to->size);
#endif
#ifdef FIBER_TSAN
	from->thread = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(to->thread, 0);
#endif
	fiber_switch(&from->sp, to->sp);
#ifdef FIBER_ASAN
	__sanitizer_finish_switch_fiber(from->fake, NULL, NULL);
#endif
	errno = kept;
}

/* A fiber's first function, which never returns: it is done, and done again for the next call. */
__attribute__((noreturn, no_sanitize("thread"))) static void run(struct fiber *f)
{
#ifdef FIBER_ASAN
	__sanitizer_finish_switch_fiber(NULL, &f->pool->caller.bottom, &f->pool->caller.size);
#endif
	for (;;) {
		f->main(f->arg);
		f->done = true;
		go(&f->side, &f->pool->caller);
	}
}

static bool enter(struct fiber_pool *p, struct fiber *f)
{
	p->running = f;
	go(&p->caller, &f->side);
	p->running = NULL;
	return f->done;
}

bool fiber_start(struct fiber_pool *p, struct fiber *f, fiber_main *main, void *arg)
{
	f->main = main;
	f->arg = arg;
	f->done = false;
	return enter(p, f);
}

bool fiber_resume(struct fiber_pool *p, struct fiber *f)
{
	return enter(p, f);
}

void fiber_suspend(struct fiber_pool *p)
{
	go(&p->running->side, &p->caller);
}

/* ---- Stacks ---- */

/* What fiber_switch() pops: the entry and its argument in kept registers, then where to return. */
static void *first_frame(struct fiber *f, size_t stack)
{
	void **top = (void **)(void *)(f->low + stack);

#if defined(__x86_64__)
	top -= 2; /* keeps the stack aligned as at a call */
	*--top = (void *)(uintptr_t)fiber_begin;
	*--top = NULL;                   /* rbp */
	*--top = (void *)(uintptr_t)run; /* rbx */
	*--top = f;                      /* r12 */
	*--top = NULL;
	*--top = NULL;
	*--top = NULL; /* r13 to r15 */
	--top;
	((uint32_t *)top)[0] = 0x1f80; /* mxcsr and the x87 control word at their defaults */
	((uint32_t *)top)[1] = 0x037f;
#elif defined(__aarch64__)
	top -= 22;
	memset(top, 0, 176);
	top[0] = (void *)(uintptr_t)run;          /* x19 */
	top[1] = f;                               /* x20 */
	top[11] = (void *)(uintptr_t)fiber_begin; /* x30 */
#endif
	return top;
}

static size_t mappings_allowed(void)
{
	FILE *f = fopen("/proc/sys/vm/max_map_count", "re");
	size_t n = 65530;

	if (f) {
		if (fscanf(f, "%zu", &n) != 1)
			n = 65530;
		fclose(f);
	}
	return n;
}

int fiber_pool_open(struct fiber_pool *p, size_t count, size_t stack)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;

	*p = (struct fiber_pool) { .count = count };
	p->stack = (stack * STACK_FACTOR + 4095) & ~(size_t)4095;
	p->stride = p->stack + GUARD;
	p->region = mmap(NULL, count * p->stride, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (p->region == MAP_FAILED) {
		p->region = NULL;
		return -ENOMEM;
	}
	p->light_guards = madvise(p->region, GUARD, MADV_GUARD_INSTALL) == 0;
	if (!p->light_guards && 2 * count > mappings_allowed() / 2) {
		munmap(p->region, count * p->stride);
		p->region = NULL;
		return -ERANGE;
	}
	return 0;
}

static void free_fiber(struct fiber *f)
{
#ifdef FIBER_TSAN
	__tsan_destroy_fiber(f->side.thread);
#endif
	free(f);
}

void fiber_pool_close(struct fiber_pool *p)
{
	while (p->spare) {
		struct fiber *f = p->spare;

		p->spare = f->next;
		free_fiber(f);
	}
	if (p->region)
		munmap(p->region, p->count * p->stride);
}

static struct fiber *make(struct fiber_pool *p)
{
	char *guard = p->region + p->used * p->stride;
	struct fiber *f;

	if (p->used == p->count)
		return NULL;
	if (p->light_guards ? madvise(guard, GUARD, MADV_GUARD_INSTALL)
			    : mprotect(guard, GUARD, PROT_NONE))
		return NULL;
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	p->used++;
	f->pool = p;
	f->low = guard + GUARD;
	f->side.bottom = f->low;
	f->side.size = p->stack;
	f->side.sp = first_frame(f, p->stack);
#ifdef FIBER_TSAN
	f->side.thread = __tsan_create_fiber(0);
#endif
	return f;
}

struct fiber *fiber_take(struct fiber_pool *p)
{
	struct fiber *f = p->spare;

	if (!f)
		return make(p);
	p->spare = f->next;
	return f;
}

void fiber_return(struct fiber_pool *p, struct fiber *f)
{
	f->next = p->spare;
	p->spare = f;
}

bool fiber_guards(const struct fiber_pool *p, const void *address)
{
	uintptr_t at = (uintptr_t)address, low = (uintptr_t)p->region;

	return at >= low && at < low + p->used * p->stride && (at - low) % p->stride < GUARD;
}
