/* SPDX-License-Identifier: MIT */
#include "handlers/testing/wire.h"

#include "handlers/testing/testing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void make_room(struct wire *w, size_t n)
{
	if (w->len == 0)
		w->start = 0;
	if (w->start > w->room / 2) {
		memmove(w->bytes, w->bytes + w->start, w->len);
		w->start = 0;
	}
	if (w->start + w->len + n <= w->room)
		return;
	w->room = 2 * (w->start + w->len + n);
	w->bytes = realloc(w->bytes, w->room);
	if (!w->bytes)
		testing_abort("out of memory");
}

void wire_put(struct wire *w, const void *data, size_t n)
{
	if (n == 0)
		return;
	make_room(w, n);
	memcpy(w->bytes + w->start + w->len, data, n);
	w->len += n;
}

size_t wire_take(struct wire *w, void *buf, size_t max)
{
	size_t n = w->len < max ? w->len : max;

	if (n == 0)
		return 0;
	memcpy(buf, w->bytes + w->start, n);
	w->start += n;
	w->len -= n;
	return n;
}

void wire_move(struct wire *from, struct wire *to, size_t max)
{
	size_t n = from->len < max ? from->len : max;

	if (n == 0)
		return;
	wire_put(to, from->bytes + from->start, n);
	from->start += n;
	from->len -= n;
}

/* A message is its length and its bytes. */
void wire_put_message(struct wire *w, const void *data, size_t n)
{
	wire_put(w, &n, sizeof(n));
	wire_put(w, data, n);
}

ssize_t wire_take_message(struct wire *w, void *buf, size_t max)
{
	size_t n, taken;

	if (wire_take(w, &n, sizeof(n)) == 0)
		return -1;
	taken = wire_take(w, buf, n < max ? n : max);
	w->start += n - taken;
	w->len -= n - taken;
	return (ssize_t)n;
}

void wire_drop(struct wire *w)
{
	w->start = 0;
	w->len = 0;
}

void wire_free(struct wire *w)
{
	free(w->bytes);
	*w = (struct wire) { 0 };
}
