/* SPDX-License-Identifier: MIT */
/* From a line to the steps of a request, each within the bounds of the settings. */
#include "lab.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { US_PER_MS = 1000, US_PER_S = 1000000, SHOWN = 40, DATAGRAM_MAX = 65507 - 16 };

/* How an amount may end. */
struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit times[] = {
	{ "us", 1 }, { "ms", US_PER_MS }, { "s", US_PER_S }, { NULL, 0 }
};
static const struct unit sizes[] = { { "", 1 }, { "K", 1 << 10 }, { "M", 1 << 20 }, { NULL, 0 } };

static const struct word {
	const char *name;
	const struct unit *units;
	const char *want;
	int64_t whole; /* what an amount is a multiple of */
	size_t max;    /* offset within the settings */
} words[] = {
	[LAB_CPU] = { "cpu", times, "a time as 100us, 5ms or 2s", 1,
		      offsetof(struct lab_settings, max_cpu_ms) },
	[LAB_WAIT] = { "wait", times, "whole milliseconds as 5ms or 2s", US_PER_MS,
		       offsetof(struct lab_settings, max_wait_ms) },
	[LAB_BLOCK] = { "block", times, "a time as 100us, 5ms or 2s", 1,
			offsetof(struct lab_settings, max_block_ms) },
	[LAB_HOG] = { "hog", times, "a time as 100us, 5ms or 2s", 1,
		      offsetof(struct lab_settings, max_hog_ms) },
	[LAB_TOUCH] = { "touch", sizes, "bytes as 4000, 64K or 1M", 1,
			offsetof(struct lab_settings, max_touch) },
	[LAB_CALL] = { "call", sizes, "bytes as 4000, 64K or 1M", 1,
		       offsetof(struct lab_settings, max_call) },
	[LAB_REPLY] = { "reply", sizes, "bytes as 4000, 64K or 1M", 1,
			offsetof(struct lab_settings, max_reply) },
};

/* What a client sent, fit to be shown to it. */
static const char *shown(const char *got, char out[SHOWN + 8])
{
	size_t n = 0;

	if (!got)
		return "the end of the line";
	out[n++] = '\'';
	for (; *got && n <= SHOWN; got++)
		out[n++] = isprint((unsigned char)*got) ? *got : '?';
	snprintf(out + n, 8, "%s'", *got ? "..." : "");
	return out;
}

/* The next word, or NULL: blanks divide them. */
static char *next(char **line)
{
	char *word;

	do
		word = strsep(line, " \t");
	while (word && !*word);
	return word;
}

/* The amount that text names, or -1. */
static int64_t amount(const struct word *w, const char *text)
{
	int64_t n;
	char *end;

	if (!text || !isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	n = strtoll(text, &end, 10);
	for (const struct unit *u = w->units; u->name; u++)
		if (!strcmp(end, u->name))
			return errno || __builtin_mul_overflow(n, u->factor, &n) || n % w->whole
				       ? -1
				       : n;
	return -1;
}

/* Of a request, in its own unit: settings tell times in ms. */
static int64_t most(struct modus_conn *c, enum lab_kind kind)
{
	const char *settings = modus_instance(c)->settings;
	int64_t max = *(const int64_t *)(const void *)(settings + words[kind].max);

	if (words[kind].units == times)
		return max * US_PER_MS;
	if (kind == LAB_REPLY && modus_is_datagram(c) && max > DATAGRAM_MAX)
		return DATAGRAM_MAX;
	return max;
}

static int add(struct modus_conn *c, struct lab_request *r, struct lab_step step, const char *text)
{
	const struct word *w = &words[step.kind];
	int64_t max = most(c, step.kind);
	char got[SHOWN + 8];

	step.amount = amount(w, text);
	if (step.amount < 0)
		return lab_refuse(c, "%s: got %s, want %s", w->name, shown(text, got), w->want);
	if (step.amount > max - r->sums[step.kind])
		return lab_refuse(c, "%s: got %s, want at most %lld %s in a request", w->name,
				  shown(text, got), (long long)max,
				  w->units == times ? "us" : "bytes");
	r->sums[step.kind] += step.amount;
	r->steps[r->count++] = step;
	return 1;
}

static const struct lab_upstream *upstream(struct modus_conn *c, const char *address)
{
	const struct lab_settings *set = modus_instance(c)->settings;
	const struct lab_upstream *up = set->upstreams.items;

	for (size_t i = 0; address && i < set->upstreams.count; i++)
		if (!strcmp(up[i].address, address))
			return &up[i];
	return NULL;
}

static int find(const char *name)
{
	for (int kind = 0; kind < LAB_KINDS; kind++)
		if (!strcmp(words[kind].name, name))
			return kind;
	return -1;
}

static int parse_step(struct modus_conn *c, const char *name, char **line, struct lab_request *r)
{
	struct lab_step step = { .kind = LAB_CPU };
	char got[SHOWN + 8];
	const char *address;
	int kind = find(name);

	if (kind < 0)
		return lab_refuse(c,
				  "got %s, want cpu, wait, block, hog, touch, call, reply or bare",
				  shown(name, got));
	if (r->count == LAB_STEPS)
		return lab_refuse(c, "%s: got more than %d words, want fewer", name, LAB_STEPS);
	step.kind = (enum lab_kind)kind;
	if (kind == LAB_CALL) {
		address = next(line);
		step.to = upstream(c, address);
		if (!step.to)
			return lab_refuse(c, "call: got %s, want an address of the upstreams",
					  shown(address, got));
	}
	return add(c, r, step, next(line));
}

int lab_parse(struct modus_conn *c, char *line, struct lab_request *r)
{
	char *name;
	int rc = 1;

	r->count = 0;
	r->bare = false;
	memset(r->sums, 0, sizeof(r->sums));
	while (rc == 1 && (name = next(&line)))
		if (!strcmp(name, "bare"))
			r->bare = true;
		else
			rc = parse_step(c, name, &line, r);
	return rc;
}
