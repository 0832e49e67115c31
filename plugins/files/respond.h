/* SPDX-License-Identifier: MIT */
#ifndef FILES_RESPOND_H
#define FILES_RESPOND_H

#include <modus/http.h>

int respond(struct modus_http *h); /* of the application */

#endif
