/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a chunked body: in whatever pieces they come, the same comes of them; and what is
 * accepted, llhttp accepts, too, and finds the same body and the same end.  The first byte chooses
 * the pieces.
 */
#include "tests/fuzz/fuzz.h"

#include "handlers/http/exchange.h"

#include <llhttp.h>

struct result {
	enum http_chunk_event end;
	size_t taken, body_len, trailer_len;
	char body[4200], trailers[4200];
};

static void note(struct result *r, enum http_chunk_event event, const char *piece, size_t len)
{
	if (event == HTTP_CHUNK_BODY) {
		memcpy(r->body + r->body_len, piece, len);
		r->body_len += len;
	} else if (event == HTTP_CHUNK_FIELD) {
		memcpy(r->trailers + r->trailer_len, piece, len);
		r->trailer_len += len;
	}
}

static void decode(const char *data, size_t size, size_t piece, struct result *r)
{
	struct http_chunks c = { 0 };

	memset(r, 0, sizeof(*r));
	r->end = HTTP_CHUNK_MORE;
	while (r->taken < size && r->end != HTTP_CHUNK_DONE && r->end != HTTP_CHUNK_BAD) {
		size_t n = size - r->taken < piece ? size - r->taken : piece, taken, len;
		const char *at;

		r->end = http_chunks_next(&c, data + r->taken, n, &taken, &at, &len);
		fuzz_expect(taken <= n);
		fuzz_expect(taken > 0 || r->end == HTTP_CHUNK_BAD);
		if (r->end == HTTP_CHUNK_BODY || r->end == HTTP_CHUNK_FIELD)
			fuzz_expect(at >= data + r->taken && at + len <= data + r->taken + n);
		note(r, r->end, at, len);
		r->taken += taken;
	}
}

/* ---- llhttp ---- */

struct other {
	char body[4200];
	size_t len;
	bool complete;
};

static int on_body(llhttp_t *p, const char *at, size_t n)
{
	struct other *o = p->data;

	memcpy(o->body + o->len, at, n);
	o->len += n;
	return 0;
}

static int on_complete(llhttp_t *p)
{
	((struct other *)p->data)->complete = true;
	return HPE_PAUSED;
}

static void agree(const char *data, const struct result *mine)
{
	static const char head[] = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
	llhttp_settings_t settings = { .on_body = on_body, .on_message_complete = on_complete };
	struct other o = { .len = 0 };
	llhttp_t parser;

	llhttp_init(&parser, HTTP_REQUEST, &settings);
	parser.data = &o;
	fuzz_expect(llhttp_execute(&parser, head, sizeof(head) - 1) == HPE_OK);
	llhttp_execute(&parser, data, mine->taken);
	if (!o.complete && memchr(data, ';', mine->taken))
		return; /* some versions refuse extensions that RFC 9112 7.1.1 has */
	fuzz_expect(o.complete);
	fuzz_expect(o.len == mine->body_len && memcmp(o.body, mine->body, o.len) == 0);
}

/* A request whose trailers are none is refused once they are read. */
static bool are_fields(char *trailers, size_t len)
{
	struct http_field all[1024];
	struct http_fields fields = { all, 0 };

	return http_fields_read(trailers, len, 1024, &fields) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct result whole, pieces;

	if (size < 1 || size > 4096)
		return 0;
	decode((const char *)data + 1, size - 1, size, &whole);
	decode((const char *)data + 1, size - 1, data[0] % 16 + 1u, &pieces);
	fuzz_expect((whole.end == HTTP_CHUNK_BAD) == (pieces.end == HTTP_CHUNK_BAD));
	if (whole.end == HTTP_CHUNK_BAD)
		return 0; /* how much of it had been given out does not matter */
	fuzz_expect(whole.body_len == pieces.body_len && whole.trailer_len == pieces.trailer_len);
	fuzz_expect(memcmp(whole.body, pieces.body, whole.body_len) == 0);
	fuzz_expect(memcmp(whole.trailers, pieces.trailers, whole.trailer_len) == 0);
	fuzz_expect((whole.end == HTTP_CHUNK_DONE) == (pieces.end == HTTP_CHUNK_DONE));
	if (whole.end == HTTP_CHUNK_DONE) {
		fuzz_expect(whole.taken == pieces.taken);
		if (are_fields(whole.trailers, whole.trailer_len))
			agree((const char *)data + 1, &whole);
	}
	return 0;
}
