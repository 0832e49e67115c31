/* SPDX-License-Identifier: MIT */
/* What the fields of a part say, and which are refused. */
#include "form_kit.h"

#define FORM        "multipart/form-data; boundary=x"
#define DISPOSITION "Content-Disposition: form-data; name=a\r\n"

static void expect_head(const char *head, const char *want)
{
	char *body = stretched("--x\r\n", ' ', 0, head),
	     *all = stretched(body, ' ', 0, "\r\n\r\n--x--");

	expect_form(FORM, all, want);
	free(all);
	free(body);
}

/* The parameters of form-data, and what is made of them. */
static void expect_disposition(const char *parameters, const char *want)
{
	char head[512], shown[512];

	snprintf(head, sizeof(head), "Content-Disposition: form-data%s\r\n", parameters);
	snprintf(shown, sizeof(shown), *want == '!' ? "EBADMSG" : "[%s|text/plain|].", want);
	expect_head(head, shown);
}

START_TEST(test_names_and_filenames)
{
	expect_disposition("; name=\"a\"", "a|-");
	expect_disposition(";name=a", "a|-");
	expect_disposition(" ; NAME=a ; ", "a|-");
	expect_disposition("; name=\"\"", "|-");
	expect_disposition("; name=\"a;b=c, d\"; filename=\"e f\"", "a;b=c, d|e f");
	expect_disposition("; filename=f; name=a", "a|f");
	expect_disposition("; name=\"a\"; filename=\"\"", "a|");
	expect_disposition("; name=\"\xc3\xa4\"; filename=\"\xe2\x82\xac.txt\"",
			   "\xc3\xa4|\xe2\x82\xac.txt");
	expect_disposition("; name=a; size=7; filename*=UTF-8''b", "a|-");
}
END_TEST

START_TEST(test_escapes)
{
	expect_disposition("; name=\"%22a%22\"; filename=\"%22b%0d%0A.txt\"", "\"a\"|\"b\r\n.txt");
	expect_disposition("; name=\"\\\"a\\\"\\\\b\"", "\"a\"\\b|-");
	expect_disposition("; name=\"a\\b\"", "a\\b|-");
	expect_disposition("; name=\"%41%2\"", "%41%2|-");
	expect_disposition("; name=\"%%22%\"", "%\"%|-");
	expect_disposition("; name=%22; filename=%0A", "\"|\n");
	expect_disposition("; name=\"\\%22\"", "\\\"|-");
}
END_TEST

START_TEST(test_of_a_path_the_last_component)
{
	expect_disposition("; name=a; filename=\"/etc/passwd\"", "a|passwd");
	expect_disposition("; name=a; filename=\"C:\\dir\\file.txt\"", "a|file.txt");
	expect_disposition("; name=a; filename=\"C:\\\\dir\\\\file.txt\"", "a|file.txt");
	expect_disposition("; name=a; filename=\"../../x\"", "a|x");
	expect_disposition("; name=a; filename=\"..\"", "a|");
	expect_disposition("; name=a; filename=\"x/.\"", "a|");
	expect_disposition("; name=a; filename=\"x/..\"", "a|");
	expect_disposition("; name=a; filename=\"...\"", "a|...");
	expect_disposition("; name=a; filename=\"dir/\"", "a|");
	expect_disposition("; name=\"a/b\"", "a/b|-");
}
END_TEST

START_TEST(test_dispositions_that_are_refused)
{
	expect_disposition("", "!");
	expect_disposition(";", "!");
	expect_disposition("; filename=\"f\"", "!");
	expect_disposition("; name", "!");
	expect_disposition("; name=", "!");
	expect_disposition("; name=\"a", "!");
	expect_disposition("; name=\"a\\\"", "!");
	expect_disposition("; name=\"a\"b", "!");
	expect_disposition("; name=a; name=a", "!");
	expect_disposition("; name=a; filename=f; filename=f", "!");
	expect_disposition("; name=a[]", "!");
	expect_disposition(" name=a", "!");
	expect_head("Content-Disposition: attachment; name=a\r\n", "EBADMSG");
	expect_head("Content-Disposition: form-datax; name=a\r\n", "EBADMSG");
	expect_head(DISPOSITION DISPOSITION, "EBADMSG");
}
END_TEST

