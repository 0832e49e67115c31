/* SPDX-License-Identifier: MIT */
/* modus serve: carries out a config. */
#include "cli/common.h"
#include "cli/start.h"
#include "core/log.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "core/title.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] = "modus serve [--foreground] [--service NAME] [CONFIG]\n"
			    "\n"
			    "Serves what CONFIG says, one process for each service, until TERM or "
			    "INT; without CONFIG a page\n"
			    "to begin with, and the docs, at http://127.0.0.1:8080/.\n"
			    "  --foreground    one service in this one process, for debuggers\n"
			    "  --service NAME  which one, if CONFIG has several\n"
			    "  --listen WHERE  of the page to begin with, as tcp://127.0.0.1:8000";

/* Services read the text that was checked, whatever has become of the file since. */
static struct {
	const char *file;
	char *text;
	struct plan *plan; /* read without plugins */
	char *only;        /* the one service that is asked for, or NULL */
	char *listen;      /* where the page to begin with is to be, or NULL */
} config;

/* Plugins are code: they are loaded, to check their settings, in a process that then ends. */
static bool check_in_child(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(cli_read_text(config.file, config.text, true, NULL) ? 0 : 1);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		fprintf(stderr, "modus: no process to check the config in: %s\n", strerror(errno));
		return false;
	}
	if (WIFSIGNALED(status))
		fprintf(stderr, "%s: a plugin died of %s while the config was checked\n",
			config.file, strsignal(WTERMSIG(status)));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int serve_one(size_t index, struct listeners *listeners, struct scoreboard *board,
		     void (*ready)(void *arg), void *arg)
{
	const struct plan_service *known = config.plan->services.items;
	struct plan *plan = cli_read_text(config.file, config.text, true, known[index].name);
	const struct plan_service *services;
	int rc;

	if (!plan)
		return 1;
	services = plan->services.items;
	rc = service_run(&services[index], listeners, board, ready, arg);
	config_free(plan);
	return rc ? 1 : 0;
}

static int foreground(const struct plan *plan, const char *name)
{
	const struct plan_service *services = plan->services.items;
	size_t i = 0;

	if (!name && plan->services.count > 1) {
		fprintf(stderr, "%s: has %zu services: say which with --service\n", config.file,
			plan->services.count);
		return 2;
	}
	while (name && i < plan->services.count && strcmp(services[i].name, name))
		i++;
	if (i == plan->services.count) {
		fprintf(stderr, "%s: has no service called %s\n", config.file, name);
		return 2;
	}
	return supervisor_foreground(&services[i], i, serve_one) ? 1 : 0;
}

/* The plan, without plugins; NULL: it was said why not. */
static struct plan *read_plan(const char *file)
{
	if (file) {
		config.file = strdup(file);
		return cli_read_config(config.file, &config.text, false);
	}
	config.file = "modus serve";
	config.text = start_config(config.listen);
	return config.text ? cli_read_text(config.file, config.text, false, NULL) : NULL;
}

static int serve(bool in_foreground)
{
	int status;

	if (!config.plan || !check_in_child())
		return 1;
	log_setup(config.plan->log_format, config.plan->log_level);
	status = in_foreground || config.only ? foreground(config.plan, config.only)
					      : (supervisor_run(config.plan, serve_one) ? 1 : 0);
	config_free(config.plan);
	free(config.text);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "foreground", no_argument, NULL, 'f' },
						 { "service", required_argument, NULL, 's' },
						 { "listen", required_argument, NULL, 'l' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	bool in_foreground = false;
	int o;

	title_init(argc, argv);
	while ((o = getopt_long(argc, argv, "fs:l:h", options, NULL)) != -1) {
		if (o == 'f') {
			in_foreground = true;
		} else if (o == 's') {
			free(config.only);
			config.only = strdup(optarg);
		} else if (o == 'l') {
			free(config.listen);
			config.listen = strdup(optarg);
		} else {
			cli_usage(usage);
			return o == 'h' ? 0 : 2;
		}
	}
	if (argc - optind > 1 || (config.listen && argc > optind))
		return cli_usage(usage);
	config.plan = read_plan(argv[optind]);
	return serve(in_foreground);
}
