/* SPDX-License-Identifier: MIT */
/* The machine that a comparison runs on, and which of its CPUs do what. */
#ifndef COMPARE_HOST_H
#define COMPARE_HOST_H

#include <sched.h>

struct host {
	char kernel[208], processor[128];
	cpu_set_t allowed;          /* to this process, when it was read */
	int cpus;                   /* how many these are */
	int server_cpu, client_cpu; /* -1: there is only one, both share it */
};

/* The server gets the first CPU, the client the second.  Each has one only, so that a figure says
 * what a model costs and not how the scheduler felt. */
void host_read(struct host *h);

/* Keeps this process on one CPU; nothing for -1.  0 or a negative errno. */
int host_pin(int cpu);

void host_unpin(const struct host *h); /* lets it use all that it was allowed to */

#endif
