/* SPDX-License-Identifier: MIT */
/*
 * From a request to its response.  What the path is comes from the cache, or from a look at the
 * directory; then one of its variants is chosen; then its bytes come from the cache or the file.
 */
#include "respond.h"

#include "choose.h"
#include "listing.h"
#include "load.h"
#include "lookup.h"
#include "text.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What respond_files() returns when a file has gone since it was looked up. */
enum { GONE = 1, TRIES = 3 };

int files_status(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case EXDEV:
	case ENAMETOOLONG:
	case EINVAL:
	case EILSEQ:
	case ENXIO:
	case ENODEV:
	case EISDIR:
		return 404;
	case EACCES:
	case EPERM:
		return 403;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case EAGAIN:
		return 503;
	default:
		return -error;
	}
}

/* ---- What the path is ---- */

/* A path that names one thing in one way, and nothing that is hidden. */
static bool is_fit(const struct files_settings *set, const char *path)
{
	if (*path != '/')
		return false;
	for (; (path = strchr(path, '/')); path++)
		if (path[1] == '/' || (path[1] == '.' && set->dotfiles == DOTFILES_HIDE))
			return false;
	return true;
}

struct look {
	const struct files *files;
	struct resource *resource;
};

static int look(void *worker, void *arg)
{
	struct look *l = arg;

	return lookup(l->files, l->resource);
}

/* Looks anew.  *out is what is known so far, and then what is known now, held. */
static int look_anew(struct modus_http *h, const struct files *f, const char *path,
		     struct resource **out)
{
	struct look l = { f, resource_new(path) };
	int rc;

	if (!l.resource)
		return -ENOMEM;
	l.resource->born = lookup_clock();
	rc = modus_block(modus_http_conn(h), look, &l);
	if (rc) {
		cache_let_go(f->cache, l.resource, NULL);
		return rc;
	}
	cache_keep(f->cache, l.resource, *out);
	cache_let_go(f->cache, *out, NULL);
	*out = l.resource;
	return 0;
}

static bool is_fresh(const struct files *f, const struct resource *r)
{
	return lookup_clock() - r->born < f->set->cache_valid_ms;
}

/* ---- A file ---- */

static int set_cache_control(struct modus_http *h, const struct files *f)
{
	const struct files_rule *rules = f->set->cache_control.items;

	for (size_t i = 0; i < f->set->cache_control.count; i++)
		if (!fnmatch(rules[i].pattern, modus_http_path(h), 0))
			return modus_http_set(h, "Cache-Control", rules[i].value);
	return 0;
}

/* Where the variant is by itself, if that is elsewhere. */
static int set_location(struct modus_http *h, const struct resource *r, const struct variant *v)
{
	const char *mount = modus_http_mount(h);
	size_t n = strlen(mount) + strlen(r->folder) + strlen(v->name) + 2;
	char *name = modus_http_alloc(h, strlen(v->name) + 1);
	char *location = modus_http_alloc(h, 3 * n), *at = location;

	if (!name || !location)
		return -ENOMEM;
	variants_decoded(v->name, name);
	if (!v->traits.encoding || v->made)
		strcpy(name, v->name);
	if (!strcmp(name, r->name))
		return 0;
	text_encode(&at, mount);
	text_encode(&at, "/");
	text_encode(&at, r->folder);
	text_encode(&at, name);
	return modus_http_set(h, "Content-Location", location);
}

static const char *full_type(struct modus_http *h, const struct files *f, const struct variant *v)
{
	const char *type = v->traits.type ? v->traits.type : "application/octet-stream";
	const char *charset = choose_charset(f, v);
	size_t n = strlen(type) + (charset ? strlen(charset) : 0) + sizeof("; charset=");
	char *out = charset ? modus_http_alloc(h, n) : NULL;

	if (!charset)
		return type;
	if (out)
		snprintf(out, n, "%s; charset=%s", type, charset);
	return out;
}

/* Never later than now (RFC 9110 8.8.2.1); 0: of a file that claims to be older than all time. */
static time_t modified_at(const struct identity *of)
{
	time_t now = time(NULL);

	return of->modified.tv_sec > now ? now : of->modified.tv_sec < 0 ? 0 : of->modified.tv_sec;
}

static int send_variant(struct modus_http *h, const struct load *l)
{
	const struct variant *v = l->variant;
	const struct content *content = l->content;
	const struct identity *of = content ? &content->of : &l->of;
	struct modus_http_entity entity = {
		.type = full_type(h, l->files, v),
		.language = *v->traits.language ? v->traits.language : NULL,
		.encoding = v->traits.encoding,
		.etag = content ? content->etag : l->etag,
		.modified = modified_at(of),
		.size = content ? (int64_t)content->size : of->size,
		.data = content ? content->data : NULL,
		.fd = l->fd,
	};
	int rc = entity.type ? set_cache_control(h, l->files) : -ENOMEM;

	rc = rc ? rc : set_location(h, l->resource, v);
	return rc ? rc : modus_http_send(h, &entity);
}

