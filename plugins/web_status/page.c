/* SPDX-License-Identifier: MIT */
/*
 * The page is whole without its script, which asks for the data once a second and puts new numbers
 * in the place of old ones.  The page asks beside itself, wherever it is mounted.
 */
#include "page.h"

#include <string.h>
#include <time.h>

static const char style[] =
	"<style>\n"
	":root{color-scheme:light dark;--dim:#667;--line:#8884}\n"
	"@media(prefers-color-scheme:dark){:root{--dim:#99a}}\n"
	"body{font:1rem/1.4 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}\n"
	"h1{font-size:1.4rem;margin:0}p,small,.doc{color:var(--dim)}\n"
	"div{overflow-x:auto}table{border-collapse:collapse}\n"
	"th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid var(--line);"
	"font-variant-numeric:tabular-nums;white-space:nowrap}\n"
	"th[scope=row],.doc{text-align:left;font-weight:normal}.doc{white-space:normal}\n"
	"td small{display:inline-block;min-width:4.5rem}\n"
	"</style>\n";

static const char script[] =
	"<script>\n"
	"'use strict';\n"
	"const from = location.pathname.replace(/\\/*$/, '') + '/data';\n"
	"const state = document.getElementById('state'), before = new Map();\n"
	"const rate = (key, value, time) => {\n"
	"  const last = before.get(key);\n"
	"  before.set(key, { value, time });\n"
	"  const n = last && time > last.time ? (value - last.value) / (time - last.time) : 0;\n"
	"  return n > 0 ? '+' + n.toFixed(n < 10 ? 1 : 0) + '/s' : '';\n"
	"};\n"
	"const show = data => {\n"
	"  if (data.services.length != document.querySelectorAll('thead th.service').length)\n"
	"    location.reload();\n"
	"  for (const metric of data.metrics) {\n"
	"    const row = document.getElementById(metric.name);\n"
	"    metric.values.forEach((value, i) => {\n"
	"      const cell = row && row.cells[1 + i];\n"
	"      if (!cell) return;\n"
	"      cell.querySelector('span').textContent = value;\n"
	"      if (metric.type == 'counter')\n"
	"        cell.querySelector('small').textContent = rate(metric.name + ' ' + i, value, "
	"data.time);\n"
	"    });\n"
	"  }\n"
	"};\n"
	"const turn = async () => {\n"
	"  try {\n"
	"    const reply = await fetch(from, { cache: 'no-store' });\n"
	"    if (!reply.ok) throw new Error(reply.status + ' ' + reply.statusText);\n"
	"    show(await reply.json());\n"
	"    state.textContent = 'live';\n"
	"  } catch (e) {\n"
	"    state.textContent = 'not live: ' + e.message;\n"
	"  }\n"
	"  setTimeout(turn, 1000);\n"
	"};\n"
	"turn();\n"
	"</script>\n";

/* ---- HTML
 * --------------------------------------------------------------------------------------*/

/* "requests" of "modus_requests_total": the table needs no more. */
static void put_name(struct modus_http *h, const char *name)
{
	size_t n, tail = strlen("_total");

	name += strncmp(name, "modus_", 6) ? 0 : 6;
	n = strlen(name);
	if (n > tail && !strcmp(name + n - tail, "_total"))
		n -= tail;
	modus_http_write(h, name, n);
}

static void put_head(struct modus_http *h, const struct counters *c)
{
	modus_http_puts(h, "<table>\n<thead><tr><th scope=\"row\">service");
	for (size_t i = 0; i < c->service_count; i++) {
		modus_http_puts(h, "<th scope=\"col\" class=\"service\">");
		modus_http_escape(h, c->services[i].name);
		modus_http_puts(h, "<br><small>");
		modus_http_escape(h, c->services[i].model);
		modus_http_puts(h, "</small>");
	}
	modus_http_puts(h, "<th class=\"doc\"></thead>\n<tbody>\n");
}

