/* SPDX-License-Identifier: MIT */
/*
 * A scenario: a config that also says which load its service is put under, and what that asks:
 *
 *	services = ( { ... } );
 *	scenario = { title = "..."; question = "..."; connections = [ 1, 64 ]; ... };
 *
 * docs/comparing.md tells all keys.
 */
#ifndef COMPARE_SCENARIO_H
#define COMPARE_SCENARIO_H

#include "compare/load/company.h"
#include "compare/load/load.h"
#include "compare/load/talk.h"

#include <libconfig.h>
#include <limits.h>

enum { SCENARIO_LOADS = 16, SCENARIO_MODES = 2, SCENARIO_MODELS = 16, SCENARIO_NAME = 64 };

struct scenario {
	char name[SCENARIO_NAME], path[PATH_MAX]; /* "idle" of "scenarios/idle.conf" */
	const char *title, *question;
	unsigned connections[SCENARIO_LOADS], connections_count;
	enum load_mode modes[SCENARIO_MODES];
	unsigned mode_count;
	const char *models[SCENARIO_MODELS]; /* names; none: all there are */
	unsigned model_count;
	double duration; /* of each load; 0: it does not say */
	double knee;     /* seconds: the bound of a sweep; 0: there is none */
	/* What is the same in all its loads: the exchange. */
	struct load_options load;
	struct talk talk;         /* what is said, as its wish stands there */
	const char *company_text; /* as it stands there, or NULL */
	struct company company;
	config_t file; /* what texts point into */
};

/* Reads the file at path.  0, or a negative errno and "file:line: key: got X, want Y" in why.
 * scenario_free() in any case. */
int scenario_read(struct scenario *s, const char *path, char *why, size_t size);
void scenario_free(struct scenario *s);

/* The load, but for what its comparison says: connections, mode, times.  NULL: the default one. */
struct load_options scenario_load(const struct scenario *s);

/* Whether its requests can come at a rate: neither its script nor a pipeline nor time to think says
 * when. */
bool scenario_takes_rate(const struct scenario *s);

/* How many clients that is with so many connections: its company, too. */
unsigned scenario_clients(const struct scenario *s, unsigned connections);

#endif
