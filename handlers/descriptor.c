/* SPDX-License-Identifier: MIT */
/*
 * The first sixteen bytes of a descriptor never move: magic, versions and sizes are looked at
 * before anything else, and nothing is read beyond the size that the plugin states.  What it does
 * not have is zero in our copy, so that the rest of core needs not know how old a plugin is.
 */
#include "handlers/descriptor.h"

#include "core/settings.h"
#include "handlers/refusal.h"
#include "handlers/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME_MAX_LEN = 32,
	ROW_SIZE_MAX = 4096,
	SETTINGS_MAX = 1 << 20,
	SESSION_MAX = 1 << 20,
	SHARED_MAX = 64 << 20,
	STACK_MAX = 64 << 20,
	SIZE_MIN =
		offsetof(struct modus_plugin, handle) + sizeof(((struct modus_plugin *)0)->handle),
	KNOWN_FLAGS = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT | MODUS_SHARES_MEMORY |
		      MODUS_BLOCKS | MODUS_SPEAKS_FIRST,
};

static int check_layout(const struct refusal *r, const struct modus_plugin *p)
{
	if (p->magic != MODUS_MAGIC)
		return refuse(
			r, "its descriptor begins with 0x%08x, expected 0x%08x: use MODUS_PLUGIN()",
			p->magic, MODUS_MAGIC);
	if (p->abi_major != MODUS_ABI_MAJOR)
		return refuse(r, "was built for modus ABI %u.%u, this is %d.%d", p->abi_major,
			      p->abi_minor, MODUS_ABI_MAJOR, MODUS_ABI_MINOR);
	if (p->abi_minor > MODUS_ABI_MINOR)
		return refuse(r, "was built for a newer modus (ABI %u.%u), this is %d.%d",
			      p->abi_major, p->abi_minor, MODUS_ABI_MAJOR, MODUS_ABI_MINOR);
	if (p->size < SIZE_MIN)
		return refuse(r, "its descriptor has %u bytes, expected at least %d", p->size,
			      SIZE_MIN);
	if (p->row_size < sizeof(struct modus_setting) || p->row_size > ROW_SIZE_MAX)
		return refuse(r, "its settings rows have %u bytes, expected %zu to %d", p->row_size,
			      sizeof(struct modus_setting), ROW_SIZE_MAX);
	return 0;
}

static int check_names(const struct refusal *r, const struct modus_plugin *p)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t len;

	if (!p->name)
		return refuse(r, "its descriptor has no name");
	len = strnlen(p->name, NAME_MAX_LEN + 1);
	if (len == 0 || len > NAME_MAX_LEN || strspn(p->name, letters) != len)
		return refuse(r, "its name is \"%.*s\", expected 1 to %d of a-z, 0-9, _ and -",
			      NAME_MAX_LEN + 1, p->name, NAME_MAX_LEN);
	if (!p->summary || !*p->summary)
		return refuse(r, "its descriptor has no summary");
	return 0;
}

static int check_flags(const struct refusal *r, const struct modus_plugin *p)
{
	if (p->flags & ~(unsigned)KNOWN_FLAGS)
		return refuse(r, "has unknown flags 0x%x, expected some of 0x%x",
			      p->flags & ~(unsigned)KNOWN_FLAGS, KNOWN_FLAGS);
	if ((p->flags & (MODUS_STREAM | MODUS_DATAGRAM)) == 0)
		return refuse(r,
			      "its flags are 0x%x, expected MODUS_STREAM, MODUS_DATAGRAM or both",
			      p->flags);
	return 0;
}

static int check_sizes(const struct refusal *r, const struct modus_plugin *p)
{
	const struct {
		const char *name;
		size_t size, max;
	} all[] = {
		{ "settings_size", p->settings_size, SETTINGS_MAX },
		{ "session_size", p->session_size, SESSION_MAX },
		{ "shared_size", p->shared_size, SHARED_MAX },
		{ "stack_size", p->stack_size, STACK_MAX },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].size > all[i].max)
			return refuse(r, "its %s is %zu, expected at most %zu bytes", all[i].name,
				      all[i].size, all[i].max);
	return 0;
}

static int check_callbacks(const struct refusal *r, const struct modus_plugin *p)
{
	if (!p->handle)
		return refuse(r, "its descriptor has no handle()");
	if (p->tick_ms < 0)
		return refuse(r, "its tick_ms is %d, expected at least 0", p->tick_ms);
	if (p->tick && p->tick_ms == 0)
		return refuse(r, "has tick() but its tick_ms is 0, expected a period");
	if (p->tick_ms && !p->tick)
		return refuse(r, "its tick_ms is %d but it has no tick()", p->tick_ms);
	if (p->attach && !p->detach)
		return refuse(r, "has attach() without detach()");
	if (p->detach && !p->attach)
		return refuse(r, "has detach() without attach()");
	return 0;
}

static int check_content(const struct refusal *r, const struct modus_plugin *p)
{
	int rc = check_names(r, p);

	rc = rc ? rc : check_flags(r, p);
	rc = rc ? rc : check_callbacks(r, p);
	return rc ? rc : check_sizes(r, p);
}

static int take_rows(const struct refusal *r, struct modus_plugin *own, size_t stride)
{
	struct modus_setting *rows;
	char why[256];

	if (!own->settings)
		return 0;
	rows = rows_copy(r, own->settings, stride);
	if (!rows)
		return -EINVAL;
	if (settings_check_rows(rows, own->settings_size, why, sizeof(why))) {
		free(rows);
		return refuse(r, "its settings rows are wrong: %s", why);
	}
	own->settings = rows;
	return 0;
}

int descriptor_take(const struct refusal *r, const struct modus_plugin *found,
		    struct modus_plugin *own)
{
	int rc = check_layout(r, found);

	if (rc)
		return rc;
	memset(own, 0, sizeof(*own));
	memcpy(own, found, found->size < sizeof(*own) ? found->size : sizeof(*own));
	own->size = sizeof(*own);
	own->row_size = sizeof(struct modus_setting);
	rc = check_content(r, own);
	return rc ? rc : take_rows(r, own, found->row_size);
}
