/* SPDX-License-Identifier: MIT */
/*
 * A crowd in every state that a connection can be in, when the service is told to stop: whose
 * request was begun and can end within the grace has its reply, all others are gone after it, and
 * nothing is left of the tree of processes.
 */
#include "tests/conformance/harness.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
	GRACE = 2, /* seconds */
	LONG_GRACE = 5,
	LAST_MS = 1500, /* from then on, at most */
	SLACK_MS = 8000,
	SPARE = 24,           /* places for those that need one for a moment */
	BEHIND = 20,          /* in the queue of a model that serves one at a time */
	PROCESSES_MAX = 1000, /* as many as are sensible */
	SANITIZED_MAX = 2000,
	CROWD_MAX = 10000 + BEHIND,
};

/* "sleep 700" ends within the grace, "sleep 600000" does not. */
static const struct state {
	const char *name;
	int few, many;               /* of a crowd of 300, of one of 10,000 */
	const char *request, *hears; /* what brings it there, and tells that it is; NULL: nothing */
	bool half_closes;
	bool lingers;
	bool ends;         /* there is nothing to wait for */
	const char *later; /* what is said while the service drains, or NULL */
	const char *reply; /* what has to come then; NULL: nothing */
	size_t pattern;    /* and so much of every's pattern */
} states[] = {
	{ "silent", 80, 3000, "", .ends = true },
	{ "parked", 100, 4600, "echo x\n", "ok x", .ends = true },
	{ "half a request", 10, 750, "echo ha" },
	{ "half, then the rest", 10, 750, "echo ha", .later = "lf", .reply = "ok half" },
	{ "never reads", 10, 160, "big 60000000\n", "ok 60000000" },
	{ "reads late", 10, 20, "big 4000000\n", "ok 4000000", .reply = "", .pattern = 4000000 },
	{ "long work", 20, 180, "echo x\nsleep 600000\n", "ok x" },
	{ "half-closed, long work", 10, 90, "echo x\nsleep 600000\n", "ok x", true },
	{ "short work", 20, 180, "echo x\nsleep 700\n", "ok x", .reply = "ok" },
	{ "half-closed, short work", 10, 90, "echo x\nsleep 700\n", "ok x", true, .reply = "ok" },
	{ "lingering", 20, 180, "quit\nnot read", "ok", .lingers = true, .ends = true },
};

enum { STATES = sizeof(states) / sizeof(states[0]) };

static struct {
	struct client {
		const struct state *state;
		int fd;
	} all[CROWD_MAX];
	int count;
	char rows[64]; /* that give the model its places */
} crowd;

/* ---- Who comes --------------------------------------------------------------------------------*/

static void add(const struct state *state, int n)
{
	for (int i = 0; i < n; i++)
		crowd.all[crowd.count++] = (struct client) { state, -1 };
}

/* Whether a connection has a place to itself from its beginning to its end. */
static bool holds_places(void)
{
	return strncmp(crowd.rows, "max_children", 12) == 0 ||
	       strncmp(crowd.rows, "max_threads", 11) == 0 || strstr(subject.rows, "park = false");
}

/* All states at once, of as many as the model and this machine can have. */
static void gather(void)
{
	int sum = 0, most, places;

	crowd.count = 0;
	for (int i = 0; i < STATES; i++)
		sum += is_long() ? states[i].many : states[i].few;
	places = model_places(sum + SPARE, crowd.rows, sizeof(crowd.rows));
	most = holds_places() ? places - SPARE : sum;
	if (can(MODUS_PROCESSES) && most > PROCESSES_MAX)
		most = PROCESSES_MAX;
	if (SANITIZED && most > SANITIZED_MAX)
		most = SANITIZED_MAX;
	for (int i = 0; i < STATES; i++) {
		int64_t n = is_long() ? states[i].many : states[i].few;

		add(&states[i], most < sum ? (int)(n * most / sum) + 1 : (int)n);
	}
	printf("a crowd of %d, %s\n", crowd.count, crowd.rows);
}

/* ---- They come --------------------------------------------------------------------------------*/

