/* SPDX-License-Identifier: MIT */
/* The configs of the servers. */
#include "tests/conformance/harness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	char text[8192];
	size_t used, services;
	unsigned sockets; /* in subject.dir, of all configs */
} config;

static void config_append(const char *format, ...) MODUS_FORMAT(1, 2);
static void config_append(const char *format, ...)
{
	size_t left = sizeof(config.text) - config.used;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(config.text + config.used, left, format, args);
	va_end(args);
	ck_assert_msg(n >= 0 && (size_t)n < left, "the config is too long for the test");
	config.used += (size_t)n;
}

static const char *subject_url(void)
{
	static char url[128];

	if (subject.family == AF_UNIX)
		snprintf(url, sizeof(url), "%s://%s/%u", subject.datagram ? "unix-dgram" : "unix",
			 subject.dir, config.sockets++);
	else
		snprintf(url, sizeof(url), "%s://%s:0", subject.datagram ? "udp" : "tcp",
			 subject.family == AF_INET ? "127.0.0.1" : "[::1]");
	return url;
}

void config_begin(void)
{
	config.used = config.services = 0;
	config_append("log_level = \"debug\";\nservices = (");
}

void config_add(const char *name, const char *listen, const char *handler, const char *rows)
{
	config_append("%s\n{ name = \"%s\"; listen = [ \"%s\" ];\n"
		      "  model = { type = \"%s\"; %s };\n  handler = { %s };\n  %s }",
		      config.services++ ? "," : "", name, listen ? listen : subject_url(),
		      subject.model, subject.rows, handler, rows);
}

const char *config_write(const char *path)
{
	FILE *f = fopen(path, "we");

	config_append(" );\n");
	ck_assert_msg(f && fputs(config.text, f) >= 0 && fclose(f) == 0, "%s: %s", path,
		      strerror(errno));
	return config.text;
}

int config_check(const char **said)
{
	static char text[4096];
	char path[128], command[512];
	FILE *p;
	size_t n;
	int status;

	snprintf(path, sizeof(path), "%s/check.conf", subject.dir);
	config_write(path);
	snprintf(command, sizeof(command), "'%s' '%s' 2>&1", MODUS_CHECK, path);
	p = popen(command, "re");
	ck_assert(p != NULL);
	n = fread(text, 1, sizeof(text) - 1, p);
	text[n] = '\0';
	status = pclose(p);
	unlink(path);
	*said = text;
	ck_assert_msg(WIFEXITED(status), "modus-check was ended by a signal: %s", text);
	return WEXITSTATUS(status);
}
