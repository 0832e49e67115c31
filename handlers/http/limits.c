/* SPDX-License-Identifier: MIT */
/* The rows of limits, for the settings of applications. */
#include <modus/http.h>

const struct modus_setting modus_http_limit_rows[] = {
	MODUS_BYTES(struct modus_http_limits, head, "head", 16 << 10, 256, 60 << 10,
		    "Request line and all fields; more is refused with 431 or 414."),
	MODUS_INT(struct modus_http_limits, fields, "fields", 100, 1, 1000, "fields",
		  "Fields of a request; more are refused with 431."),
	MODUS_BYTES(struct modus_http_limits, body, "body", 1 << 20, 0, INT64_C(1) << 50,
		    "Body of a request; a longer one is refused with 413."),
	MODUS_INT(struct modus_http_limits, requests, "requests", 1000000, 1, INT32_MAX, "requests",
		  "Requests on a connection before it is closed."),
	MODUS_END
};
