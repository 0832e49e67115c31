/* SPDX-License-Identifier: MIT */
#include "password.h"

#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* crypt() with memory of its own, for many threads; it is wiped afterwards. */
static int hash_with(const char *password, const char *setting, char *hash, size_t size)
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *made = data ? crypt_rn(password, setting, data, sizeof(*data)) : NULL;
	int rc = made ? 0 : -errno;

	if (made && (size_t)snprintf(hash, size, "%s", made) >= size)
		rc = -ENAMETOOLONG;
	if (data)
		explicit_bzero(data, sizeof(*data));
	free(data);
	return rc;
}

int password_hash(const char *password, unsigned long cost, char *hash, size_t size)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];

	if (!crypt_gensalt_rn("$y$", cost, NULL, 0, setting, sizeof(setting)))
		return -errno;
	return hash_with(password, setting, hash, size);
}

bool password_is(const char *password, const char *hash, unsigned long cost)
{
	char made[CRYPT_OUTPUT_SIZE];

	if (!hash) {
		password_hash(password, cost, made, sizeof(made));
		return false;
	}
	return !hash_with(password, hash, made, sizeof(made)) && !strcmp(made, hash);
}
