/* SPDX-License-Identifier: MIT */
/* What is encoded is decoded by the libraries, and is what it was. */
#include "handlers/http/codings/coding.h"
#include "tests/unit/unit_suite.h"

#include <brotli/decode.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

enum { SIZE = 1 << 20, ROOM = SIZE + SIZE / 4 };

static unsigned char plain[SIZE], encoded[ROOM], decoded[ROOM];
static size_t encoded_len;
static int calls_left; /* after which the sink fails; negative: it does not */

static int gather(void *arg, const void *data, size_t n)
{
	ck_assert_ptr_eq(arg, encoded);
	ck_assert_uint_gt(n, 0);
	if (calls_left == 0)
		return -EPIPE;
	calls_left--;
	ck_assert_uint_le(encoded_len + n, sizeof(encoded));
	memcpy(encoded + encoded_len, data, n);
	encoded_len += n;
	return 0;
}

static struct http_encoder *begin(enum http_coding coding)
{
	struct http_encoder *e = http_encoder_new(coding);

	ck_assert_ptr_nonnull(e);
	encoded_len = 0;
	calls_left = -1;
	return e;
}

static void write_to(struct http_encoder *e, const void *data, size_t n)
{
	ck_assert_int_eq(http_encoder_write(e, data, n, gather, encoded), 0);
}

static void end(struct http_encoder *e)
{
	ck_assert_int_eq(http_encoder_end(e, gather, encoded), 0);
	http_encoder_free(e);
}

/* Returns how many bytes came out; *ended: whether the encoding says that there are no more. */
static size_t gunzip(bool *ended)
{
	z_stream z = { .next_in = encoded,
		       .avail_in = (unsigned)encoded_len,
		       .next_out = decoded,
		       .avail_out = sizeof(decoded) };
	int rc;

	ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
	rc = inflate(&z, Z_SYNC_FLUSH);
	ck_assert(rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR);
	*ended = rc == Z_STREAM_END;
	ck_assert_uint_eq(z.avail_in, 0);
	ck_assert_int_eq(inflateEnd(&z), Z_OK);
	return sizeof(decoded) - z.avail_out;
}

static size_t unbrotli(bool *ended)
{
	BrotliDecoderState *b = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	size_t in = encoded_len, out = sizeof(decoded);
	const uint8_t *from = encoded;
	uint8_t *to = decoded;
	BrotliDecoderResult rc;

	ck_assert_ptr_nonnull(b);
	rc = BrotliDecoderDecompressStream(b, &in, &from, &out, &to, NULL);
	ck_assert_int_ne(rc, BROTLI_DECODER_RESULT_ERROR);
	*ended = rc == BROTLI_DECODER_RESULT_SUCCESS;
	ck_assert_uint_eq(in, 0);
	BrotliDecoderDestroyInstance(b);
	return sizeof(decoded) - out;
}

static void expect_decoded(enum http_coding coding, size_t n, bool whole)
{
	bool ended = whole;
	size_t got = encoded_len;

	if (coding == HTTP_GZIP)
		got = gunzip(&ended);
	else if (coding == HTTP_BR)
		got = unbrotli(&ended);
	else
		memcpy(decoded, encoded, encoded_len);
	ck_assert_uint_eq(got, n);
	ck_assert(memcmp(decoded, plain, n) == 0);
	ck_assert(ended == whole);
}

static void fill_with_text(void)
{
	static const char line[] = "The quick brown fox jumps over the lazy dog, again. ";

	for (size_t i = 0; i < SIZE; i++)
		plain[i] = (unsigned char)line[(i + i / 997) % (sizeof(line) - 1)];
}

static void fill_with_noise(void)
{
	uint32_t x = 1;

	for (size_t i = 0; i < SIZE; i++) {
		x = x * 1664525u + 1013904223u;
		plain[i] = (unsigned char)(x >> 24);
	}
}

static void set_up(void)
{
	fill_with_text();
}

START_TEST(test_nothing_is_encoded_too)
{
	struct http_encoder *e = begin((enum http_coding)_i);

	end(e);
	ck_assert(_i == HTTP_IDENTITY || encoded_len > 0);
	expect_decoded((enum http_coding)_i, 0, true);
}
END_TEST

static void encode_in_pieces(enum http_coding coding, size_t n, size_t piece)
{
	struct http_encoder *e = begin(coding);

	for (size_t at = 0; at < n; at += piece)
		write_to(e, plain + at, n - at < piece ? n - at : piece);
	end(e);
	expect_decoded(coding, n, true);
}

