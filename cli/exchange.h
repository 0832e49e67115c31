/* SPDX-License-Identifier: MIT */
/* What modus load is to say, as its options tell. */
#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include "cli/options.h"
#include "compare/load/bytes.h"
#include "compare/load/http.h"
#include "compare/load/load.h"
#include "compare/load/script.h"

struct exchange_command {
	const char *script_file, *send, *reply; /* options, NULL where they are not given */
	struct script script;
	struct bytes bytes;
	struct http_wish wish; /* all but its target are options */
	struct http http;
};

/* Reads what they name, into the options of the load, whose target may become another; ends the
 * program if that is wrong. */
void exchange_choose(const struct options *o, struct exchange_command *c, struct load_options *l);
void exchange_free(struct exchange_command *c);

#endif
