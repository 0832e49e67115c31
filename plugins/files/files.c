/* SPDX-License-Identifier: MIT */
/* files: serves the files of a directory over HTTP.  README.md says how, and what it promises. */
#include "files.h"

#include "respond.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MIB = 1 << 20, DAY = 86400000 };

static const struct modus_setting rule_rows[] = {
	MODUS_TEXT(struct files_rule, pattern, "pattern", NULL,
		   "As of a shell, for the whole path: \"*.css\", \"/static/*\"."),
	MODUS_TEXT(struct files_rule, value, "value", NULL, "As \"max-age=3600\"."), MODUS_END
};

static const struct modus_setting files_rows[] = {
	MODUS_TEXT(struct files_settings, root, "root", NULL,
		   "The directory, absolute or relative to where the server was started."),
	MODUS_LIST(struct files_settings, index, "index", 16, NULL, 0,
		   "What stands for a directory, the first that there is; \"index.html\" if none "
		   "is given."),
	MODUS_BOOL(struct files_settings, listing, "listing", false,
		   "Whether a directory without an index is listed."),
	MODUS_CHOICE(struct files_settings, dotfiles, "dotfiles", DOTFILES_HIDE, "hide|show",
		     "Whether there is anything whose name begins with a dot."),
	MODUS_CHOICE(struct files_settings, symlinks, "symlinks", SYMLINKS_WITHIN, "within|none",
		     "Which symbolic links are followed: those that stay below the root, or none."),
	MODUS_TEXT(struct files_settings, types, "types", "/etc/mime.types",
		   "Media types and their extensions; where it is missing, a short list of ours."),
	MODUS_TEXT(struct files_settings, charset, "charset", "utf-8",
		   "What texts are in whose names do not say it; \"\": nothing is said."),
	MODUS_LIST(struct files_settings, cache_control, "cache_control", 64, rule_rows,
		   sizeof(struct files_rule), "Cache-Control, of the first pattern that fits."),
	MODUS_BOOL(struct files_settings, negotiate, "negotiate", true,
		   "Whether /page may be page.en.html or page.html.de, as the client likes best."),
	MODUS_TEXT(struct files_settings, language, "language", "",
		   "The language for those who accept none that there is."),
	MODUS_CHOICE(struct files_settings, not_acceptable, "not_acceptable", NOT_ACCEPTABLE_LIST,
		     "list|default",
		     "What is sent where nothing is acceptable: 406 with a list, or something."),
	MODUS_BOOL(struct files_settings, precompressed, "precompressed", true,
		   "Whether FILE.br and FILE.gz are FILE, compressed."),
	MODUS_BOOL(struct files_settings, compress, "compress", true,
		   "Whether files are compressed while they are sent."),
	MODUS_BYTES(struct files_settings, compress_min, "compress_min", 1024, 0, 64 * MIB,
		    "The smallest file that is."),
	MODUS_BYTES(struct files_settings, compress_max, "compress_max", MIB, 0, 64 * MIB,
		    "The largest file that is."),
	MODUS_BYTES(struct files_settings, cache, "cache", 16 * MIB, 0, (int64_t)1 << 40,
		    "Memory of a process for what is asked for often; 0: none."),
	MODUS_BYTES(struct files_settings, cache_file, "cache_file", 64 << 10, 0, 64 * MIB,
		    "The largest file that is kept there; what was compressed is, of any size."),
	MODUS_TIME(struct files_settings, cache_valid_ms, "cache_valid", 1000, 0, DAY,
		   "How long what is known of a file is not looked up again; 0: always look."),
	MODUS_GROUP(struct files_settings, limits, "http", modus_http_limit_rows,
		    "Limits of HTTP, where this is not mounted on another."),
	MODUS_END
};

static int misfit(char *why, size_t size, const char *what, const char *got, const char *want)
{
	snprintf(why, size, "%s: got \"%s\", want %s", what, got, want);
	return -EINVAL;
}

/* All bytes are visible ones of ASCII, or among others. */
static bool is_visible(const char *text, const char *others)
{
	for (; *text; text++)
		if (((unsigned char)*text <= 0x20 || (unsigned char)*text >= 0x7f) &&
		    !strchr(others, *text))
			return false;
	return true;
}

