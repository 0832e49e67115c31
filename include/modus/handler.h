/* SPDX-License-Identifier: MIT */
/*
 * <modus/handler.h>: all that a handler plugin sees of modus.  A handler is straight-line code; the
 * model named in the config decides who runs it and what waiting means.  The rules:
 *
 * 1. Results: 0 or a count is success, a negative errno is failure.  errno itself means nothing.
 *    A call that returns a pointer returns NULL on failure and modus_error() says which.
 * 2. Failure sticks: once the input (or the output) of a connection has failed, each further input
 *    (output) call returns the same error at once.  So only the last result need be looked at.
 * 3. Calls marked WAITS may let other connections run, even if they need not wait: hold no lock
 *    across one.  Before they wait, what was written on c and on the connections that c opened is
 *    sent (datagrams are not, they want modus_flush()).  Beside their own errors they return
 *    -ETIMEDOUT (the deadline in force has passed), -ECANCELED (the service stops, its grace is
 *    over), -ECONNRESET or -EPIPE (the peer is gone), -ENOMEM.  Every call returns, nothing unwinds
 *    a handler: clean up as in any C function.
 * 4. Calls for one connection never overlap.  Calls for two may, as the flags allow.  One callback
 *    stays on one thread from entry to return; the next may be on another.
 * 5. Pointers passed in are borrowed until the call returns.  Pointers returned belong to modus
 *    and are borrowed for as long as their comment says.  File descriptors are never consumed.
 * 6. Sizes are in bytes.  Times are in milliseconds of the monotonic clock; MODUS_FOREVER = no end.
 * 7. No C++ exception may leave a callback, and no catch block may contain a call that WAITS.
 */
#ifndef MODUS_HANDLER_H
#define MODUS_HANDLER_H

#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MODUS_EXPORT       __attribute__((visibility("default")))
#define MODUS_CHECKED      __attribute__((warn_unused_result))
#define MODUS_FORMAT(f, a) __attribute__((format(printf, f, a)))

#define MODUS_FOREVER (-1)

struct modus_conn;   /* a client's connection, one made by modus_connect(), or a task without peer */
struct modus_plugin; /* a plugin's descriptor, below */

struct modus_instance {        /* a plugin at work; made and owned by modus */
	const char *name;      /* of the service, or of the hosted plugin */
	const void *settings;  /* typed, as the plugin's rows say; until stop() has returned */
	void *state;           /* the plugin's own: set it in start(), free it in stop() */
};

/* What handle() returns; a negative errno closes too, and is counted and logged under its name. */
enum { MODUS_KEEP = 0, MODUS_CLOSE = 1 };

enum modus_flag {
	MODUS_STREAM = 1 << 0,        /* serves TCP and Unix streams */
	MODUS_DATAGRAM = 1 << 1,      /* serves UDP and Unix datagrams */
	MODUS_REENTRANT = 1 << 2,     /* handlers may run interleaved and in several threads */
	MODUS_SHARES_MEMORY = 1 << 3, /* instance->state must be seen by all: not for fork, prefork */
	MODUS_BLOCKS = 1 << 4,        /* blocks outside modus_block(): not for epoll, uring... */
	MODUS_SPEAKS_FIRST = 1 << 5,  /* the first handle() is called before there is input */
};

/* ---- Input: a datagram is an input that ends after its last byte ------------------------------*/

/* Reads 1 to size bytes, WAITS for the first.  Returns the count, 0 at the end of input. */
MODUS_CHECKED ssize_t modus_read(struct modus_conn *c, void *buf, size_t size);

/* Reads exactly size bytes, WAITS.  Returns size, 0 if the input ended before the first byte;
 * -EBADMSG if it ended later. */
MODUS_CHECKED ssize_t modus_readn(struct modus_conn *c, void *buf, size_t size);

/* Reads a line of at most max (< 64 KiB) bytes, WAITS.  Returns it without its LF or CR LF, NUL-
 * terminated, yours to change, borrowed until the next input call on c or the callback's return;
 * its length in *len unless len is NULL.  NULL: modus_error() is 0 at the end of input, -EBADMSG
 * if that cut a line (a datagram's end ends one too), -EMSGSIZE if it is longer: answer, close. */
MODUS_CHECKED char *modus_readline(struct modus_conn *c, size_t max, size_t *len);

/* Shows the input that is there at *data, WAITS until it is at least min (<= 64 KiB) bytes; min 0
 * takes what has come so far.  Returns how many lie there: fewer than min only at the end of input.
 * They are yours to change and borrowed as a line is; modus_consume() ends the loan of its n. */
