/* SPDX-License-Identifier: MIT */
/* CPython's ErrorHandlerTest, and verify_request(): what becomes of a handler's errors. */
#include "tests/embedding/harness.h"

#include <errno.h>
#include <sys/socket.h>

/* The error is told, the request is shut down, the server goes on. */
static void handled(const char *handler, const char *request, int error)
{
	struct modus_server *s = make(handler, "tcp://127.0.0.1:0", NULL);
	int fd;

	ASSERT_OK(modus_server_activate(s));
	for (int i = 1; i <= 2; i++) {
		fd = client(s);
		say(fd, request);
		ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
		hear_end(fd);
		ck_assert_int_eq(subject.seen->errors, i);
		ck_assert_int_eq(subject.seen->error, error);
		ck_assert_int_eq(subject.seen->result, 1); /* told where the handler ran */
		close(fd);
	}
	modus_server_free(s);
}

/* The server ends, the request is shut down, the error is not told. */
static void not_handled(void)
{
	struct modus_server *s = make("exit", "tcp://127.0.0.1:0", NULL);
	struct serving v;
	int fd;

	start_serving(&v, s);
	fd = client(s);
	say(fd, "x\n");
	hear_end(fd);
	ASSERT_OK(join_serving(&v));
	ck_assert_int_eq(subject.seen->requests, 1);
	ck_assert_int_eq(subject.seen->errors, 0);
	close(fd);
	modus_server_free(s);
}

/* test_threading_handled and test_forking_handled under those models. */
START_TEST(test_sync_handled)
{
	handled("fail", "x\n", -EDOM);
}
END_TEST

/* test_threading_not_handled and test_forking_not_handled under those models. */
START_TEST(test_sync_not_handled)
{
	not_handled();
}
END_TEST

/* Where setup() fails, finish() is not called; where handle() does, it is. */
START_TEST(test_setup_fails)
{
	handled("unset", "", -ERANGE);
	ck_assert_int_eq(subject.seen->finishes, 0);
}
END_TEST

START_TEST(test_finish_after_failure)
{
	struct modus_server *s = make("lines", "tcp://127.0.0.1:0", NULL);
	int fd;

	ASSERT_OK(modus_server_activate(s));
	fd = client(s);
	say(fd, "half a line");
	ASSERT_OK(shutdown(fd, SHUT_WR));
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
	ck_assert_int_eq(subject.seen->error, -EBADMSG);
	ck_assert_int_eq(subject.seen->finishes, 1);
	close(fd);
	modus_server_free(s);
}
END_TEST

static int refuse(void *arg, const struct modus_conn *c)
{
	((struct seen *)arg)->verified++;
	return modus_peer(c)->addrlen > 0 && modus_server_of(c) ? -EACCES : 0;
}

START_TEST(test_shutdown_request_called_if_verify_request_false)
{
	struct modus_server_options o = options();
	struct modus_server *s;
	int fd;

	o.verify_request = refuse;
	s = make("line", "tcp://127.0.0.1:0", &o);
	ASSERT_OK(modus_server_activate(s));
	fd = client(s);
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
	hear_end(fd);
	ck_assert_int_eq(subject.seen->verified, 1);
	ck_assert_int_eq(subject.seen->requests, 0);
	ck_assert_int_eq(subject.seen->errors, 0);
	ck_assert_int_eq(modus_server_count(s, "refused"), 1);
	close(fd);
	modus_server_free(s);
}
END_TEST

/* Whom access rules deny is not even shown to verify_request(). */
START_TEST(test_access_rules)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	struct serving v;
	int fd;

	ASSERT_OK(modus_server_set(s, "access", "[ \"deny all\" ]"));
	start_serving(&v, s);
	fd = client(s);
	hear_end(fd);
	close(fd);
	ASSERT_OK(stop_serving(&v));
	ck_assert_int_eq(modus_server_count(s, "denied"), 1);
	modus_server_free(s);
}
END_TEST

void add_errors(TCase *t)
{
	tcase_add_test(t, test_sync_handled);
	tcase_add_test(t, test_sync_not_handled);
	tcase_add_test(t, test_setup_fails);
	tcase_add_test(t, test_finish_after_failure);
	tcase_add_test(t, test_shutdown_request_called_if_verify_request_false);
	tcase_add_test(t, test_access_rules);
}
