/* SPDX-License-Identifier: MIT */
/*
 * <modus/test.h>: runs a plugin against a script: no process, no socket, no sleeping.  It is one
 * more model ("script"), which waits as an event loop does, but whose transport is memory and whose
 * clock the test advances.  So the plugin's own machine code is tested, in any test framework.
 *
 * Link with modus-test.  The plugin is loaded from its file, or compiled into the test program with
 * -DMODUS_PLUGIN_SYMBOL=some_name.  The rules:
 *
 * 1. All runs on the calling thread, and one thread uses a struct modus_test.  Several may exist.
 * 2. Each call that changes something runs the plugin until it can do nothing more: until all it
 *    does waits for a client, for the clock or for a descriptor of its own.  Those are looked at
 *    each time and never waited for; modus_test_elapse(t, 0) looks again.
 * 3. The same calls with the same seed run the same way, unless the plugin asks the world outside
 *    (the time of day, random numbers, files, threads).
 * 4. What a test does wrong, and what a plugin may never do, is told on standard error and aborts.
 * 5. Sizes are in bytes, times in milliseconds, errors negative errnos.
 */
#ifndef MODUS_TEST_H
#define MODUS_TEST_H

#include <modus/handler.h>

#ifdef __cplusplus
extern "C" {
#endif

struct modus_test;   /* one service */
struct modus_client; /* one peer of it; made and owned by modus, until modus_test_end() */

/* ---- A service --------------------------------------------------------------------------------*/

/* Loads the plugin in file (with a '/').  It stays loaded.  NULL: the reason is on stderr. */
const struct modus_plugin *modus_test_load(const char *file);

/* Checks the plugin and its settings ("a = 1; b = \"c\";" as in a config; NULL is ""), then calls
 * start(), for which time passes as it waits.  Input whose loan has ended is overwritten from here
 * on, so that its use shows.  NULL: the reason is on stderr.  Free the result with _end. */
struct modus_test *modus_test_begin(const struct modus_plugin *plugin, const char *settings);

/* Drains without grace, so that each connection ends as at the end of a server, detaches, stop()s,
 * and frees t and its clients.  Aborts on a connection that does not end.  NULL is fine. */
void modus_test_end(struct modus_test *t);

/* Sets a deadline of connections made from here on; else they are 60 s, 15 s and 15 s. */
void modus_test_deadline(struct modus_test *t, enum modus_deadline which, int ms);

/* ---- Hardships --------------------------------------------------------------------------------*/

/* Makes the run harder, in a way that the seed decides: input comes in pieces of 1 byte and up,
 * output is taken in pieces, other connections run at calls that WAIT, blocking work is begun later
 * and at one of two places, a reset destroys what was not read.  Seed 0 is the extreme: each byte
 * comes alone, and others run at each such call. */
void modus_test_vary(struct modus_test *t, unsigned seed);

/* The nth (from 1) of the plugin's calls of the named function, say "modus_write", counted from
 * here on over all connections, fails with error (negative) and does nothing else; input and output
 * failures stick.  The functions are those of input and output but modus_consume(), modus_room(),
 * and modus_vprintf(), which counts as "modus_printf"; and modus_sleep(), _poll(), _block(),
 * _connect(), _alloc().  One for each function; nth 0 undoes it. */
void modus_test_fail(struct modus_test *t, const char *function, unsigned nth, int error);

/* Whether that call has come, for loops over n; false if none is asked for. */
bool modus_test_failed(const struct modus_test *t, const char *function);

/* ---- Time -------------------------------------------------------------------------------------*/

/* Advances the clock by ms >= 0; what becomes due runs when it does, tick() included. */
void modus_test_elapse(struct modus_test *t, int ms);

/* Begins to stop: idle connections close, modus_draining() is true; after grace_ms more have
 * elapsed each call returns -ECANCELED; a second later, a connection that still stands aborts. */
void modus_test_drain(struct modus_test *t, int grace_ms);

/* ---- Clients ----------------------------------------------------------------------------------*/

/* A client at from ("192.0.2.1:80", "[2001:db8::1]:80", "unix:/path"; NULL: one of this machine)
 * that connects to a listener at to: "tcp://", "udp://", "unix://" or "unix-dgram://", with an
 * address behind it where modus_local() matters.  A plugin that is not REENTRANT serves one client
 * after another. */
struct modus_client *modus_test_connect(struct modus_test *t, const char *from, const char *to);

/* The far end of the plugin's next modus_connect(c, to, ...), with the same text; stalled before
 * that, it does not answer the connect until it is no longer; reset, it refuses.  With no far end,
 * a connect is refused, and a host's name is not found (-ENOENT). */
struct modus_client *modus_test_accept(struct modus_test *t, const char *to);

/* Sends n bytes; of datagrams, as one. */
void modus_client_send(struct modus_client *k, const void *data, size_t n);
void modus_client_shutdown(struct modus_client *k); /* sends the end of input */
void modus_client_reset(struct modus_client *k);    /* is gone at once */
/* Takes no output: 64 KiB of it are held between the two, then the plugin waits.  A client that is
 * not stalled still takes no more than 1 MiB until the test has asked for it. */
void modus_client_stall(struct modus_client *k, bool stalled);

/* What came since the last call, and its length unless len is NULL; a NUL follows it.  Of datagrams
 * the next one, NULL if there is none.  Borrowed until the next such call for k. */
const char *modus_client_received(struct modus_client *k, size_t *len);

enum modus_client_state {
	MODUS_PARKED,      /* no callback runs; of a far end: no connect has come */
	MODUS_WAITING,     /* one runs and waits; of a far end: the plugin is or gets connected */
	MODUS_HALF_CLOSED, /* the plugin has ended its output */
	MODUS_CLOSED,      /* finish() has been called, or was not owed */
};
/* The state; and in *error, unless NULL, what verify(), setup() or handle() returned if that was an
 * error, else the failure that stuck, else 0.  Of a client of datagrams PARKED or WAITING, and the
 * error of the last one that was done with. */
enum modus_client_state modus_client_state(const struct modus_client *k, int *error);

#ifdef __cplusplus
}
#endif
#endif
