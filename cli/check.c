/* SPDX-License-Identifier: MIT */
/* modus check: says all that is wrong with a config, plugins' settings included. */
#include "cli/common.h"

int main(int argc, char **argv)
{
	struct plan *plan;

	if (argc != 2 || argv[1][0] == '-')
		return cli_usage("modus check CONFIG\n\nStatus 0: CONFIG can be served.");
	plan = cli_read_config(argv[1], NULL, true);
	if (!plan)
		return 1;
	printf("%s: %zu service%s, all is well\n", argv[1], plan->services.count,
	       plan->services.count == 1 ? "" : "s");
	config_free(plan);
	return 0;
}
