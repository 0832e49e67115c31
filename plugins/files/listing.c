/* SPDX-License-Identifier: MIT */
#include "listing.h"

#include "folder.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { HTML, JSON, TIME_SIZE = 80, SIZE_SIZE = 32 };

static const struct modus_http_variant forms[] = {
	[HTML] = { .type = "text/html" },
	[JSON] = { .type = "application/json" },
};

static const char style[] =
	":root{color-scheme:light dark}"
	"body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
	"h1{font-size:1.3rem;overflow-wrap:anywhere}"
	"table{border-collapse:collapse;width:100%}"
	"th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}"
	"td:first-child{overflow-wrap:anywhere}"
	"th:nth-child(2),td:nth-child(2){text-align:right;white-space:nowrap}"
	"td:nth-child(3){white-space:nowrap;font-variant-numeric:tabular-nums}"
	"a{text-decoration:none}a:hover{text-decoration:underline}"
	"tr:hover td{background:#8881}";

/* For machines as RFC 3339 has it, or for people. */
static const char *time_text(char out[TIME_SIZE], time_t t, bool exact)
{
	struct tm tm = { 0 };

	*out = '\0';
	if (gmtime_r(&t, &tm))
		snprintf(out, TIME_SIZE,
			 exact ? "%04d-%02d-%02dT%02d:%02d:%02dZ" : "%04d-%02d-%02d %02d:%02d:%02d",
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec);
	return out;
}

static const char *size_text(char out[SIZE_SIZE], int64_t size)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double n = (double)size / 1024;
	int unit = 0;

	if (size < 1024) {
		snprintf(out, SIZE_SIZE, "%d B", (int)size);
		return out;
	}
	for (; n >= 1024 && unit < 5; unit++)
		n /= 1024;
	snprintf(out, SIZE_SIZE, n < 10 ? "%.1f %s" : "%.0f %s", n, units[unit]);
	return out;
}

/* ---- HTML ---- */

static int write_row(struct modus_http *h, const struct folder_entry *entry, const char *link)
{
	const char *slash = entry->folder ? "/" : "";
	char when[TIME_SIZE], size[SIZE_SIZE];

	modus_http_printf(h, "<tr><td><a href=\"%s%s\"><bdi>", link, slash);
	text_write_html(h, entry->name);
	modus_http_printf(h, "%s</bdi></a></td><td>%s</td>", slash,
			  entry->folder ? "" : size_text(size, entry->size));
	modus_http_printf(h, "<td><time datetime=\"%s\">", time_text(when, entry->modified, true));
	return modus_http_printf(h, "%s</time></td></tr>\n",
				 time_text(when, entry->modified, false));
}

static void write_head(struct modus_http *h, const char *title)
{
	modus_http_puts(h, "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
			   "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	text_write_html(h, title);
	modus_http_printf(h, "</title>\n<style>%s</style>\n<h1><bdi>", style);
	text_write_html(h, title);
	modus_http_puts(h, "</bdi></h1>\n<table><thead><tr><th>Name</th><th>Size</th>"
			   "<th>Changed (UTC)</th></tr></thead>\n<tbody>\n");
}

/* Has no parent above the mount: what is there is not ours to link to. */
static int write_html(struct modus_http *h, const struct folder *of, const char *title,
		      char *const *links)
{
	int rc = 0;

	write_head(h, title);
	if (*of->path)
		modus_http_puts(h, "<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
	for (size_t i = 0; i < of->count && !rc; i++)
		rc = write_row(h, &of->entries[i], links[i]);
	modus_http_puts(h, "</tbody></table>\n");
	if (of->cut)
		modus_http_printf(h, "<p>There are more than these %zu.</p>\n", of->count);
	return modus_http_puts(h, "</html>\n");
}

/* ---- JSON ---- */

static int write_entry(struct modus_http *h, const struct folder_entry *entry, const char *link)
{
	char when[TIME_SIZE];

	modus_http_puts(h, "{\"name\":");
	text_write_json(h, entry->name);
	modus_http_printf(h, ",\"href\":\"%s%s\",\"type\":\"%s\"", link, entry->folder ? "/" : "",
			  entry->folder ? "directory" : "file");
	if (!entry->folder)
		modus_http_printf(h, ",\"size\":%lld", (long long)entry->size);
	return modus_http_printf(h, ",\"modified\":\"%s\"}",
				 time_text(when, entry->modified, true));
}

static int write_json(struct modus_http *h, const struct folder *of, const char *title,
		      char *const *links)
{
	int rc = 0;

	modus_http_puts(h, "{\"path\":");
	text_write_json(h, title);
	modus_http_printf(h, ",\"complete\":%s,\"entries\":[", of->cut ? "false" : "true");
	for (size_t i = 0; i < of->count && !rc; i++) {
		modus_http_puts(h, i ? ",\n" : "\n");
		rc = write_entry(h, &of->entries[i], links[i]);
	}
	return modus_http_puts(h, "\n]}\n");
}

/* ---- */

/* Links are made ahead: what is written may fail, what is sent should not end in the middle. */
static char **make_links(struct modus_http *h, const struct folder *of)
{
	char **links = modus_http_alloc(h, (of->count + 1) * sizeof(*links));

	for (size_t i = 0; links && i < of->count; i++) {
		links[i] = text_encoded(h, of->entries[i].name);
		if (!links[i])
			return NULL;
	}
	return links;
}

/* The path with what it is mounted on. */
static const char *make_title(struct modus_http *h)
{
	const char *mount = modus_http_mount(h), *path = modus_http_path(h);
	char *title = modus_http_alloc(h, strlen(mount) + strlen(path) + 1);

	if (title)
		strcpy(stpcpy(title, mount), path);
	return title;
}

static int write_listing(struct modus_http *h, const struct folder *of)
{
	char **links = make_links(h, of);
	const char *title = make_title(h);
	int form = modus_http_choose(h, forms, sizeof(forms) / sizeof(*forms));

	if (!links || !title)
		return -ENOMEM;
	modus_http_set(h, "X-Content-Type-Options", "nosniff");
	if (form == JSON) {
		modus_http_set(h, "Content-Type", "application/json");
		return write_json(h, of, title, links);
	}
	modus_http_set(h, "Content-Type", "text/html; charset=utf-8");
	modus_http_set(h, "Content-Security-Policy",
		       "default-src 'none'; style-src 'unsafe-inline'");
	return write_html(h, of, title, links);
}

int listing_respond(struct modus_http *h, const struct files *f, const char *path)
{
	struct folder of = { .files = f, .path = path };
	int rc = modus_block(modus_http_conn(h), folder_read, &of);

	rc = rc ? files_status(-rc) : write_listing(h, &of);
	folder_free(&of);
	return rc;
}
