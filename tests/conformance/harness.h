/* SPDX-License-Identifier: MIT */
/*
 * What the conformance tests are written with: servers, which serve the model and the transport
 * under test, and clients.  Every wait is bounded, and what was expected and did not come fails the
 * test.  After each test its clients are closed, its own servers are gone, and those that tests
 * share must still run.
 */
#ifndef CONFORMANCE_HARNESS_H
#define CONFORMANCE_HARNESS_H

#include "core/counters.h"

#include <check.h>
#include <modus/model.h>

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define WITH_TSAN 1
#endif
#if defined(WITH_ASAN) || defined(WITH_TSAN)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* Milliseconds that anything may take which should happen; less than the default grace, except
 * where a sanitizer slows all. */
enum { PATIENCE = SANITIZED ? 40000 : 9000 };

struct subject {
	const char *model, *rows; /* "pool", "park = false;" */
	const char *transport;    /* "tcp4" */
	unsigned capabilities;    /* of the model */
	int family;
	bool datagram;
	char dir[64]; /* for configs and sockets */
};
extern struct subject subject;

bool can(unsigned capabilities); /* whether the model has all of these */
void needs(TCase *cases, unsigned capabilities, const TTest *test); /* adds it, or says why not */

int64_t now_ms(void);
void pause_ms(int ms); /* only where the passing of time is what is tested */
bool is_long(void);    /* there is time for the long variants: MODUS_TEST_LONG is set */

/* ---- Servers ----------------------------------------------------------------------------------*/

struct server;

/* A config with one service, "test".  handler: what stands in its group; rows: further ones of the
 * service.  A shared server is started by the first test that asks for it. */
struct server *server_new(const char *handler, const char *rows);
struct server *server_shared(const char *handler, const char *rows);

/* The same as the first, with further rows of the model. */
struct server *server_sized(const char *model_rows, const char *handler, const char *rows);

/* Writes the rows that give the model so many fibers, children or threads, if it has any; returns
 * how many it can be given. */
int model_places(int wanted, char *rows, size_t size);

/* Such a shared one, whose model has only so many fibers, children or threads, if any. */
struct server *server_narrow(int places, const char *handler, const char *rows);

/* A config of several services, run under a supervisor.  listen NULL: the transport under test. */
void config_begin(void);
void config_add(const char *name, const char *listen, const char *handler, const char *rows);
const char *config_write(const char *path); /* ends it; its text, until the next begins */
struct server *server_supervised(void);
struct server *server_alone(void);      /* the same, of one service, in one process */
struct server *server_fails(void);      /* to start, with a status other than 0 */
struct server *server_begins(void);     /* supervised, and listens: it need not be ready */
void server_is_ready(struct server *s); /* waits for it */

void server_term(struct server *s);
void server_ends(struct server *s, int within_ms); /* by itself, with status 0, without a report */
void server_vanishes(struct server *s, int within_ms); /* however, with threads and memory left */
void server_stop(struct server *s);                    /* both of the first two */
void server_may_report(struct server *s);              /* it is told to crash */
void server_feed(struct server *s);                    /* a byte to its standard input */
bool server_runs(struct server *s);
int server_pid(const struct server *s);
int server_service(const struct server *s);    /* the process of a supervised service */
int64_t server_cpu_ms(const struct server *s); /* that its process has spent */
bool server_logged(const struct server *s, const char *text);
void server_logs(const struct server *s, const char *text); /* waits for it */
const char *server_url(const struct server *s, const char *service);

/* Runs modus-check on the config; returns its exit status, what it said in *said. */
int config_check(const char **said);

void servers_after_test(void); /* fixtures */
void servers_end(void);
void servers_tell(void); /* the end of each log, after failures */

/* ---- What a server counts and holds
 * ------------------------------------------------------------*/

uint64_t server_count(const struct server *s, enum counter which);
void server_counts(const struct server *s, enum counter which, uint64_t n);      /* waits for n */
uint64_t server_reaches(const struct server *s, enum counter which, uint64_t n); /* or for more */

long server_clients(const struct server *s); /* at the moment */

