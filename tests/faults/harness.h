/* SPDX-License-Identifier: MIT */
/*
 * What the tests of faults are written with: services that a test forks, so that it can make their
 * calls fail, see their counters and end their processes; and the clients of the conformance tests.
 */
#ifndef FAULTS_HARNESS_H
#define FAULTS_HARNESS_H

#include "core/counters.h"
#include "core/plan.h"
#include "tests/conformance/harness.h"
#include "tests/faults/wrap.h"

/* What is said of a test that fails, and of its place when it did. */
void test_at(const char *format, ...) MODUS_FORMAT(1, 2);

/* ---- What a process holds ---------------------------------------------------------------------*/

struct held {
	long descriptors, threads, blocks, mappings;
};
struct held held_now(void);
/* Waits a moment for threads to be gone; false, and a line in the log, if there is more. */
bool held_is(struct held want, const char *when);

/* ---- Plans ------------------------------------------------------------------------------------*/

extern const struct modus_plugin every_plugin, rogue_plugin;

/* The plan of one service, "test", of the model under test.  listen: "tcp", or "tcp" and "udp". */
struct plan *plan_new(const char *handler, bool datagrams, const char *rows);
const struct plan_service *plan_first(const struct plan *plan);

/* Rows of a service that forgets silent clients soon and has few places. */
#define LIMITED                            \
	"limits = { connections = 5; };\n" \
	"timeouts = { idle = 5; request = 5; write = 5; grace = 2; };"
enum { LIMIT = 5 };

/* ---- Services.  One not supervised has its counters here, and listens before it begins.
 * --------*/

struct server *serve(const char *handler, const char *rows);
struct server *serve_perhaps(const char *handler, const char *rows);     /* NULL: it said why not */
struct server *supervise_perhaps(const char *handler, const char *rows); /* it may have ended */
struct server *serve_supervised(const char *handler, const char *rows);
struct server *serve_hosted(const char *handler, const char *rows); /* by an application */

uint64_t counted(const struct server *s, enum counter which);
uint64_t losses(const struct server *s); /* that any counter tells of */
void await_count(const struct server *s, enum counter which, uint64_t at_least);

void all_closed(const struct server *s); /* waits until what was accepted is closed */

int server_hour(const struct server *s, const char *text); /* of the first line with that text */

int process_child(int pid, int index); /* the index-th, from 0; 0: there is none */
void group_is_gone(int group);         /* waits for the end of its processes, and reaps them */
int64_t process_cpu_ms(int pid);
int process_descriptors(int pid);
bool server_exited(const struct server *s, int *status); /* after server_vanishes() */
void server_is_clean(const struct server *s);            /* nothing leaked, no sanitizer's report */

/* ---- Clients that may be lost -----------------------------------------------------------------*/

enum outcome { SERVED, REFUSED, LOST };

/* The reply begins with want, or with "err -", or there is none. */
enum outcome try_ask(int fd, const char *command, const char *want);
enum outcome try_hear(int fd, const char *want);

void serves_next(struct server *s); /* a new client is served */

/* Exactly so many are served at once. */
void limit_is(struct server *s, int connections);

/* ---- The parts --------------------------------------------------------------------------------*/

void add_start(Suite *s);
void add_calls(Suite *s);
void add_lasting(Suite *s);
void add_shortage(Suite *s);
void add_supervise(Suite *s);
void add_kill(Suite *s);
void add_clock(Suite *s);
void add_hang(Suite *s);
void add_rogue(Suite *s);
void add_taken(Suite *s);

#endif
