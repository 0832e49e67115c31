/* SPDX-License-Identifier: MIT */
#include "compare/progress.h"

enum { WIDTH = 30 };

void progress_begin(struct progress *p, FILE *f)
{
	p->f = f;
}

void progress_step(struct progress *p, const char *what, double passed, double left)
{
	unsigned seconds = left > 0 ? (unsigned)(left + 0.5) : 0;
	int full = left > 0 ? (int)(passed / (passed + left) * WIDTH) : WIDTH;

	if (!p->f)
		return;
	fputs("\r[", p->f);
	for (int i = 0; i < WIDTH; i++)
		putc(i < full ? '#' : '.', p->f);
	fprintf(p->f, "] %u:%02u left at most, %s\033[K", seconds / 60, seconds % 60, what);
	fflush(p->f);
}

void progress_end(struct progress *p)
{
	if (p->f)
		fputs("\r\033[K", p->f);
}
