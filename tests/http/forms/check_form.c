/* SPDX-License-Identifier: MIT */
/* modus_http_part() and modus_http_part_read() on a request that exists here alone. */
#include "handlers/http/forms/form.h"
#include "tests/unit/unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { BLOCKS = 4096 };

struct modus_http {
	const char *type, *body;
	size_t size, at, piece;
	int64_t length;
	int failure;    /* what reading says at the end */
	size_t memory;  /* that may be taken */
	size_t largest; /* room that was offered to a read */
	struct http_form *form;
	void *blocks[BLOCKS];
	size_t count;
};

static struct modus_http request;

const char *modus_http_field(struct modus_http *h, const char *name)
{
	return strcasecmp(name, "Content-Type") == 0 ? h->type : NULL;
}

int64_t modus_http_length(const struct modus_http *h)
{
	return h->length;
}

ssize_t modus_http_read(struct modus_http *h, void *buf, size_t size)
{
	size_t n = h->size - h->at;

	h->largest = size > h->largest ? size : h->largest;
	if (n == 0)
		return h->failure;
	n = n < h->piece ? n : h->piece;
	n = n < size ? n : size;
	memcpy(buf, h->body + h->at, n);
	h->at += n;
	return (ssize_t)n;
}

void *modus_http_alloc(struct modus_http *h, size_t size)
{
	void *block;

	if (size > h->memory)
		return NULL;
	block = malloc(size);
	ck_assert(block && h->count < BLOCKS);
	h->memory -= size;
	h->blocks[h->count++] = block;
	return block;
}

struct http_form **http_form_of(struct modus_http *h)
{
	return &h->form;
}

static void end_request(void)
{
	for (size_t i = 0; i < request.count; i++)
		free(request.blocks[i]);
	request = (struct modus_http) { 0 };
}

static void begin(const char *type, const char *body)
{
	end_request();
	request = (struct modus_http) { .type = type,
					.body = body,
					.size = strlen(body),
					.piece = 7,
					.length = (int64_t)strlen(body),
					.memory = 1 << 20 };
}

static void expect_part(const char *name, const char *filename, const char *type)
{
	struct modus_http_part part;

	ck_assert_int_eq(modus_http_part(&request, &part), 1);
	ck_assert_str_eq(part.name, name);
	ck_assert_pstr_eq(part.filename, filename);
	ck_assert_str_eq(part.type, type);
}

static void expect_value(const char *value, size_t size)
{
	char buf[256], got[256] = "";
	ssize_t n;

	ck_assert_uint_le(size, sizeof(buf));
	while ((n = modus_http_part_read(&request, buf, size)) > 0) {
		ck_assert_uint_le((size_t)n, size);
		strncat(got, buf, (size_t)n);
	}
	ck_assert_int_eq(n, 0);
	ck_assert_str_eq(got, value);
}

static void expect_no_part(int rc)
{
	struct modus_http_part part;

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(modus_http_part(&request, &part), rc);
}

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART  "multipart/form-data; boundary=x"

static const char two_parts[] =
	"--x\r\n"
	"Content-Disposition: form-data; name=\"title\"\r\n"
	"\r\n"
	"A title\r\n"
	"--x\r\n"
	"Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n"
	"Content-Type: application/octet-stream\r\n"
	"\r\n"
	"bytes\r\n--y\r\n"
	"--x--\r\n";

START_TEST(test_a_multipart_form)
{
	for (size_t size = 1; size < 40; size += 3) {
		begin(MULTIPART, two_parts);
		request.piece = size;
		expect_part("title", NULL, "text/plain");
		expect_value("A title", size);
		expect_part("file", "a.bin", "application/octet-stream");
		expect_value("bytes\r\n--y", size);
		expect_no_part(0);
		ck_assert_int_eq(modus_http_part_read(&request, &size, 1), 0);
	}
}
END_TEST

START_TEST(test_an_urlencoded_form)
{
	for (size_t size = 1; size < 20; size++) {
		begin(URLENCODED, "a=1+2%203&b&c=%26");
		request.piece = size;
		expect_part("a", NULL, "text/plain");
		expect_value("1 2 3", size);
		expect_part("b", NULL, "text/plain");
		expect_value("", size);
		expect_part("c", NULL, "text/plain");
		expect_value("&", size);
		expect_no_part(0);
	}
}
END_TEST

START_TEST(test_what_was_not_read_is_passed_over)
{
	char buf[3];

	begin(MULTIPART, two_parts);
	expect_part("title", NULL, "text/plain");
	expect_part("file", "a.bin", "application/octet-stream");
	ck_assert_int_eq(modus_http_part_read(&request, buf, 3), 3);
	ck_assert_mem_eq(buf, "byt", 3);
	expect_no_part(0);
	ck_assert_int_eq(modus_http_part_read(&request, buf, 3), 0);
}
END_TEST

