/* SPDX-License-Identifier: MIT */
#include "core/output.h"

#include "service_peer.h"

enum { BUFFER = 16 * 1024, MUCH = 3 * 1024 * 1024 };

static struct modus_conn *c;
static char got[2 * 1024 * 1024];

/* A connection whose peer sees where each send begins and ends. */
static void connect_packets(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	rig_close(c);
	close(rig.peer);
	rig.peer = ends[1];
	c = rig_adopt(ends[0]);
}

/* Leaves no room in the kernel; returns how much was put there. */
static size_t stuff(void)
{
	static const char stuffing[1000];
	size_t n = 0;
	ssize_t sent;

	while ((sent = send(c->fd, stuffing, sizeof(stuffing), MSG_DONTWAIT)) > 0)
		n += (size_t)sent;
	while (send(c->fd, stuffing, 1, MSG_DONTWAIT) > 0)
		n++;
	return n;
}

static void ck_received(const char *want)
{
	ssize_t n = rig_receive(got, sizeof(got));

	ck_assert_int_eq(n, (ssize_t)strlen(want));
	ck_assert_mem_eq(got, want, (size_t)n);
}

/* ---- A reader that takes its time ---- */

struct reader {
	pthread_t thread;
	size_t skip, total; /* bytes before the pattern, in all */
	bool right;
};

static char pattern(size_t i)
{
	return (char)('a' + i % 23);
}

static void *reader_main(void *arg)
{
	struct reader *r = arg;
	char buf[5000];
	ssize_t n;

	r->right = true;
	while ((n = recv(rig.peer, buf, sizeof(buf), 0)) > 0) {
		for (ssize_t i = 0; i < n; i++, r->total++)
			if (r->total >= r->skip && buf[i] != pattern(r->total - r->skip))
				r->right = false;
		usleep(50);
	}
	return NULL;
}

static void reader_start(struct reader *r)
{
	ck_assert_int_eq(pthread_create(&r->thread, NULL, reader_main, r), 0);
}

static void ck_read_all(struct reader *r, size_t total)
{
	pthread_join(r->thread, NULL);
	ck_assert(r->right);
	ck_assert_uint_eq(r->total, r->skip + total);
}

static char *make_pattern(size_t n)
{
	char *text = malloc(n);

	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < n; i++)
		text[i] = pattern(i);
	return text;
}

/* ---- Gathering ---- */

START_TEST(test_one_send)
{
	connect_packets();
	ck_assert_int_eq(modus_write(c, "one ", 4), 0);
	ck_assert_int_eq(modus_printf(c, "%s %d", "two", 3), 0);
	ck_assert_int_eq(modus_write(c, "", 0), 0);
	ck_assert_int_eq(modus_write(c, "!", 1), 0);
	ck_assert_int_eq(rig_receive(got, sizeof(got)), -1);
	ck_assert_int_eq(modus_flush(c), 0);
	ck_received("one two 3!");
	ck_assert_int_eq(modus_flush(c), 0);
	ck_assert_int_eq(rig_receive(got, sizeof(got)), -1);
	ck_assert_uint_eq(rig_count(COUNT_bytes_out), 10);
}
END_TEST

START_TEST(test_large_write_goes_with_what_is_gathered)
{
	char *text = make_pattern(BUFFER);

	connect_packets();
	ck_assert_int_eq(modus_write(c, "head", 4), 0);
	ck_assert_int_eq(modus_write(c, text, BUFFER), 0);
	ck_assert_int_eq(rig_receive(got, sizeof(got)), 4 + BUFFER);
	ck_assert_mem_eq(got, "head", 4);
	ck_assert_mem_eq(got + 4, text, BUFFER);
	ck_assert(!output_pending(c));
	free(text);
}
END_TEST

START_TEST(test_printf_around_the_size_of_the_buffer)
{
	for (int n = BUFFER - 2; n <= BUFFER + 2; n++)
		for (int before = 0; before <= 3; before++) {
			ck_assert_int_eq(modus_write(c, "===", (size_t)before), 0);
			ck_assert_int_eq(modus_printf(c, "%*d", n, 7), 0);
			ck_assert_int_eq(modus_flush(c), 0);
			ck_assert_int_eq(rig_receive(got, sizeof(got)), before + n);
			ck_assert_int_eq(got[before], ' ');
			ck_assert_int_eq(got[before + n - 1], '7');
		}
}
END_TEST

