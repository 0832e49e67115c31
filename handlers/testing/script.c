/* SPDX-License-Identifier: MIT */
/* The model: its poller reports what has been done by the script, its clock stands still. */
#include "handlers/testing/testing.h"

#include "core/news.h"
#include "models/evented.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { TURNS_MAX = 2 * 1000 * 1000, LAST_WORD_MS = 1000 };

/* ---- The strategy: that of the evented models, but for the clock and what hears of calls ---- */

static int64_t script_now(struct modus_worker *w)
{
	struct modus_service *s = w->service;

	return ((struct modus_test *)(void *)((char *)s - offsetof(struct modus_test, service)))
		->now;
}

void script_strategy(struct modus_io *io)
{
	*io = evented_io;
	io->now = script_now;
	io->called = trial_called;
}

/* ---- The poller ---- */

static struct modus_test *test_of_loop(struct loop *l)
{
	return (struct modus_test *)l; /* its first member */
}

static int add_foreign(struct modus_test *t, struct foreign add)
{
	struct stat st;
	void *more;

	if (fstat(add.fd, &st))
		return -errno;
	if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return -EPERM;
	for (size_t i = 0; i < t->foreign_count; i++)
		if (t->foreign[i].fd == add.fd)
			return -EEXIST;
	more = realloc(t->foreign, (t->foreign_count + 1) * sizeof(*t->foreign));
	if (!more)
		return -ENOMEM;
	t->foreign = more;
	t->foreign[t->foreign_count++] = add;
	return 0;
}

static int script_add(struct loop *l, int fd, short events, enum poller_watch how, uintptr_t about)
{
	struct modus_test *t = test_of_loop(l);
	struct modus_client *k = client_at(t, fd);

	if (k) {
		k->about = about;
		k->changed = true;
		return 0;
	}
	if (fd != l->wake_fd)
		return add_foreign(t, (struct foreign) { fd, events, about });
	t->wake_about = about;
	return 0;
}

static void script_remove(struct loop *l, int fd)
{
	struct modus_test *t = test_of_loop(l);

	for (size_t i = 0; i < t->foreign_count; i++)
		if (t->foreign[i].fd == fd)
			t->foreign[i] = t->foreign[--t->foreign_count];
}

/* ---- What happens between two turns ---- */

static void wake(void *arg, size_t slot)
{
	struct modus_test *t = arg;

	t->wake |= slot == t->loop.worker.index;
}

static void pass_news(struct modus_test *t)
{
	uint64_t topics = atomic_exchange(&t->board->pending, 0);

	if (topics)
		news_spread(t->board, topics, wake, t);
}

static struct modus_worker *choose_place(struct modus_test *t)
{
	return t->stopping ? &t->loop.worker : &t->places[trial_choose(&t->trial, TESTING_PLACES)];
}

/* Plays the helper threads; at times they are busy. */
static void do_work(struct modus_test *t)
{
	struct helpers *h = &t->helpers;
	struct job *j = h->queue, *next;

	for (; j; j = next) {
		next = j->next;
		t->busy = true;
		if (trial_happens(&t->trial, 2) || !helpers_withdraw(h, j))
			continue;
		j->result = worker_work(choose_place(t), j->instance, j->work, j->arg);
		j->next = t->loop.done;
		t->loop.done = j;
		t->wake = true;
	}
}

static void report_clients(struct modus_test *t)
{
	size_t n = t->client_count, first = n ? trial_choose(&t->trial, n) : 0;

	for (size_t i = 0; i < n; i++) {
		struct modus_client *k = t->clients[(first + i) % n];

		if (client_move(k)) {
			t->turns = 0;
			t->trial.calls = 0;
			t->busy = true;
		}
		if (!k->changed)
			continue;
		k->changed = false;
		if (k->about) {
			t->busy = true;
			loop_ready(&t->loop, k->about, client_events(k));
		}
	}
}

static void report_foreign(struct modus_test *t)
{
	for (size_t i = 0; i < t->foreign_count; i++) {
		struct foreign f = t->foreign[i];
		struct pollfd look = { .fd = f.fd, .events = f.events };

		if (poll(&look, 1, 0) <= 0)
			continue;
		t->busy = true;
		loop_ready(&t->loop, f.about, look.revents);
	}
}