MODUS_CHECKED ssize_t modus_peek(struct modus_conn *c, size_t min, char **data);

/* Takes n bytes off the input, no more than the last modus_peek() showed. */
void modus_consume(struct modus_conn *c, size_t n);

/* ---- Output: gathered; sent when much, before c waits or parks, at a flush, at the end ---------
 * On datagrams each modus_flush(), and the end, sends what was written, if anything, as one. */

/* Writes all n bytes, WAITS while the peer does not take them.  0; -EMSGSIZE: datagram too long. */
int modus_write(struct modus_conn *c, const void *buf, size_t n);
int modus_printf(struct modus_conn *c, const char *format, ...) MODUS_FORMAT(2, 3);
int modus_vprintf(struct modus_conn *c, const char *format, va_list args) MODUS_FORMAT(2, 0);

/* Sends count bytes of the regular file fd from offset, WAITS.  fd is borrowed, its own offset
 * unchanged.  -EIO: the file is shorter, and the output failed; -EOPNOTSUPP: c is a datagram. */
int modus_sendfile(struct modus_conn *c, int fd, int64_t offset, int64_t count);

int modus_flush(struct modus_conn *c);         /* sends now, WAITS */
int modus_shutdown(struct modus_conn *c);      /* half-close: ends our output once it is sent; no wait */
size_t modus_room(const struct modus_conn *c); /* bytes that a write takes without waiting */

/* ---- Waiting ----------------------------------------------------------------------------------*/

int modus_sleep(struct modus_conn *c, int ms); /* WAITS; 0 or negative errno */

struct modus_pollfd {
	struct modus_conn *conn; /* c itself or one that c opened; NULL: look at fd */
	int fd;                  /* any descriptor, borrowed */
	short events;            /* POLLIN: a read would not wait; POLLOUT: modus_room() > 0 */
	short revents;           /* out, as of poll(2); POLLERR: modus_error(conn) tells */
};

/* WAITS until one of set[0..n) is ready, and goes on sending what is pending on its connections.
 * Returns how many are; 0 when ms have passed, and once when the service begins to drain. */
MODUS_CHECKED int modus_poll(struct modus_conn *c, struct modus_pollfd *set, unsigned n, int ms);

/* WAITS for work(worker, arg), run where blocking is allowed; worker is what attach() made for
 * that place, or NULL.  No two works share a worker at a time; the next call may get another, so
 * begin and commit in one.  Once begun, work is waited for, past any deadline.  It may call only
 * modus_log() and modus_publish().  Returns work's result; attach()'s error; -ETIMEDOUT or
 * -ECANCELED if work was not begun.  None of these sticks.  Work in a process of its own (fork) is
 * told of the drain by a signal: of its system calls those that SA_RESTART restarts go on, but
 * nanosleep(), poll() and others (see signal(7)) may return EINTR. */
MODUS_CHECKED int modus_block(struct modus_conn *c, int (*work)(void *worker, void *arg),
			      void *arg);

/* WAITS, at most ms, to connect to "tcp://host:port", "udp://host:port" or "unix:///path".  *up
 * takes all calls above, and never outlives c: modus_close() closes it, else c's end does.  c's
 * deadlines cover it.  -EINVAL: no such address; -ENOENT: no such host; -ETIMEDOUT; what connect(2)
 * says.  None sticks. */
MODUS_CHECKED int modus_connect(struct modus_conn *c, const char *to, int ms,
				struct modus_conn **up);
void modus_close(struct modus_conn *up); /* only what modus_connect() made; unsent output is lost */

/* Sets a deadline of c.  REQUEST: how long the present request may still wait for input (sleeping,
 * blocking work, modus_poll() and outbound connections do not count); until its handle() returns
 * having consumed something.  For good: IDLE, while parked; WRITE, without progress in sending. */
enum modus_deadline { MODUS_IDLE, MODUS_REQUEST, MODUS_WRITE };
void modus_set_deadline(struct modus_conn *c, enum modus_deadline which, int ms);

/* ---- News: from any connection, process or service to those parked, under every model ----------
 * A hint without content: handle() is called and looks into the shared store.  None is lost after
 * modus_subscribe(), so subscribe, then look; there may be one too many.  Topics are copied. */
int modus_subscribe(struct modus_conn *c, const char *topic); /* 0; -ENOSPC beyond 8 topics */
void modus_unsubscribe(struct modus_conn *c);                 /* from all */
void modus_publish(const char *topic);

/* ---- About a connection -----------------------------------------------------------------------*/

