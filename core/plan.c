/* SPDX-License-Identifier: MIT */
#include "core/plan.h"

#include "core/address.h"
#include "core/instance.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400 * 1000 };

const struct modus_setting plan_rows[] = {
	MODUS_TEXT(struct plan, plugin_path, "plugin_path", "",
		   "Directories of plugins, divided by colons; tried before MODUS_PLUGIN_PATH and "
		   "the installed ones."),
	MODUS_TEXT(struct plan, control, "control", "",
		   "Address unix:///path of a socket where \"modus status\" asks for the counters; "
		   "empty: none."),
	MODUS_CHOICE(struct plan, log_format, "log_format", PLAN_LOG_TEXT, "text|json",
		     "Form of the log lines on standard error."),
	MODUS_CHOICE(struct plan, log_level, "log_level", MODUS_INFO, "error|warning|info|debug",
		     "The least grave messages that are logged."),
	MODUS_END
};

static const struct modus_setting limits_rows[] = {
	MODUS_INT(struct plan_limits, connections, "connections", 10000, 1, 1000000, "connections",
		  "Connections at once."),
	MODUS_INT(struct plan_limits, per_address, "per_address", 0, 0, 1000000, "connections",
		  "Connections at once from one IPv4 address or one /64 of IPv6; further ones are "
		  "closed; 0 is any number."),
	MODUS_CHOICE(struct plan_limits, full, "full", PLAN_FULL_WAIT, "wait|refuse",
		     "What becomes of further connections: they wait in the listen queue, or are "
		     "closed."),
	MODUS_END
};

static const struct modus_setting timeouts_rows[] = {
	MODUS_TIME(struct plan_timeouts, idle, "idle", 60000, 1, DAY_MS,
		   "Silence between two requests after which a connection is closed."),
	MODUS_TIME(struct plan_timeouts, request, "request", 15000, 1, DAY_MS,
		   "Time that one request may spend waiting for input, from its first byte."),
	MODUS_TIME(struct plan_timeouts, write, "write", 15000, 1, DAY_MS,
		   "Time without progress in sending after which a connection is closed."),
	MODUS_TIME(struct plan_timeouts, grace, "grace", 10000, 0, DAY_MS,
		   "Time that running requests have to end when the service stops."),
	MODUS_BYTES(
		struct plan_timeouts, min_rate, "min_rate", 0, 0, 1 << 30,
		"Input per second that keeps a long request alive past its deadline; 0 is off."),
	MODUS_END
};

const struct modus_setting plan_service_rows[] = {
	MODUS_TEXT(struct plan_service, name, "name", NULL,
		   "Name in logs, process titles and counters."),
	MODUS_LIST(
		struct plan_service, listen, "listen", PLAN_LISTENERS_MAX, NULL,
		sizeof(const char *),
		"Addresses: tcp://host:port, udp://host:port, unix:///path, unix-dgram:///path."),
	MODUS_INT(struct plan_service, backlog, "backlog", 4096, 1, 65535, "connections",
		  "Length asked of the listen queue; the kernel may cut it to net.core.somaxconn."),
	MODUS_BOOL(struct plan_service, reuse_address, "reuse_address", true,
		   "Whether a port may be bound while old connections to it linger."),
	MODUS_BOOL(struct plan_service, no_delay, "no_delay", true,
		   "Whether TCP sends small replies at once (TCP_NODELAY)."),
	MODUS_BOOL(struct plan_service, defer_accept, "defer_accept", false,
		   "Whether TCP clients are accepted when their first bytes have come."),
	MODUS_LIST(struct plan_service, access, "access", 1024, NULL, sizeof(const char *),
		   "Rules \"allow WHO\" and \"deny WHO\" (an address, a network, unix, all); the "
		   "first that matches decides, and the last says all."),
	MODUS_GROUP(struct plan_service, limits, "limits", limits_rows, "Upper bounds."),
	MODUS_GROUP(struct plan_service, timeouts, "timeouts", timeouts_rows, "Deadlines."),
	MODUS_END
};

static const char *pair_misfit(const struct modus_model *m, const struct modus_plugin *p)
{
	if ((m->capabilities & (MODUS_THREADED | MODUS_EVENTED)) && !(p->flags & MODUS_REENTRANT))
		return "the plugin is not marked MODUS_REENTRANT, so it may not run interleaved or "
		       "in "
		       "several threads: use iterative or fork";
	if ((m->capabilities & MODUS_PROCESSES) && (p->flags & MODUS_SHARES_MEMORY))
		return "the plugin is marked MODUS_SHARES_MEMORY, and processes do not share "
		       "memory: "
		       "use iterative, thread, pool or epoll";
	if ((m->capabilities & MODUS_EVENTED) && (p->flags & MODUS_BLOCKS))
		return "the plugin is marked MODUS_BLOCKS, and would stop all clients of its event "
		       "loop: use fork, thread or pool";
	return NULL;
}

static const struct modus_plugin *misfit_plugin(const struct modus_model *m,
						const struct instance *i, const char **reason)
{
	*reason = pair_misfit(m, i->plugin);
	if (*reason)
		return i->plugin;
	for (const struct instance *h = i->hosted; h; h = h->next) {
		const struct modus_plugin *p = misfit_plugin(m, h, reason);

		if (p)
			return p;
	}
	return NULL;
}

const char *plan_misfit(const struct plan_service *s, char *why, size_t size)
{
	const char *const *listen = s->listen.items, *reason;
	const struct modus_plugin *p;

	if (!s->handler)
		return NULL;
	p = misfit_plugin(s->model, s->handler, &reason);
	if (p) {
		snprintf(why, size, "model %s cannot run plugin %s: %s", s->model->name, p->name,
			 reason);
		return why;
	}
	p = s->handler->plugin;
	for (size_t i = 0; i < s->listen.count; i++) {
		bool datagram = address_is_datagram(listen[i]);

		if (!(p->flags & (datagram ? MODUS_DATAGRAM : MODUS_STREAM))) {
			snprintf(why, size, "plugin %s does not serve %s, which %s is", p->name,
				 datagram ? "datagrams" : "streams", listen[i]);
			return why;
		}
	}
	if (s->defer_accept && (p->flags & MODUS_SPEAKS_FIRST)) {
		snprintf(why, size,
			 "plugin %s speaks first, so defer_accept would keep its clients "
			 "waiting: remove defer_accept",
			 p->name);
		return why;
	}
	return NULL;
}
