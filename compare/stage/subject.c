/* SPDX-License-Identifier: MIT */
#include "compare/stage/subject.h"

#include "core/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char echo_service[] =
	"services = ( { name = \"echo\"; handler = { type = \"echo\"; }; } );";

/* Connections that are being closed count a moment longer than the client thinks. */
enum { SPARE = 256 };

/* ---- Reading ----------------------------------------------------------------------------------*/

static int read_file(struct subject *s, const char *path, char *why, size_t size)
{
	char directory[PATH_MAX];
	char *slash;

	snprintf(directory, sizeof(directory), "%s", path);
	slash = strrchr(directory, '/');
	if (slash) {
		slash[slash == directory] = '\0';
		config_set_include_dir(&s->file, directory);
	}
	if (config_read_file(&s->file, path))
		return 0;
	if (config_error_type(&s->file) == CONFIG_ERR_PARSE)
		snprintf(why, size, "%s:%d: %s",
			 config_error_file(&s->file) ? config_error_file(&s->file) : path,
			 config_error_line(&s->file), config_error_text(&s->file));
	else
		snprintf(why, size, "%s: cannot be read: %s", path, strerror(errno));
	return -EINVAL;
}

int subject_open(struct subject *s, const char *path, char *why, size_t size)
{
	const config_setting_t *services;
	int err;

	config_init(&s->file);
	if (!path && !config_read_string(&s->file, echo_service)) {
		snprintf(why, size, "out of memory");
		return -ENOMEM;
	}
	err = path ? read_file(s, path, why, size) : 0;
	if (err)
		return err;
	services = config_lookup(&s->file, "services");
	s->service = services && config_setting_is_list(services)
			     ? config_setting_get_elem(services, 0)
			     : NULL;
	if (s->service && config_setting_is_group(s->service))
		return 0;
	snprintf(why, size, "%s: got no service, want services = ( { ... } )",
		 path ? path : "echo");
	return -EINVAL;
}

void subject_close(struct subject *s)
{
	config_destroy(&s->file);
}

/* ---- Copying settings -------------------------------------------------------------------------*/

static void copy_scalar(config_setting_t *to, const config_setting_t *from)
{
	switch (config_setting_type(from)) {
	case CONFIG_TYPE_INT:
		config_setting_set_int(to, config_setting_get_int(from));
		break;
	case CONFIG_TYPE_INT64:
		config_setting_set_int64(to, config_setting_get_int64(from));
		break;
	case CONFIG_TYPE_FLOAT:
		config_setting_set_float(to, config_setting_get_float(from));
		break;
	case CONFIG_TYPE_BOOL:
		config_setting_set_bool(to, config_setting_get_bool(from));
		break;
	case CONFIG_TYPE_STRING:
		config_setting_set_string(to, config_setting_get_string(from));
		break;
	default:
		break;
	}
}

/* Copies from, with all below it, into the group or list to.  The depth is that of a file which
 * libconfig's own recursive parser has read. */
static bool copy(config_setting_t *to, const config_setting_t *from)
{
	config_setting_t *own =
		config_setting_add(to, config_setting_name(from), config_setting_type(from));
	bool well = own;

	if (!own)
		return false;
	if (!config_setting_is_aggregate(from))
		copy_scalar(own, from);
	else
		for (int i = 0; well && i < config_setting_length(from); i++)
			well = copy(own, config_setting_get_elem(from, (unsigned)i));
	return well;
}

/* Copies what from contains but for those named in except, which NULL ends. */
static bool copy_members(config_setting_t *to, const config_setting_t *from,
			 const char *const *except)
{
	for (int i = 0; i < config_setting_length(from); i++) {
		const config_setting_t *member = config_setting_get_elem(from, (unsigned)i);
		const char *const *name = except;

		while (*name && strcmp(*name, config_setting_name(member)) != 0)
			name++;
		if (!*name && !copy(to, member))
			return false;
	}
	return true;
}

/* ---- Writing the model ------------------------------------------------------------------------*/

static bool put_number(config_setting_t *group, const char *key, int64_t n)
{
	bool wide = n > INT_MAX || n < INT_MIN;
	config_setting_t *own =
		config_setting_add(group, key, wide ? CONFIG_TYPE_INT64 : CONFIG_TYPE_INT);

	return own &&
	       (wide ? config_setting_set_int64(own, n) : config_setting_set_int(own, (int)n));
}

static bool put_text(config_setting_t *group, const char *key, const char *text)
{
	config_setting_t *own = config_setting_add(group, key, CONFIG_TYPE_STRING);

	return own && config_setting_set_string(own, text);
}

/* Configs say times in seconds; sizes beyond 31 bits are texts. */
static bool put_long(config_setting_t *group, const struct modus_setting *row, int64_t n)
{
	config_setting_t *own;
	char text[32];

	if (row->type == MODUS_T_INT)
		return put_number(group, row->key, n);
	if (row->type == MODUS_T_TIME) {
		own = config_setting_add(group, row->key, CONFIG_TYPE_FLOAT);
		return own && config_setting_set_float(own, (double)n / 1000);
	}
	snprintf(text, sizeof(text), "%" PRId64, n);
	return put_text(group, row->key, text);
}

