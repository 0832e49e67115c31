/* SPDX-License-Identifier: MIT */
/*
 * Nothing that a client sends may begin a line, end a quoted text or move a terminal's cursor:
 * all that is not plain is escaped.
 */
#include "line.h"

#include <stdio.h>
#include <string.h>

/* Bytes that a text takes at most once it is escaped; all of them fit into a line. */
enum { TARGET_MOST = 4096, FIELD_MOST = 1024, NAME_MOST = 256 };
_Static_assert(TARGET_MOST + 2 * FIELD_MOST + 4 * NAME_MOST + 512 < LINE_SIZE,
	       "all that is in a line");

struct line {
	char *at;
	const char *end;
};

static void add(struct line *l, const char *text, size_t n)
{
	size_t room = (size_t)(l->end - l->at);

	n = n < room ? n : room;
	memcpy(l->at, text, n);
	l->at += n;
}

static void put(struct line *l, const char *text)
{
	add(l, text, strlen(text));
}

/* Of what is short. */
MODUS_FORMAT(2, 3)
static void putf(struct line *l, const char *format, ...)
{
	char text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put(l, text);
}

/* ---- Escapes
 * -----------------------------------------------------------------------------------*/

struct piece {
	char text[8];
	size_t n;
};

static void as_it_is(struct piece *p, const char *text, size_t n)
{
	memcpy(p->text, text, n);
	p->n = n;
}

/* Makes of the character that text begins with what may stand in a line; returns its bytes. */
typedef size_t escape(const char *text, struct piece *p);

static size_t escape_plain(const char *text, struct piece *p)
{
	unsigned char c = (unsigned char)*text;

	if (c >= ' ' && c < 0x7f && c != '"' && c != '\\')
		as_it_is(p, text, 1);
	else
		p->n = (size_t)snprintf(p->text, sizeof(p->text), "\\x%02X", c);
	return 1;
}

/* The bytes of the UTF-8 character (RFC 3629) that text begins with; 0: it begins with none. */
static size_t utf8_length(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = 1 + (s[0] >= 0xc2) + (s[0] >= 0xe0) + (s[0] >= 0xf0);
	unsigned code;

	if (s[0] < 0x80)
		return 1;
	if (n == 1 || s[0] > 0xf4)
		return 0;
	code = s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if ((n == 3 && code < 0x800) || (n == 4 && code < 0x10000) || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	return n;
}

static size_t escape_json(const char *text, struct piece *p)
{
	unsigned char c = (unsigned char)*text;
	size_t n = utf8_length(text);

	if (n == 0)
		as_it_is(p, "\\ufffd", 6);
	else if (c < ' ' || c == 0x7f)
		p->n = (size_t)snprintf(p->text, sizeof(p->text), "\\u%04x", c);
	else if (c == '"' || c == '\\')
		p->n = (size_t)snprintf(p->text, sizeof(p->text), "\\%c", c);
	else if (c == 0xc2 && (unsigned char)text[1] < 0xa0) /* controls, too */
		p->n = (size_t)snprintf(p->text, sizeof(p->text), "\\u%04x",
					(unsigned)(unsigned char)text[1]);
	else
		as_it_is(p, text, n);
	return n ? n : 1;
}

static void put_escaped(struct line *l, const char *text, size_t most, escape *with)
{
	struct piece p;

	for (size_t used = 0; *text; used += p.n) {
		text += with(text, &p);
		if (used + p.n > most) {
			put(l, "...");
			return;
		}
		add(l, p.text, p.n);
	}
}

/* ---- The two forms
 * -----------------------------------------------------------------------------*/

/* "192.0.2.1:80" and "[2001:db8::1]:80" without brackets and port; a Unix peer has neither. */
static void put_address(struct line *l, const char *peer)
{
	const char *colon = strrchr(peer, ':');

	if (!strncmp(peer, "unix", 4))
		put(l, "unix");
	else if (*peer == '[')
		add(l, peer + 1, strcspn(peer + 1, "]"));
	else
		add(l, peer, colon ? (size_t)(colon - peer) : strlen(peer));
}

static void put_quoted(struct line *l, const char *text, size_t most)
{
	put(l, " \"");
	put_escaped(l, text ? text : "-", most, escape_plain);
	put(l, "\"");
}

static void put_request(struct line *l, const struct entry *e)
{
	put(l, " \"");
	put_escaped(l, e->method, NAME_MOST, escape_plain);
	if (e->target) {
		put(l, " ");
		put_escaped(l, e->target, TARGET_MOST, escape_plain);
		putf(l, " HTTP/1.%d", e->minor);
	}
	put(l, "\"");
}

static void write_combined(struct line *l, const struct entry *e)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tm tm;

	gmtime_r(&e->now.tv_sec, &tm);
	put_address(l, e->peer);
	putf(l, " - - [%02d/%s/%04d:%02d:%02d:%02d +0000]", tm.tm_mday, months[tm.tm_mon],
	     tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	put_request(l, e);
	putf(l, " %d %lld", e->status, (long long)e->bytes);
	put_quoted(l, e->referer, FIELD_MOST);
	put_quoted(l, e->agent, FIELD_MOST);
}

static void put_member(struct line *l, const char *name, const char *text, size_t most)
{
	putf(l, ",\"%s\":", name);
	if (!text) {
		put(l, "null");
		return;
	}
	put(l, "\"");
	put_escaped(l, text, most, escape_json);
	put(l, "\"");
}

static void write_json(struct line *l, const struct entry *e)
{
	struct tm tm;

	gmtime_r(&e->now.tv_sec, &tm);
	putf(l, "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\"", tm.tm_year + 1900,
	     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, e->now.tv_nsec / 1000000);
	put_member(l, "id", e->id, NAME_MOST);
	put_member(l, "peer", e->peer, NAME_MOST);
	put_member(l, "method", e->method, NAME_MOST);
	put_member(l, "host", e->host, NAME_MOST);
	put_member(l, "target", e->target, TARGET_MOST);
	putf(l, ",\"status\":%d,\"bytes\":%lld,\"ms\":%lld.%03d", e->status, (long long)e->bytes,
	     (long long)(e->us / 1000), (int)(e->us % 1000));
	put_member(l, "referer", e->referer, FIELD_MOST);
	put_member(l, "agent", e->agent, FIELD_MOST);
	put(l, "}");
}

size_t line_write(char out[LINE_SIZE], enum web_format format, const struct entry *e)
{
	struct line l = { out, out + LINE_SIZE - 1 };

	if (format == WEB_JSON)
		write_json(&l, e);
	else
		write_combined(&l, e);
	put(&l, "\n");
	*l.at = '\0';
	return (size_t)(l.at - out);
}
