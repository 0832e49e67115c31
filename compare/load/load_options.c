/* SPDX-License-Identifier: MIT */
/* What a load may ask for, and which of it fits together. */
#include "compare/load/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { OTHER_FILES = 32 };

/* What is said between a reply and the next request, and when that is. */
static const char *pace_misfit(const struct load_options *o)
{
	bool paced = o->rate > 0 || o->think > 0;

	if (!(o->rate >= 0 && o->rate <= 1e8))
		return "the rate must be more than 0 and at most 100000000 per second";
	if (!(o->think >= 0 && o->think <= 3600))
		return "the time to think must be 0 to 3600 seconds";
	if (!(o->ramp >= 0 && o->ramp <= 3600))
		return "the ramp must be 0 to 3600 seconds";
	if (o->rate > 0 && o->think > 0)
		return "requests come at a rate, or when clients have thought, not both";
	if (paced && o->script)
		return "a script says itself what is sent when (pause): it takes no rate and no "
		       "time to think";
	if ((paced || o->per_connection) && o->pipeline > 1)
		return "a pipeline needs a closed loop without pauses: neither a rate, nor time to "
		       "think, nor a number of requests per connection";
	if (o->per_connection && (o->mode == LOAD_CLOSE || o->per_connection == 1))
		return "requests per connection are 2 or more, with mode keep; one is mode close";
	if (o->per_connection && o->script)
		return "a script takes no number of requests per connection";
	if (o->ramp > 0 && o->rate > 0 && o->mode == LOAD_CLOSE)
		return "a ramp and a rate need mode keep: with mode close the arrivals open "
		       "connections";
	if (o->threads < 1 || o->threads > 64 || o->threads > o->connections)
		return "threads must be 1 to 64, and no more than connections";
	return NULL;
}

static const char *misfit(const struct load_options *o, const struct address *target)
{
	bool datagram = target->type == SOCK_DGRAM;

	if (o->connections < 1 || o->connections > 1000000)
		return "connections must be 1 to 1000000";
	if (o->pipeline < 1 || o->pipeline > 1024)
		return "the pipeline's length must be 1 to 1024";
	if (o->pipeline > 1 && (datagram || o->mode == LOAD_CLOSE))
		return "a pipeline needs a stream and mode keep: elsewhere a connection has one "
		       "request";
	if (o->company && datagram)
		return "company needs a stream, tcp:// or unix://";
	if (!(o->duration > 0 && o->duration <= 86400))
		return "the duration must be more than 0 and at most 86400 seconds";
	if (!(o->warmup >= 0 && o->warmup <= 3600))
		return "the warm-up must be 0 to 3600 seconds";
	if (!(o->timeout > 0 && o->timeout <= 3600))
		return "the timeout must be more than 0 and at most 3600 seconds";
	return NULL;
}

int load_raise_files(uint64_t *most)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		return -errno;
	r.rlim_cur = *most = r.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &r) ? -errno : 0;
}

static int raise_files(const struct load_options *o, char *why, size_t size)
{
	unsigned company = o->company ? company_size(o->company, o->connections) : 0;
	unsigned needed = o->connections + company + o->threads + OTHER_FILES;
	uint64_t most = 0;
	int err = load_raise_files(&most);

	if (err) {
		snprintf(why, size, "the limit of open files (ulimit -n) cannot be raised: %s",
			 strerror(-err));
		return err;
	}
	if (needed <= most)
		return 0;
	snprintf(why, size,
		 "%u connections need %u open files, and the hard limit (ulimit -Hn) is %llu",
		 o->connections + company, needed, (unsigned long long)most);
	return -EMFILE;
}

static int parse_target(const struct load_options *o, struct address *target, char *why,
			size_t size)
{
	int err = address_parse(o->target, target);

	if (err)
		snprintf(why, size, "%s: %s", o->target,
			 err == -ENOENT ? "the host must be a number, not a name"
					: "not of the form tcp://host:port, udp://host:port, "
					  "unix:///path or unix-dgram:///path");
	return err;
}

static int fit(const struct load_options *o, struct address *target, char *why, size_t size)
{
	int err = parse_target(o, target, why, size);
	const char *reason;

	if (err)
		return err;
	reason = misfit(o, target);
	if (!reason)
		reason = pace_misfit(o);
	if (!reason)
		reason = exchange_of(o)->misfit(o, target);
	if (!reason)
		return 0;
	snprintf(why, size, "%s", reason);
	return -EINVAL;
}

int load_fits(const struct load_options *o, char *why, size_t size)
{
	struct address target;

	return fit(o, &target, why, size);
}

int load_check(const struct load_options *o, struct address *target, char *why, size_t size)
{
	int err = fit(o, target, why, size);

	return err ? err : raise_files(o, why, size);
}