/* Waits for nothing: where there is nothing, the plugin is quiet. */
static void script_report(struct loop *l, int ms)
{
	struct modus_test *t = test_of_loop(l);

	l->worker.now = t->now;
	t->busy = false;
	client_admit(t);
	pass_news(t);
	do_work(t);
	if (t->wake) {
		t->wake = false;
		t->busy = true;
		loop_ready(l, t->wake_about, POLLIN);
	}
	report_clients(t);
	report_foreign(t);
	t->quiet = !t->busy && ms != 0;
}

const struct poller script_poller = {
	.add = script_add,
	.remove = script_remove,
	.wait = script_report,
};

/* ---- Running ---- */

void script_run(struct modus_test *t)
{
	if (t->loop.running)
		testing_abort("plugin %s calls <modus/test.h>", t->plugin->name);
	t->turns = 0;
	t->trial.calls = 0;
	do {
		loop_turn(&t->loop);
		if (++t->turns > TURNS_MAX)
			testing_abort("plugin %s never comes to rest", t->plugin->name);
	} while (!t->quiet);
}

static void begin_phase(struct modus_test *t, enum phase phase, int64_t until_next)
{
	atomic_store(&t->board->phase, phase);
	t->phase_due = t->now + until_next;
	t->wake = true;
}

static void next_phase(struct modus_test *t)
{
	if (t->now < t->phase_due)
		return;
	t->phase_due = DEADLINE_NEVER;
	if (service_phase(&t->service) == PHASE_DRAINING)
		begin_phase(t, PHASE_CANCELED, LAST_WORD_MS);
	else if (t->loop.table.count > 0)
		testing_abort("plugin %s: %zu connections stand a second after each call began to "
			      "return -ECANCELED",
			      t->plugin->name, t->loop.table.count);
}

/* When something is to happen next; DEADLINE_NEVER if nothing is. */
static int64_t next_due(struct modus_test *t)
{
	int64_t due = loop_next(&t->loop);

	return due < t->phase_due ? due : t->phase_due;
}

static void advance(struct modus_test *t, int64_t to)
{
	if (t->now < to)
		t->now = to;
	next_phase(t);
	script_run(t);
}

void modus_test_elapse(struct modus_test *t, int ms)
{
	int64_t end = t->now + ms;

	if (ms < 0)
		testing_abort("%d ms are to elapse, want at least 0", ms);
	script_run(t);
	while (next_due(t) <= end)
		advance(t, next_due(t));
	advance(t, end);
}

void modus_test_drain(struct modus_test *t, int grace_ms)
{
	if (grace_ms < 0)
		testing_abort("the grace is %d ms, want at least 0", grace_ms);
	if (service_phase(&t->service) == PHASE_SERVING)
		begin_phase(t, PHASE_DRAINING, grace_ms);
	script_run(t);
}

/* ---- Tasks ---- */

struct script_task {
	struct modus_test *test;
	void (*what)(struct modus_test *t, struct modus_conn *task);
	bool done;
};

static void task_main(void *arg)
{
	struct script_task *s = arg;
	struct modus_conn *task = conn_task_begin(&s->test->loop.worker);

	if (!task)
		testing_abort("out of memory");
	s->what(s->test, task);
	conn_task_end(task);
	s->done = true;
}

void script_run_task(struct modus_test *t, const char *name,
		     void (*what)(struct modus_test *t, struct modus_conn *task))
{
	struct script_task s = { .test = t, .what = what };

	t->loop.worker.now = t->now;
	if (!loop_spawn(&t->loop, task_main, &s))
		testing_abort("plugin %s: no fiber is left for %s()", t->plugin->name, name);
	script_run(t);
	while (!s.done) {
		if (next_due(t) == DEADLINE_NEVER)
			testing_abort("plugin %s: %s() waits for what never comes", t->plugin->name,
				      name);
		advance(t, next_due(t));
	}
}
