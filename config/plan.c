/* SPDX-License-Identifier: MIT */
/* The whole file: its own rows, then each service with its model and its handler. */
#include "core/plan.h"

#include "config/reader.h"
#include "core/access.h"
#include "core/address.h"
#include "core/instance.h"
#include "core/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SERVICES_MAX = 256, NAME_LENGTH_MAX = 32 };

/* "scenario" is for "modus compare": the load that the first service is put under. */
static const char *const file_others[] = { "services", "scenario", NULL };
static const char *const service_others[] = { "model", "handler", NULL };

/* ---- What the rows of a service cannot say ----------------------------------------------------
 */

static void check_name(struct reader *r, const struct plan_service *s)
{
	size_t n = s->name ? strspn(s->name, "abcdefghijklmnopqrstuvwxyz0123456789_-") : 0;
	char got[GOT_MAX];

	if (!s->name || (n && n <= NAME_LENGTH_MAX && !s->name[n]))
		return;
	reader_error(r, memory_line(r->memory, &s->name), "name",
		     "got %s, want 1 to 32 of a-z, 0-9, _ and -", reader_quote(s->name, got));
}

static void check_names_differ(struct reader *r, const struct plan_service *all, size_t count)
{
	char got[GOT_MAX];

	for (size_t i = 1; i < count; i++) {
		size_t j = 0;

		while (j < i && !(all[i].name && all[j].name && !strcmp(all[i].name, all[j].name)))
			j++;
		if (j < i)
			reader_error(r, memory_line(r->memory, &all[i].name), "name",
				     "got %s, which line %d has, want a name of its own",
				     reader_quote(all[i].name, got),
				     memory_line(r->memory, &all[j].name));
	}
}

static void check_address(struct reader *r, int line, const char *text)
{
	struct address a;
	int rc = address_parse(text, &a);
	char got[GOT_MAX];

	if (rc)
		reader_error(r, line, "listen", "got %s, want %s", reader_quote(text, got),
			     rc == -ENOENT ? "a numeric host such as 127.0.0.1, [::1] or *"
					   : "tcp://host:port, udp://host:port, unix:///path or "
					     "unix-dgram:///path");
}

static void check_listen(struct reader *r, const config_setting_t *group,
			 const struct plan_service *s)
{
	const config_setting_t *given = config_setting_get_member(group, "listen");
	const char *const *texts = s->listen.items;

	if (!given)
		reader_error(r, s->line, "listen",
			     "missing, want a list [ \"...\", ... ] of addresses");
	else if (texts && s->listen.count == 0)
		reader_error(r, document_line(given), "listen",
			     "got none, want one address or more");
	for (size_t i = 0; texts && i < s->listen.count; i++)
		if (texts[i])
			check_address(r, memory_line(r->memory, &texts[i]), texts[i]);
}

/* Where no rule says what becomes of the others, half of the readers would guess wrong. */
static void check_access(struct reader *r, const struct plan_service *s)
{
	const char *const *texts = s->access.items, *why;
	struct access_rule rule;
	char got[GOT_MAX];

	for (size_t i = 0; texts && i < s->access.count; i++) {
		if (!texts[i])
			continue;
		if (access_parse(texts[i], &rule, &why) == 0) {
			why = "\"allow all\" or \"deny all\" as the last rule";
			if (i + 1 < s->access.count || rule.family == AF_UNSPEC)
				continue;
		}
		reader_error(r, memory_line(r->memory, &texts[i]), "access", "got %s, want %s",
			     reader_quote(texts[i], got), why);
	}
}

/* ---- One service ------------------------------------------------------------------------------
 */

static const struct modus_model *find_model(struct reader *r, const struct chosen *c)
{
	struct settings_nearest near = { .word = c->type };
	char known[512] = "none", got[GOT_MAX], hint[HINT_MAX];
	size_t used = 0;

	for (const struct modus_model *const *m = r->sources->models; *m; m++) {
		if (!strcmp((*m)->name, c->type))
			return *m;
		settings_nearest_offer(&near, (*m)->name, strlen((*m)->name));
		if (used < sizeof(known))
			used += (size_t)snprintf(known + used, sizeof(known) - used, "%s\"%s\"",
						 used ? ", " : "one of ", (*m)->name);
	}
	reader_error(r, c->line, "model", "got %s, want %s%s", reader_quote(c->type, got), known,
		     reader_hint(&near, hint));
	return NULL;
}

static void read_model(struct reader *r, const config_setting_t *group, struct plan_service *s)
{
	struct chosen c;

	if (!chosen_read(r, config_setting_get_member(group, "model"), "model", s->line, &c))
		return;
	s->model = find_model(r, &c);
	if (!s->model)
		return;
	memory_note(r->memory, &s->model, c.line, NULL);
	s->model_settings = memory_alloc(r->memory, 1, s->model->settings_size);
	if (s->model_settings)
		chosen_rows(r, &c, s->model->settings, s->model_settings, NULL);
	else
		reader_no_memory(r);
}

