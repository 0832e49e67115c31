/* SPDX-License-Identifier: MIT */
#include "core/control.h"

#include "core/host.h"
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
#include <sys/syscall.h>
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
	sigset_t before; /* a host's signal mask */
	sigset_t let_in; /* what a child does not block */
};

int control_news_signal(void)
{
	return SIGURG; /* ignored where nobody waits for it */
}

int control_fd(const struct modus_service *s)
{
	return !s->control || s->control->threaded || s->in_child ? -1 : s->control->fd;
}

/* ---- Phases ---- */

static void set_timer(struct control *k, int64_t ms)
{
	struct itimerspec t = { .it_value = { ms / 1000, ms % 1000 * 1000000 } };

	if (ms == 0)
		t.it_value.tv_nsec = 1; /* zero would be never */
	timerfd_settime(k->timer_fd, 0, &t, NULL);
}

/* The phase is stored already: that of a drain by whoever was first to ask for it. */
static void tell_phase(struct modus_service *s, enum phase phase, int64_t until_next)
{
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
	modus_log(s->host ? MODUS_DEBUG : MODUS_INFO, "draining, %lld connections",
		  (long long)s->admission.active);
	tell_phase(s, PHASE_DRAINING, s->plan->timeouts.grace);
}

static void cancel(struct modus_service *s)
{
	if (s->admission.active > 0)
		modus_log(MODUS_WARNING, "the grace is over for %lld connections",
			  (long long)s->admission.active);
	atomic_store(&s->board->phase, PHASE_CANCELED);
	tell_phase(s, PHASE_CANCELED, LAST_WORD_MS);
}

/* Handlers that did not return a second after every call of theirs failed will never do so.  The
 * process of a host is not ours to end: there they are waited for. */
static void give_up(struct modus_service *s)
{
	modus_log(MODUS_ERROR, "%lld connections did not end: their handlers are left behind",
		  (long long)s->admission.active);
	atomic_store(&s->board->phase, PHASE_GIVEN_UP);
	tell_phase(s, PHASE_GIVEN_UP, 0);
	if (!s->host)
		_exit(1);
}

/* In phase SERVING the timer is that of a host's one client. */
static void expire_once(struct modus_service *s)
{
	int again_ms;

	if (host_expired(s->host, &again_ms))
		control_drain(s);
	else if (again_ms >= 0)
		set_timer(s->control, again_ms);
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
	case PHASE_CANCELED:
		give_up(s);
		break;
	default:
		break;
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

static void heed_host(struct modus_service *s)
{
	eventfd_t ignored;

	if (eventfd_read(s->host->stop_fd, &ignored) == 0)
		control_drain(s);
	if (s->model->reap)
		s->model->reap(s);
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

	if (s->host)
		heed_host(s);
	else
		take_signals(s);
	take_news(s);
	if (read(s->control->timer_fd, &times, sizeof(times)) < 0)
		return;
	if (s->host && service_phase(s) == PHASE_SERVING)
		expire_once(s);
	else
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

/* ---- In a forked child, which has one connection ---- */

static struct modus_service *serving; /* for its handler of TERM */

/* On the thread that serves the connection, which is in a receive or is not.  Where the service
 * process is gone, nobody else would end what does not end by itself. */
static void on_term(int number)
{
	struct modus_service *s = serving;
	int kept = errno;

	s->told = 1;
	alarm((unsigned)((s->plan->timeouts.grace + LAST_WORD_MS) / 1000) + 1);
	if (atomic_load(&s->in_child->parked) == CONN_IDLE)
		shutdown(s->in_child->fd, SHUT_RD);
	errno = kept;
}

static void catch_term(struct modus_service *s)
{
	struct sigaction act = { .sa_handler = on_term, .sa_flags = SA_RESTART };

	serving = s;
	sigaction(SIGTERM, &act, NULL);
}

/* As pthread_sigmask(), which stands so far from all else that a child calls of the C library that
 * it would cost one more page fault, of 16 pages at once. */
static void let_in(const sigset_t *signals)
{
	syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, signals, NULL, _NSIG / 8);
}

void control_leave(struct modus_service *s, struct modus_conn *c)
{
	s->in_child = c;
	close(s->control->fd);
	close(s->control->signal_fd);
	close(s->control->timer_fd);
	close(s->control->stop_fd);
	if (s->host)
		catch_term(s);
	let_in(&s->control->let_in);
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

	return fd >= 0 ? epoll_ctl(k->fd, EPOLL_CTL_ADD, fd, &e) : -1;
}

static void free_control(struct control *k)
{
	close(k->fd);
	close(k->signal_fd);
	close(k->timer_fd);
	close(k->stop_fd);
	free(k);
}

static int open_signals(struct modus_service *s, struct control *k)
{
	sigset_t set;

	if (s->host) {
		host_keep_signals(control_news_signal(), on_news, &k->before);
		return -1;
	}
	block_signals();
	if (!k->threaded)
		catch_term(s); /* the children, which inherit that; here it is blocked */
	control_signals(&set);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void end_control(struct modus_service *s)
{
	if (s->host)
		host_give_back_signals(&s->control->before);
	free_control(s->control);
	s->control = NULL;
}

int control_open(struct modus_service *s)
{
	struct control *k = calloc(1, sizeof(*k));
	int rc = 0;

	if (!k)
		return -ENOMEM;
	sigemptyset(&k->let_in);
	sigaddset(&k->let_in, SIGTERM);
	sigaddset(&k->let_in, SIGCHLD);
	s->board->pid = getpid();
	k->threaded = !(s->model->capabilities & MODUS_PROCESSES);
	k->fd = epoll_create1(EPOLL_CLOEXEC);
	k->signal_fd = open_signals(s, k);
	k->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	k->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (k->fd < 0 || k->timer_fd < 0 || k->stop_fd < 0 ||
	    watch(k, s->host ? s->host->stop_fd : k->signal_fd) || watch(k, k->timer_fd) ||
	    watch(k, s->board->news_fd))
		rc = -errno;
	s->control = k;
	if (rc == 0 && k->threaded)
		rc = worker_spawn(s, &k->thread, NULL, control_main, s);
	if (rc)
		end_control(s);
	else if (s->host && s->host->once && s->host->once_ms >= 0)
		set_timer(k, s->host->once_ms);
	return rc;
}

void control_close(struct modus_service *s)
{
	struct control *k = s->control;

	if (k->threaded) {
		eventfd_write(k->stop_fd, 1);
		pthread_join(k->thread, NULL);
	}
	end_control(s);
}
