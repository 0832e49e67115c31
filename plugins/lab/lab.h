/* SPDX-License-Identifier: MIT */
/* What the parts of lab share: its settings, a request as steps, how what is wrong is told. */
#ifndef LAB_H
#define LAB_H

#include <modus/handler.h>
#include <stdatomic.h>

enum { LAB_LINE = 1024, LAB_STEPS = 32 };

enum lab_kind { LAB_CPU, LAB_WAIT, LAB_BLOCK, LAB_HOG, LAB_TOUCH, LAB_CALL, LAB_REPLY, LAB_KINDS };

struct lab_upstream {
	const char *address, *send;
};

struct lab_settings { /* of times all but those in ms are told in microseconds by requests */
	int64_t max_cpu_ms, max_wait_ms, max_block_ms, max_hog_ms, connect_ms;
	int64_t max_touch, max_call, max_reply;
	struct modus_list upstreams; /* of struct lab_upstream */
	bool amplify;
};

struct lab_shared {
	atomic_ullong requests, errors;
};

struct lab_step {
	enum lab_kind kind;
	int64_t amount;                /* microseconds or bytes */
	const struct lab_upstream *to; /* of a call */
};

struct lab_request {
	unsigned count;
	bool bare; /* the reply is the pattern alone */
	struct lab_step steps[LAB_STEPS];
	int64_t sums[LAB_KINDS]; /* of the amounts */
};

/* Answers and counts what is wrong; returns 0, or a negative errno when that cannot be sent. */
int lab_refuse(struct modus_conn *c, const char *format, ...) MODUS_FORMAT(2, 3);

/* Reads a line, which it changes: 1; 0 if it was refused; a negative errno. */
int lab_parse(struct modus_conn *c, char *line, struct lab_request *r);

/* Does one step: 1; 0 if it was refused; a negative errno. */
int lab_work(struct modus_conn *c, const struct lab_step *step);

#endif