START_TEST(test_texts_stay_until_the_request_ends)
{
	struct modus_http_part first, second;

	begin(MULTIPART, two_parts);
	ck_assert_int_eq(modus_http_part(&request, &first), 1);
	ck_assert_int_eq(modus_http_part(&request, &second), 1);
	expect_no_part(0);
	ck_assert_str_eq(first.name, "title");
	ck_assert_str_eq(first.type, "text/plain");
	ck_assert_str_eq(second.name, "file");
	ck_assert_str_eq(second.filename, "a.bin");
}
END_TEST

START_TEST(test_the_body_is_read_to_its_end)
{
	begin(MULTIPART, "--x--\r\nan epilogue");
	expect_no_part(0);
	ck_assert_uint_eq(request.at, request.size);
	begin(URLENCODED, "");
	expect_no_part(0);
}
END_TEST

START_TEST(test_what_is_no_form)
{
	char byte;

	begin("text/plain", "a=b");
	expect_no_part(-EOPNOTSUPP);
	ck_assert_int_eq(modus_http_part_read(&request, &byte, 1), -EINVAL);
	begin(NULL, "");
	expect_no_part(-EOPNOTSUPP);
	ck_assert_uint_eq(request.at, 0);
}
END_TEST

START_TEST(test_failures_stick)
{
	char byte;

	begin("multipart/form-data", two_parts);
	expect_no_part(-EBADMSG);
	ck_assert_int_eq(modus_http_part_read(&request, &byte, 1), -EBADMSG);
	ck_assert_uint_eq(request.at, 0);
	begin(MULTIPART, "--x\r\n\r\n\r\n--x--");
	expect_no_part(-EBADMSG);
	ck_assert_int_eq(modus_http_part_read(&request, &byte, 1), -EBADMSG);
	begin(MULTIPART, "");
	expect_no_part(-EBADMSG);
}
END_TEST

START_TEST(test_a_cut_value_fails_behind_its_last_byte)
{
	char buf[100];

	begin(URLENCODED, "a=123%4");
	request.piece = 100;
	expect_part("a", NULL, "text/plain");
	ck_assert_int_eq(modus_http_part_read(&request, buf, sizeof(buf)), 3);
	ck_assert_int_eq(modus_http_part_read(&request, buf, sizeof(buf)), -EBADMSG);
	ck_assert_int_eq(modus_http_part_read(&request, buf, sizeof(buf)), -EBADMSG);
	expect_no_part(-EBADMSG);
}
END_TEST

START_TEST(test_failures_of_reading_are_passed_on)
{
	static const int failures[] = { -EMSGSIZE, -EBADMSG, -ETIMEDOUT, -ECONNRESET };
	char buf[100];

	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		begin(URLENCODED, "a=123");
		request.failure = failures[i];
		expect_part("a", NULL, "text/plain");
		while (modus_http_part_read(&request, buf, sizeof(buf)) > 0)
			;
		ck_assert_int_eq(modus_http_part_read(&request, buf, 1), failures[i]);
		expect_no_part(failures[i]);
	}
}
END_TEST

/* With any less memory than it takes, a call says so, and says so again. */
START_TEST(test_memory_may_run_out)
{
	struct modus_http_part part;
	size_t needed;

	begin(MULTIPART, two_parts);
	expect_part("title", NULL, "text/plain");
	expect_part("file", "a.bin", "application/octet-stream");
	expect_no_part(0);
	needed = (1 << 20) - request.memory;
	for (size_t memory = needed - 60; memory < needed; memory++) {
		int rc;

		begin(MULTIPART, two_parts);
		request.memory = memory;
		do
			rc = modus_http_part(&request, &part);
		while (rc == 1);
		ck_assert_int_eq(rc, -ENOMEM);
		request.memory = request.form ? 1 << 20 : 0;
		expect_no_part(-ENOMEM);
	}
}
END_TEST

static size_t largest_for(int64_t length)
{
	begin(URLENCODED, "a=b");
	request.length = length;
	expect_part("a", NULL, "text/plain");
	return request.largest;
}

START_TEST(test_the_input_is_read_in_pieces_that_suit)
{
	ck_assert_uint_eq(largest_for(3), 4096);
	ck_assert_uint_eq(largest_for(5000), 5000);
	ck_assert_uint_eq(largest_for(1 << 20), 16384);
	ck_assert_uint_eq(largest_for(-1), 16384);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_a_multipart_form,
		test_an_urlencoded_form,
		test_what_was_not_read_is_passed_over,
		test_texts_stay_until_the_request_ends,
		test_the_body_is_read_to_its_end,
		test_what_is_no_form,
		test_failures_stick,
		test_a_cut_value_fails_behind_its_last_byte,
		test_failures_of_reading_are_passed_on,
		test_memory_may_run_out,
		test_the_input_is_read_in_pieces_that_suit,
	};

	return SUITE_RUN("form", tests, NULL, end_request);
}
