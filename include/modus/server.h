/* SPDX-License-Identifier: MIT */
/*
 * <modus/server.h>: a server within an application, with the verbs of Python's socketserver.
 *
 *     new --> bind --> activate --> serve_forever or handle_request, any times --> close, free
 *
 * A server is one service: listeners, a concurrency model, a handler (<modus/handler.h>), which is
 * linked in or a plugin that is found as "modus serve" finds it.  Any model will do; a pair of
 * model and handler that cannot work is refused with the reason.
 *
 * 1. Results: 0 or a count is success, a negative errno is failure.  Times are in milliseconds,
 *    MODUS_FOREVER = no end.
 * 2. The calls for one server are made by one thread at a time, but modus_server_stop() and
 *    modus_server_shutdown(), which any may call at any time until modus_server_close().  A
 *    process may have several servers, each served by a thread of its own.
 * 3. The process stays the application's.  While a server serves, SIGPIPE and SIGURG are blocked in
 *    the calling thread, and all signals in the threads that the model makes; no disposition
 *    changes, but that SIGURG gets a handler that does nothing where it has none, and under epoll
 *    SIGSEGV one that tells a stack overflow and passes on.  Children that are not the model's
 *    are neither waited for nor signalled.
 * 4. The model fork forks the calling thread.  Have no other threads then, or only such as hold no
 *    lock that the handler needs.  A child has the application's descriptors, and no way back into
 *    its code: it ends by _exit() with its client.
 * 5. The handler's start() is called at the first serving, its stop() at the close; its state lasts
 *    over several servings.  "socketserver:" names what does the same in Python.
 */
#ifndef MODUS_SERVER_H
#define MODUS_SERVER_H

#include <modus/handler.h>

