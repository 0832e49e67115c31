/* SPDX-License-Identifier: MIT */
/* Shortages that last: the service waits, without spinning, and recovers. */
#include "tests/faults/harness.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { MANY = 300, SHORT_MS = 250, CLIENTS = 3 };

static const struct fault shortages[] = {
	FAULT(accept4, EMFILE),  FAULT(calloc, ENOMEM),   FAULT(epoll_ctl, ENOSPC),
	FAULT(fork, EAGAIN),     FAULT(malloc, ENOMEM),   FAULT(mmap64, ENOMEM),
	FAULT(realloc, ENOMEM),  FAULT(recv, ENOMEM),     FAULT(pthread_create, EAGAIN),
	FAULT(recvfrom, ENOMEM), FAULT(recvmsg, ENOMEM),  FAULT(sendto, ENOBUFS),
	FAULT(socket, ENFILE),   FAULT(sendmsg, ENOBUFS),
};

enum { SHORTAGES = sizeof(shortages) / sizeof(shortages[0]) };

static void at(const char *what, const struct fault *f, long n)
{
	test_at("%s, call %ld fails: %s", what, n, f->name);
}

/* Clients that come meanwhile, and one that was there before, must not make it spin. */
static void suffer(struct server *s, const struct fault *f)
{
	int before = client(s), fd[CLIENTS + 1];
	int64_t cpu;

	if (can(MODUS_CONCURRENT))
		ask(before, "echo x", "ok x");
	wrap_arm(f->call, f->error, 1, INT32_MAX);
	cpu = server_cpu_ms(s);
	for (int i = 0; i < CLIENTS; i++) {
		fd[i] = client(s);
		client_send(fd[i], "echo x\n", 7);
	}
	fd[CLIENTS] = client_at(server_url(s, "udp"));
	client_send(fd[CLIENTS], "echo x", 6);
	client_send(before, "echo x\n", 7);
	pause_ms(SHORT_MS);
	cpu = server_cpu_ms(s) - cpu;
	wrap_disarm();
	ck_assert_msg(cpu < SHORT_MS / 2, "it spent %lld ms of %d", (long long)cpu, SHORT_MS);
	hang_up(before);
	for (int i = 0; i <= CLIENTS; i++)
		hang_up(fd[i]);
	serves_next(s);
	say(client_at(server_url(s, "udp")), "echo x");
}

START_TEST(shortage_ends)
{
	static const struct fault no_room = FAULT(sendto, EAGAIN); /* though poll() says some */
	struct server *s = serve("every", LIMITED);

	for (size_t i = 0; i < SHORTAGES; i++) {
		at("a while", &shortages[i], 1);
		suffer(s, &shortages[i]);
	}
	at("a while", &no_room, 1);
	suffer(s, &no_room);
	all_closed(s);
	limit_is(s, LIMIT);
	server_stop(s);
}
END_TEST

/* What failed once it was ready costs clients, not the service. */
static void serves_on(struct server *s, int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	ck_assert_msg(poll(&p, 1, PATIENCE) == 1, "it does not answer");
	hang_up(fd);
	serves_next(s);
	server_stop(s);
}

/* A service that has no memory for its first client: nothing that it is asked for may hang. */
START_TEST(first_client_suffers)
{
	static const char *const commands[] = { "sleep 5", "poll 5 pipe", "block 1", "timer 5" };

	for (size_t i = 0; i < SHORTAGES; i++)
		for (size_t k = 0; k < sizeof(commands) / sizeof(commands[0]); k++) {
			struct server *s = serve("every", LIMITED);
			int fd;

			at(commands[k], &shortages[i], 2);
			wrap_arm(shortages[i].call, shortages[i].error, 2, INT32_MAX);
			fd = client(s);
			client_send(fd, commands[k], strlen(commands[k]));
			client_send(fd, "\n", 1);
			pause_ms(20);
			wrap_disarm();
			serves_on(s, fd);
			clients_after_test();
			servers_after_test();
		}
}
END_TEST

/* Where it says that it is ready it is, whatever failed before. */
START_TEST(ready_is_ready)
{
	for (size_t i = 0; i < SHORTAGES; i++)
		for (long n = 1, hits = 1; hits && n < MANY; n++) {
			struct server *s;

			at("starting", &shortages[i], n);
			wrap_arm(shortages[i].call, shortages[i].error, n, n);
			s = serve_perhaps("every", LIMITED);
			hits = wrap_disarm();
			if (s) {
				int fd = client_at(server_url(s, "udp"));

				say(fd, "echo x");
				serves_on(s, fd);
			}
			clients_after_test();
			servers_after_test();
		}
}
END_TEST

/* ---- An upstream whose queue is full
 * -----------------------------------------------------------*/

/* connect(2) to a Unix socket says EAGAIN at once; the handler asked to wait. */
START_TEST(full_upstream_is_waited_for)
{
	struct sockaddr_storage a;
	struct server *s = serve("every", LIMITED);
	int up, type, fd = client(s);
	char url[128];
	socklen_t n;

	up = upstream_listen("unix", url, sizeof(url));
	ck_assert_int_eq(listen(up, 0), 0);
	n = url_address(url, &a, &type);
	for (;;) { /* fills it */
		int filler =
			client_keep(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));

		if (connect(filler, (struct sockaddr *)&a, n))
			break;
	}
	say(fd, "connect %s 100", url);
	expect(fd, "err -ETIMEDOUT");
	say(fd, "flush x\nconnect %s 5000", url);
	expect(fd, "ok x");
	expect(fd, "flushed 0");
	expect_silence(fd, 30);
	upstream_accept(up);
	expect(fd, "ok");
	hang_up(fd);
	server_stop(s);
}
END_TEST

void add_lasting(Suite *s)
{
	TCase *t = part(s, "lasting");

	tcase_add_test(t, shortage_ends);
	tcase_add_test(t, first_client_suffers);
	tcase_add_test(t, ready_is_ready);
	tcase_add_test(t, full_upstream_is_waited_for);
}
