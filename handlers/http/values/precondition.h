/* SPDX-License-Identifier: MIT */
/* Validators, and what requests make depend on them (RFC 9110 8.8, 13). */
#ifndef HTTP_VALUES_PRECONDITION_H
#define HTTP_VALUES_PRECONDITION_H

#include <stdbool.h>
#include <time.h>

/* The fields of a request; NULL: it has none such. */
struct http_conditions {
	const char *method;
	const char *if_match, *if_none_match, *if_modified_since, *if_unmodified_since;
};

/* Whether it is an entity-tag, as "a" or W/"a", with its quotes. */
bool http_is_etag(const char *text);
/* Whether the list has the tag, or is "*"; strong: weak tags equal none (RFC 9110 8.8.3.2). */
bool http_etag_in(const char *list, const char *etag, bool strong);

/* In the order of RFC 9110 13.2.2: 0: go on; 304 or 412.  exists: there is a representation now;
 * etag NULL and modified 0: it has none such. */
int http_precondition(const struct http_conditions *of, bool exists, const char *etag,
		      time_t modified, time_t now);

/* Whether If-Range lets a range be sent: by a strong comparison, or a date that is exactly
 * modified, which must be a strong validator: at least a second before now (RFC
 * 9110 13.1.5, 8.8.2.2). */
bool http_if_range(const char *value, const char *etag, time_t modified, time_t now);

#endif