static bool is_wanted(const struct reader *r, const struct plan_service *s)
{
	const char *only = r->sources->only;

	return !only || (s->name && !strcmp(s->name, only));
}

static void read_handler(struct reader *r, const config_setting_t *group, struct plan_service *s)
{
	struct chosen c;

	if (!chosen_read(r, config_setting_get_member(group, "handler"), "handler", s->line, &c))
		return;
	memory_note(r->memory, &s->handler_type, c.line, NULL);
	s->handler_type = memory_text(r->memory, c.type);
	if (!s->handler_type)
		reader_no_memory(r);
	else if (r->sources->open_plugin && is_wanted(r, s))
		hosted_read(r, &c, s->name ? s->name : "", NULL, &s->handler);
}

static void read_service(struct reader *r, const config_setting_t *group, struct plan_service *s)
{
	unsigned before = r->errors;
	char why[512];

	s->file = r->memory->file;
	s->line = (int)config_setting_source_line(group);
	rows_read(r, group, s->line, plan_service_rows, service_others, s, NULL);
	check_name(r, s);
	check_listen(r, group, s);
	check_access(r, s);
	read_model(r, group, s);
	read_handler(r, group, s);
	if (r->errors == before && plan_misfit(s, why, sizeof(why)))
		reader_error(r, s->line, s->name, "%s", why);
}

/* ---- The file ---------------------------------------------------------------------------------
 */

static void read_services(struct reader *r, const config_setting_t *root, struct plan *plan)
{
	const config_setting_t *s = config_setting_get_member(root, "services");
	const char *want = "a list ( { ... }, ... ) of one to 256 services";
	struct plan_service *all;
	char got[GOT_MAX];
	int count = s && config_setting_is_list(s) ? config_setting_length(s) : 0;

	if (!s)
		reader_error(r, 1, "services", "missing, want %s", want);
	else if (!config_setting_is_list(s))
		reader_error(r, document_line(s), "services", "got %s, want %s", reader_got(s, got),
			     want);
	else if (count < 1 || count > SERVICES_MAX)
		reader_error(r, document_line(s), "services", "got %d services, want %s", count,
			     want);
	if (count < 1 || count > SERVICES_MAX)
		return;
	all = memory_alloc(r->memory, (size_t)count, sizeof(*all));
	if (!all) {
		reader_no_memory(r);
		return;
	}
	plan->services = (struct modus_list) { (size_t)count, all };
	for (int i = 0; i < count; i++) {
		const config_setting_t *group = config_setting_get_elem(s, (unsigned)i);

		if (config_setting_is_group(group))
			read_service(r, group, &all[i]);
		else if (!document_refused(group))
			reader_error(r, document_line(group), "services",
				     "got %s, want a group { ... }", reader_got(group, got));
	}
	check_names_differ(r, all, (size_t)count);
}

static void check_control(struct reader *r, const struct plan *plan)
{
	struct address a;
	char got[GOT_MAX];

	if (!plan->control || !*plan->control)
		return;
	if (address_parse(plan->control, &a) == 0 && a.any.sa_family == AF_UNIX &&
	    a.type == SOCK_STREAM)
		return;
	reader_error(r, memory_line(r->memory, &plan->control), "control",
		     "got %s, want unix:///path", reader_quote(plan->control, got));
}

static void read_file(struct reader *r, const char *text, struct plan *plan)
{
	const config_setting_t *root;
	struct document d;

	if (!document_open(&d, r, text)) {
		root = config_root_setting(&d.config);
		rows_read(r, root, 1, plan_rows, file_others, plan, NULL);
		check_control(r, plan);
		r->plugin_path = plan->plugin_path ? plan->plugin_path : "";
		read_services(r, root, plan);
	}
	document_close(&d);
}

int config_read_plan(const char *file, const char *text, const struct config_sources *sources,
		     struct plan **out, config_report *report, void *arg)
{
	struct held_plan *held = calloc(1, sizeof(*held));
	struct reader r = { file, sources, "", NULL, report, arg };

	if (held)
		held->memory.file = memory_text(&held->memory, file);
	if (held && held->memory.file) {
		r.memory = &held->memory;
		read_file(&r, text, &held->plan);
	} else {
		reader_no_memory(&r);
	}
	if (reader_tell(&r)) {
		config_free((struct plan *)held);
		return -EINVAL;
	}
	*out = &held->plan;
	return 0;
}

void config_free(struct plan *plan)
{
	struct held_plan *held = (struct held_plan *)plan;
	const struct plan_service *all;

	if (!plan)
		return;
	all = plan->services.items;
	for (size_t i = 0; i < plan->services.count; i++)
		instance_free(all[i].handler);
	memory_clear(&held->memory);
	free(held);
}
