/* SPDX-License-Identifier: MIT */
#include <modus/server.h>
#include <signal.h>
#include <stdio.h>

static struct modus_server *server;

static int hello_handle(struct modus_conn *c)
{
	char *name = modus_readline(c, 100, NULL);

	return name ? modus_printf(c, "Hello, %s!\n", name) : modus_error(c);
}

MODUS_PLUGIN(.name = "hello", .summary = "greets whoever says a name",
	     .flags = MODUS_STREAM | MODUS_REENTRANT, .handle = hello_handle);

static void on_term(int number)
{
	modus_server_stop(server);
}

int main(int argc, char **argv)
{
	const struct modus_plugin *const handlers[] = { &modus_plugin_descriptor, NULL };
	const struct modus_server_options options = { .handlers = handlers };
	char why[500];

	server = modus_server_new(&options, why, sizeof(why));
	if (!server)
		return fprintf(stderr, "%s\n", why), 1;
	sigaction(SIGTERM, &(struct sigaction) { .sa_handler = on_term }, NULL);
	if (modus_server_listen(server, "tcp://127.0.0.1:0") ||
	    modus_server_model(server, argc > 1 ? argv[1] : "pool", "") ||
	    modus_server_handler(server, "hello", "") || modus_server_serve_forever(server))
		return fprintf(stderr, "%s\n", modus_server_why(server)), 1;
	modus_server_free(server);
}