static void put_row(struct modus_http *h, const struct counters *c, const struct metric *m)
{
	modus_http_puts(h, "<tr id=\"");
	modus_http_escape(h, m->name);
	modus_http_puts(h, "\"><th scope=\"row\">");
	put_name(h, m->name);
	for (size_t i = 0; i < c->service_count; i++)
		modus_http_printf(h, "<td><span>%s</span> <small></small>", m->values[i]);
	modus_http_puts(h, "<td class=\"doc\">");
	modus_http_escape(h, m->help);
	modus_http_puts(h, "\n");
}

static void put_links(struct modus_http *h)
{
	modus_http_puts(h, "<p>The same <a href=\"");
	modus_http_escape(h, modus_http_mount(h));
	modus_http_puts(h, "/data\">as JSON</a>, <a href=\"");
	modus_http_escape(h, modus_http_mount(h));
	modus_http_puts(h, "/metrics\">for Prometheus</a>.</p>\n");
}

int page_html(struct modus_http *h, const struct counters *c)
{
	modus_http_set(h, "Content-Type", "text/html; charset=utf-8");
	modus_http_set(h, "Content-Security-Policy",
		       "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
		       "connect-src 'self'; base-uri 'none'; form-action 'none'; "
		       "frame-ancestors 'none'");
	modus_http_puts(h, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
			   "<meta name=\"viewport\" content=\"width=device-width\">\n"
			   "<title>modus: status</title>\n"
			   "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n");
	modus_http_puts(h, style);
	modus_http_puts(h,
			"</head><body>\n<h1>modus: status</h1>\n<p id=\"state\">as of the time it "
			"was asked for</p>\n<div>");
	put_head(h, c);
	for (size_t i = 0; i < c->metric_count; i++)
		put_row(h, c, &c->metrics[i]);
	modus_http_puts(h, "</tbody></table></div>\n");
	put_links(h);
	modus_http_puts(h, script);
	return modus_http_puts(h, "</body></html>\n");
}

/* ---- JSON
 * --------------------------------------------------------------------------------------*/

static size_t plain_length(const char *text)
{
	size_t n = 0;

	while ((unsigned char)text[n] >= ' ' && text[n] != '"' && text[n] != '\\')
		n++;
	return n;
}

static void put_string(struct modus_http *h, const char *text)
{
	modus_http_puts(h, "\"");
	for (;;) {
		size_t n = plain_length(text);

		modus_http_write(h, text, n);
		text += n;
		if (!*text)
			break;
		modus_http_printf(h, "\\u%04x", (unsigned char)*text++);
	}
	modus_http_puts(h, "\"");
}

static void put_member(struct modus_http *h, const char *key, const char *value)
{
	modus_http_printf(h, "\"%s\":", key);
	put_string(h, value);
	modus_http_puts(h, ",");
}

static void put_metric(struct modus_http *h, const struct counters *c, const struct metric *m)
{
	modus_http_puts(h, "{");
	put_member(h, "name", m->name);
	put_member(h, "type", m->type);
	put_member(h, "help", m->help);
	modus_http_puts(h, "\"values\":[");
	for (size_t i = 0; i < c->service_count; i++)
		modus_http_printf(h, "%s%s", i ? "," : "", m->values[i]);
	modus_http_puts(h, "]}");
}

int page_json(struct modus_http *h, const struct counters *c)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	modus_http_set(h, "Content-Type", "application/json");
	modus_http_printf(h, "{\"time\":%lld.%03ld,\"services\":[", (long long)now.tv_sec,
			  now.tv_nsec / 1000000);
	for (size_t i = 0; i < c->service_count; i++) {
		modus_http_puts(h, i ? ",{" : "{");
		put_member(h, "name", c->services[i].name);
		modus_http_puts(h, "\"model\":");
		put_string(h, c->services[i].model);
		modus_http_puts(h, "}");
	}
	modus_http_puts(h, "],\"metrics\":[");
	for (size_t i = 0; i < c->metric_count; i++) {
		modus_http_puts(h, i ? ",\n" : "\n");
		put_metric(h, c, &c->metrics[i]);
	}
	return modus_http_puts(h, "\n]}\n");
}
