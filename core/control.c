/* SPDX-License-Identifier: MIT */
#include "core/control.h"

#include "core/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { LAST_WORD_MS = 1000 }; /* from the end of the grace to the end of the process */

struct control {
	int fd; /* an epoll of the news and the two below */
	int signal_fd;
	int timer_fd; /* when the next phase is to begin */
	int stop_fd;  /* ends the thread */
	bool threaded;
	pthread_t thread;
};

int control_news_signal(void)
{
	return SIGURG; /* ignored where nobody waits for it */
}

int control_fd(const struct modus_service *s)
{
	return !s->control || s->control->threaded ? -1 : s->control->fd;
}

/* ---- Phases ---- */

static void set_timer(struct control *k, int64_t ms)
{
	struct itimerspec t = { .it_value = { ms / 1000, ms % 1000 * 1000000 } };

	if (ms == 0)
		t.it_value.tv_nsec = 1; /* zero would be never */
	timerfd_settime(k->timer_fd, 0, &t, NULL);
}

static void enter_phase(struct modus_service *s, enum phase phase, int64_t until_next)
{
	atomic_store(&s->board->phase, phase);
	set_timer(s->control, until_next);
	eventfd_write(phase == PHASE_DRAINING ? s->drain_fd : s->cancel_fd, 1);
	if (s->model->phase)
		s->model->phase(s);
}

void control_drain(struct modus_service *s)
{
	int serving = PHASE_SERVING;

	if (!atomic_compare_exchange_strong(&s->board->phase, &serving, PHASE_DRAINING))
		return;
	modus_log(MODUS_INFO, "draining, %lld connections", (long long)s->admission.active);
	enter_phase(s, PHASE_DRAINING, s->plan->timeouts.grace);
}

static void cancel(struct modus_service *s)
{
	if (s->admission.active > 0)
		modus_log(MODUS_WARNING, "the grace is over for %lld connections",
			  (long long)s->admission.active);
	enter_phase(s, PHASE_CANCELED, LAST_WORD_MS);
}

/* Handlers that did not return a second after every call of theirs failed will never do so. */
_Noreturn static void give_up(struct modus_service *s)
{
	modus_log(MODUS_ERROR, "%lld connections did not end: their handlers are left behind",
		  (long long)s->admission.active);
	enter_phase(s, PHASE_GIVEN_UP, 0);
	_exit(1);
}

static void next_phase(struct modus_service *s)
{
	switch (service_phase(s)) {
	case PHASE_SERVING:
		control_drain(s);
		break;
	case PHASE_DRAINING:
		cancel(s);
		break;
	default:
		give_up(s);
	}
}

/* ---- Turning ---- */

static void take_signals(struct modus_service *s)
{
	struct signalfd_siginfo info;

	while (read(s->control->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			next_phase(s);
		else if (s->model->reap)
			s->model->reap(s);
	}
}

static void take_news(struct modus_service *s)
{
	eventfd_t ignored;
	uint64_t topics;

	if (eventfd_read(s->board->news_fd, &ignored))
		return;
	topics = atomic_exchange(&s->board->pending, 0);
	if (topics && s->model->news)
		s->model->news(s, topics);
}

void control_turn(struct modus_service *s)
{
	uint64_t times;

	take_signals(s);
	take_news(s);
	if (read(s->control->timer_fd, &times, sizeof(times)) > 0)
		next_phase(s);
}

static void *control_main(void *arg)
{
	struct modus_service *s = arg;
	struct control *k = s->control;
	struct pollfd set[2] = { { k->fd, POLLIN, 0 }, { k->stop_fd, POLLIN, 0 } };

	prctl(PR_SET_NAME, "control");
	while (!(set[1].revents & POLLIN)) {
		if (set[0].revents)
			control_turn(s);
		poll(set, 2, -1);
	}
	return NULL;
}

void control_wait(struct modus_service *s, int ms)
{
	struct pollfd set = { s->control->fd, POLLIN, 0 };

	if (poll(&set, 1, ms) > 0)
		control_turn(s);
}

/* ---- Opening ---- */

static void control_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGCHLD);
}

static void on_news(int number)
{
	/* to be interrupted is all there is to it */
}

static void block_signals(void)
{
	struct sigaction interrupt = { .sa_handler = on_news }, ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	sigaction(control_news_signal(), &interrupt, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	control_signals(&set);
	sigaddset(&set, control_news_signal());
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static int watch(struct control *k, int fd)
{
	struct epoll_event e = { .events = EPOLLIN };

	return epoll_ctl(k->fd, EPOLL_CTL_ADD, fd, &e);
}

static int open_descriptors(struct control *k, int news_fd)
{
	sigset_t set;

	control_signals(&set);
	k->fd = epoll_create1(EPOLL_CLOEXEC);
	k->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	k->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	k->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (k->fd < 0 || k->signal_fd < 0 || k->timer_fd < 0 || k->stop_fd < 0)
		return -errno;
	if (watch(k, k->signal_fd) || watch(k, k->timer_fd) || watch(k, news_fd))
		return -errno;
	return 0;
}

static void free_control(struct control *k)
{
	close(k->fd);
	close(k->signal_fd);
	close(k->timer_fd);
	close(k->stop_fd);
	free(k);
}

int control_open(struct modus_service *s)
{
	struct control *k = calloc(1, sizeof(*k));
	int rc;

	if (!k)
		return -ENOMEM;
	block_signals();
	rc = open_descriptors(k, s->board->news_fd);
	s->control = k;
	k->threaded = !(s->model->capabilities & MODUS_PROCESSES);
	if (rc == 0 && k->threaded)
		rc = -pthread_create(&k->thread, NULL, control_main, s);
	if (rc) {
		free_control(k);
		s->control = NULL;
	}
	return rc;
}

void control_close(struct modus_service *s)
{
	struct control *k = s->control;

	if (k->threaded) {
		eventfd_write(k->stop_fd, 1);
		pthread_join(k->thread, NULL);
	}
	free_control(k);
	s->control = NULL;
}

/* ---- In a forked child, which has one connection ---- */

static struct {
	struct modus_service *service;
	struct modus_conn *conn;
} child;

/* On the thread that serves the connection, which is in a receive or is not.  Where the service
 * process is gone, nobody else would end what does not end by itself. */
static void on_term(int number)
{
	int kept = errno;

	child.service->told = 1;
	alarm((unsigned)((child.service->plan->timeouts.grace + LAST_WORD_MS) / 1000) + 1);
	if (atomic_load(&child.conn->parked) == CONN_PARKED_IDLE)
		shutdown(child.conn->fd, SHUT_RD);
	errno = kept;
}

void control_leave(struct modus_service *s, struct modus_conn *c)
{
	struct sigaction act = { .sa_handler = on_term, .sa_flags = SA_RESTART };
	sigset_t set;

	child.service = s;
	child.conn = c;
	s->in_child = true;
	close(s->control->fd);
	close(s->control->signal_fd);
	close(s->control->timer_fd);
	close(s->control->stop_fd);
	s->control->fd = -1;
	sigaction(SIGTERM, &act, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
