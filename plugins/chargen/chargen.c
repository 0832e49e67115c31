/* SPDX-License-Identifier: MIT */
/*
 * chargen: sends characters without end (RFC 864).
 *
 * A loop of writes is all it takes: modus_write() waits while the client does not read, and returns
 * an error when it is gone.  Over UDP one small question would bring up to 512 bytes to whomever
 * the question names as its sender, so only this machine is answered unless the config says else.
 */
#include "../small.h"

#include <sys/random.h>

enum { FIRST = ' ', COUNT = '~' - ' ' + 1, WIDTH = 72, LINE = WIDTH + 2, DATAGRAM_MAX = 512 };

struct chargen_settings {
	bool amplify;
	int64_t pause_ms;
};

static const struct modus_setting chargen_rows[] = {
	MODUS_BOOL(struct chargen_settings, amplify, "amplify", false,
		   "Whether datagrams from other machines are answered."),
	MODUS_TIME(struct chargen_settings, pause_ms, "pause", 0, 0, 60000,
		   "Pause after each 95 lines of a stream."),
	MODUS_END
};

static int chargen_verify(const struct modus_conn *c)
{
	const struct chargen_settings *set = modus_instance(c)->settings;

	if (modus_is_datagram(c) && !set->amplify && !small_is_local(modus_peer(c)))
		return -EPERM;
	return small_verify(c);
}

/* Each line begins one character further on than the line before it. */
static void chargen_line(char line[LINE], unsigned number)
{
	for (unsigned i = 0; i < WIDTH; i++)
		line[i] = (char)(FIRST + (number + i) % COUNT);
	line[WIDTH] = '\r';
	line[WIDTH + 1] = '\n';
}

/* 1 to 512 characters: an empty datagram would look like a lost one. */
static int chargen_datagram(struct modus_conn *c)
{
	char line[LINE];
	uint16_t random = 0;
	size_t left;
	int rc = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = DATAGRAM_MAX - 1;
	left = 1 + random % DATAGRAM_MAX;
	for (unsigned number = 0; rc == 0 && left > 0; number++) {
		size_t n = left < LINE ? left : LINE;

		chargen_line(line, number);
		rc = modus_write(c, line, n);
		left -= n;
	}
	return rc ? rc : MODUS_CLOSE;
}

/* What the client sends is thrown away. */
static int chargen_discard(struct modus_conn *c)
{
	char *data;
	ssize_t n = modus_peek(c, 0, &data);

	if (n > 0)
		modus_consume(c, (size_t)n);
	return n < 0 ? (int)n : 0;
}

static int chargen_handle(struct modus_conn *c)
{
	const struct chargen_settings *set = modus_instance(c)->settings;
	char line[LINE];
	int rc = 0;

	if (modus_is_datagram(c))
		return chargen_datagram(c);
	while (rc == 0 && !modus_draining(c)) {
		for (unsigned number = 0; rc == 0 && number < COUNT; number++) {
			chargen_line(line, number);
			rc = modus_write(c, line, sizeof(line));
		}
		if (rc == 0)
			rc = chargen_discard(c);
		if (rc == 0 && set->pause_ms > 0)
			rc = modus_sleep(c, (int)set->pause_ms);
	}
	return rc ? rc : MODUS_CLOSE;
}

MODUS_PLUGIN(.name = "chargen", .summary = "sends characters without end (RFC 864)",
	     .flags = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT | MODUS_SPEAKS_FIRST,
	     .settings = chargen_rows, .settings_size = sizeof(struct chargen_settings),
	     .verify = chargen_verify, .handle = chargen_handle);
