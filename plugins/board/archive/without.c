/* SPDX-License-Identifier: MIT */
/* What stands for import and export in a build without GMime, which reads and writes messages. */
#include "archive.h"

#include <stdio.h>

static int missing(const char *command)
{
	fprintf(stderr,
		"modus board: %s: this build has none, for it was made without GMime (Debian: "
		"libgmime-3.0-dev; meson setup -Darchive=enabled)\n",
		command);
	return 1;
}

int import_main(int argc, char **argv)
{
	return missing(argv[0]);
}

int export_main(int argc, char **argv)
{
	return missing(argv[0]);
}
