/* SPDX-License-Identifier: MIT */
/* Which media types are worth an encoding. */
#include "handlers/http/codings/coding.h"

#include "handlers/http/values/ascii.h"

#include <string.h>

static const char *const types[] = {
	"application/ecmascript",
	"application/graphql",
	"application/javascript",
	"application/json",
	"application/json5",
	"application/jsonl",
	"application/rtf",
	"application/sql",
	"application/toml",
	"application/vnd.ms-fontobject",
	"application/wasm",
	"application/x-javascript",
	"application/x-ndjson",
	"application/x-sh",
	"application/x-yaml",
	"application/xml",
	"application/xml-dtd",
	"application/yaml",
	"font/otf",
	"font/ttf",
	"image/bmp",
	"image/svg+xml",
	"image/vnd.microsoft.icon",
	"image/x-icon",
};

static const char *const suffixes[] = { "+json", "+xml", "+yaml" };

static bool has_suffix(const char *type, size_t n, const char *suffix)
{
	size_t length = strlen(suffix);

	return n > length && http_same(type + n - length, length, suffix, length);
}

bool http_compressible(const char *type)
{
	size_t n = type ? strcspn(type, "; \t") : 0;

	if (n == 0)
		return false;
	if (http_begins(type, "text/"))
		return true;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (has_suffix(type, n, suffixes[i]))
			return true;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (http_same(type, n, types[i], strlen(types[i])))
			return true;
	return false;
}