enum { MODUS_INPUT = 1, MODUS_NEWS = 2 };
unsigned modus_events(const struct modus_conn *c); /* why handle() was called; 0: to speak first */
int modus_error(const struct modus_conn *c);       /* the first failure that stuck, or 0 */
bool modus_is_datagram(const struct modus_conn *c);
bool modus_draining(const struct modus_conn *c);   /* finish soon: the service stops after grace */

struct modus_address {
	const struct sockaddr *addr;
	socklen_t addrlen;
	const char *text; /* "192.0.2.1:80", "[2001:db8::1]:80", "unix:/path"; "-" for a task */
};
const struct modus_address *modus_peer(const struct modus_conn *c);  /* until finish() returned */
const struct modus_address *modus_local(const struct modus_conn *c); /* likewise */
/* The first of these without the text, which takes a while to write. */
const struct sockaddr *modus_peer_addr(const struct modus_conn *c, socklen_t *len);
void *modus_session(const struct modus_conn *c); /* session_size bytes, zeroed; until finish() */

struct modus_instance *modus_instance(const struct modus_conn *c);
void *modus_shared(const struct modus_conn *c); /* the instance's shared_size bytes, zeroed at start */

/* For a plugin that hosts others (a HOSTED row made inner): from here on modus_instance(),
 * modus_shared() and modus_block()'s worker are inner's.  Returns what they were: enter it again. */
struct modus_instance *modus_enter(struct modus_conn *c, struct modus_instance *inner);
const struct modus_plugin *modus_plugin(const struct modus_instance *i);

/* Memory, aligned for anything, not zeroed, until this callback returns.  NULL: out of memory. */
MODUS_CHECKED void *modus_alloc(struct modus_conn *c, size_t size);

/* One line, one write; modus adds time, service and, where there is one, the peer.  Keeps errno. */
enum modus_level { MODUS_ERROR, MODUS_WARNING, MODUS_INFO, MODUS_DEBUG };
void modus_log(enum modus_level level, const char *format, ...) MODUS_FORMAT(2, 3);

/* ---- Settings: a struct and the rows that fill it, check it and document it --------------------*/

enum modus_type { MODUS_T_BOOL = 1, MODUS_T_INT, MODUS_T_BYTES, MODUS_T_TIME, MODUS_T_TEXT,
		  MODUS_T_CHOICE, MODUS_T_LIST, MODUS_T_GROUP, MODUS_T_HOSTED };
struct modus_list { size_t count; const void *items; }; /* of const char *, or of structs */

struct modus_setting {         /* write rows with the macros below */
	const char *key, *unit, *doc;
	enum modus_type type;
	size_t offset;
	int64_t def, min, max;
	const char *text;      /* default of a TEXT (NULL = must be given); words of a CHOICE */
	const struct modus_setting *rows; /* of a GROUP, of a LIST of groups; NULL: a list of texts */
	size_t rows_size;      /* of the struct that they fill */
};

/* (struct, field, "key", default, min, max, "unit", "a sentence"); the field's type is checked */
#define MODUS_OFFSET_(S, f, type) (offsetof(S, f) + 0 * sizeof(&((S *)0)->f == (type *)0))
#define MODUS_BOOL(S, f, key, def, doc) \
	{ key, "", doc, MODUS_T_BOOL, MODUS_OFFSET_(S, f, bool), def, 0, 1, NULL, NULL, 0 }
#define MODUS_INT(S, f, key, def, min, max, unit, doc) \
	{ key, unit, doc, MODUS_T_INT, MODUS_OFFSET_(S, f, int64_t), def, min, max, NULL, NULL, 0 }
#define MODUS_BYTES(S, f, key, def, min, max, doc) /* the config may say "64K" */ \
	{ key, "bytes", doc, MODUS_T_BYTES, MODUS_OFFSET_(S, f, int64_t), def, min, max, NULL, NULL, 0 }
#define MODUS_TIME(S, f, key, def, min, max, doc) /* in ms here, in seconds in the config */ \
	{ key, "seconds", doc, MODUS_T_TIME, MODUS_OFFSET_(S, f, int64_t), def, min, max, NULL, NULL, 0 }
#define MODUS_TEXT(S, f, key, def, doc) \
	{ key, "", doc, MODUS_T_TEXT, MODUS_OFFSET_(S, f, const char *), 0, 0, 0, def, NULL, 0 }
#define MODUS_CHOICE(S, f, key, def, words, doc) /* "off|on|auto" fills an int with 0, 1, 2 */ \
	{ key, "", doc, MODUS_T_CHOICE, MODUS_OFFSET_(S, f, int), def, 0, 0, words, NULL, 0 }
