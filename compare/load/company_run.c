/* SPDX-License-Identifier: MIT */
/*
 * Each client has its turn every 100 ms, not all at once: what it does of itself it does then, and
 * who was thrown out comes again.  Nobody is in a hurry, so one thread has time for many.
 */
#include "compare/load/company.h"

#include "compare/load/exchange.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64, TURNS = 10, TURN_MS = 10, REQUEST = 65536, SIP = 1024, SMALL_BUFFER = 4096 };
static const int64_t OPENING_NS = 2000000000;

struct client {
	int fd;
	enum company_kind kind;
	bool open, heard, over; /* over: it awaits the end itself */
	bool tried;             /* to connect, with whatever result */
	size_t sent;
};

struct company_run {
	pthread_t thread;
	atomic_bool stop;
	int epoll;
	struct address target;
	uint32_t next_source;
	unsigned size, turn, untried;
	size_t request;
	struct company_count count[COMPANY_KINDS];
	char text[REQUEST];
	struct client clients[];
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- What they do ---- */

static void end(struct client *c)
{
	close(c->fd);
	c->fd = -1;
}

static void tried(struct company_run *r, struct client *c)
{
	r->untried -= !c->tried;
	c->tried = true;
}

/* Sends up to n bytes of its endless requests; whether it could go on. */
static bool say(struct company_run *r, struct client *c, size_t n)
{
	size_t at = c->sent % r->request;
	ssize_t sent =
		send(c->fd, r->text + at, n < r->request - at ? n : r->request - at, MSG_NOSIGNAL);

	c->sent += sent > 0 ? (size_t)sent : 0;
	return sent > 0;
}

static void greet(struct company_run *r, struct client *c)
{
	int small = SMALL_BUFFER;

	if (c->kind == COMPANY_RESET)
		say(r, c, (r->request + 1) / 2);
	if (c->kind == COMPANY_HALF || c->kind == COMPANY_HERD)
		say(r, c, r->request);
	if (c->kind == COMPANY_HALF) {
		shutdown(c->fd, SHUT_WR);
		c->over = true;
	}
	if (c->kind == COMPANY_SLOW)
		setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
}

/* Takes what there is, at most so much. */
static void listen_to(struct company_run *r, struct client *c, size_t most)
{
	char bytes[REQUEST];
	ssize_t n = recv(c->fd, bytes, most, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		r->count[c->kind].heard += !c->heard;
		c->heard = true;
		return;
	}
	r->count[c->kind].thrown += !c->over;
	end(c);
}

static void break_off(struct client *c)
{
	struct linger at_once = { .l_onoff = 1 };

	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	end(c);
}

static void ask_much(struct company_run *r, struct client *c)
{
	for (size_t asked = 0; asked < REQUEST && say(r, c, REQUEST); asked += r->request)
		;
	listen_to(r, c, SIP);
}

/* ---- How they come ---- */

static void refused(struct company_run *r, struct client *c)
{
	tried(r, c);
	r->count[c->kind].refused++;
	if (c->fd >= 0)
		end(c);
}

static void come(struct company_run *r, struct client *c)
{
	struct epoll_event e = { .events = EPOLLOUT, .data.ptr = c };
	enum company_kind kind = c->kind;
	bool was_tried = c->tried;

	*c = (struct client) { .fd = load_socket(&r->target, &r->next_source),
			       .kind = kind,
			       .tried = was_tried };
	if (c->fd < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, c->fd, &e))
		refused(r, c);
}

static void came(struct company_run *r, struct client *c)
{
	/* Who reads little does so when it is his turn. */
	struct epoll_event e = { .events = c->kind == COMPANY_SLOW ? 0 : EPOLLIN, .data.ptr = c };

	tried(r, c);
	c->open = true;
	r->count[c->kind].opened++;
	epoll_ctl(r->epoll, EPOLL_CTL_MOD, c->fd, &e);
	greet(r, c);
}

static void take_turn(struct company_run *r, struct client *c)
{
	if (c->fd < 0)
		come(r, c);
	else if (c->open && c->kind == COMPANY_TRICKLE)
		say(r, c, 1);
	else if (c->open && c->kind == COMPANY_SLOW)
		ask_much(r, c);
	else if (c->open && c->kind == COMPANY_RESET)
		break_off(c);
}

static void happened(struct company_run *r, struct client *c, uint32_t events)
{
	if (c->fd < 0)
		return;
	if (!c->open && events & (EPOLLERR | EPOLLHUP))
		refused(r, c);
	else if (!c->open)
		came(r, c);
	else
		listen_to(r, c, REQUEST);
}

static void take_turns(struct company_run *r)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(r->epoll, events, EVENTS, TURN_MS);

	for (int i = 0; i < n; i++)
		happened(r, events[i].data.ptr, events[i].events);
}

/* ---- All of it ---- */

static void *run(void *arg)
{
	struct company_run *r = arg;
	int64_t next = 0;

	while (!r->stop) {
		int64_t now;

		take_turns(r);
		now = now_ns();
		if (now < next)
			continue;
		next = now + TURN_MS * INT64_C(1000000);
		for (unsigned i = r->turn++ % TURNS; i < r->size; i += TURNS)
			take_turn(r, &r->clients[i]);
	}
	return NULL;
}

static void fill(struct company_run *r, const struct company *company, unsigned connections)
{
	for (int kind = 0; kind < COMPANY_KINDS; kind++) {
		unsigned n = company_clients(company, (enum company_kind)kind, connections);

		r->count[kind].asked = n;
		for (; n; n--)
			r->clients[r->size++] =
				(struct client) { .fd = -1, .kind = (enum company_kind)kind };
	}
	r->untried = r->size;
}

static void free_run(struct company_run *r)
{
	for (unsigned i = 0; i < r->size; i++)
		if (r->clients[i].fd >= 0)
			end(&r->clients[i]);
	if (r->epoll >= 0)
		close(r->epoll);
	free(r);
}

struct company_run *company_start(struct load *l)
{
	const struct load_options *o = l->options;
	unsigned size = company_size(o->company, o->connections);
	struct company_run *r = calloc(1, sizeof(*r) + size * sizeof(*r->clients));
	int64_t end_at = now_ns() + OPENING_NS;

	if (!r)
		return NULL;
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	r->target = l->target;
	r->request = l->exchange->sample(l, r->text, sizeof(r->text));
	fill(r, o->company, o->connections);
	for (unsigned i = 0; i < r->size; i++)
		come(r, &r->clients[i]);
	while (r->untried && now_ns() < end_at)
		take_turns(r);
	if (r->epoll >= 0 && !pthread_create(&r->thread, NULL, run, r))
		return r;
	free_run(r);
	return NULL;
}

void company_stop(struct company_run *r, struct company_count count[COMPANY_KINDS])
{
	r->stop = true;
	pthread_join(r->thread, NULL);
	for (int i = 0; i < COMPANY_KINDS; i++)
		count[i] = r->count[i];
	free_run(r);
}