START_TEST(test_any_size_in_any_pieces)
{
	static const size_t sizes[] = { 1, 2, 100, 8191, 8192, 8193, 65536, 100000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		encode_in_pieces((enum http_coding)_i, sizes[i], sizes[i]);
		encode_in_pieces((enum http_coding)_i, sizes[i], 777);
	}
	encode_in_pieces((enum http_coding)_i, 1000, 1);
}
END_TEST

START_TEST(test_a_mebibyte_gets_smaller)
{
	encode_in_pieces((enum http_coding)_i, SIZE, 4096);
	ck_assert(_i == HTTP_IDENTITY ? encoded_len == SIZE : encoded_len < SIZE / 10);
}
END_TEST

START_TEST(test_noise_gets_hardly_larger)
{
	fill_with_noise();
	encode_in_pieces((enum http_coding)_i, SIZE, SIZE);
	ck_assert_uint_lt(encoded_len, SIZE + SIZE / 1000);
}
END_TEST

START_TEST(test_a_flush_shows_what_was_written)
{
	struct http_encoder *e = begin((enum http_coding)_i);
	size_t n = 0;

	for (size_t piece = 1; piece < 40000; piece = piece * 3 + 1) {
		write_to(e, plain + n, piece);
		n += piece;
		ck_assert_int_eq(http_encoder_flush(e, gather, encoded), 0);
		expect_decoded((enum http_coding)_i, n, _i == HTTP_IDENTITY);
	}
	end(e);
	expect_decoded((enum http_coding)_i, n, true);
}
END_TEST

START_TEST(test_flushes_may_have_nothing_to_show)
{
	struct http_encoder *e = begin((enum http_coding)_i);

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(http_encoder_flush(e, gather, encoded), 0);
	write_to(e, plain, 10);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(http_encoder_flush(e, gather, encoded), 0);
	expect_decoded((enum http_coding)_i, 10, _i == HTTP_IDENTITY);
	end(e);
	expect_decoded((enum http_coding)_i, 10, true);
}
END_TEST

START_TEST(test_what_the_sink_says_sticks)
{
	struct http_encoder *e = begin((enum http_coding)_i);
	int rc = 0;

	fill_with_noise();
	calls_left = 1;
	for (int i = 0; i < 4 && rc == 0; i++)
		rc = http_encoder_write(e, plain, SIZE, gather, encoded);
	ck_assert_int_eq(rc, -EPIPE);
	calls_left = -1;
	encoded_len = 0;
	ck_assert_int_eq(http_encoder_write(e, plain, 1, gather, encoded), -EPIPE);
	ck_assert_int_eq(http_encoder_flush(e, gather, encoded), -EPIPE);
	ck_assert_int_eq(http_encoder_end(e, gather, encoded), -EPIPE);
	ck_assert_uint_eq(encoded_len, 0);
	http_encoder_free(e);
}
END_TEST

START_TEST(test_nothing_follows_the_end)
{
	struct http_encoder *e = begin((enum http_coding)_i);

	write_to(e, plain, 100);
	ck_assert_int_eq(http_encoder_end(e, gather, encoded), 0);
	ck_assert_int_eq(http_encoder_write(e, plain, 1, gather, encoded), -EINVAL);
	ck_assert_int_eq(http_encoder_end(e, gather, encoded), -EINVAL);
	expect_decoded((enum http_coding)_i, 100, true);
	http_encoder_free(e);
}
END_TEST

START_TEST(test_an_encoder_may_be_given_up)
{
	struct http_encoder *e = begin((enum http_coding)_i);

	write_to(e, plain, 100000);
	http_encoder_free(e);
	http_encoder_free(NULL);
}
END_TEST

START_TEST(test_names)
{
	ck_assert_ptr_null(http_coding_name(HTTP_IDENTITY));
	ck_assert_str_eq(http_coding_name(HTTP_GZIP), "gzip");
	ck_assert_str_eq(http_coding_name(HTTP_BR), "br");
}
END_TEST

static TCase *each_coding(void)
{
	static const TTest *const *const tests[] = {
		&test_nothing_is_encoded_too,         &test_any_size_in_any_pieces,
		&test_a_mebibyte_gets_smaller,        &test_noise_gets_hardly_larger,
		&test_a_flush_shows_what_was_written, &test_flushes_may_have_nothing_to_show,
		&test_what_the_sink_says_sticks,      &test_nothing_follows_the_end,
		&test_an_encoder_may_be_given_up,
	};
	TCase *cases = tcase_create("coding");

	tcase_add_checked_fixture(cases, set_up, NULL);
	tcase_set_timeout(cases, 30);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_loop_test(cases, *tests[i], HTTP_IDENTITY, HTTP_BR + 1);
	tcase_add_test(cases, test_names);
	return cases;
}

int main(void)
{
	return suite_run("coding", each_coding());
}
