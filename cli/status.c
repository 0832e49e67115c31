/* SPDX-License-Identifier: MIT */
/* modus status: asks a supervisor for the counters of its services. */
#include "core/status.h"
#include "cli/common.h"
#include "core/address.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"modus status [--raw] CONFIG\n"
	"\n"
	"Prints the counters of the services that a running \"modus serve CONFIG\" has.\n"
	"  --raw   as they come, in the form that Prometheus reads";

/* All that comes until the end; NULL: it was said why not. */
static char *receive_all(int fd)
{
	char *text = NULL, piece[4096];
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	ssize_t n;

	while (f && (n = read(fd, piece, sizeof(piece))) > 0)
		fwrite(piece, 1, (size_t)n, f);
	if (!f || fclose(f)) {
		fprintf(stderr, "modus: out of memory\n");
		free(text);
		return NULL;
	}
	if (len >= strlen(STATUS_END) && !strcmp(text + len - strlen(STATUS_END), STATUS_END))
		return text;
	fprintf(stderr, "modus: got %zu bytes of counters, want them to end with \"# EOF\"\n", len);
	free(text);
	return NULL;
}

static char *ask(const char *control)
{
	struct address a;
	char *text = NULL;
	int fd = -1;

	if (address_parse(control, &a) == 0)
		fd = socket(a.any.sa_family, a.type | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, &a.any, a.len))
		fprintf(stderr, "modus: %s: %s: is the server running?\n", control,
			strerror(errno));
	else
		text = receive_all(fd);
	if (fd >= 0)
		close(fd);
	return text;
}

/* ---- The table -------------------------------------------------------------------------------*/

/* Splits `modus_NAME{service="S",...} VALUE`. */
static bool read_sample(const char *line, char *name, char *service, char *value)
{
	return sscanf(line, "modus_%63[a-z_]{service=\"%63[^\"]\",model=\"%*[^\"]\"} %31[0-9]",
		      name, service, value) == 3;
}

static char *next_line(char *line)
{
	return line + strcspn(line, "\n") + 1;
}

static void print_head(char *text)
{
	char name[64], service[64], value[32];

	printf("%-20s", "");
	for (char *line = text; *line; line = next_line(line))
		if (read_sample(line, name, service, value) && !strcmp(name, "up"))
			printf(" %12s", service);
	printf("\n");
}

static void print_name(const char *name)
{
	size_t n = strlen(name), tail = strlen("_total");

	n -= n > tail && !strcmp(name + n - tail, "_total") ? tail : 0;
	printf("%-20.*s", (int)n, name);
}

/* A line for each metric: its name, a value for each service, and what it is. */
static void print_table(char *text)
{
	char name[64], service[64], value[32], doc[128] = "";

	print_head(text);
	for (char *line = text; *line; line = next_line(line)) {
		if (sscanf(line, "# HELP modus_%63[a-z_] %127[^\n]", name, doc) == 2)
			print_name(name);
		if (!read_sample(line, name, service, value))
			continue;
		printf(" %12s", value);
		if (*next_line(line) == '#')
			printf("  %s\n", doc);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "raw", no_argument, NULL, 'r' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct plan *plan;
	bool raw = false;
	char *text;
	int o;

	while ((o = getopt_long(argc, argv, "rh", options, NULL)) != -1) {
		if (o != 'r') {
			cli_usage(usage);
			return o == 'h' ? 0 : 2;
		}
		raw = true;
	}
	if (optind + 1 != argc)
		return cli_usage(usage);
	plan = cli_read_config(argv[optind], NULL, false);
	if (!plan)
		return 1;
	if (!*plan->control) {
		fprintf(stderr, "%s: control: missing, want unix:///path to ask for counters\n",
			argv[optind]);
		return 1;
	}
	text = ask(plan->control);
	if (text && raw)
		fputs(text, stdout);
	else if (text)
		print_table(text);
	config_free(plan);
	free(text);
	return text ? 0 : 1;
}