START_TEST(test_types)
{
	expect_head(DISPOSITION "CONTENT-TYPE:\ttext/html;charset=utf-8 \t\r\n",
		    "[a|-|text/html;charset=utf-8|].");
	expect_head("Content-Type: image/png\r\n" DISPOSITION, "[a|-|image/png|].");
	expect_head(DISPOSITION "Content-Type: \r\n", "[a|-|text/plain|].");
	expect_head(DISPOSITION "Content-Type: a/b\r\nContent-Type: a/b\r\n", "EBADMSG");
}
END_TEST

START_TEST(test_codings_that_hide_data_are_refused)
{
	expect_head(DISPOSITION "Content-Transfer-Encoding: Binary\r\n", "[a|-|text/plain|].");
	expect_head(DISPOSITION "Content-Transfer-Encoding: 8bit\r\n", "[a|-|text/plain|].");
	expect_head(DISPOSITION "Content-Transfer-Encoding: base64\r\n", "EBADMSG");
	expect_head(DISPOSITION "Content-Transfer-Encoding: quoted-printable\r\n", "EBADMSG");
}
END_TEST

START_TEST(test_other_fields_are_passed_over)
{
	expect_head(DISPOSITION "Content-Length: 77\r\nX: \r\nY:\r\n", "[a|-|text/plain|].");
}
END_TEST

START_TEST(test_lines_that_are_refused)
{
	static const char *const bad[] = {
		"",
		DISPOSITION "X: a\r\n b\r\n",
		DISPOSITION " X: a\r\n",
		DISPOSITION "\tX: a\r\n",
		DISPOSITION "X : a\r\n",
		DISPOSITION ": a\r\n",
		DISPOSITION "X\r\n",
		DISPOSITION "X: a\n",
		DISPOSITION "\n",
		DISPOSITION "X: a\rb\r\n",
		DISPOSITION "X: a\r\r\n",
		DISPOSITION "X: \x01\r\n",
		DISPOSITION "X: \x7f\r\n",
		DISPOSITION "X\xc3\xa4: a\r\n",
		"X: a\r\n",
		"--x\r\n",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		expect_head(bad[i], "EBADMSG");
}
END_TEST

START_TEST(test_nul_is_refused)
{
	static const char in_name[] = "--x\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\n"
				      "\r\n--x--";
	static const char in_other[] = "--x\r\n" DISPOSITION "X: \0\r\n\r\n\r\n--x--";
	static const char in_field[] = "--x\r\n" DISPOSITION "X\0: a\r\n\r\n\r\n--x--";

	expect_bytes(FORM, in_name, sizeof(in_name) - 1, "EBADMSG");
	expect_bytes(FORM, in_other, sizeof(in_other) - 1, "EBADMSG");
	expect_bytes(FORM, in_field, sizeof(in_field) - 1, "EBADMSG");
}
END_TEST

/* The whole head counts, with its last line. */
START_TEST(test_heads_are_limited)
{
	size_t others = strlen(DISPOSITION "X: \r\n\r\n"), room = PART_HEAD_SIZE - others;
	char *fits = stretched(DISPOSITION "X: ", 'x', room, "\r\n");
	char *over = stretched(DISPOSITION "X: ", 'x', room + 1, "\r\n");
	char *endless = stretched(DISPOSITION, 'x', 2 * PART_HEAD_SIZE, "");

	expect_head(fits, "[a|-|text/plain|].");
	expect_head(over, "EMSGSIZE");
	expect_head(endless, "EMSGSIZE");
	free(fits);
	free(over);
	free(endless);
}
END_TEST

START_TEST(test_lines_are_limited)
{
	struct transcript head = { 0 };

	for (int i = 0; i < PART_HEAD_LINES - 1; i++)
		transcript_say(&head, "X: ", "a\r\n");
	transcript_say(&head, DISPOSITION, "");
	expect_head(head.text, "[a|-|text/plain|].");
	transcript_say(&head, "X: ", "a\r\n");
	expect_head(head.text, "EMSGSIZE");
	free(head.text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_names_and_filenames,
		test_escapes,
		test_of_a_path_the_last_component,
		test_dispositions_that_are_refused,
		test_types,
		test_codings_that_hide_data_are_refused,
		test_other_fields_are_passed_over,
		test_lines_that_are_refused,
		test_nul_is_refused,
		test_heads_are_limited,
		test_lines_are_limited,
	};

	return SUITE_RUN("part_head", tests, NULL, NULL);
}
