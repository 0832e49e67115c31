/* SPDX-License-Identifier: MIT */
/*
 * The exchange that a script describes.  A connection stands at a step: at an expect it waits for a
 * line; at a send outside once, until the engine lets requests begin; at all others it never stays.
 */
#include "compare/load/script_run.h"

#include "compare/load/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Microseconds since 1970, to base 36: ten letters and digits that two runs never share. */
static void name_run(char run[SCRIPT_RUN + 1])
{
	char *at = run + 10;
	struct timespec t;
	uint64_t us;

	clock_gettime(CLOCK_REALTIME, &t);
	us = (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
	for (*at = '\0'; at > run; us /= 36)
		*--at = "0123456789abcdefghijklmnopqrstuvwxyz"[us % 36];
}

static const char *run_misfit(const struct load_options *o, const struct address *target)
{
	if (target->type == SOCK_DGRAM)
		return "a script needs a stream, tcp:// or unix://";
	if (o->mode == LOAD_CLOSE || o->pipeline > 1)
		return "a script needs mode keep and no pipeline: it says itself what is sent when";
	return NULL;
}

static int run_init(struct load *l)
{
	const struct script *s = l->options->script;
	size_t words = s->value_count * sizeof(*l->conns->script.memory.words);
	size_t each = words + s->text_max + SCRIPT_LINE;
	char *at = l->store = calloc(l->count, each);

	if (!at)
		return -ENOMEM;
	if (!*l->crew->run)
		name_run(l->crew->run);
	for (unsigned i = 0; i < l->count; i++, at += each) {
		struct script_run *r = &l->conns[i].script;

		r->memory.words = (void *)at;
		r->out = at + words;
		r->line = r->out + s->text_max;
		memcpy(r->memory.run, l->crew->run, sizeof(r->memory.run));
	}
	return 0;
}

static void run_end(struct load *l)
{
	free(l->store);
}

/* The first text that it sends. */
static size_t run_sample(const struct load *l, char *out, size_t room)
{
	const struct script *s = l->options->script;
	char words[SCRIPT_VALUES][SCRIPT_WORD + 1] = { "" };
	struct script_memory memory = { .words = words, .n = 1 };
	const struct script_step *step = s->steps;

	while (step->type != STEP_SEND)
		step++;
	memcpy(memory.run, l->crew->run, sizeof(memory.run));
	return script_write(s, &step->text, &memory, out);
}

/* Each connection has a number of its own, so that one that is opened again after an error can
 * call itself by another name. */
static void run_open(struct load *l, struct load_conn *c)
{
	struct script_run *r = &c->script;

	r->step = r->depth = 0;
	r->skipping = false;
	r->wake_at = 0;
	r->out_at = r->out_end = r->line_size = 0;
	r->memory.id = l->opened++ * l->crew->parts + l->part + 1;
	r->memory.n = 1;
	r->memory.random = r->memory.id << 32 ^ (uint64_t)load_now(l);
	memset(r->memory.words, 0, l->options->script->value_count * sizeof(*r->memory.words));
}

/* ---- Going on ---- */

static void say(const struct script *s, struct script_run *r)
{
	r->out_at = 0;
	r->out_end = script_write(s, &s->steps[r->step++].text, &r->memory, r->out);
}

static void end_round(const struct script *s, struct script_run *r)
{
	if (--r->left[r->depth - 1]) {
		r->step = s->steps[r->step].other;
	} else {
		r->depth--;
		r->step++;
	}
}

/* Does the steps up to one that has to wait; may: so that requests can begin.  Between two sends
 * there is an expect, so what was to be sent before is sent. */
static void advance(const struct script *s, struct script_run *r, int64_t now, bool may)
{
	while (!r->wake_at) {
		if (r->step == s->step_count) {
			r->step = s->once;
			r->memory.n++;
		}
		switch (s->steps[r->step].type) {
		case STEP_SEND:
			if (!may && r->step >= s->once)
				return;
			r->start = now;
			r->label = s->steps[r->step].number;
			say(s, r);
			break;
		case STEP_THEN:
			say(s, r);
			break;
		case STEP_EXPECT:
			return;
		case STEP_PAUSE:
			r->wake_at = now + s->steps[r->step++].number * INT64_C(1000000);
			break;
		case STEP_REPEAT:
			r->left[r->depth++] = s->steps[r->step++].number;
			break;
		case STEP_END:
			end_round(s, r);
			break;
		}
	}
}

static void run_begin(struct load *l, struct load_conn *c, int64_t since)
{
	advance(l->options->script, &c->script, since, true);
}

static size_t run_output(struct load *l, struct load_conn *c, const void **bytes)
{
	*bytes = c->script.out + c->script.out_at;
	return c->script.out_end - c->script.out_at;
}

static void run_sent(struct load_conn *c, size_t n)
{
	c->script.out_at += n;
}

static bool run_owed(const struct load *l, const struct load_conn *c)
{
	const struct script_run *r = &c->script;
	const struct script *s = l->options->script;

	return !r->wake_at && r->step < s->step_count && s->steps[r->step].type == STEP_EXPECT;
}

static bool run_midway(const struct load *l, const struct load_conn *c)
{
	return c->script.line_size || c->script.skipping;
}

static void run_tick(struct load *l, struct load_conn *c, int64_t now)
{
	if (!c->script.wake_at || now < c->script.wake_at)
		return;
	c->script.wake_at = 0;
	c->since = now;
	conn_go_on(l, c, now);
}

/* ---- Replies ---- */

/* The step that meets a line which comes now: one that expects it, or does not. */
static const struct script_step *step_now(const struct script *s, const struct script_run *r)
{
	if (r->wake_at)
		return &s->steps[r->step - 1]; /* the pause */
	return &s->steps[r->step < s->step_count ? r->step : s->once];
}

/* Keeps the first line that was not as it had to be, for whoever wrote the script.  NULL: it is
 * too long. */
static void wrong(struct load *l, struct load_conn *c, const char *line, size_t n)
{
	const struct script *s = l->options->script;
	const char *name = strrchr(s->name, '/');
	char got[104];

	if (line)
		snprintf(got, sizeof(got), "'%.*s'", n < 100 ? (int)n : 100, line);
	else
		snprintf(got, sizeof(got), "a line of more than %d bytes", SCRIPT_LINE);
	exchange_wrong(l, c, LOAD_WRONG, "%.60s:%d: got %s", name ? name + 1 : s->name,
		       step_now(s, &c->script)->line, got);
}

static void request_done(struct load *l, struct load_conn *c, int64_t now)
{
	const struct script_run *r = &c->script;

	if (l->measuring && l->options->by_label)
		histogram_add(&l->options->by_label[r->label], (uint64_t)(now - r->start));
	conn_done(l, c, r->start, now);
}

/* Takes a line of a reply.  Whether it was right; else the connection has failed. */
static bool take_line(struct load *l, struct load_conn *c, const char *line, size_t n, int64_t now)
{
	const struct script *s = l->options->script;
	struct script_run *r = &c->script;
	const struct script_step *step = step_now(s, r);
	bool more = step->until.count != 0;

	if (n && line[n - 1] == '\r')
		n--;
	if (!run_owed(l, c) || r->out_at < r->out_end ||
	    (!r->skipping && !script_match(s, &step->text, &r->memory, line, n))) {
		wrong(l, c, line, n);
		return false;
	}
	if (r->skipping && script_match(s, &step->until, &r->memory, line, n))
		more = false;
	r->skipping = more;
	if (more)
		return true;
	c->since = now;
	r->step++;
	if (step->last && r->step > s->once)
		request_done(l, c, now);
	advance(s, r, now, false);
	return true;
}

/* The beginning of a line is kept until its end has come.  Whether it is not too long. */
static bool keep(struct load *l, struct load_conn *c, const char *bytes, size_t n)
{
	struct script_run *r = &c->script;

	if (r->line_size + n > SCRIPT_LINE) {
		wrong(l, c, NULL, 0);
		return false;
	}
	memcpy(r->line + r->line_size, bytes, n);
	r->line_size += n;
	return true;
}

static bool take_bytes(struct load *l, struct load_conn *c, const char *bytes, size_t n,
		       int64_t now)
{
	struct script_run *r = &c->script;

	if (!keep(l, c, bytes, n))
		return false;
	n = r->line_size;
	r->line_size = 0;
	return take_line(l, c, r->line, n, now);
}

static void run_input(struct load *l, struct load_conn *c, size_t n, int64_t now)
{
	const char *at = (const char *)l->in, *end = at + n, *eol;

	while ((eol = memchr(at, '\n', (size_t)(end - at)))) {
		if (!take_bytes(l, c, at, (size_t)(eol - at), now))
			return;
		at = eol + 1;
	}
	if (at == end || keep(l, c, at, (size_t)(end - at)))
		conn_push(l, c);
}

const struct exchange script_exchange = {
	.misfit = run_misfit,
	.init = run_init,
	.end = run_end,
	.open = run_open,
	.begin = run_begin,
	.output = run_output,
	.sent = run_sent,
	.input = run_input,
	.owed = run_owed,
	.midway = run_midway,
	.tick = run_tick,
	.sample = run_sample,
};
