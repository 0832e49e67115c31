/* SPDX-License-Identifier: MIT */
#include "core/host.h"

#include "core/worker.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <time.h>

enum { AGAIN_MS = 10 };

/* Several threads of a model may try at the same time: one does, the others find the place taken.
 */
bool host_takes(struct host *h)
{
	int is_free = HOST_FREE;

	return !h || !h->once || atomic_compare_exchange_strong(&h->taken, &is_free, HOST_TRYING);
}

void host_took(struct host *h, bool client)
{
	if (h && h->once)
		atomic_store(&h->taken, client ? HOST_TAKEN : HOST_FREE);
}

void host_lost(struct host *h)
{
	if (h && h->once)
		eventfd_write(h->stop_fd, 1);
}

bool host_expired(struct host *h, int *again_ms)
{
	int turn = HOST_FREE;

	if (atomic_compare_exchange_strong(&h->taken, &turn, HOST_EXPIRED))
		return true;
	*again_ms = turn == HOST_TRYING ? AGAIN_MS : MODUS_FOREVER;
	return false;
}

int host_verify(struct host *h, const struct modus_conn *c)
{
	int rc = h && h->verify_request ? h->verify_request(h->arg, c) : 0;

	return rc < 0 ? rc : 0;
}

/* That the service ends is no error of the handler's. */
void host_failed(struct host *h, struct modus_conn *c, int error)
{
	if (h && h->handle_error && error != -ECANCELED)
		h->handle_error(h->arg, c, error);
}

int host_act(struct host *h, struct modus_worker *w)
{
	int64_t now;

	if (!h || !h->service_actions)
		return MODUS_FOREVER;
	now = w->io->now(w);
	if (now >= h->actions_due) {
		h->service_actions(h->arg);
		now = w->io->now(w);
		h->actions_due = now + h->actions_ms;
	}
	return (int)(h->actions_due - now);
}

void host_keep_signals(int urgent, void (*news)(int number), sigset_t *before)
{
	struct sigaction interrupt = { .sa_handler = news }, now;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, urgent);
	pthread_sigmask(SIG_BLOCK, &set, before);
	sigaction(urgent, NULL, &now);
	if (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN)
		sigaction(urgent, &interrupt, NULL);
}

/* A SIGPIPE of ours must not reach the host when it is let in again. */
void host_give_back_signals(const sigset_t *before)
{
	const struct timespec now = { 0 };
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	if (!sigismember(before, SIGPIPE))
		while (sigtimedwait(&pipe, NULL, &now) > 0)
			continue;
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
