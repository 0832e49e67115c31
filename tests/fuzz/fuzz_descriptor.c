/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a plugin's descriptor and rows.  Pointers are made good, for no loader can check
 * one; all else is what the data say.  Each piece of memory has exactly the size that is stated, so
 * that tools see what is read beyond it.
 */
#include "tests/fuzz/fuzz.h"

#include "config/config.h"
#include "core/settings.h"
#include "handlers/descriptor.h"
#include "handlers/refusal.h"

enum { ROWS_MAX = 4, DEPTH_MAX = 3, STRIDE_MAX = 512, PIECES_MAX = 2048 };

struct source {
	const uint8_t *data;
	size_t size;
	void *pieces[PIECES_MAX]; /* to be freed */
	size_t count;
};

static uint8_t next(struct source *s)
{
	if (s->size == 0)
		return 0;
	s->size--;
	return *s->data++;
}

static void *piece(struct source *s, size_t size)
{
	void *p = calloc(1, size);

	fuzz_expect(p && s->count < PIECES_MAX);
	s->pieces[s->count++] = p;
	return p;
}

static void fill(struct source *s, void *p, size_t size)
{
	size_t n = size < s->size ? size : s->size;

	memcpy(p, s->data, n);
	s->data += n;
	s->size -= n;
}

static const char *text(struct source *s)
{
	size_t n = next(s) % 48;
	char *t;

	if (n == 47)
		return NULL;
	t = piece(s, n + 1);
	fill(s, t, n);
	return t;
}

/* Rows of the size that the plugin states; the last one ends them. */
static struct modus_setting *rows(struct source *s, size_t stride, int depth)
{
	size_t n = next(s) % (ROWS_MAX + 1);
	char *all = piece(s, (n + 1) * stride);

	for (size_t i = 0; i < n; i++) {
		struct modus_setting row;

		memset(&row, 0, sizeof(row));
		fill(s, &row, next(s) % sizeof(row));
		row.key = text(s);
		row.unit = text(s);
		row.doc = text(s);
		row.text = text(s);
		row.type = (enum modus_type)(next(s) % 12);
		row.rows = depth < DEPTH_MAX && next(s) % 2 ? rows(s, stride, depth + 1) : NULL;
		memcpy(all + i * stride, &row, stride < sizeof(row) ? stride : sizeof(row));
	}
	return (struct modus_setting *)(void *)all;
}

static int nothing_int(struct modus_conn *c)
{
	return 0;
}

static void nothing(struct modus_conn *c)
{
}

static int nothing_check(const void *settings, char *why, size_t size)
{
	return 0;
}

static int nothing_attach(struct modus_instance *i, void **worker)
{
	return 0;
}

static void nothing_detach(struct modus_instance *i, void *worker)
{
}

static void make_pointers(struct source *s, struct modus_plugin *p)
{
	unsigned have = next(s);
	size_t stride = p->row_size <= STRIDE_MAX ? p->row_size : STRIDE_MAX;

	if (stride < sizeof(struct modus_setting))
		stride = sizeof(struct modus_setting);
	p->name = text(s);
	p->summary = text(s);
	p->settings = have & 1 ? rows(s, stride, 0) : NULL;
	p->check = have & 2 ? nothing_check : NULL;
	p->start = p->setup = have & 4 ? nothing_int : NULL;
	p->stop = p->finish = have & 4 ? nothing : NULL;
	p->attach = have & 8 ? nothing_attach : NULL;
	p->detach = have & 16 ? nothing_detach : NULL;
	p->tick = have & 32 ? nothing : NULL;
	p->handle = have & 64 ? NULL : nothing_int;
	p->verify = NULL;
	p->extension = NULL;
	if (p->row_size > STRIDE_MAX)
		p->row_size = STRIDE_MAX;
}

/* What was accepted must be fit for use. */
static void use(const struct modus_plugin *own)
{
	FILE *null = fopen("/dev/null", "w");
	void *settings = calloc(1, own->settings_size + 1);

	fuzz_expect(null && settings);
	if (own->settings) {
		settings_defaults(own->settings, settings);
		config_show_rows(null, own->settings);
	}
	fclose(null);
	free(settings);
	free((void *)(uintptr_t)own->settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = { .data = data, .size = size };
	struct modus_plugin p = { .magic = MODUS_MAGIC, .abi_major = MODUS_ABI_MAJOR }, own;
	char why[512] = "";
	const struct refusal r = { "fuzz.so", why, sizeof(why) };
	struct modus_plugin *found;
	size_t stated;

	fill(&s, (char *)&p + next(&s) % 16, next(&s) % (sizeof(p) - 16));
	make_pointers(&s, &p);
	stated = p.size < 16 ? 16 : p.size > 2 * sizeof(p) ? 2 * sizeof(p) : p.size;
	found = piece(&s, stated);
	memcpy(found, &p, stated < sizeof(p) ? stated : sizeof(p));
	if (descriptor_take(&r, found, &own) == 0)
		use(&own);
	else
		fuzz_expect(strlen(why) > strlen("fuzz.so: "));
	for (size_t i = 0; i < s.count; i++)
		free(s.pieces[i]);
	return 0;
}
