/* SPDX-License-Identifier: MIT */
/* What a request is asked. */
#include "handlers/http/exchange.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *modus_http_method(const struct modus_http *h)
{
	return h->request.method ? h->request.method : "-";
}

const char *modus_http_target(const struct modus_http *h)
{
	return h->request.target ? h->request.target : "-";
}

const char *modus_http_path(const struct modus_http *h)
{
	const char *path = h->request.path ? h->request.path + h->request.mount_len : "";

	return *path ? path : "/";
}

const char *modus_http_mount(const struct modus_http *h)
{
	return h->request.mount;
}

const char *modus_http_query(const struct modus_http *h)
{
	return h->request.query;
}

const char *modus_http_host(const struct modus_http *h)
{
	return h->request.host ? h->request.host : "";
}

int modus_http_minor(const struct modus_http *h)
{
	return h->request.minor;
}

/* Splits a counter's neighbours apart (a 64-bit finalizer: shifts and odd factors). */
static uint64_t scatter(uint64_t x)
{
	x ^= x >> 31;
	x *= UINT64_C(0x9e3779b97f4a7c15);
	x ^= x >> 29;
	x *= UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

/* Another one in each process and for each request, without a lock; it tells nothing of others to
 * who has one, but is no secret either. */
static uint64_t next_id(void)
{
	static _Atomic uint64_t counter;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return scatter(scatter((uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec) ^
		       (uint64_t)getpid() << 40 ^ atomic_fetch_add(&counter, 1));
}

const char *modus_http_id(const struct modus_http *h)
{
	char *id = (char *)(uintptr_t)h->id;

	if (!*id)
		snprintf(id, sizeof(h->id), "%016llx", (unsigned long long)next_id());
	return id;
}

struct modus_conn *modus_http_conn(struct modus_http *h)
{
	return h->conn;
}

void *modus_http_alloc(struct modus_http *h, size_t size)
{
	return modus_alloc(h->conn, size);
}

struct http_form **http_form_of(struct modus_http *h)
{
	return &h->body.form;
}

int modus_http_result(const struct modus_http *h, int64_t *bytes)
{
	if (bytes)
		*bytes = h->request.is_head ? 0 : h->reply.sent;
	return h->reply.status;
}
