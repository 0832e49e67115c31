/* SPDX-License-Identifier: MIT */
#include "core/title.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static struct {
	char *at;
	size_t size;
	char **environment; /* where it is now */
} title;

static char *end_of(char **list, char *end)
{
	for (; *list && *list == end; list++)
		end = *list + strlen(*list) + 1;
	return end;
}

void title_init(int argc, char **argv)
{
	size_t n = 0;
	char **copy, *end;

	while (environ[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	if (!copy)
		return;
	for (size_t i = 0; i < n; i++) {
		copy[i] = strdup(environ[i]);
		if (!copy[i])
			goto fail;
	}
	end = end_of(environ, end_of(argv, argv[0]));
	environ = title.environment = copy;
	title.at = argv[0];
	title.size = (size_t)(end - argv[0]);
	return;
fail: /* the title stays as it is; so does the environment */
	for (size_t i = 0; i < n; i++)
		free(copy[i]);
	free(copy);
}

void title_put(const char text[TITLE_MAX])
{
	size_t n = title.size < TITLE_MAX ? title.size : TITLE_MAX;

	if (n == 0)
		return;
	memcpy(title.at, text, n);
	title.at[n - 1] = '\0';
}

void title_set(const char *comm, const char *format, ...)
{
	char text[TITLE_MAX] = { 0 };
	va_list args;

	prctl(PR_SET_NAME, comm);
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (title.size > TITLE_MAX)
		memset(title.at + TITLE_MAX, 0, title.size - TITLE_MAX);
	title_put(text);
}
