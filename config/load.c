/* SPDX-License-Identifier: MIT */
#include "config/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads to the end of the file, or until room is full.  The count, or a negative errno. */
static ssize_t read_whole(int fd, char *text, size_t room)
{
	size_t used = 0;
	ssize_t n;

	while (used < room) {
		n = read(fd, text + used, room - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static int line_of(const char *text, const char *at)
{
	int line = 1;

	while ((text = memchr(text, '\n', (size_t)(at - text)))) {
		text++;
		line++;
	}
	return line;
}

int config_load_file(const char *path, char **text, char *why, size_t size)
{
	char *all = malloc(CONFIG_FILE_MAX + 2);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *nul;
	ssize_t n;
	int rc;

	n = !all ? -ENOMEM : fd < 0 ? -errno : read_whole(fd, all, CONFIG_FILE_MAX + 1);
	nul = n > 0 ? memchr(all, '\0', (size_t)n) : NULL;
	rc = n < 0 ? (int)n : n > CONFIG_FILE_MAX ? -EFBIG : nul ? -EINVAL : 0;
	if (n < 0)
		snprintf(why, size, "%s: cannot be read: %s", path, strerror(-rc));
	else if (rc == -EFBIG)
		snprintf(why, size, "%s: got more than %d bytes, want a config of at most that",
			 path, CONFIG_FILE_MAX);
	else if (rc)
		snprintf(why, size, "%s:%d: got a NUL byte, want text", path, line_of(all, nul));
	if (fd >= 0)
		close(fd);
	if (rc) {
		free(all);
		return rc;
	}
	all[n] = '\0';
	*text = all;
	return 0;
}
