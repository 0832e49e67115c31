/* SPDX-License-Identifier: MIT */
#include "models/models.h"

#include <stddef.h>

const struct modus_model *const models_all[] = {
	&model_iterative, &model_fork, &model_thread, &model_pool, &model_epoll, NULL,
};
