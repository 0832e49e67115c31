/* SPDX-License-Identifier: MIT */
/* What the rows of web's settings cannot say. */
#ifndef WEB_CONFIG_H
#define WEB_CONFIG_H

#include "web.h"

/* 0; or -EINVAL, and a sentence in why. */
int config_check(const struct web_settings *set, char *why, size_t size);

#endif