START_TEST(test_printf_long)
{
	struct reader r = { 0 };
	char *text = make_pattern(300000);

	reader_start(&r);
	ck_assert_int_eq(modus_printf(c, "%.*s", 1000, text), 0);
	ck_assert_int_eq(modus_printf(c, "%.*s", 299000, text + 1000), 0);
	ck_assert_int_eq(modus_shutdown(c), 0);
	rig_close(c);
	ck_read_all(&r, 300000);
	free(text);
	c = rig_connect();
}
END_TEST

START_TEST(test_slow_reader)
{
	struct reader r = { 0 };
	char *text = make_pattern(MUCH);

	reader_start(&r);
	ck_assert_int_eq(modus_write(c, text, 7), 0);
	ck_assert_int_eq(modus_write(c, text + 7, MUCH - 7), 0);
	rig_close(c);
	ck_read_all(&r, MUCH);
	ck_assert_uint_eq(rig_count(COUNT_bytes_out), MUCH);
	free(text);
	c = rig_connect();
}
END_TEST

START_TEST(test_room)
{
	size_t room = modus_room(c);

	ck_assert_uint_gt(room, 1000);
	stuff();
	modus_set_deadline(c, MODUS_WRITE, 0);
	ck_assert_int_eq(modus_write(c, got, 1000), 0);
	ck_assert_uint_eq(modus_room(c), room - 1000);
	ck_assert_int_eq(modus_write(c, got, room - 1000), 0);
	ck_assert_uint_eq(modus_room(c), 0);
	ck_assert_int_eq(output_push(c), -EAGAIN);
	ck_assert_uint_eq(modus_room(c), 0);
	while (rig_receive(got, sizeof(got)) > 0)
		continue;
	ck_assert_int_eq(output_push(c), 0);
	ck_assert_uint_eq(modus_room(c), room);
}
END_TEST

/* ---- Half-close ---- */

START_TEST(test_shutdown)
{
	rig_say("still heard\n");
	ck_assert_int_eq(modus_printf(c, "bye"), 0);
	ck_assert_int_eq(modus_shutdown(c), 0);
	ck_received("bye");
	ck_assert_int_eq(rig_receive(got, sizeof(got)), 0);
	ck_assert_uint_eq(modus_room(c), 0);
	ck_assert_str_eq(modus_readline(c, 100, NULL), "still heard");
	ck_assert_int_eq(modus_printf(c, "more"), -EPIPE);
	ck_assert_int_eq(modus_write(c, "", 0), -EPIPE);
	ck_assert_int_eq(modus_error(c), -EPIPE);
}
END_TEST

START_TEST(test_shutdown_does_not_wait)
{
	struct reader r = { .skip = stuff() };
	char *text = make_pattern(10000);

	ck_assert_int_eq(modus_write(c, text, 10000), 0);
	ck_assert_int_eq(modus_shutdown(c), 0);
	ck_assert(output_pending(c));
	reader_start(&r);
	rig_close(c);
	ck_read_all(&r, 10000);
	free(text);
	c = rig_connect();
}
END_TEST

/* A flush sends what was written before the half-close. */
START_TEST(test_flush_after_shutdown)
{
	struct reader r = { .skip = stuff() };
	char *text = make_pattern(10000);

	ck_assert_int_eq(modus_write(c, text, 10000), 0);
	ck_assert_int_eq(modus_shutdown(c), 0);
	reader_start(&r);
	ck_assert_int_eq(modus_flush(c), 0);
	ck_read_all(&r, 10000);
	free(text);
}
END_TEST

/* ---- Failures ---- */

START_TEST(test_peer_is_gone)
{
	int rc;

	ck_assert_int_eq(modus_printf(c, "hello"), 0);
	close(rig.peer);
	rig.peer = -1;
	rc = modus_flush(c);
	ck_assert(rc == -EPIPE || rc == -ECONNRESET);
	ck_assert_int_eq(modus_write(c, "again", 5), rc);
	ck_assert_int_eq(modus_printf(c, "again"), rc);
	ck_assert_int_eq(modus_flush(c), rc);
	ck_assert_int_eq(modus_error(c), rc);
	ck_assert_uint_eq(rig_count(COUNT_reset), 1);
}
END_TEST