static bool is_tag(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && *text != '-')
			return false;
	return true;
}

static int check_lists(const struct files_settings *set, char *why, size_t size)
{
	const char *const *index = set->index.items;
	const struct files_rule *rules = set->cache_control.items;

	for (size_t i = 0; i < set->index.count; i++)
		if (!*index[i] || *index[i] == '.' || strchr(index[i], '/'))
			return misfit(why, size, "index", index[i],
				      "the name of a file, without a dot before it or a slash");
	for (size_t i = 0; i < set->cache_control.count; i++)
		if (!*rules[i].value || !is_visible(rules[i].value, " \t"))
			return misfit(why, size, "cache_control.value", rules[i].value,
				      "directives as \"max-age=3600\"");
	return 0;
}

static int files_check(const void *settings, char *why, size_t size)
{
	const struct files_settings *set = settings;

	if (!*set->root)
		return misfit(why, size, "root", set->root, "a directory");
	if (!is_visible(set->charset, "") || strpbrk(set->charset, "\";,()="))
		return misfit(why, size, "charset", set->charset, "a name as \"utf-8\", or \"\"");
	if (!is_tag(set->language))
		return misfit(why, size, "language", set->language, "a tag as \"en\", or \"\"");
	if (set->compress_min > set->compress_max) {
		snprintf(why, size, "compress_min: got more than compress_max, want at most that");
		return -EINVAL;
	}
	return check_lists(set, why, size);
}

/* ---- Start and stop ---- */

static int start_types(struct files *f)
{
	const char *file = f->set->types;
	int rc = types_read(file, &f->types);

	if (rc == -ENOENT) {
		f->types = types_built_in();
		rc = f->types ? 0 : -ENOMEM;
		if (!rc)
			modus_log(MODUS_INFO, "%s: is not there: %zu types of our own are known",
				  file, types_count(f->types));
	}
	if (rc)
		modus_log(MODUS_ERROR, "%s: cannot be read as media types: %s", file,
			  strerror(-rc));
	return rc;
}

/* Whether the kernel can confine paths to a directory (Linux 5.6), and may be asked to. */
static int probe(int root)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH };
	long fd = syscall(SYS_openat2, root, ".", &how, sizeof(how));

	if (fd < 0) {
		int rc = -errno;

		modus_log(MODUS_ERROR,
			  "openat2(2): got \"%s\", want it to work, as since Linux 5.6: without it "
			  "paths cannot be confined to the root",
			  strerror(-rc));
		return rc;
	}
	close((int)fd);
	return 0;
}

static int start_root(struct files *f)
{
	int rc;

	f->root = open(f->set->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (f->root >= 0)
		return probe(f->root);
	rc = -errno;
	modus_log(MODUS_ERROR, "root %s: cannot be opened as a directory: %s", f->set->root,
		  strerror(-rc));
	return rc;
}

static void end(struct files *f)
{
	if (f->root >= 0)
		close(f->root);
	cache_free(f->cache);
	types_free(f->types);
	free(f);
}

static int files_start(struct modus_conn *task)
{
	struct files *f = calloc(1, sizeof(*f));
	int rc;

	if (!f)
		return -ENOMEM;
	f->set = modus_instance(task)->settings;
	rc = start_root(f);
	rc = rc ? rc : start_types(f);
	if (!rc) {
		f->cache = cache_new((size_t)f->set->cache);
		rc = f->cache ? 0 : -ENOMEM;
	}
	if (rc)
		end(f);
	else
		modus_instance(task)->state = f;
	return rc;
}

static void files_stop(struct modus_conn *task)
{
	end(modus_instance(task)->state);
}

static const struct modus_http_limits *files_limits(const void *settings)
{
	const struct files_settings *set = settings;

	return &set->limits;
}

static const struct modus_http_app files_app = {
	.magic = MODUS_HTTP_MAGIC,
	.size = sizeof(struct modus_http_app),
	.methods = "GET HEAD",
	.respond = respond,
	.limits = files_limits,
};

MODUS_PLUGIN(.name = "files", .summary = "serves the files of a directory over HTTP",
	     MODUS_HTTP_FIELDS(&files_app), .settings = files_rows,
	     .settings_size = sizeof(struct files_settings), .check = files_check,
	     .start = files_start, .stop = files_stop);
