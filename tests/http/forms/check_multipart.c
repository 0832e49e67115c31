/* SPDX-License-Identifier: MIT */
/* Delimiters and data. */
#include "form_kit.h"

#define FORM "multipart/form-data; boundary=AaB03x"
#define HEAD "Content-Disposition: form-data; name=\"a\"\r\n\r\n"
#define END  "\r\n--AaB03x--\r\n"

/* A body of one part, with this value. */
#define ONE(value) "--AaB03x\r\n" HEAD value END

START_TEST(test_parts_come_in_their_order)
{
	expect_form(FORM,
		    "--AaB03x\r\n"
		    "content-disposition: form-data; name=\"submitter\"\r\n"
		    "\r\n"
		    "Joe Blow\r\n"
		    "--AaB03x\r\n"
		    "Content-Disposition: form-data; name=\"pics\"; filename=\"file1.gif\"\r\n"
		    "Content-Type: image/gif\r\n"
		    "\r\n"
		    "GIF89a\r\n\r\n"
		    "\r\n--AaB03x--\r\n",
		    "[submitter|-|text/plain|Joe Blow][pics|file1.gif|image/gif|GIF89a\r\n\r\n].");
}
END_TEST

START_TEST(test_values_may_be_empty)
{
	expect_form(FORM, ONE(""), "[a|-|text/plain|].");
	expect_form(FORM, "--AaB03x\r\n" HEAD "--AaB03x--\r\n", "[a|-|text/plain|].");
	expect_form(FORM, "--AaB03x\r\n" HEAD "--AaB03x\r\n" HEAD "v" END,
		    "[a|-|text/plain|][a|-|text/plain|v].");
}
END_TEST

START_TEST(test_a_form_may_be_empty)
{
	expect_form(FORM, "--AaB03x--", ".");
	expect_form(FORM, "--AaB03x--\r\n", ".");
	expect_form(FORM, END, ".");
}
END_TEST

START_TEST(test_preamble_and_epilogue_are_passed_over)
{
	expect_form(FORM, "what is this\r\n-- AaB03x\r\n\r\n" ONE("v") "and that\r\n--AaB03x\r\n",
		    "[a|-|text/plain|v].");
	expect_form(FORM, "x--AaB03x\r\n" ONE("v"), "[a|-|text/plain|v].");
	expect_form(FORM, "\r\n" ONE("v"), "[a|-|text/plain|v].");
}
END_TEST

START_TEST(test_padding_may_follow_a_delimiter)
{
	expect_form(FORM, "--AaB03x \t \r\n" HEAD "v\r\n--AaB03x-- \t", "[a|-|text/plain|v].");
	expect_form(FORM, "--AaB03x\t\r\n" HEAD "v\r\n--AaB03x--  \r\n", "[a|-|text/plain|v].");
}
END_TEST

START_TEST(test_what_only_begins_as_a_delimiter_is_data)
{
	static const char *const values[] = {
		"\r",
		"\r\r\n\n",
		"\r\n-",
		"\r\n--",
		"\r\n--AaB03",
		"\r\n--AaB03y",
		"\r\n--AaB03xx",
		"\r\n--AaB03x-x",
		"\r\n--AaB03x-\r\n",
		"\r\n--AaB03x\n",
		"\r\n--AaB03\r\n--AaB0\r\n--Aa",
		"\r\n--AaB03x\xff",
		"\r\n\r\n--\r\n-",
		"--AaB03y",
		"--AaB03xx",
		"-",
		"\n--AaB03x",
		"x--AaB03x--",
		"\r--AaB03x--",
		"\r\n --AaB03x",
		"\r\n--aAB03X--",
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		char body[256], want[256];

		snprintf(body, sizeof(body), "--AaB03x\r\n" HEAD "%s" END, values[i]);
		snprintf(want, sizeof(want), "[a|-|text/plain|%s].", values[i]);
		expect_form(FORM, body, want);
	}
}
END_TEST

START_TEST(test_what_follows_a_delimiter_wrongly_is_refused)
{
	expect_form(FORM, "--AaB03x x\r\n" HEAD "v" END, "EBADMSG");
	expect_form(FORM, "--AaB03x\r" HEAD "v" END, "EBADMSG");
	expect_form(FORM, "--AaB03x--x", "EBADMSG");
	expect_form(FORM, "--AaB03x--\rx", "EBADMSG");
	expect_form(FORM, "--AaB03x--\r", "EBADMSG");
	expect_form(FORM, ONE("v\r\n--AaB03x -"), "[a|-|text/plain|v]EBADMSG");
}
END_TEST

START_TEST(test_a_body_must_have_its_end)
{
	static const char whole[] = ONE("some data") "epilogue";
	size_t open = strlen(whole) - strlen("\r\nepilogue");

	for (size_t n = 0; n < strlen(whole); n++) {
		char *got = transcript_of(FORM, whole, n, (struct cuts) { 3, 7 });
		bool complete = got[strlen(got) - 1] == '.';

		ck_assert_msg(complete == (n == open || n > open + 1), "%zu: %s", n, got);
		ck_assert(complete || strstr(got, "EBADMSG"));
		free(got);
	}
}
END_TEST

