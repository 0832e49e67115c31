/* SPDX-License-Identifier: MIT */
/* What to serve: from a config, from the inside of a service, from calls; and their errors. */
#include "tests/embedding/harness.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

static const char whole[] = "log_level = \"error\";\n"
			    "services = ( { name = \"one\"; listen = [ \"tcp://127.0.0.1:0\" ];\n"
			    "  model = \"%s\"; handler = \"line\"; } );";
static const char inside[] = "listen = [ \"tcp://127.0.0.1:0\" ];\n"
			     "model = \"%s\"; handler = \"line\";";

static struct modus_server *from_text(struct modus_server_options o, char why[1000])
{
	return modus_server_new(&o, why, 1000);
}

static void ask(struct modus_server *s)
{
	int fd;

	ASSERT_OK(modus_server_activate(s));
	fd = client(s);
	say(fd, "x\n");
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
	hear(fd, "x\n");
	close(fd);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void fill(char text[1000], const char *format)
{
	snprintf(text, 1000, format, subject.model->name);
}
#pragma GCC diagnostic pop

START_TEST(test_whole_config)
{
	struct modus_server_options o = options();
	char text[1000], why[1000];
	struct modus_server *s;

	fill(text, whole);
	o.config = text;
	s = from_text(o, why);
	ck_assert_msg(s != NULL, "%s", why);
	ck_assert_int_eq(modus_server_listen(s, "tcp://127.0.0.1:0"), -EBUSY);
	ck_assert_int_eq(modus_server_model(s, "pool", NULL), -EBUSY);
	ck_assert_int_eq(modus_server_handler(s, "line", NULL), -EBUSY);
	ck_assert_int_eq(modus_server_set(s, "backlog", "5"), -EBUSY);
	ask(s);
	modus_server_free(s);
}
END_TEST

START_TEST(test_inside_of_a_service)
{
	struct modus_server_options o = options();
	char text[1000], why[1000];
	struct modus_server *s;

	fill(text, inside);
	o.service = text;
	o.name = "two";
	s = from_text(o, why);
	ck_assert_msg(s != NULL, "%s", why);
	ask(s);
	modus_server_free(s);
}
END_TEST

START_TEST(test_errors_of_texts)
{
	struct modus_server_options o = options();
	char why[1000];

	o.file = "app.conf";
	o.service = "listen = [ \"tcp://127.0.0.1:0\" ];\nmodel = \"poll\"; handler = \"lin\";";
	ck_assert_ptr_null(from_text(o, why));
	ck_assert_ptr_nonnull(strstr(why, "app.conf:2: model: got \"poll\", want one of"));
	ck_assert_ptr_nonnull(strstr(why, "\napp.conf:2: handler: "));
	o.config = o.service;
	ck_assert_ptr_null(from_text(o, why));
	ck_assert_str_eq(why, "got both config and service, want one of them");
	o.service = NULL;
	o.config = "services = ( { name = \"a\"; listen = [ \"tcp://127.0.0.1:0\" ]; "
		   "model = \"fork\"; handler = \"line\"; },\n"
		   "{ name = \"b\"; listen = [ \"tcp://127.0.0.1:0\" ]; "
		   "model = \"fork\"; handler = \"line\"; } );";
	ck_assert_ptr_null(from_text(o, why));
	ck_assert_str_eq(why, "app.conf:1: services: got 2 services, want one");
	o.config = "";
	ck_assert_ptr_null(from_text(o, why));
	ck_assert_ptr_nonnull(strstr(why, "app.conf:1: services: missing"));
	ck_assert_ptr_null(modus_server_new(&o, NULL, 0));
}
END_TEST

START_TEST(test_errors_of_calls)
{
	struct modus_server *s = make("line", "nonsense", NULL);

	ASSERT_OK(modus_server_set(s, "backlog", "0"));
	ck_assert_int_eq(modus_server_listen(s, "tcp://\n"), -EINVAL);
	ck_assert_int_eq(modus_server_bind(s), -EINVAL);
	ck_assert_msg(strstr(modus_server_why(s), "listen: got \"nonsense\", want tcp://"), "%s",
		      modus_server_why(s));
	ck_assert_ptr_nonnull(strstr(modus_server_why(s), "backlog: got 0, want a whole number"));
	ck_assert_ptr_nonnull(strstr(modus_server_text(s), "backlog = 0;\n"));
	ck_assert_int_eq(modus_server_serve_forever(s), -EINVAL);
	modus_server_free(s);
	s = make("line", "tcp://127.0.0.1:0\" ]; \"", NULL); /* it is text, not config */
	ck_assert_int_eq(modus_server_bind(s), -EINVAL);
	modus_server_free(s);
}
END_TEST

/* request_queue_size and allow_reuse_address; a listener's tcpi_sacked is its backlog. */
START_TEST(test_settings_reach_the_sockets)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	struct tcp_info info;
	socklen_t size = sizeof(info);
	int reuse;

	ASSERT_OK(modus_server_set(s, "backlog", "5"));
	ASSERT_OK(modus_server_set(s, "reuse_address", "false"));
	ASSERT_OK(modus_server_activate(s));
	ASSERT_OK(getsockopt(modus_server_fd(s, 0), IPPROTO_TCP, TCP_INFO, &info, &size));
	ck_assert_uint_eq(info.tcpi_sacked, 5);
	size = sizeof(reuse);
	ASSERT_OK(getsockopt(modus_server_fd(s, 0), SOL_SOCKET, SO_REUSEADDR, &reuse, &size));
	ck_assert_int_eq(reuse, 0);
	modus_server_free(s);
}
END_TEST