#ifdef __cplusplus
extern "C" {
#endif

struct modus_server;

struct modus_server_options {
	/* What to serve: one of the two, or neither, then calls say it (modus_server_listen()...).
	 */
	const char *config;  /* a whole config, which must have one service */
	const char *service; /* the inside of one service, without its name */
	const char *name;    /* of the service, of a-z, 0-9, _ and -; NULL: "server" */
	const char *file;    /* what errors call the text; NULL: "config" */
	/* Handlers that are linked in, found by their names before others; a NULL ends them.  The
	 * descriptors are borrowed for ever, the list is not.  NULL: none. */
	const struct modus_plugin *const *handlers;

	/* Callbacks; any may be NULL.  They are given arg.  Under epoll they run on a stack of the
	 * size that the model's key stack says, as handlers do. */
	void *arg;
	/* Called every service_actions_ms (0: 500) while serving, first at once, never twice at a
	 * time: by the calling thread under iterative, fork and epoll, else by one of its own.  It
	 * may wait as ordinary code does, where it holds up what that thread does. socketserver:
	 * service_actions(), there in every turn of the loop. */
	void (*service_actions)(void *arg);
	int service_actions_ms;
	/* Called by modus_server_handle_request() when no client came in time, when nothing is
	 * being served any more.  socketserver: handle_timeout(). */
	void (*handle_timeout)(void *arg);
	/* 0 admits a client, a negative errno turns it away: closes it, counted as refused.  Called
	 * where the handler runs (in the child under fork), before the handler's own verify(); must
	 * not wait.  socketserver: verify_request(), there in the parent. */
	int (*verify_request)(void *arg, const struct modus_conn *c);
	/* The handler's setup() or handle() returned error, which is logged, and c is about to be
	 * closed; what is written is still sent.  Called where the handler runs, waits as it does.
	 * Not for -ECANCELED, by which a handler ends because the server does.
	 * socketserver: handle_error(), and exceptions such as SystemExit. */
	void (*handle_error)(void *arg, struct modus_conn *c, int error);
};

/* Makes a server, which does nothing yet; the options are copied.  With a text it is read here: if
 * that fails, why has the errors, a sentence a line, "file:line: key: got X, want Y".  NULL also
 * when there is no memory, or both texts were given; why says it.  To be freed with
 * modus_server_free().  socketserver: BaseServer(). */
MODUS_CHECKED struct modus_server *modus_server_new(const struct modus_server_options *o, char *why,
						    size_t size);

/*
 * What to serve, from calls.  They write the inside of a service, which modus_server_bind() reads
 * as a config is read; modus_server_text() shows it, to see what an error's line is.  rows are a
 * model's or handler's, "threads = 4; stack = \"1M\";", or NULL.  They return 0; -EBUSY: the server
 * has its text already; -EINVAL: control characters in an address or type; -ENOMEM.
 */
int modus_server_listen(struct modus_server *s, const char *address); /* "tcp://127.0.0.1:0" */
int modus_server_model(struct modus_server *s, const char *type, const char *rows);
int modus_server_handler(struct modus_server *s, const char *type, const char *rows);
/* Any other setting of a service or a whole config, its value as it stands there: ("backlog", "5"),
 * ("timeouts", "{ idle = 5; grace = 1; }"), ("log_level", "\"error\""). */
int modus_server_set(struct modus_server *s, const char *key, const char *value);
const char *modus_server_text(const struct modus_server *s); /* until the next call for s */

/* The errors of the last reading of the text, a sentence a line; "" if there were none.  Until s is
 * freed or read again. */
const char *modus_server_why(const struct modus_server *s);

/* Binds the sockets.  0, at once if they are; -EINVAL: the text is wrong, modus_server_why() says
 * how; -EBADF: s is closed; what socket(2), setsockopt(2), bind(2) say, which is logged, when
 * nothing remains open.  socketserver: server_bind(). */
int modus_server_bind(struct modus_server *s);

/* Listens, and binds first where that was not done; streams queue from here on.  0, at once if it
 * does; as above, and what listen(2) says: then nothing remains open, or bound.
 * socketserver: server_activate(). */
int modus_server_activate(struct modus_server *s);

/* The address that socket i (0, 1... as listed) is bound to, with the port that the kernel chose,
 * and the socket itself, for an event loop of the application's: readable, it is time for
 * modus_server_handle_request().  Both borrowed until the close.  NULL and -EBADF: there is no such
 * socket, or it is not bound.  socketserver: server_address, fileno(). */
const struct modus_address *modus_server_address(const struct modus_server *s, size_t i);
int modus_server_fd(const struct modus_server *s, size_t i);

/* Serves in the calling process and thread until it is told to stop, and activates first.  Then
 * no client is taken, idle connections are closed, running requests have the time that the setting
 * timeouts.grace says, after which every call of theirs returns -ECANCELED.  It returns when the
 * last has returned: no thread or child of the model is left.  May be called again.
 * 0; -EBUSY: it serves already; -EBADF: s is closed; what activating, the handler's start() or the
 * model said.  socketserver: serve_forever(). */
int modus_server_serve_forever(struct modus_server *s);

/* Waits at most ms for a client (a connection, or a datagram), and activates first; serves it to
 * its end under the model, and takes no other meanwhile.  A signal handled by the application does
 * not shorten or prolong that.  1: it was served, well or not; 0: none came, handle_timeout() was
 * called (up to a second late, where one came and was gone before it was taken); -ECANCELED: s was
 * told to stop before one came; or as above.  The threads of a model are made for each call: for
 * many requests there is serve_forever.  socketserver: handle_request(), and its timeout. */
int modus_server_handle_request(struct modus_server *s, int ms);

/* Tells s to stop, and does not wait for it.  Async-signal-safe; may be called by handlers, their
 * children under fork and callbacks.  If nothing is being served, the next serve_forever returns at
 * once, or handle_request -ECANCELED, so that none is lost; one that comes while s stops is done
 * with.  A handler that ends the server calls this and returns -ECANCELED.
 * socketserver: an exception that is no Exception. */
void modus_server_stop(struct modus_server *s);

/* The same, and waits until serving has returned.  0; -EDEADLK, told but not waited for: this is
 * the thread that serves, or a handler or callback within it, which would wait for itself.  In
 * signal handlers use modus_server_stop().  socketserver: shutdown(). */
int modus_server_shutdown(struct modus_server *s);

/* Closes the sockets, removes the files of Unix ones, calls the handler's stop().  s cannot be
 * served any more.  0, also if it is closed already or NULL; -EBUSY: it is being served, nothing
 * was done. socketserver: server_close(), and the end of a with statement. */
int modus_server_close(struct modus_server *s);

/* Closes s, which must not be served any more, and frees it.  NULL is fine. */
void modus_server_free(struct modus_server *s);

/* For handlers: the server that c belongs to, NULL where no application serves; for all: the
 * application's arg.  socketserver: self.server. */
struct modus_server *modus_server_of(const struct modus_conn *c);
void *modus_server_arg(const struct modus_server *s);

/* A counter by its name ("accepted", "requests", as "modus status" has them), since the first
 * serving; -ENOENT: there is none of that name.  May be called by any thread, until the close. */
int64_t modus_server_count(const struct modus_server *s, const char *counter);

#ifdef __cplusplus
}
#endif
#endif
