/* SPDX-License-Identifier: MIT */
#include "core/log.h"

#include "core/connection.h"
#include "core/fatal.h"
#include "core/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 2048 };

static struct {
	_Atomic int format, level; /* servers of one process set them up while others serve */
	const char *name;
} log_state = { PLAN_LOG_TEXT, MODUS_INFO, "modus" };

static _Thread_local struct modus_conn *log_current;

void log_setup(int format, int level)
{
	log_state.format = format;
	log_state.level = level;
}

void log_name(const char *name)
{
	log_state.name = name;
}

/* Not inlined, so that no fiber keeps the address of another thread's variable. */
__attribute__((noinline)) struct modus_conn *log_about(struct modus_conn *c)
{
	struct modus_conn *before = log_current;

	log_current = c;
	return before;
}

static void format_time(char *out, size_t size)
{
	struct timespec now;
	struct tm tm;
	char seconds[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, size, "%s.%03uZ", seconds, (unsigned)(now.tv_nsec / 1000000) % 1000);
}

/* Control characters never reach a terminal; in JSON, quotes and backslashes are escaped too. */
static size_t escape(char *out, size_t size, const char *in, bool json)
{
	size_t n = 0;

	for (; *in && n + 7 < size; in++) {
		unsigned char ch = (unsigned char)*in;

		if (json && (ch == '"' || ch == '\\'))
			n += (size_t)sprintf(out + n, "\\%c", ch);
		else if (ch < 0x20 || ch == 0x7f)
			n += (size_t)sprintf(out + n, json ? "\\u%04x" : "\\x%02x", ch);
		else
			out[n++] = (char)ch;
	}
	out[n] = '\0';
	return n;
}

static int format_line(char *line, size_t size, const char *level, const char *peer,
		       const char *text)
{
	static const char *const form[] = {
		[PLAN_LOG_TEXT] = "%s %s %s[%d]%s%s: %s\n",
		[PLAN_LOG_JSON] = "{\"time\":\"%s\",\"level\":\"%s\",\"service\":\"%s\",\"pid\":%d,"
				  "\"peer\":\"%s%s\",\"text\":\"%s\"}\n",
	};
	const char *gap = *peer && log_state.format == PLAN_LOG_TEXT ? " " : "";
	char when[40];

	format_time(when, sizeof(when));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return snprintf(line, size, form[log_state.format], when, level, log_state.name,
			(int)getpid(), gap, peer, text);
#pragma GCC diagnostic pop
}

MODUS_FORMAT(2, 0)
static void log_line(enum modus_level level, const char *format, va_list args)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };
	bool json = log_state.format == PLAN_LOG_JSON;
	char raw[LINE_MAX_BYTES / 2], text[LINE_MAX_BYTES], peer[ADDRESS_TEXT_MAX] = "";
	char who[6 * ADDRESS_TEXT_MAX], line[LINE_MAX_BYTES + sizeof(who) + 256];
	int n;

	vsnprintf(raw, sizeof(raw), format, args);
	escape(text, sizeof(text), raw, json);
	if (log_current)
		conn_peer_text(log_current, peer, sizeof(peer));
	escape(who, sizeof(who), peer, json); /* a Unix peer chooses its own */
	n = format_line(line, sizeof(line), names[level], who, text);
	if (n >= (int)sizeof(line))
		n = (int)sizeof(line) - 1;
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return; /* there is nobody left to tell */
}

void modus_log(enum modus_level level, const char *format, ...)
{
	int kept = errno;
	va_list args;

	if ((int)level <= log_state.level) {
		va_start(args, format);
		log_line(level, format, args);
		va_end(args);
	}
	errno = kept;
}

void fatal_bug(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(MODUS_ERROR, format, args);
	va_end(args);
	abort();
}

const char *errno_name(int error)
{
	const char *name = strerrorname_np(error < 0 ? (int)-(unsigned)error : error);

	return name ? name : "unknown error";
}