/* A pair of model and handler that cannot work is refused, with the reason. */
START_TEST(test_misfits)
{
	struct modus_server *s = make("serial", "tcp://127.0.0.1:0", NULL);
	int rc = modus_server_bind(s);

	if (can(MODUS_THREADED) || can(MODUS_EVENTED)) {
		ck_assert_int_eq(rc, -EINVAL);
		ck_assert_ptr_nonnull(strstr(modus_server_why(s), "not marked MODUS_REENTRANT"));
	} else {
		ASSERT_OK(rc);
	}
	modus_server_free(s);
	s = make("serial", "udp://127.0.0.1:0", NULL);
	ck_assert_int_eq(modus_server_bind(s), -EINVAL);
	modus_server_free(s);
}
END_TEST

START_TEST(test_descriptor_is_checked)
{
	static const struct modus_plugin empty = { .magic = 1 };
	const struct modus_plugin *const list[] = { &empty, NULL };
	struct modus_server_options o = { .handlers = list };
	char why[1000];

	ck_assert_ptr_null(from_text(o, why));
	ck_assert_msg(strstr(why, "handler 0 that is linked in"), "%s", why);
}
END_TEST

/* Each function that the header declares is there for applications to link with. */
START_TEST(test_all)
{
	FILE *f = fopen(HEADER, "re");
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	int found = 0;
	char line[300];

	ck_assert_ptr_nonnull(f);
	ck_assert_msg(library != NULL, "%s", dlerror());
	while (fgets(line, sizeof(line), f)) {
		char *name = strstr(line, "modus_server_"), *end = name ? strchr(name, '(') : NULL;

		if (strchr(" /*\t", *line) || !end)
			continue;
		*end = '\0';
		ck_assert_msg(dlsym(library, name) != NULL, "%s", name);
		found++;
	}
	fclose(f);
	ck_assert_int_eq(found, 20);
}
END_TEST

void add_config(TCase *t)
{
	tcase_add_test(t, test_whole_config);
	tcase_add_test(t, test_inside_of_a_service);
	tcase_add_test(t, test_errors_of_texts);
	tcase_add_test(t, test_errors_of_calls);
	tcase_add_test(t, test_settings_reach_the_sockets);
	tcase_add_test(t, test_misfits);
	tcase_add_test(t, test_descriptor_is_checked);
	tcase_add_test(t, test_all);
}
