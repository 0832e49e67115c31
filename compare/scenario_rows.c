/* SPDX-License-Identifier: MIT */
/* The keys of a scenario, a row each, and how their values are read. */
#include "compare/scenario_rows.h"

#include <stdio.h>
#include <string.h>

struct row {
	const char *key, *want;
	bool (*read)(struct reading *r, const struct row *row, const config_setting_t *s);
	size_t offset;      /* within the scenario */
	double least, most; /* of numbers */
	bool needed;
};

/* ---- What is wrong ----------------------------------------------------------------------------*/

static const char *got(const config_setting_t *s, char *out, size_t size)
{
	switch (s ? config_setting_type(s) : CONFIG_TYPE_NONE) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		snprintf(out, size, "%lld", config_setting_get_int64(s));
		return out;
	case CONFIG_TYPE_FLOAT:
		snprintf(out, size, "%g", config_setting_get_float(s));
		return out;
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(s) ? "true" : "false";
	case CONFIG_TYPE_STRING:
		snprintf(out, size, "\"%.60s\"", config_setting_get_string(s));
		return out;
	case CONFIG_TYPE_NONE:
		return "nothing";
	default:
		return config_setting_is_group(s) ? "a group { ... }" : "a list";
	}
}

bool scenario_refuse_at(struct reading *r, const config_setting_t *place, const config_setting_t *s,
			const char *key, const char *want)
{
	const char *file = config_setting_source_file(place);
	unsigned line = config_setting_source_line(place); /* 0 of the file itself */
	char text[80];

	snprintf(r->why, r->size, "%s:%u: %s: got %s, want %s", file ? file : r->scenario->path,
		 line ? line : 1, key, got(s, text, sizeof(text)), want);
	return false;
}

bool scenario_refuse(struct reading *r, const config_setting_t *s, const char *key,
		     const char *want)
{
	return scenario_refuse_at(r, s, s, key, want);
}

/* ---- Values -----------------------------------------------------------------------------------*/

static void *field(const struct reading *r, const struct row *row)
{
	return (char *)r->scenario + row->offset;
}

static bool read_text(struct reading *r, const struct row *row, const config_setting_t *s)
{
	const char *text = config_setting_get_string(s);

	if (!text || !*text)
		return scenario_refuse(r, s, row->key, row->want);
	*(const char **)field(r, row) = text;
	return true;
}

static bool is_number(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_INT ||
	       config_setting_type(s) == CONFIG_TYPE_INT64;
}

static bool number(const struct row *row, const config_setting_t *s, double *out)
{
	*out = is_number(s) ? (double)config_setting_get_int64(s) : config_setting_get_float(s);
	return config_setting_is_number(s) && *out >= row->least && *out <= row->most;
}

static bool read_real(struct reading *r, const struct row *row, const config_setting_t *s)
{
	return number(row, s, field(r, row)) || scenario_refuse(r, s, row->key, row->want);
}

static bool read_size(struct reading *r, const struct row *row, const config_setting_t *s)
{
	double n;

	if (!is_number(s) || !number(row, s, &n))
		return scenario_refuse(r, s, row->key, row->want);
	*(size_t *)field(r, row) = (size_t)n;
	return true;
}

static bool read_count(struct reading *r, const struct row *row, const config_setting_t *s)
{
	double n;

	if (!is_number(s) || !number(row, s, &n))
		return scenario_refuse(r, s, row->key, row->want);
	*(unsigned *)field(r, row) = (unsigned)n;
	return true;
}

static bool read_connections(struct reading *r, const struct row *row, const config_setting_t *s)
{
	struct scenario *own = r->scenario;
	int count = config_setting_is_array(s) ? config_setting_length(s) : 0;
	double n;

	if (count < 1 || count > SCENARIO_LOADS)
		return scenario_refuse(r, s, row->key, row->want);
	for (int i = 0; i < count; i++) {
		const config_setting_t *each = config_setting_get_elem(s, (unsigned)i);

		if (!is_number(each) || !number(row, each, &n))
			return scenario_refuse(r, each, row->key, row->want);
		own->connections[own->connections_count++] = (unsigned)n;
	}
	return true;
}

/* Of the text among names, or -1. */
static int place(const config_setting_t *s, const char *const *names)
{
	const char *text = config_setting_get_string(s);

	for (int i = 0; text && names[i]; i++)
		if (!strcmp(names[i], text))
			return i;
	return -1;
}

static bool read_arrivals(struct reading *r, const struct row *row, const config_setting_t *s)
{
	int arrivals = place(s, load_arrivals_names);

	if (arrivals < 0)
		return scenario_refuse(r, s, row->key, row->want);
	r->scenario->load.arrivals = (enum pace_arrivals)arrivals;
	return true;
}

static bool read_models(struct reading *r, const struct row *row, const config_setting_t *s)
{
	struct scenario *own = r->scenario;
	int count = config_setting_is_array(s) ? config_setting_length(s) : 0;

	if (count < 1 || count > SCENARIO_MODELS || !config_setting_get_string_elem(s, 0))
		return scenario_refuse(r, s, row->key, row->want);
	while (own->model_count < (unsigned)count) {
		own->models[own->model_count] =
			config_setting_get_string_elem(s, (int)own->model_count);
		own->model_count++;
	}
	return true;
}

