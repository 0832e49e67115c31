/* SPDX-License-Identifier: MIT */
/* A service as an application runs it that has the process, its signals and its children. */
#include "core/host.h"
#include "core/service.h"
#include "tests/faults/server.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int stop_fd;

static void on_term(int number)
{
	const eventfd_t one = 1;

	if (write(stop_fd, &one, sizeof(one)) < 0)
		_exit(1);
}

int hosted_run(const struct plan_service *plan, struct listeners *listeners,
	       struct scoreboard *board, void (*ready)(void *arg))
{
	struct host host = { .stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	struct modus_service s;
	int rc;

	if (host.stop_fd < 0)
		return -errno;
	stop_fd = host.stop_fd;
	signal(SIGTERM, on_term);
	rc = service_open(&s, plan, listeners, board, &host);
	if (rc == 0) {
		rc = service_serve(&s, ready, NULL);
		service_close(&s);
	}
	close(host.stop_fd);
	return rc;
}
