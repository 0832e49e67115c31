/* SPDX-License-Identifier: MIT */
/* Any line as a Cookie field, and any others as the texts of a cookie to be set. */
#include "tests/fuzz/http_lines.h"

#include "handlers/http/values/cookie.h"

#include <errno.h>

enum { ROOM = 512 };

static void find(const char *field, const char *name)
{
	size_t len = 0, n = strlen(name);
	const char *value = http_cookie_find(field, name, &len);

	if (!value)
		return;
	fuzz_expect(n > 0 && value > field + n && value + len <= field + strlen(field));
	fuzz_expect(value[-1] == '=' && !memcmp(value - 1 - n, name, n));
	fuzz_expect(!memchr(value, ';', len));
	fuzz_expect(len == 0 || (value[len - 1] != ' ' && value[len - 1] != '\t'));
}

/* What was written says one cookie, which a client would send back as it was meant. */
static void expect_cookie(const char *out, const struct modus_http_cookie *c)
{
	const char *value;
	size_t len = 0, parts = 0;

	for (const char *at = out; *at; at++) {
		fuzz_expect(*at >= ' ' && *at < 0x7f);
		parts += *at == ';';
	}
	fuzz_expect(parts == (size_t)2 * (c->max_age != 0) + (c->path != NULL) +
				     (c->domain != NULL) + c->secure + c->http_only +
				     (c->same_site != MODUS_SITE_UNSAID));
	value = http_cookie_find(out, c->name, &len);
	fuzz_expect(value == out + strlen(c->name) + 1);
	fuzz_expect(len == strlen(c->value ? c->value : ""));
	fuzz_expect(len == 0 || !memcmp(value, c->value, len));
	fuzz_expect(c->secure || c->same_site != MODUS_SITE_NONE);
}

static void write_cookie(const struct modus_http_cookie *c, time_t now)
{
	char *out = malloc(ROOM);
	int n;

	fuzz_expect(out);
	n = http_cookie_write(out, ROOM, c, now);
	fuzz_expect(n == -EINVAL || n == -ENOSPC || (n > 0 && n < ROOM));
	if (n > 0) {
		fuzz_expect(strlen(out) == (size_t)n);
		expect_cookie(out, c);
		fuzz_expect(http_cookie_write(out, (size_t)n, c, now) == -ENOSPC);
	}
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct modus_http_cookie c = { 0 };
	char *field, *texts[4];
	int64_t now;

	if (size < 1 + sizeof(c.max_age) + sizeof(now))
		return 0;
	c.secure = data[0] & 1;
	c.http_only = data[0] & 2;
	c.same_site = (enum modus_http_same_site)(data[0] >> 2 & 3);
	memcpy(&c.max_age, data + 1, sizeof(c.max_age));
	memcpy(&now, data + 1 + sizeof(c.max_age), sizeof(now));
	data += 1 + sizeof(c.max_age) + sizeof(now);
	size -= 1 + sizeof(c.max_age) + sizeof(now);
	field = next_line(&data, &size);
	for (int i = 0; i < 4; i++)
		texts[i] = next_line(&data, &size);
	c.name = texts[0];
	c.value = texts[1];
	c.path = texts[2];
	c.domain = texts[3];
	write_cookie(&c, (time_t)now);
	if (field) {
		find(field, "a");
		find(field, c.name ? c.name : "");
	}
	free(field);
	for (int i = 0; i < 4; i++)
		free(texts[i]);
	return 0;
}
