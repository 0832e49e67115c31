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

static bool any(const struct company_count counts[COMPANY_KINDS])
{
	for (int i = 0; i < COMPANY_KINDS; i++)
		if (counts[i].asked)
			return true;
	return false;
}

static void write_count(struct json *j, const char *name, const struct company_count *c)
{
	json_object(j, name);
	json_count(j, "asked", c->asked);
	json_count(j, "opened", c->opened);
	json_count(j, "heard", c->heard);
	json_count(j, "thrown_out", c->thrown);
	json_count(j, "refused", c->refused);
	json_end(j);
}

void company_report_counts(struct json *j, const struct company_count counts[COMPANY_KINDS])
{
	if (!any(counts)) {
		json_text(j, "company", NULL);
		return;
	}
	json_object(j, "company");
	for (int i = 0; i < COMPANY_KINDS; i++)
		if (counts[i].asked)
			write_count(j, company_names[i], &counts[i]);
	json_end(j);
}
