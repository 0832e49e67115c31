/* SPDX-License-Identifier: MIT */
/* Runs a target on each file of a folder, with any compiler: what was once found stays found. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

enum { SIZE_LIMIT = 1 << 20 };

static void replay(int folder, const char *name)
{
	static uint8_t data[SIZE_LIMIT];
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	fuzz_expect(fd >= 0);
	n = read(fd, data, sizeof(data));
	fuzz_expect(n >= 0);
	close(fd);
	fprintf(stderr, "%s\n", name); /* before it: if it crashes, this is the last line */
	LLVMFuzzerTestOneInput(data, (size_t)n);
}

int main(int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	int count = 0;

	if (!folder) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	for (struct dirent *e; (e = readdir(folder));) {
		if (e->d_name[0] == '.')
			continue;
		replay(dirfd(folder), e->d_name);
		printf("ok %d - %s\n", ++count, e->d_name);
	}
	printf("1..%d\n", count);
	closedir(folder);
	return count == 0;
}