static bool put_choice(config_setting_t *group, const struct modus_setting *row, int index)
{
	size_t length = 0;
	const char *word = settings_word(row, index, &length);
	char text[64];

	snprintf(text, sizeof(text), "%.*s", (int)length, word ? word : "");
	return put_text(group, row->key, text);
}

/* A model that raises beyond a row's range gets the range's end: what then cannot be served is seen
 * in the result, as connections without a reply. */
static int64_t within(const struct modus_setting *row, int64_t n)
{
	return n > row->max ? row->max : n < row->min ? row->min : n;
}

/* Writes the value of row where raised differs from the default.  Ceilings are numbers, switches
 * and choices; a model that raised something else would have to be taught here. */
static bool put_raised(config_setting_t *group, const struct modus_setting *row, const char *plain,
		       const char *raised)
{
	const void *was = plain + row->offset, *is = raised + row->offset;
	config_setting_t *own;

	switch (row->type) {
	case MODUS_T_INT:
	case MODUS_T_BYTES:
	case MODUS_T_TIME:
		if (*(const int64_t *)was == *(const int64_t *)is)
			return true;
		return put_long(group, row, within(row, *(const int64_t *)is));
	case MODUS_T_CHOICE:
		if (*(const int *)was == *(const int *)is)
			return true;
		return put_choice(group, row, *(const int *)is);
	case MODUS_T_BOOL:
		if (*(const bool *)was == *(const bool *)is)
			return true;
		own = config_setting_add(group, row->key, CONFIG_TYPE_BOOL);
		return own && config_setting_set_bool(own, *(const bool *)is);
	default:
		return true;
	}
}

static bool put_model(config_setting_t *service, const struct modus_model *model, unsigned n)
{
	config_setting_t *group = config_setting_add(service, "model", CONFIG_TYPE_GROUP);
	char *plain = calloc(2, model->settings_size + 1), *raised;
	bool well = group && plain && put_text(group, "type", model->name);

	if (well && model->settings && model->raise) {
		raised = plain + model->settings_size;
		settings_defaults(model->settings, plain);
		memcpy(raised, plain, model->settings_size);
		model->raise(raised, (int64_t)n + SPARE);
		for (const struct modus_setting *row = model->settings; well && row->key; row++)
			well = put_raised(group, row, plain, raised);
	}
	free(plain);
	return well;
}

bool subject_has_datagrams(const struct subject *s)
{
	const config_setting_t *all = config_setting_get_member(s->service, "listen");
	const char *first = all ? config_setting_get_string_elem(all, 0) : NULL;

	return first && !strncmp(first, "udp:", 4);
}

static const char *listener(const struct subject *s)
{
	return subject_has_datagrams(s) ? "udp://127.0.0.1:0" : "tcp://127.0.0.1:0";
}

/* A plugin's file that is named from where the comparison was started is there, and not in the
 * empty directory.  One that is not there is told by the server. */
static bool keep_plugin(const config_setting_t *service)
{
	config_setting_t *handler = config_setting_get_member(service, "handler");
	char whole[PATH_MAX];
	const char *file;

	if (handler && config_setting_is_group(handler))
		handler = config_setting_get_member(handler, "type");
	file = handler ? config_setting_get_string(handler) : NULL;
	if (!file || *file == '/' || !strchr(file, '/') || !realpath(file, whole))
		return true;
	return config_setting_set_string(handler, whole);
}

static bool put_service(config_setting_t *root, const struct subject *s,
			const struct modus_model *model, unsigned n)
{
	static const char *const replaced[] = { "listen", "model", "limits", "timeouts", NULL };
	static const char *const grace[] = { "grace", NULL };
	config_setting_t *list = config_setting_add(root, "services", CONFIG_TYPE_LIST);
	config_setting_t *own = list ? config_setting_add(list, NULL, CONFIG_TYPE_GROUP) : NULL;
	const config_setting_t *timeouts = config_setting_get_member(s->service, "timeouts");
	config_setting_t *group;

	if (!own || !copy_members(own, s->service, replaced) || !keep_plugin(own) ||
	    !put_model(own, model, n))
		return false;
	group = config_setting_add(own, "listen", CONFIG_TYPE_ARRAY);
	if (!group || !config_setting_set_string_elem(group, -1, listener(s)))
		return false;
	group = config_setting_add(own, "limits", CONFIG_TYPE_GROUP);
	if (!group || !put_number(group, "connections", (int64_t)n + SPARE))
		return false;
	group = config_setting_add(own, "timeouts", CONFIG_TYPE_GROUP);
	return group && (!timeouts || copy_members(group, timeouts, grace)) &&
	       put_number(group, "grace", 1);
}

int subject_write(const struct subject *s, const struct modus_model *model, unsigned n,
		  const char *path, char *why, size_t size)
{
	static const char *const replaced[] = { "services", "scenario", "log_format", "log_level",
						NULL };
	config_setting_t *root;
	config_t own;
	int err = 0;

	config_init(&own);
	root = config_root_setting(&own);
	if (!copy_members(root, config_root_setting(&s->file), replaced) ||
	    !put_service(root, s, model, n))
		err = -ENOMEM;
	else if (!config_write_file(&own, path))
		err = -EIO;
	if (err)
		snprintf(why, size, "cannot write the config %s: %s", path, strerror(-err));
	config_destroy(&own);
	return err;
}
