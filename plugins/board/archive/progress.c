/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 30 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void progress_begin(struct progress *p, const char *what)
{
	*p = (struct progress) { .what = what, .visible = isatty(STDERR_FILENO) };
	p->began = p->shown = now();
}

void progress_show(struct progress *p, int64_t done, int64_t of, int64_t messages)
{
	static const char full[] = "##############################";
	double share = of > 0 ? (double)done / (double)of : 1, at;
	long long left;

	if (!p->visible)
		return;
	at = now();
	if (at - p->shown < 0.1)
		return;
	p->shown = at;
	left = share > 0 ? (long long)((at - p->began) * (1 - share) / share) : 0;
	fprintf(stderr, "\r%s [%-*.*s] %3.0f %%  %lld messages  %lld:%02lld left \x1b[K", p->what,
		WIDTH, (int)(share * WIDTH), full, share * 100, (long long)messages, left / 60,
		left % 60);
}

void progress_end(struct progress *p)
{
	if (p->visible)
		fputs("\r\x1b[K", stderr);
}
