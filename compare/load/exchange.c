/* SPDX-License-Identifier: MIT */
#include "compare/load/exchange.h"

#include "compare/load/bytes_run.h"
#include "compare/load/http_run.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

const struct exchange *exchange_of(const struct load_options *o)
{
	return o->script  ? &script_exchange
	       : o->bytes ? &bytes_exchange
	       : o->http  ? &http_exchange
			  : &echo_exchange;
}

void exchange_wrong(struct load *l, struct load_conn *c, enum load_error kind, const char *format,
		    ...)
{
	char *said = l->result->wrong;
	va_list args;

	va_start(args, format);
	if (!*said)
		vsnprintf(said, sizeof(l->result->wrong), format, args);
	va_end(args);
	for (char *at = said; *at; at++)
		if (!isprint((unsigned char)*at))
			*at = '?';
	conn_fail(l, c, kind, 0);
}
