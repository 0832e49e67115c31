/* SPDX-License-Identifier: MIT */
/*
 * User's and system's share of a CPU that one server has to itself, for servers whose processes are
 * too many and too short for the kernel to tell it of each: all ticks of a CPU's clock count here,
 * whomever they met.  What interrupts do is the system's.
 */
#ifndef COMPARE_PROCESSOR_H
#define COMPARE_PROCESSOR_H

#include <sys/types.h>

struct processor_time {
	double user, system; /* seconds, of 10 ms each */
};

int processor_of(pid_t pid); /* the one CPU that it may use; -1: there are several */

/* 0, or a negative errno and nothing in t. */
int processor_read(int cpu, struct processor_time *t);

#endif