START_TEST(test_values_may_hold_any_bytes)
{
	static const char before[] = "--AaB03x\r\n" HEAD;
	char body[600], want[600];
	size_t head = strlen(before), n = head;

	memcpy(body, before, sizeof(before));
	for (int c = 1; c < 256; c++)
		body[n++] = (char)c;
	snprintf(want, sizeof(want), "[a|-|text/plain|%.255s].", body + head);
	memcpy(body + n, END, sizeof(END));
	expect_form(FORM, body, want);
}
END_TEST

START_TEST(test_nul_is_data_too)
{
	static const char body[] = "--AaB03x\r\n" HEAD "\0\r\n--\0\0" END;
	static const char want[] = "[a|-|text/plain|\0\r\n--\0\0].";

	for (size_t piece = 1; piece < sizeof(body); piece++) {
		char *got = transcript_of(FORM, body, sizeof(body) - 1, (struct cuts) { piece, 0 });

		ck_assert_mem_eq(got, want, sizeof(want));
		free(got);
	}
}
END_TEST

START_TEST(test_boundaries_that_are_legal)
{
	static const char *const boundaries[] = {
		"x",
		"----WebKitFormBoundary7MA4YWxkTrZu0gW",
		"'()+_,-./:=?",
		"a b",
		"--",
		"0123456789012345678901234567890123456789012345678901234567890123456789",
	};

	for (size_t i = 0; i < sizeof(boundaries) / sizeof(*boundaries); i++) {
		const char *b = boundaries[i];
		char type[200], body[400];

		snprintf(type, sizeof(type), "Multipart/Form-Data ; charset=x; Boundary=\"%s\"", b);
		snprintf(body, sizeof(body), "--%s\r\n" HEAD "\r\n--\r\n--%s--", b, b);
		expect_form(type, body, "[a|-|text/plain|\r\n--].");
	}
}
END_TEST

START_TEST(test_boundaries_that_are_not)
{
	static const char too_long[] =
		"; boundary="
		"01234567890123456789012345678901234567890123456789012345678901234567890";
	static const char *const parameters[] = {
		"",
		";",
		"; boundary",
		"; boundary=",
		"; boundary=\"\"",
		"; boundary=\"x",
		"; boundary=\"x \"",
		"; boundary=\"x\ty\"",
		"; boundary=\"x\"y",
		"; boundary=\"x@y\"",
		"; boundary=\"\xc3\xa4\"",
		"; boundary=x; boundary=y",
		"; boundary=x, y",
		too_long,
	};

	for (size_t i = 0; i < sizeof(parameters) / sizeof(*parameters); i++) {
		struct form_parser p;
		char type[200];

		snprintf(type, sizeof(type), "multipart/form-data%s", parameters[i]);
		ck_assert_msg(form_parser_begin(&p, type) == -EBADMSG, "%s", type);
	}
}
END_TEST

START_TEST(test_other_types_are_no_forms)
{
	static const char *const types[] = { NULL,
					     "",
					     "text/plain",
					     "multipart/mixed; boundary=x",
					     "multipart/form-datax; boundary=x",
					     "text/plain, multipart/form-data; boundary=x" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		expect_form(types[i], "--x--", "EOPNOTSUPP");
}
END_TEST

static void expect_parts(unsigned count, const char *end)
{
	struct transcript body = { 0 };
	char *got;
	size_t n;

	for (unsigned i = 0; i < count; i++)
		transcript_say(&body, "--AaB03x\r\n", HEAD "\r\n");
	transcript_say(&body, "--AaB03x--", "");
	got = transcript_of(FORM, body.text, body.len, (struct cuts) { 4096, 0 });
	n = strlen(got);
	ck_assert(n > strlen(end) && strcmp(got + n - strlen(end), end) == 0);
	free(got);
	free(body.text);
}

START_TEST(test_parts_are_limited)
{
	expect_parts(FORM_PARTS, "[a|-|text/plain|].");
	expect_parts(FORM_PARTS + 1, "[a|-|text/plain|]EMSGSIZE");
}
END_TEST

START_TEST(test_values_are_not_limited)
{
	char *body = stretched("--AaB03x\r\n" HEAD, '\r', 1 << 20, END);
	char *got = transcript_of(FORM, body, strlen(body), (struct cuts) { 5000, 3 });

	ck_assert_uint_eq(strlen(got), strlen("[a|-|text/plain|].") + (1 << 20));
	free(got);
	free(body);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_parts_come_in_their_order,
		test_values_may_be_empty,
		test_a_form_may_be_empty,
		test_preamble_and_epilogue_are_passed_over,
		test_padding_may_follow_a_delimiter,
		test_what_only_begins_as_a_delimiter_is_data,
		test_what_follows_a_delimiter_wrongly_is_refused,
		test_a_body_must_have_its_end,
		test_values_may_hold_any_bytes,
		test_nul_is_data_too,
		test_boundaries_that_are_legal,
		test_boundaries_that_are_not,
		test_other_types_are_no_forms,
		test_parts_are_limited,
		test_values_are_not_limited,
	};

	return SUITE_RUN("multipart", tests, NULL, NULL);
}