#define MODUS_LIST(S, f, key, max, rows, rows_size, doc) /* at most max items */ \
	{ key, "", doc, MODUS_T_LIST, MODUS_OFFSET_(S, f, struct modus_list), 0, 0, max, NULL, rows, rows_size }
#define MODUS_GROUP(S, f, key, rows, doc) /* f is a struct in S, rows fill it */ \
	{ key, "", doc, MODUS_T_GROUP, offsetof(S, f), 0, 0, 0, NULL, rows, sizeof(((S *)0)->f) }
#define MODUS_HOSTED(S, f, key, doc) /* { type = "plugin"; its rows }; NULL when not given */ \
	{ key, "", doc, MODUS_T_HOSTED, MODUS_OFFSET_(S, f, struct modus_instance *), 0, 0, 0, NULL, NULL, 0 }
#define MODUS_END { NULL, NULL, NULL, (enum modus_type)0, 0, 0, 0, 0, NULL, NULL, 0 }

/* ---- The plugin: name, summary, flags and handle must be given, in this order (C++20 wants it) -*/

struct modus_plugin {
	uint32_t magic;                  /* MODUS_PLUGIN() sets these five; they never move */
	uint16_t abi_major, abi_minor;
	uint32_t size, row_size;
	const char *name, *summary;
	unsigned flags;                  /* enum modus_flag */
	const struct modus_setting *settings; /* rows, then MODUS_END */
	size_t settings_size, session_size;
	size_t shared_size;              /* bytes that all processes of the service share; atomics only */
	size_t stack_size;               /* a handler needs; 0 = the model's default, 64 KiB */
	int tick_ms;                     /* tick()'s period */

	/* What the rows cannot say ("modus check" calls it): 0, or -EINVAL and a sentence in why. */
	int (*check)(const void *settings, char *why, size_t size);
	/* Frame the service process, while it has one thread and no client.  task is no connection:
	 * sleep, poll, block, connect and log with it.  start() keeps nothing open that a fork must
	 * not carry on and starts no thread; after its negative errno stop() is not called.  Where the
	 * grace had run out, what WAITS in stop() returns -ECANCELED. */
	int (*start)(struct modus_conn *task);
	void (*stop)(struct modus_conn *task);
	/* Make and free the data of a place that runs blocking work, at its first work and at its
	 * end, or before its process forks: none is carried into a child.  A negative errno is
	 * modus_block()'s result; the next call tries again. */
	int (*attach)(struct modus_instance *i, void **worker);
	void (*detach)(struct modus_instance *i, void *worker);
	/* The service action, every tick_ms in each process that outlives a connection; not while it
	 * still runs there. */
	void (*tick)(struct modus_conn *task);

	/* 0 admits a client, a negative errno turns it away.  No session yet; must not wait. */
	int (*verify)(const struct modus_conn *c);
	/* Frames a connection, WAITS.  A negative errno closes it, without finish(). */
	int (*setup)(struct modus_conn *c);
	/* Serves one request, WAITS.  After MODUS_KEEP it is called at once if it consumed input
	 * and some is left, else when there is input it has not seen, or news.  Not at the bare
	 * end of input.  A datagram is such a connection too, closed when it is consumed. */
	int (*handle)(struct modus_conn *c);
	/* Once after setup() was well.  No I/O on c; modus_block() and modus_error() are fine. */
	void (*finish)(struct modus_conn *c);
	const void *extension;           /* for a plugin that hosts this one: what both agreed on */
};

#define MODUS_MAGIC     0x6d6f6475u
#define MODUS_ABI_MAJOR 1 /* must be the core's */
#define MODUS_ABI_MINOR 0 /* must not be above the core's; fields are only ever added at the end */
#ifndef MODUS_PLUGIN_SYMBOL /* -D another name to link several plugins into one program */
#define MODUS_PLUGIN_SYMBOL modus_plugin_descriptor
#endif
extern MODUS_EXPORT const struct modus_plugin MODUS_PLUGIN_SYMBOL;
#define MODUS_PLUGIN(...) \
	MODUS_QUIET_ const struct modus_plugin MODUS_PLUGIN_SYMBOL = { \
		.magic = MODUS_MAGIC, .abi_major = MODUS_ABI_MAJOR, .abi_minor = MODUS_ABI_MINOR, \
		.size = sizeof(struct modus_plugin), .row_size = sizeof(struct modus_setting), \
		__VA_ARGS__ }

#ifdef __cplusplus
}
#define MODUS_QUIET_ _Pragma("GCC diagnostic ignored \"-Wmissing-field-initializers\"")
#else
#define MODUS_QUIET_
#endif
#endif
