/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

static bool read_line(char *out, size_t size)
{
	bool got = fgets(out, (int)size, stdin) != NULL;
	size_t n = got ? strcspn(out, "\n") : 0;

	if (got && out[n] == '\n')
		out[n] = '\0';
	return got;
}

/* Waits for a line, or for one of the signals, which is left where it is. */
static bool line_comes(int signals)
{
	struct pollfd set[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				{ .fd = signals, .events = POLLIN } };

	while (poll(set, 2, -1) < 0 && errno == EINTR)
		continue;
	return !set[1].revents;
}

/* Blocks what would end or stop the program, and returns a descriptor that tells when it comes. */
static int block_signals(sigset_t *before)
{
	static const int ending[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, before);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Asks once: whether a line came, or the input's end, before a signal. */
static bool ask(const char *question, char *out, size_t size, bool *got)
{
	struct termios seen, unseen;
	sigset_t before;
	int signals;
	bool comes = true;

	if (tcgetattr(STDIN_FILENO, &seen)) {
		*got = read_line(out, size);
		return true;
	}
	signals = block_signals(&before);
	unseen = seen;
	unseen.c_lflag &= ~(tcflag_t)ECHO;
	fprintf(stderr, "%s: ", question);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
	comes = line_comes(signals);
	*got = comes && read_line(out, size);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &seen);
	fputc('\n', stderr);
	if (signals >= 0)
		close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL); /* what came does here what it does */
	return comes;
}

bool prompt_unseen(const char *question, char *out, size_t size)
{
	bool got = false;

	while (!ask(question, out, size, &got))
		continue;
	return got;
}
