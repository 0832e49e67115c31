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
	METRICS
};

struct sample {
	double of[METRICS];
};

extern const char *const metric_names[METRICS]; /* as in the JSON record */

double statistics_median(const struct sample *samples, unsigned n, enum metric m); /* 0 of none */
double statistics_sum(const struct sample *samples, unsigned n, enum metric m);
double statistics_least(const struct sample *samples, unsigned n, enum metric m);

/* Half the way from the least to the greatest, in percent of the median. */
double statistics_spread(const struct sample *samples, unsigned n, enum metric m);

#endif
