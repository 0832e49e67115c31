/* SPDX-License-Identifier: MIT */
#include "core/admission.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* Whoever has an IPv6 address has as a rule the 2^64 of its network. */
enum { IPV6_BYTES = 8 };

struct address_count {
	uint8_t address[16];
	int64_t count;
};

static int compare(const void *a, const void *b)
{
	return memcmp(((const struct address_count *)a)->address,
		      ((const struct address_count *)b)->address, 16);
}

int admission_open(struct admission *a, const struct plan_service *plan)
{
	const char *const *texts = plan->access.items, *why;

	*a = (struct admission) { .limits = &plan->limits };
	pthread_mutex_init(&a->lock, NULL);
	if (plan->access.count == 0)
		return 0;
	a->rules = calloc(plan->access.count, sizeof(*a->rules));
	if (!a->rules)
		return -ENOMEM;
	for (size_t i = 0; i < plan->access.count; i++) {
		int rc = access_parse(texts[i], &a->rules[i], &why);

		if (rc)
			return rc;
	}
	a->rule_count = plan->access.count;
	return 0;
}

void admission_close(struct admission *a)
{
	tdestroy(a->addresses, free);
	free(a->rules);
	pthread_mutex_destroy(&a->lock);
}

bool admission_reserve(struct admission *a)
{
	if (atomic_fetch_add(&a->places, 1) < a->limits->connections)
		return true;
	admission_unreserve(a);
	return false;
}

void admission_unreserve(struct admission *a)
{
	atomic_fetch_sub(&a->places, 1);
}

bool admission_hears(const struct admission *a, const struct sockaddr *peer)
{
	return access_allows(a->rules, a->rule_count, peer);
}

struct seat admission_seat(const struct sockaddr *peer)
{
	struct seat seat = { .taken = true };

	sa_family_t family = access_bytes(peer, seat.address);

	if (family == AF_INET6)
		memset(seat.address + IPV6_BYTES, 0, sizeof(seat.address) - IPV6_BYTES);
	if (family == AF_INET6 || family == AF_INET)
		seat.address[15] = (uint8_t)family; /* what is left of it has no other use */
	return seat;
}

/* The count of that address, made if there is none; NULL: out of memory. */
static struct address_count *count_of(struct admission *a, const uint8_t address[16])
{
	struct address_count *new = calloc(1, sizeof(*new)), **found;

	if (!new)
		return NULL;
	memcpy(new->address, address, sizeof(new->address));
	found = tsearch(new, &a->addresses, compare);
	if (!found || *found != new)
		free(new);
	return found ? *found : NULL;
}

static void uncount(struct admission *a, struct address_count *c)
{
	if (--c->count > 0)
		return;
	tdelete(c, &a->addresses, compare);
	free(c);
}

/* Clients of Unix sockets have no address that could be told from another's. */
static bool is_counted(const struct admission *a, const struct seat *seat)
{
	return a->limits->per_address && seat->address[15] != 0;
}

static bool enter_address(struct admission *a, const struct seat *seat)
{
	struct address_count *c;
	bool full;

	if (!is_counted(a, seat))
		return true;
	pthread_mutex_lock(&a->lock);
	c = count_of(a, seat->address);
	full = !c || c->count >= a->limits->per_address;
	if (!full)
		c->count++;
	pthread_mutex_unlock(&a->lock);
	return !full;
}

enum counter admission_enter(struct admission *a, const struct sockaddr *peer, bool reserved)
{
	struct seat seat = admission_seat(peer);
	enum counter refusal = COUNT_KINDS;

	if (!access_allows(a->rules, a->rule_count, peer))
		refusal = COUNT_denied;
	else if (!reserved)
		refusal = COUNT_over_limit;
	else if (!enter_address(a, &seat))
		refusal = COUNT_over_address;
	if (refusal == COUNT_KINDS)
		atomic_fetch_add(&a->active, 1);
	else if (reserved)
		admission_unreserve(a);
	return refusal;
}

void admission_leave(struct admission *a, const struct seat *seat)
{
	struct address_count key, **found;

	if (!seat->taken)
		return;
	atomic_fetch_sub(&a->active, 1);
	admission_unreserve(a);
	if (!is_counted(a, seat))
		return;
	memcpy(key.address, seat->address, sizeof(key.address));
	pthread_mutex_lock(&a->lock);
	found = tfind(&key, &a->addresses, compare);
	if (found)
		uncount(a, *found);
	pthread_mutex_unlock(&a->lock);
}
