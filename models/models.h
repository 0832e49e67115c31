/* SPDX-License-Identifier: MIT */
/* The models there are.  To add one: a file, a line here, a line in models.c and in meson.build. */
#ifndef MODELS_MODELS_H
#define MODELS_MODELS_H

#include <modus/model.h>

extern const struct modus_model model_iterative, model_fork, model_thread, model_pool, model_epoll;

extern const struct modus_model *const models_all[]; /* ends with NULL */

#endif