START_TEST(test_peer_takes_nothing)
{
	stuff();
	modus_set_deadline(c, MODUS_WRITE, 30);
	ck_assert_int_eq(modus_printf(c, "hello"), 0);
	ck_assert_int_eq(modus_flush(c), -ETIMEDOUT);
	ck_assert_int_eq(modus_flush(c), -ETIMEDOUT);
	ck_assert_int_eq(modus_error(c), -ETIMEDOUT);
	ck_assert_uint_eq(rig_count(COUNT_write_timeout), 1);
	ck_assert_uint_eq(rig_count(COUNT_request_timeout), 0);
}
END_TEST

START_TEST(test_peer_takes_nothing_of_a_large_write)
{
	stuff();
	modus_set_deadline(c, MODUS_WRITE, 30);
	ck_assert_int_eq(modus_write(c, got, sizeof(got)), -ETIMEDOUT);
	ck_assert_uint_eq(rig_count(COUNT_write_timeout), 1);
	ck_assert_uint_eq(rig_count(COUNT_request_timeout), 0);
}
END_TEST

START_TEST(test_canceled)
{
	stuff();
	rig_phase(PHASE_CANCELED);
	ck_assert_int_eq(modus_printf(c, "hello"), 0);
	ck_assert_int_eq(modus_flush(c), -ECANCELED);
	ck_assert_int_eq(modus_error(c), -ECANCELED);
}
END_TEST

START_TEST(test_long_datagram)
{
	c->kind = CONN_DATAGRAM;
	ck_assert_int_eq(modus_write(c, got, 60000), 0);
	ck_assert_int_eq(modus_write(c, got, 6000), -EMSGSIZE);
	ck_assert_int_eq(modus_write(c, got, 1), -EMSGSIZE);
	c->kind = CONN_STREAM;
}
END_TEST

/* ---- Files ---- */

static int make_file(size_t n)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *text = make_pattern(n);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, n), (ssize_t)n);
	free(text);
	return fd;
}

START_TEST(test_sendfile)
{
	struct reader r = { .skip = 5 };
	int fd = make_file(MUCH);

	reader_start(&r);
	lseek(fd, 10, SEEK_SET);
	ck_assert_int_eq(modus_printf(c, "head:"), 0);
	ck_assert_int_eq(modus_sendfile(c, fd, 0, 23 * 10000), 0);
	ck_assert_int_eq(modus_sendfile(c, fd, 23, MUCH - 23), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 10);
	rig_close(c);
	ck_read_all(&r, 23 * 10000 + MUCH - 23);
	close(fd);
	c = rig_connect();
}
END_TEST

START_TEST(test_sendfile_of_a_shorter_file)
{
	int fd = make_file(100);

	ck_assert_int_eq(modus_sendfile(c, fd, 60, 41), -EIO);
	ck_assert_int_eq(modus_write(c, "x", 1), -EIO);
	ck_assert_int_eq(modus_error(c), -EIO);
	close(fd);
}
END_TEST

/* There is no such thing; what is written is sent all the same. */
START_TEST(test_sendfile_on_a_datagram)
{
	int fd = make_file(100);

	c->kind = CONN_DATAGRAM;
	ck_assert_int_eq(modus_sendfile(c, fd, 0, 100), -EOPNOTSUPP);
	ck_assert_int_eq(modus_error(c), 0);
	ck_assert_int_eq(modus_write(c, "x", 1), 0);
	c->kind = CONN_STREAM;
	close(fd);
}
END_TEST

static void set_up(void)
{
	rig_set_up();
	c = rig_connect();
}

static void tear_down(void)
{
	rig_close(c);
	rig_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_one_send,
		test_large_write_goes_with_what_is_gathered,
		test_printf_around_the_size_of_the_buffer,
		test_printf_long,
		test_slow_reader,
		test_room,
		test_shutdown,
		test_shutdown_does_not_wait,
		test_flush_after_shutdown,
		test_peer_is_gone,
		test_peer_takes_nothing,
		test_peer_takes_nothing_of_a_large_write,
		test_canceled,
		test_long_datagram,
		test_sendfile,
		test_sendfile_of_a_shorter_file,
		test_sendfile_on_a_datagram,
	};

	return SUITE_RUN("output", tests, set_up, tear_down);
}
