/* SPDX-License-Identifier: MIT */
/* Passwords, kept as yescrypt hashes (crypt(5)).  Both take their time: within modus_block() only.
 */
#ifndef BOARD_PASSWORD_H
#define BOARD_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

enum { PASSWORD_MIN = 8, PASSWORD_MAX = 100 }; /* bytes, none of them a blank */

/* Makes a hash of the password: 0, -ENOMEM, or the errno of the system's randomness.  cost: of
 * crypt_gensalt(3), 1 to 11. */
int password_hash(const char *password, unsigned long cost, char *hash, size_t size);
/* Whether the password belongs to the hash; with NULL it takes the same time, and is false. */
bool password_is(const char *password, const char *hash, unsigned long cost);

#endif
