/* SPDX-License-Identifier: MIT */
/* One service without a supervisor, in this process. */
#include "core/log.h"
#include "core/news.h"
#include "core/service.h"
#include "core/supervisor.h"

#include <errno.h>
#include <string.h>

static void say_ready(void *arg)
{
	modus_log(MODUS_INFO, "ready: 1 service");
}

int supervisor_foreground(const struct plan_service *service, size_t index, supervisor_serve *serve)
{
	struct scoreboard *board = scoreboard_new(service_slots(service));
	struct listeners *listeners = NULL;
	int rc = board ? 0 : -errno;

	if (rc)
		modus_log(MODUS_ERROR, "%s: no counters: %s", service->name, strerror(-rc));
	else
		rc = listeners_open(service, &listeners);
	if (rc == 0) {
		news_boards(&board, 1);
		rc = serve(index, listeners, board, say_ready, NULL);
	}
	listeners_close(listeners);
	scoreboard_free(board);
	return rc;
}
