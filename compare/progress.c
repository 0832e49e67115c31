/* SPDX-License-Identifier: MIT */
#include "compare/progress.h"

#include <unistd.h>

enum { WIDTH = 30 };

void progress_begin(struct progress *p, FILE *f, const char *part)
{
	*p = (struct progress) { .f = f, .part = part };
	p->terminal = f && isatty(fileno(f));
}

/* "tiny, 1 of 3: round 2: fork, 64 connections, keep" */
static void print_what(const struct progress *p, const char *what)
{
	if (p->part && *p->part)
		fprintf(p->f, "%s: ", p->part);
	fputs(what, p->f);
}

static void print_bar(const struct progress *p, const char *what, double done, unsigned left)
{
	int full = (int)(done * WIDTH);

	fputs("\r[", p->f);
	for (int i = 0; i < WIDTH; i++)
		putc(i < full ? '#' : '.', p->f);
	fprintf(p->f, "] %u:%02u left at most, ", left / 60, left % 60);
	print_what(p, what);
	fputs("\033[K", p->f);
}

static void print_line(const struct progress *p, const char *what, double done, unsigned left)
{
	print_what(p, what);
	fprintf(p->f, "; %.0f %% done, %u:%02u left at most\n", 100 * done, left / 60, left % 60);
}

void progress_step(struct progress *p, const char *what, double passed, double left)
{
	unsigned seconds = left > 0 ? (unsigned)(left + 0.5) : 0;
	double done = left > 0 ? passed / (passed + left) : 1;

	if (!p->f || (!p->terminal && p->told && passed < p->told_at + PROGRESS_SECONDS))
		return;
	if (p->terminal)
		print_bar(p, what, done, seconds);
	else
		print_line(p, what, done, seconds);
	fflush(p->f);
	p->told = true;
	p->told_at = passed;
}

void progress_end(struct progress *p)
{
	if (p->f && p->terminal)
		fputs("\r\033[K", p->f);
}
