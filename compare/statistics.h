/* SPDX-License-Identifier: MIT */
/* What is known of one load on one server (a sample), and of several such loads together. */
#ifndef COMPARE_STATISTICS_H
#define COMPARE_STATISTICS_H

enum { STATISTICS_MAX = 100 }; /* samples at most */

enum metric {
	METRIC_RATE, /* requests per second */
	METRIC_P50,  /* latencies in microseconds */
	METRIC_P90,
	METRIC_P99,
	METRIC_P999,
	METRIC_MAX,
	METRIC_SERVED,    /* connections that got a reply */
	METRIC_CPU,       /* the server's, microseconds per request */
	METRIC_MEMORY,    /* the server's, MB */
	METRIC_PROCESSES, /* likewise */
	METRIC_THREADS,
	METRIC_CLIENT_CPU, /* the client's, as a part of the measured time */
	METRIC_ERRORS,
	METRIC_CPU_USER, /* the server's, microseconds per request */
	METRIC_CPU_SYSTEM,
	METRIC_MEMORY_PEAK,        /* the server's, MB */
	METRIC_FAULTS_MINOR,       /* page faults per request; of the kernel's memory */
	METRIC_FAULTS_MAJOR,       /* of a disk */
	METRIC_SWITCHES_VOLUNTARY, /* context switches per request */
	METRIC_SWITCHES_INVOLUNTARY,
	METRIC_SYSCALLS,   /* system calls per request */
	METRIC_QUEUE_MEAN, /* connections in the accept queue */
	METRIC_QUEUE_PEAK,
	METRIC_BALANCE,  /* Jain's index over the requests of the server's workers */
	METRIC_FAIRNESS, /* and over those of the connections */
	METRIC_STALLED,  /* the part of the clients' time that is in no latency */
	METRICS
};

/* What is not known is NaN, and counts in nothing below. */
struct sample {
	double of[METRICS];
};

extern const char *const metric_names[METRICS]; /* as in the JSON record */

double statistics_median(const struct sample *samples, unsigned n,
			 enum metric m); /* 0 of none; NaN of none known */
/* The values of a metric, STATISTICS_MAX at most; how many. */
unsigned statistics_values(const struct sample *samples, unsigned n, enum metric m, double *values);

double statistics_sum(const struct sample *samples, unsigned n, enum metric m);
double statistics_least(const struct sample *samples, unsigned n, enum metric m);

/* Half the way from the least to the greatest, in percent of the median. */
double statistics_spread(const struct sample *samples, unsigned n, enum metric m);

#endif