static int respond_variant(struct modus_http *h, const struct files *f, struct resource *r,
			   size_t variant)
{
	struct load l = { f, r, &r->variants[variant], cache_content(f->cache, r, variant), -1 };
	int rc = 0;

	if (!l.content) {
		rc = modus_block(modus_http_conn(h), load, &l);
		if (!rc && l.content)
			cache_keep_content(f->cache, r, variant, l.content);
	}
	if (rc == -ENOENT)
		return GONE;
	rc = rc ? files_status(-rc) : send_variant(h, &l);
	cache_let_go(f->cache, NULL, l.content);
	if (l.fd >= 0)
		close(l.fd);
	return rc;
}

/* ---- What is not one ---- */

static bool is_told(const struct resource *r, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!r->variants[i].made && !strcmp(r->variants[i].name, name))
			return true;
	return false;
}

static int write_choice(struct modus_http *h, const struct resource *r, size_t i)
{
	const struct variant *v = &r->variants[i];
	char *name = modus_http_alloc(h, strlen(v->name) + 1), *link;

	if (!name)
		return -ENOMEM;
	strcpy(name, v->name);
	if (v->traits.encoding)
		variants_decoded(v->name, name);
	link = text_encoded(h, name);
	if (!link || v->made || is_told(r, i, name))
		return link ? 0 : -ENOMEM;
	modus_http_printf(h, "<li><a href=\"%s\">", link);
	text_write_html(h, name);
	modus_http_puts(h, "</a>");
	if (v->traits.type)
		modus_http_printf(h, " %s", v->traits.type);
	if (*v->traits.language)
		modus_http_printf(h, " %s", v->traits.language);
	return modus_http_puts(h, "</li>\n");
}

/* RFC 9110 15.5.7: a list from which the user can choose. */
static int respond_not_acceptable(struct modus_http *h, const struct resource *r)
{
	int rc = modus_http_status(h, 406);

	modus_http_vary(h, "Accept-Encoding");
	modus_http_set(h, "Content-Type", "text/html; charset=utf-8");
	modus_http_puts(h, "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
			   "<meta name=\"color-scheme\" content=\"light dark\">\n"
			   "<title>406 Not Acceptable</title>\n"
			   "<h1>406 Not Acceptable</h1>\n<p>There is:</p>\n<ul>\n");
	for (size_t i = 0; i < r->count && !rc; i++)
		rc = write_choice(h, r, i);
	return rc ? rc : modus_http_puts(h, "</ul>\n</html>\n");
}

static int respond_files(struct modus_http *h, const struct files *f, struct resource *r)
{
	int variant = choose_variant(h, f, r);

	if (variant == -ENOENT)
		return respond_not_acceptable(h, r);
	return variant < 0 ? variant : respond_variant(h, f, r, (size_t)variant);
}

/* To the path of a directory, with the slash at its end that links in it count on. */
static int respond_folder(struct modus_http *h, const char *path)
{
	const char *mount = modus_http_mount(h), *query = modus_http_query(h);
	size_t n = 3 * (strlen(mount) + strlen(path)) + (query ? strlen(query) : 0) + 3;
	char *location = modus_http_alloc(h, n), *at = location;

	if (!location)
		return -ENOMEM;
	text_encode(&at, mount);
	text_encode(&at, path);
	text_encode(&at, "/");
	if (query) {
		*at++ = '?';
		strcpy(at, query);
	}
	return modus_http_redirect(h, 301, location);
}

/* Whether it is the root's own path, as what it is mounted on, without a slash. */
static bool is_bare_mount(struct modus_http *h)
{
	const char *target = modus_http_target(h);
	size_t n = strcspn(target, "?");

	return *modus_http_mount(h) && !strcmp(modus_http_path(h), "/") && n &&
	       target[n - 1] != '/';
}

static int respond_as(struct modus_http *h, const struct files *f, struct resource *r)
{
	int rc;

	switch (r->kind) {
	case RESOURCE_FILE:
		return respond_files(h, f, r);
	case RESOURCE_DIRECTORY:
		return respond_folder(h, modus_http_path(h));
	case RESOURCE_LISTING:
		rc = set_cache_control(h, f);
		return rc ? rc : listing_respond(h, f, r->folder);
	default:
		return r->status;
	}
}

int respond(struct modus_http *h)
{
	const struct files *f = modus_instance(modus_http_conn(h))->state;
	const char *path = modus_http_path(h);
	struct resource *r;
	int rc = 0;

	if (!is_fit(f->set, path))
		return 404;
	if (is_bare_mount(h))
		return respond_folder(h, "");
	r = cache_find(f->cache, path);
	if (!r || !is_fresh(f, r))
		rc = look_anew(h, f, path, &r);
	rc = rc ? files_status(-rc) : respond_as(h, f, r);
	for (int i = 0; rc == GONE && i < TRIES; i++) {
		rc = look_anew(h, f, path, &r);
		rc = rc ? files_status(-rc) : respond_as(h, f, r);
	}
	cache_let_go(f->cache, r, NULL);
	return rc == GONE ? 503 : rc;
}