static bool read_headers(struct reading *r, const struct row *row, const config_setting_t *s)
{
	struct http_wish *w = &r->scenario->talk.wish.http;
	int count = config_setting_is_array(s) ? config_setting_length(s) : 0;

	if (count < 1 || count > HTTP_HEADERS_MAX || !config_setting_get_string_elem(s, 0))
		return scenario_refuse(r, s, row->key, row->want);
	while (w->header_count < (unsigned)count) {
		w->headers[w->header_count] =
			config_setting_get_string_elem(s, (int)w->header_count);
		w->header_count++;
	}
	return true;
}

static bool read_flag(struct reading *r, const struct row *row, const config_setting_t *s)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return scenario_refuse(r, s, row->key, row->want);
	*(bool *)field(r, row) = config_setting_get_bool(s);
	return true;
}

static bool read_company(struct reading *r, const struct row *row, const config_setting_t *s)
{
	const char *text = config_setting_get_string(s);
	char said[256];

	if (!text || !*text)
		return scenario_refuse(r, s, row->key, row->want);
	r->scenario->company_text = text;
	r->scenario->load.company = &r->scenario->company;
	if (!company_read(&r->scenario->company, text, said, sizeof(said)))
		return true;
	snprintf(r->why, r->size, "%s:%u: %s", r->scenario->path, config_setting_source_line(s),
		 said);
	return false;
}

static bool read_modes(struct reading *r, const struct row *row, const config_setting_t *s)
{
	struct scenario *own = r->scenario;
	int count = config_setting_is_array(s) ? config_setting_length(s) : 0;

	if (count < 1 || count > SCENARIO_MODES)
		return scenario_refuse(r, s, row->key, row->want);
	for (int i = 0; i < count; i++) {
		const config_setting_t *each = config_setting_get_elem(s, (unsigned)i);
		int mode = place(each, load_mode_names);

		if (mode < 0)
			return scenario_refuse(r, each, row->key, row->want);
		own->modes[own->mode_count++] = (enum load_mode)mode;
	}
	return true;
}

/* ---- The group --------------------------------------------------------------------------------*/

#define AT(member) offsetof(struct scenario, member)

static const struct row rows[] = {
	{ "title", "a text", read_text, AT(title), .needed = true },
	{ "question", "a text", read_text, AT(question), .needed = true },
	{ "connections", "[ ... ] of 1 to 16 numbers from 1 to 1000000", read_connections,
	  .least = 1, .most = 1000000, .needed = true },
	{ "modes", "[ ... ] of \"keep\", \"close\" or both", read_modes },
	{ "models", "[ ... ] of the names of models", read_models },
	{ "company", "clients as \"slow=20%,herd=1000\"", read_company },
	{ "duration", "seconds from 0.01 to 3600", read_real, AT(duration), .least = 0.01,
	  .most = 3600 },
	{ "knee", "seconds from 0.00001 to 3600", read_real, AT(knee), .least = 1e-5,
	  .most = 3600 },
	{ "size", "bytes from 1 to 67108864", read_size, AT(load.size), .least = 1,
	  .most = 64 << 20 },
	{ "pipeline", "a number from 1 to 1024", read_count, AT(load.pipeline), .least = 1,
	  .most = 1024 },
	{ "rate", "requests per second from 0.1 to 100000000", read_real, AT(load.rate),
	  .least = 0.1, .most = 1e8 },
	{ "arrivals", "\"constant\" or \"poisson\"", read_arrivals },
	{ "think", "seconds from 0 to 3600", read_real, AT(load.think), .most = 3600 },
	{ "ramp", "seconds from 0 to 3600", read_real, AT(load.ramp), .most = 3600 },
	{ "per_connection", "a number from 1 to 1000000000", read_count, AT(load.per_connection),
	  .least = 1, .most = 1e9 },
	{ "script", "the path of a script, beside this file", read_text, AT(talk.wish.script) },
	{ "request", "the text of a request", read_text, AT(talk.wish.send) },
	{ "reply", "a reply as modus load --reply has it", read_text, AT(talk.wish.reply) },
	{ "http", "a path that begins with /", read_text, AT(talk.wish.http.path) },
	{ "method", "a method of HTTP", read_text, AT(talk.wish.http.method) },
	{ "headers", "[ ... ] of 1 to 16 texts \"NAME: VALUE\"", read_headers },
	{ "body", "a text, or @ and the path of a file beside this one", read_text,
	  AT(talk.wish.http.body) },
	{ "expect_body", "the path of a file beside this one", read_text,
	  AT(talk.wish.http.expect_body) },
	{ "status", "a number from 200 to 599", read_count, AT(talk.wish.http.status), .least = 200,
	  .most = 599 },
	{ "any_body", "true or false", read_flag, AT(talk.wish.http.any_body) },
	{ NULL, NULL, NULL },
};

static const struct row *find(const char *key)
{
	for (const struct row *row = rows; row->key; row++)
		if (!strcmp(row->key, key))
			return row;
	return NULL;
}

bool scenario_group(struct reading *r, const config_setting_t *group)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		const struct row *row = find(config_setting_name(s));

		if (!row)
			return scenario_refuse(r, s, config_setting_name(s),
					       "a key of scenarios, as docs/comparing.md has them");
		if (!row->read(r, row, s))
			return false;
	}
	for (const struct row *row = rows; row->key; row++)
		if (row->needed && !config_setting_get_member(group, row->key))
			return scenario_refuse_at(r, group, NULL, row->key, row->want);
	return true;
}
