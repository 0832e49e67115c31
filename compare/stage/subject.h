/* SPDX-License-Identifier: MIT */
/*
 * The service that is compared, and the config that runs it under another model: the service as its
 * file has it, but with
 * - the model's own defaults, its ceilings raised so that the model is measured and not a limit,
 * - one listener on a free loopback port, for datagrams if its first one is, limits that do not
 * bind, a grace of one second,
 * - the log as text, with its usual level.
 */
#ifndef COMPARE_SUBJECT_H
#define COMPARE_SUBJECT_H

#include <libconfig.h>
#include <modus/model.h>
#include <stdbool.h>

struct subject {
	config_t file;
	const config_setting_t *service; /* within file */
};

/* Takes the first service of the config file at path, or an echo service if that is NULL.  0, or a
 * negative errno and a sentence in why.  subject_close() in any case. */
int subject_open(struct subject *s, const char *path, char *why, size_t size);
void subject_close(struct subject *s);

/* Whether its clients send datagrams: its first listener has them. */
bool subject_has_datagrams(const struct subject *s);

/* Writes a config for n connections under model to the file path.  0, or a negative errno and a
 * sentence in why. */
int subject_write(const struct subject *s, const struct modus_model *model, unsigned n,
		  const char *path, char *why, size_t size);

#endif
