/* SPDX-License-Identifier: MIT */
/* The handlers of the tests: linked in, each as small as a subclass of BaseRequestHandler. */
#include "tests/embedding/harness.h"

#include <errno.h>

#define DESCRIPTOR                                                                        \
	.magic = MODUS_MAGIC, .abi_major = MODUS_ABI_MAJOR, .abi_minor = MODUS_ABI_MINOR, \
	.size = sizeof(struct modus_plugin), .row_size = sizeof(struct modus_setting)

enum { BOTH = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT, BIG = 16 << 20 };

static struct seen *note(void)
{
	struct seen *seen = subject.seen;

	seen->pid = getpid();
	seen->tid = gettid();
	seen->requests++;
	return seen;
}

/* Sends a line back, and ends; on datagrams too. */
static int line_handle(struct modus_conn *c)
{
	char *line = modus_readline(c, 1000, NULL);

	note();
	if (!line)
		return modus_error(c) ? modus_error(c) : MODUS_CLOSE;
	return modus_printf(c, "%s\n", line) ?: MODUS_CLOSE;
}

/* Sends back each line until the client ends. */
static int lines_handle(struct modus_conn *c)
{
	char *line = modus_readline(c, 1000, NULL);

	note();
	if (!line)
		return modus_error(c);
	return modus_printf(c, "%s\n", line);
}

static void lines_finish(struct modus_conn *c)
{
	subject.seen->finishes++;
}

static int lines_start(struct modus_conn *task)
{
	subject.seen->starts++;
	return 0;
}

static void lines_stop(struct modus_conn *task)
{
	subject.seen->stops++;
}

/* What fails has read its request, or core would linger for the rest. */
static void read_line(struct modus_conn *c)
{
	if (modus_readline(c, 1000, NULL))
		note();
}

static int fail_handle(struct modus_conn *c)
{
	read_line(c);
	return -EDOM;
}

static int fail_setup(struct modus_conn *c)
{
	note();
	return -ERANGE;
}

/* As a handler that raises SystemExit. */
static int exit_handle(struct modus_conn *c)
{
	read_line(c);
	modus_server_stop(modus_server_of(c));
	return -ECANCELED;
}

static int deadlock_handle(struct modus_conn *c)
{
	read_line(c);
	subject.seen->result = modus_server_shutdown(modus_server_of(c));
	return MODUS_CLOSE;
}

/* Waits for the client before each half, so that signals find it sending. */
static int big_handle(struct modus_conn *c)
{
	char *data = calloc(1, BIG);
	struct seen *seen = note();
	char byte;
	ssize_t n;
	int rc;

	if (!data)
		return -ENOMEM;
	n = modus_read(c, &byte, 1);
	rc = n < 0 ? (int)n : modus_write(c, data, BIG);
	if (rc == 0)
		rc = modus_flush(c);
	seen->result = rc ? rc : BIG;
	free(data);
	return rc ? rc : MODUS_CLOSE;
}

/* Sends what was written at a flush, before the client says more. */
static int flush_handle(struct modus_conn *c)
{
	char byte;
	ssize_t n;

	note();
	n = modus_read(c, &byte, 1);
	if (n > 0 && modus_write(c, "a", 1) == 0 && modus_flush(c) == 0)
		n = modus_read(c, &byte, 1);
	return n < 0 ? (int)n : MODUS_CLOSE;
}

static int watch_setup(struct modus_conn *c)
{
	return modus_subscribe(c, "topic");
}

static int watch_handle(struct modus_conn *c)
{
	if (!(modus_events(c) & MODUS_INPUT))
		return modus_printf(c, "news\n");
	return modus_readline(c, 100, NULL) ? modus_printf(c, "watching\n") : modus_error(c);
}

static int tell_handle(struct modus_conn *c)
{
	if (!modus_readline(c, 100, NULL))
		return modus_error(c);
	modus_publish("topic");
	return modus_printf(c, "told\n");
}

static int sleep_handle(struct modus_conn *c)
{
	read_line(c);
	return modus_sleep(c, 60000);
}

/* Heeds nobody for longer than any server has patience. */
static int stubborn_handle(struct modus_conn *c)
{
	read_line(c);
	usleep(1500000);
	return MODUS_CLOSE;
}

static const struct modus_plugin all[] = {
	{ DESCRIPTOR, .name = "line", .summary = "one line", .flags = BOTH, .handle = line_handle },
	{ DESCRIPTOR, .name = "lines", .summary = "all lines", .flags = BOTH,
	  .handle = lines_handle, .start = lines_start, .stop = lines_stop,
	  .finish = lines_finish },
	{ DESCRIPTOR, .name = "fail", .summary = "fails", .flags = BOTH, .handle = fail_handle },
	{ DESCRIPTOR, .name = "unset", .summary = "fails early", .flags = BOTH, .setup = fail_setup,
	  .handle = line_handle, .finish = lines_finish },
	{ DESCRIPTOR, .name = "exit", .summary = "ends the server", .flags = BOTH,
	  .handle = exit_handle },
	{ DESCRIPTOR, .name = "deadlock", .summary = "shuts down", .flags = BOTH,
	  .handle = deadlock_handle },
	{ DESCRIPTOR, .name = "big", .summary = "sends much", .flags = BOTH, .handle = big_handle },
	{ DESCRIPTOR, .name = "flush", .summary = "sends soon", .flags = BOTH,
	  .handle = flush_handle },
	{ DESCRIPTOR, .name = "watch", .summary = "passes news on", .flags = BOTH,
	  .setup = watch_setup, .handle = watch_handle },
	{ DESCRIPTOR, .name = "tell", .summary = "makes news", .flags = BOTH,
	  .handle = tell_handle },
	{ DESCRIPTOR, .name = "sleep", .summary = "sleeps", .flags = BOTH, .handle = sleep_handle },
	{ DESCRIPTOR, .name = "stubborn", .summary = "goes on", .flags = BOTH,
	  .handle = stubborn_handle },
	{ DESCRIPTOR, .name = "serial", .summary = "is not reentrant", .flags = MODUS_STREAM,
	  .handle = line_handle },
};
const struct modus_plugin *const handlers[] = { &all[0],  &all[1],  &all[2],  &all[3], &all[4],
						&all[5],  &all[6],  &all[7],  &all[8], &all[9],
						&all[10], &all[11], &all[12], NULL };
