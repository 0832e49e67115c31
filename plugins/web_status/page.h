/* SPDX-License-Identifier: MIT */
/* Counters for people and for programs. */
#ifndef WEB_STATUS_PAGE_H
#define WEB_STATUS_PAGE_H

#include "counters.h"

/* Respond with them; they return what respond() returns. */
int page_html(struct modus_http *h, const struct counters *c);
int page_json(struct modus_http *h, const struct counters *c);

#endif
