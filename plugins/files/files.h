/* SPDX-License-Identifier: MIT */
/* What the parts of the plugin share: its settings, its state, and how results are told. */
#ifndef FILES_FILES_H
#define FILES_FILES_H

#include "cache.h"

#include <modus/http.h>

struct files_rule {
	const char *pattern, *value;
};

enum { DOTFILES_HIDE, DOTFILES_SHOW };
enum { SYMLINKS_WITHIN, SYMLINKS_NONE };
enum { NOT_ACCEPTABLE_LIST, NOT_ACCEPTABLE_DEFAULT };

struct files_settings {
	const char *root, *types, *charset, *language;
	struct modus_list index;         /* of const char * */
	struct modus_list cache_control; /* of struct files_rule */
	int dotfiles, symlinks, not_acceptable;
	bool listing, negotiate, precompressed, compress;
	int64_t compress_min, compress_max, cache, cache_file, cache_valid_ms;
	struct modus_http_limits limits;
};

struct files {
	const struct files_settings *set;
	int root; /* a descriptor of the directory that is served */
	struct types *types;
	struct cache *cache;
};

/* What respond() returns for an errno of a file system call, given positive: a status, or a
 * negative errno where we do not know better than the log. */
int files_status(int error);

#endif
