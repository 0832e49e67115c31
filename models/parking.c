/* SPDX-License-Identifier: MIT */
#include "models/parking.h"

#include "core/clock.h"
#include "core/news.h"
#include "models/blocking.h"

#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* What c->ready says here. */
enum {
	ADDED = 1, /* to the epoll */
	DRY = 2,   /* the last receive took all there was */
};

int parking_open(struct parking *p, struct modus_service *s)
{
	int rc;

	*p = (struct parking) { .service = s, .next = DEADLINE_NEVER };
	p->ep = epoll_create1(EPOLL_CLOEXEC);
	p->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	rc = p->ep < 0 || p->timer_fd < 0 ? -errno
					  : parking_arm(p, EPOLL_CTL_ADD, p->timer_fd, EPOLLIN, p);
	if (rc)
		parking_close(p);
	return rc;
}

void parking_close(struct parking *p)
{
	if (p->ep >= 0)
		close(p->ep);
	if (p->timer_fd >= 0)
		close(p->timer_fd);
	deadlines_finish(&p->deadlines);
}

int parking_arm(struct parking *p, int op, int fd, uint32_t events, void *about)
{
	struct epoll_event e = { .events = events | EPOLLONESHOT, .data.ptr = about };

	return epoll_ctl(p->ep, op, fd, &e) ? -errno : 0;
}

static void set_timer(struct parking *p, int64_t at)
{
	struct itimerspec t = { .it_value = { at / 1000, at % 1000 * 1000000 } };

	if (at >= p->next)
		return;
	p->next = at;
	timerfd_settime(p->timer_fd, TFD_TIMER_ABSTIME, &t, NULL);
}

/* ---- Listeners ---- */

int parking_listen(struct parking *p, struct modus_listener *l, int op)
{
	if (service_phase(p->service) != PHASE_SERVING)
		return 0;
	return parking_arm(p, op, l->fd, EPOLLIN, l);
}

void parking_pause(struct parking *p)
{
	pthread_mutex_lock(&p->service->table.lock);
	p->paused = true;
	set_timer(p, clock_ms() + LISTENER_PAUSE_MS);
	pthread_mutex_unlock(&p->service->table.lock);
}

/* ---- Connections ---- */

bool parking_admit(struct parking *p, struct modus_conn *c)
{
	c->due = clock_ms() + p->service->plan->timeouts.idle;
	return parking_park(p, c, conn_starts_at_once(c));
}

/* A full socket raises no event for its room: what cannot be stepped at once has a deadline too. */
static int64_t due(struct modus_conn *c, bool now)
{
	int64_t ms = c->state == CONN_NEW ? conn_service(c)->plan->timeouts.write : c->write_ms;

	if (!now)
		return c->due;
	return ms < 0 ? DEADLINE_NEVER : clock_ms() + ms;
}

/* What came while c ran must not be lost: it is looked for after c can be found parked. */
bool parking_park(struct parking *p, struct modus_conn *c, bool now)
{
	struct conn_table *t = &p->service->table;
	int op = c->ready & ADDED ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd = c->fd;
	bool parked, ends;
	int64_t at;

	c->ready = ADDED;
	if (now)
		conn_unlend_family(c);
	pthread_mutex_lock(&t->lock);
	ends = conn_must_end(c);
	now |= conn_has_cause(c);
	at = due(c, now); /* from here on a late event may claim it */
	atomic_store(&c->parked, c->in_len ? CONN_MIDWAY : CONN_IDLE);
	parked = deadlines_set(&p->deadlines, &c->timer, at) == 0 &&
		 parking_arm(p, op, fd, EPOLLIN | EPOLLRDHUP | (now ? EPOLLOUT : 0), c) == 0;
	if (!parked) {
		atomic_fetch_or(&c->poked, CONN_POKE_EXPIRED);
		parked = !parking_claim(c); /* a late event may have been first */
	} else if (ends) {
		shutdown(fd, SHUT_RD); /* a full socket would not be stepped for its room */
	}
	set_timer(p, deadlines_next(&p->deadlines));
	pthread_mutex_unlock(&t->lock);
	return parked;
}

bool parking_claim(struct modus_conn *c)
{
	uint8_t parked = atomic_load(&c->parked);

	return parked != CONN_RUNNING &&
	       atomic_compare_exchange_strong(&c->parked, &parked, CONN_RUNNING);
}

void parking_expire(struct parking *p)
{
	struct conn_table *t = &p->service->table;
	struct listeners *l = p->service->listeners;
	struct deadline *d;
	uint64_t ticks;
	bool resume;

	if (read(p->timer_fd, &ticks, sizeof(ticks)) < 0)
		ticks = 0;
	pthread_mutex_lock(&t->lock);
	while ((d = deadlines_pop(&p->deadlines, clock_ms()))) {
		struct modus_conn *c =
			(struct modus_conn *)((char *)d - offsetof(struct modus_conn, timer));

		if (atomic_load(&c->parked) == CONN_RUNNING)
			continue; /* it gets a new one when it parks again */
		atomic_fetch_or(&c->poked, CONN_POKE_EXPIRED);
		shutdown(c->fd, SHUT_RD);
	}
	p->next = DEADLINE_NEVER;
	set_timer(p, deadlines_next(&p->deadlines));
	parking_arm(p, EPOLL_CTL_MOD, p->timer_fd, EPOLLIN, p);
	resume = p->paused;
	p->paused = false;
	pthread_mutex_unlock(&t->lock);
	for (size_t i = 0; resume && i < l->count; i++)
		parking_listen(p, &l->all[i], EPOLL_CTL_MOD);
}

void parking_news(struct parking *p, uint64_t topics)
{
	struct conn_table *t = &p->service->table;

	pthread_mutex_lock(&t->lock);
	for (struct modus_conn *c = t->live; c; c = c->next)
		if (news_poke(c, topics) && atomic_load(&c->parked) != CONN_RUNNING)
			parking_arm(p, EPOLL_CTL_MOD, c->fd, EPOLLIN | EPOLLOUT, c);
	pthread_mutex_unlock(&t->lock);
}

/* ---- The strategy ---- */

/* After a receive that did not fill its room there is nothing, most often; what there is after all
 * raises the event of a connection that parks. */
static ssize_t parking_idle(struct modus_conn *c, char **at, size_t room, int ms)
{
	ssize_t n;

	if (c->ready & DRY) {
		c->ready &= (uint16_t)~DRY;
		return -EAGAIN;
	}
	n = c->transport->receive(c, *at, room, MSG_DONTWAIT);
	if (n > 0 && (size_t)n < room)
		c->ready |= DRY;
	return n;
}

/* To the kernel a socket is not closed while some thread looks at it, and one that looked within
 * epoll_wait() lets go of it when it returns from there: perhaps never.  So it leaves first. */
static void parking_closing(struct modus_conn *c)
{
	struct parking *p = conn_service(c)->model_state;

	if (c->kind == CONN_STREAM && c->ready)
		epoll_ctl(p->ep, EPOLL_CTL_DEL, c->fd, NULL);
	pthread_mutex_lock(&p->service->table.lock);
	deadlines_cancel(&p->deadlines, &c->timer);
	pthread_mutex_unlock(&p->service->table.lock);
}

const struct modus_io parking_io = {
	.now = blocking_now,
	.receive = blocking_receive,
	.idle = parking_idle,
	.send = blocking_send,
	.wait = blocking_wait,
	.block = blocking_block,
	.closing = parking_closing,
};
