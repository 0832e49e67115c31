/* SPDX-License-Identifier: MIT */
/* The evented strategy: to wait is to suspend the fiber until the loop has cause to go on. */
#ifndef MODELS_EVENTED_H
#define MODELS_EVENTED_H

#include <modus/model.h>

extern const struct modus_io evented_io;

#endif
