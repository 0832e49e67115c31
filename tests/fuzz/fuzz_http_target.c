/* SPDX-License-Identifier: MIT */
/* Any text as a target, as a host, and as what has escapes.  The first byte chooses the method. */
#include "tests/fuzz/fuzz.h"

#include "handlers/http/values/target.h"

static void expect_no_dots(const char *path)
{
	size_t n = strlen(path);

	fuzz_expect(!strstr(path, "/../") && !strstr(path, "/./"));
	fuzz_expect(n < 3 || strcmp(path + n - 3, "/..") != 0);
	fuzz_expect(n < 2 || strcmp(path + n - 2, "/.") != 0);
}

static void expect_legal(const char *query)
{
	for (; *query; query++)
		fuzz_expect(*query > ' ' && *query < 0x7f && !strchr("#<>\"", *query));
}

/* A path with all its bytes escaped, but the slashes, must be read as that path. */
static void read_path_again(const char *path)
{
	size_t n = strlen(path);
	char *text = malloc(3 * n + 1), *again = malloc(3 * n + 2), *to = text;
	struct http_target target;

	fuzz_expect(text && again);
	for (const char *at = path; *at; at++)
		to += *at == '/' ? sprintf(to, "/") : sprintf(to, "%%%02x", (unsigned char)*at);
	fuzz_expect(http_target_read(text, "GET", again, &target));
	fuzz_expect(target.form == HTTP_FORM_ORIGIN && target.path_len == n);
	fuzz_expect(!strcmp(path, again));
	free(text);
	free(again);
}

static void expect_target(const char *text, const char *method, const char *path,
			  const struct http_target *t)
{
	bool options = !strcmp(method, "OPTIONS");

	fuzz_expect(strlen(path) == t->path_len && t->path_len <= strlen(text) + 1);
	fuzz_expect(*path == '/' || (options && !strcmp(path, "*")));
	fuzz_expect((t->form == HTTP_FORM_AUTHORITY) == !strcmp(method, "CONNECT"));
	fuzz_expect(t->form != HTTP_FORM_ASTERISK || options);
	fuzz_expect((t->form == HTTP_FORM_ORIGIN) == (*text == '/'));
	if (t->authority)
		fuzz_expect(t->authority_len > 0 && t->authority >= text &&
			    t->authority + t->authority_len <= text + strlen(text));
	if (t->query) {
		fuzz_expect(t->query > text && t->query[-1] == '?' &&
			    t->query + strlen(t->query) == text + strlen(text));
		expect_legal(t->query);
	}
	expect_no_dots(path);
	if (*path == '/')
		read_path_again(path);
}

static void read_host(const char *text)
{
	size_t n = strlen(text), length;
	char *host = malloc(n + 1), *again;

	fuzz_expect(host);
	if (http_host_read(text, n, host)) {
		length = strlen(host);
		again = malloc(length + 1);
		fuzz_expect(again && length > 0 && length <= n);
		fuzz_expect(!strpbrk(host, "/?#@\\ ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
		fuzz_expect(*host == '[' ? host[length - 1] == ']' : !strpbrk(host, "[:]"));
		fuzz_expect(http_host_read(host, length, again) && !strcmp(host, again));
		free(again);
	}
	free(host);
}

static void unescape(const char *text, bool plus)
{
	size_t n = strlen(text);
	char *copy = strdup(text);
	long length;

	fuzz_expect(copy);
	length = http_unescape(copy, plus);
	fuzz_expect(length >= -1 && length <= (long)n);
	fuzz_expect(length < 0 || strlen(copy) == (size_t)length);
	fuzz_expect(length != (long)n || !strchr(text, '%'));
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = { "GET", "OPTIONS", "CONNECT", "POST" };
	struct http_target target;
	const char *method;
	char *text, *path;

	if (size == 0)
		return 0;
	method = methods[data[0] % 4];
	text = fuzz_text(data + 1, size - 1);
	path = malloc(strlen(text) + 2);
	fuzz_expect(path);
	if (http_target_read(text, method, path, &target))
		expect_target(text, method, path, &target);
	read_host(text);
	unescape(text, data[0] & 4);
	free(path);
	free(text);
	return 0;
}
