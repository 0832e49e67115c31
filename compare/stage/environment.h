/* SPDX-License-Identifier: MIT */
/*
 * What a result depends on beside what is compared: the kernel's settings, limits, what is done
 * against the processor's faults, versions.  Each fact has a name, which is a key in records, and a
 * value as its source has it; one that the machine does not tell is left out.
 */
#ifndef COMPARE_ENVIRONMENT_H
#define COMPARE_ENVIRONMENT_H

enum { ENVIRONMENT_FACTS = 64 };

struct fact {
	char name[48], value[200];
};

struct environment {
	struct fact facts[ENVIRONMENT_FACTS];
	unsigned count;
};

void environment_read(struct environment *e);

#endif