struct vitals { /* of the whole process tree of a server */
	long processes, threads, descriptors;
	long data_kb, anonymous_kb; /* what may be written to, what of that is there */
};

/* What it holds when no client is left and nothing changes any more. */
struct vitals server_at_rest(const struct server *s);

/* After an attack: it holds no more than it did at rest before, and serves as many clients at a
 * time as it has places. */
void expect_unharmed(const struct server *s, const struct vitals *before, int places);

/* ---- Hostile clients
 * ---------------------------------------------------------------------------*/

enum { HOSTILE_PLACES = 8 };
#define NONE COUNT_KINDS       /* nothing counts it */
#define ANY  (COUNT_KINDS + 1) /* what does depends on who is first */

struct attack {
	struct server *server;
	int places;                                       /* that it has */
	void (*run)(struct server *s, const void *about); /* one round */
	const void *about;
	int rounds;
	enum counter counted; /* and nothing else, */
	uint64_t count;       /* so often in a round */
};
void hostile(const struct attack *a);            /* makes it, and expects the server unharmed */
int hostile_many(int n);                         /* a part of them where they are dear */
int hostile_clients(void);                       /* that can be served at a time */
struct server *hostile_target(const char *rows); /* with so many places, where there are several */

/* ---- Clients ----------------------------------------------------------------------------------*/

int client(const struct server *s); /* connected, and named where it needs a name to be answered */
int client_at(const char *url);
int client_try(const char *url);                     /* -1: refused */
int client_send(int fd, const void *data, size_t n); /* 0, or -1: the peer is gone */
void hang_up(int fd);
void hang_up_with_reset(int fd); /* Unix sockets: if there is something unread, else in order */
void end_output(int fd);
void clients_after_test(void); /* fixture */

int client_keep(int fd); /* until the test ends */
socklen_t url_address(const char *url, struct sockaddr_storage *out, int *type);
void await(int fd, short events, const char *what);

/* One line, or one datagram.  expect() compares all of it, without the last LF. */
void say(int fd, const char *format, ...) MODUS_FORMAT(2, 3);
void put(int fd, const void *data, size_t n);
const char *hear(int fd); /* until the next call */
void expect(int fd, const char *format, ...) MODUS_FORMAT(2, 3);
void ask(int fd, const char *command, const char *reply);

void expect_bytes(int fd, const void *data, size_t n);
void expect_pattern(int fd, size_t n, size_t first); /* of every's pattern, from the first-th */
void expect_end(int fd);                             /* nothing more, in order */
void expect_gone(int fd);                            /* nothing more of use, in any way */
void expect_silence(int fd, int ms);
size_t discard_all(int fd); /* reads until the end, in order or not; returns how much */

/* A field "name=N" of a reply. */
long field(const char *reply, const char *name);

/* ---- Peers of the service's outbound connections ----------------------------------------------*/

int upstream_listen(const char *scheme, char *url, size_t size); /* a listener or datagram socket */
int upstream_accept(int listener);
void upstream_echo_start(int listener); /* serves one connection on a thread: all comes back */
void upstream_echo_join(void);          /* also a fixture */

/* ---- The parts --------------------------------------------------------------------------------*/

void add_about(Suite *s);
void add_access(Suite *s);
void add_services(Suite *s);
void add_input(Suite *s);
void add_output(Suite *s);
void add_waiting(Suite *s);
void add_blocking(Suite *s);
void add_upstream(Suite *s);
void add_deadlines(Suite *s);
void add_news(Suite *s);
void add_lifecycle(Suite *s);
void add_drain(Suite *s);
void add_stop(Suite *s);
void add_datagram(Suite *s);
void add_fairness(Suite *s);
void add_tasks(Suite *s);
void add_crash(Suite *s);
void add_hostile_crowd(Suite *s);
void add_hostile_flood(Suite *s);
void add_hostile_during(Suite *s);
void add_hostile_leave(Suite *s);
void add_hostile_slow(Suite *s);
void add_pairs(Suite *s);

TCase *part(Suite *s, const char *name); /* with the fixtures of all */

#endif
