/* SPDX-License-Identifier: MIT */
#include "compare/progress.h"

#include <time.h>

enum { WIDTH = 30 };

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_begin(struct progress *p, FILE *f, unsigned all, double each)
{
	*p = (struct progress) { .f = f, .all = all, .each = each, .begin = now_ms() };
}

void progress_step(struct progress *p, const char *what)
{
	double each = p->done ? (double)(now_ms() - p->begin) / 1000 / p->done : p->each;
	unsigned left = (unsigned)(each * (p->all - p->done) + 0.5);
	unsigned full = p->all ? p->done * WIDTH / p->all : WIDTH;

	if (!p->f)
		return;
	fputs("\r[", p->f);
	for (unsigned i = 0; i < WIDTH; i++)
		putc(i < full ? '#' : '.', p->f);
	fprintf(p->f, "] %u of %u, %u:%02u left, %s\033[K", p->done, p->all, left / 60, left % 60,
		what);
	fflush(p->f);
	p->done++;
}

void progress_end(struct progress *p)
{
	if (p->f)
		fputs("\r\033[K", p->f);
}