static void come(const char *url, struct client *k)
{
	k->fd = client_at(url);
	put(k->fd, k->state->request, strlen(k->state->request));
	if (k->state->half_closes)
		end_output(k->fd);
}

static void be_there(struct client *k)
{
	if (k->state->hears)
		expect(k->fd, "%s", k->state->hears);
	if (k->state->lingers)
		await(k->fd, POLLIN, "the end of its output");
}

/* Each state in turn; what a server begins to do for the last does not take long. */
static void all_come(struct server *s, int served)
{
	const char *url = server_url(s, "test");
	size_t bytes = 0;

	for (int i = 0; i < crowd.count; i++) {
		come(url, &crowd.all[i]);
		bytes += i < served ? strlen(crowd.all[i].state->request) : 0;
	}
	for (int i = 0; i < served; i++)
		be_there(&crowd.all[i]);
	server_counts(s, COUNT_accepted, (uint64_t)served);
	server_counts(s, COUNT_bytes_in, bytes);
}

/* ---- They are served, or gone -----------------------------------------------------------------*/

static void say_the_rest(void)
{
	for (int i = 0; i < crowd.count; i++)
		if (crowd.all[i].state->later)
			say(crowd.all[i].fd, "%s", crowd.all[i].state->later);
}

static void expect_reply(const struct client *k)
{
	if (!k->state->reply)
		return;
	if (*k->state->reply)
		expect(k->fd, "%s", k->state->reply);
	expect_pattern(k->fd, k->state->pattern, 0);
	expect_end(k->fd);
}

/* At once, that is before the others; who was not accepted when the service itself ends. */
static void expect_end_of_idle(int served)
{
	for (int i = 0; i < served; i++)
		if (crowd.all[i].state->ends)
			expect_gone(crowd.all[i].fd);
}

static void expect_nobody(int group)
{
	int64_t end = now_ms() + PATIENCE;

	while (kill(-group, 0) == 0) {
		ck_assert_msg(now_ms() < end, "something of the process group %d is left", group);
		pause_ms(2);
	}
	ck_assert_int_eq(errno, ESRCH);
}

/* Replies take their time, too, where they are many. */
static int grace(void)
{
	return can(MODUS_CONCURRENT) && (is_long() || SANITIZED) ? LONG_GRACE : GRACE;
}

static struct server *serve(void)
{
	const char *kept = subject.rows;
	char rows[128], service_rows[128];

	snprintf(rows, sizeof(rows), "%s %s", kept, crowd.rows);
	subject.rows = rows;
	snprintf(service_rows, sizeof(service_rows),
		 "limits = { connections = 20000; }; timeouts = { grace = %d; };", grace());
	config_begin();
	config_add("test", NULL, "type = \"every\";", service_rows);
	subject.rows = kept;
	return server_supervised();
}

static void stop_before(int served)
{
	struct server *s = serve();
	int group = server_pid(s);
	char last[64];

	all_come(s, served);
	server_term(s);
	server_logs(s, "draining, ");
	say_the_rest();
	for (int i = 0; i < served; i++)
		expect_reply(&crowd.all[i]);
	expect_end_of_idle(served);
	server_ends(s, grace() * 1000 + LAST_MS + SLACK_MS);
	expect_nobody(group);
	for (int i = 0; i < crowd.count; i++)
		discard_all(crowd.all[i].fd);
	snprintf(last, sizeof(last), "every: stop after setup=%d finish=%d", served, served);
	server_logs(s, last);
}

START_TEST(every_state_at_once)
{
	gather();
	stop_before(crowd.count);
}
END_TEST

/* One of them is served, others wait behind it; nobody lingers there. */
START_TEST(each_state)
{
	crowd.count = 0;
	add(&states[_i], 1);
	add(&states[0], BEHIND);
	stop_before(1);
}
END_TEST

void add_stop(Suite *s)
{
	TCase *t = part(s, "stop");

	if (can(MODUS_CONCURRENT))
		tcase_add_test(t, every_state_at_once);
	else
		tcase_add_loop_test(t, each_state, 0, STATES - 1);
}
