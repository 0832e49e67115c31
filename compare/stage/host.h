/* SPDX-License-Identifier: MIT */
/* The machine that a comparison runs on, and which of its CPUs do what. */
#ifndef COMPARE_HOST_H
#define COMPARE_HOST_H

struct host {
	char kernel[208], processor[128];
	int cpus;                   /* that this process may use */
	int server_cpu, client_cpu; /* -1: there is only one, both share it */
};

/* The server gets the first CPU, the client the second.  Each has one only, so that a figure says
 * what a model costs and not how the scheduler felt. */
void host_read(struct host *h);

/* Keeps this process on one CPU; nothing for -1.  0 or a negative errno. */
int host_pin(int cpu);

#endif
