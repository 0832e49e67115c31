/* SPDX-License-Identifier: MIT */
#include "compare/report/company_report.h"

#include <inttypes.h>

void company_report_text(FILE *f, const struct load_result *r)
{
	for (int i = 0; i < COMPANY_KINDS; i++) {
		const struct company_count *c = &r->company[i];

		if (c->asked)
			fprintf(f,
				"  company    %" PRIu64 " %s: %" PRIu64 " connections, %" PRIu64
				" heard the server, %" PRIu64 " thrown out, %" PRIu64 " refused\n",
				c->asked, company_names[i], c->opened, c->heard, c->thrown,
				c->refused);
	}
}

void company_report_json(FILE *f, const struct load_result *r)
{
	const char *comma = "";

	fputs(", \"company\": {", f);
	for (int i = 0; i < COMPANY_KINDS; i++) {
		const struct company_count *c = &r->company[i];

		if (!c->asked)
			continue;
		fprintf(f,
			"%s\"%s\": {\"asked\": %" PRIu64 ", \"opened\": %" PRIu64
			", \"heard\": %" PRIu64 ", \"thrown_out\": %" PRIu64
			", \"refused\": %" PRIu64 "}",
			comma, company_names[i], c->asked, c->opened, c->heard, c->thrown,
			c->refused);
		comma = ", ";
	}
	putc('}', f);
}
