/* SPDX-License-Identifier: MIT */
/* When an encoding is wished for, and when it is worth it. */
#include "handlers/http/codings/coding.h"
#include "tests/unit/unit_suite.h"

#include <string.h>

static const struct {
	const char *accept;
	enum http_coding wished;
} wishes[] = {
	{ NULL, HTTP_IDENTITY },
	{ "", HTTP_IDENTITY },
	{ "gzip", HTTP_GZIP },
	{ "br", HTTP_BR },
	{ "gzip, br", HTTP_BR },
	{ "br, gzip", HTTP_BR },
	{ "gzip, deflate, br, zstd", HTTP_BR },
	{ "GZip", HTTP_GZIP },
	{ "deflate", HTTP_IDENTITY },
	{ "deflate, gzip;q=1.0", HTTP_GZIP },
	{ "identity", HTTP_IDENTITY },
	{ "identity, gzip", HTTP_GZIP },
	{ "identity;q=0.5, gzip;q=0.4", HTTP_IDENTITY },
	{ "identity;q=0.5, gzip;q=0.5", HTTP_GZIP },
	{ "gzip;q=0.9, br;q=0.8, identity;q=0.1", HTTP_GZIP },
	{ "gzip;q=0.8, br;q=0.9, identity;q=0.1", HTTP_BR },
	{ "gzip;q=0", HTTP_IDENTITY },
	{ "gzip;q=0, br;q=0", HTTP_IDENTITY },
	{ "*", HTTP_BR },
	{ "br;q=0, *", HTTP_GZIP },
	{ "*;q=0", HTTP_IDENTITY },
	{ "gzip, *;q=0", HTTP_GZIP },
	{ "gzip;q=0.1, identity;q=0", HTTP_GZIP },
};

START_TEST(test_the_best_that_is_wished_for)
{
	for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++)
		ck_assert_msg(http_coding_wished(wishes[i].accept) == wishes[i].wished, "%s",
			      wishes[i].accept ? wishes[i].accept : "not sent");
}
END_TEST

START_TEST(test_types_that_are_worth_it)
{
	static const char *const types[] = {
		"text/html",
		"text/plain;charset=utf-8",
		"TEXT/CSS",
		"text/event-stream",
		"application/json",
		"application/json ; charset=utf-8",
		"Application/JavaScript",
		"application/xml",
		"application/wasm",
		"application/problem+json",
		"application/atom+xml;type=feed",
		"application/vnd.x+JSON",
		"image/svg+xml",
		"font/ttf",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		ck_assert_msg(http_compressible(types[i]), "%s", types[i]);
}
END_TEST

START_TEST(test_types_that_are_not)
{
	static const char *const types[] = {
		NULL,
		"",
		";",
		" text/html",
		"text",
		"image/png",
		"image/jpeg",
		"video/mp4",
		"audio/mpeg",
		"font/woff2",
		"application/zip",
		"application/gzip",
		"application/octet-stream",
		"application/octet-stream;x=+json",
		"application/jsonx",
		"application/xjson",
		"+json",
		"multipart/byteranges; boundary=x",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		ck_assert_msg(!http_compressible(types[i]), "%s", types[i] ? types[i] : "NULL");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_the_best_that_is_wished_for,
		test_types_that_are_worth_it,
		test_types_that_are_not,
	};

	return SUITE_RUN("compressible", tests, NULL, NULL);
}
