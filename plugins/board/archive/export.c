/* SPDX-License-Identifier: MIT */
/*
 * modus board export.  What was imported is written as it came; what was written on the board, as a
 * message of its own.  It gets its Message-ID when it is first exported, and keeps it: so what
 * comes back is known again.
 */
#include "archive.h"
#include "mbox.h"

#include "../text.h"

#include <errno.h>
#include <getopt.h>
#include <gmime/gmime.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "modus board export --board NAME [--hidden] FILE.db [OUT.mbox]\n"
			    "\n"
			    "Writes the posts of a board, but for deleted ones, as an mbox file, "
			    "or to standard output.\n"
			    "  --board NAME   the board\n"
			    "  --hidden       those that moderators have hidden, too";

struct export
{
	FILE *out;
	bool hidden;
};

/* ---- A post as a message ---- */

static void set_references(GMimeObject *message, const struct store_archived *a)
{
	const char *answered = *a->answered ? a->answered : a->first;
	char *all;

	if (a->post.position == 1)
		return;
	all = strcmp(a->first, answered) != 0 ? g_strdup_printf("<%s> <%s>", a->first, answered)
					      : g_strdup_printf("<%s>", answered);
	g_mime_object_set_header(message, "References", all, NULL);
	g_free(all);
	all = g_strdup_printf("<%s>", answered);
	g_mime_object_set_header(message, "In-Reply-To", all, NULL);
	g_free(all);
}

static void set_headers(GMimeMessage *message, const struct store_archived *a, bool hidden)
{
	const struct store_post *p = &a->post;
	GDateTime *date = g_date_time_new_from_unix_utc(p->created);
	char *address = g_strdup_printf("%s@users.modus-board.invalid",
					text_is_name(p->author) ? p->author : "unknown");
	char *subject = g_strdup_printf("%s%s", p->position > 1 ? "Re: " : "",
					p->unseen && !hidden ? "(hidden)" : p->subject);

	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, p->author, address);
	g_mime_message_set_subject(message, subject, "utf-8");
	g_mime_message_set_message_id(message, a->message_id);
	if (date) {
		g_mime_message_set_date(message, date);
		g_date_time_unref(date);
	}
	set_references((GMimeObject *)message, a);
	g_free(subject);
	g_free(address);
}

static void set_body(GMimeMessage *message, const char *body)
{
	GMimeTextPart *part = g_mime_text_part_new_with_subtype("plain");

	g_mime_text_part_set_charset(part, "utf-8");
	g_mime_text_part_set_text(part, body);
	g_mime_part_set_content_encoding(
		(GMimePart *)part, g_mime_part_get_best_content_encoding(
					   (GMimePart *)part, GMIME_ENCODING_CONSTRAINT_7BIT));
	g_mime_message_set_mime_part(message, (GMimeObject *)part);
	g_object_unref(part);
}

static int write_made(const struct export *e, const struct store_archived *a)
{
	GMimeMessage *message = g_mime_message_new(FALSE);
	time_t created = (time_t)a->post.created;
	struct tm tm = { 0 };
	char when[32], *text, *all;
	int rc;

	set_headers(message, a, e->hidden);
	set_body(message, a->post.body);
	g_mime_object_set_header((GMimeObject *)message, "MIME-Version", "1.0", NULL);
	text = g_mime_object_to_string((GMimeObject *)message, NULL);
	strftime(when, sizeof(when), "%a %b %e %H:%M:%S %Y", gmtime_r(&created, &tm));
	all = g_strdup_printf("From %s@users.modus-board.invalid %s\n%s",
			      text_is_name(a->post.author) ? a->post.author : "unknown", when,
			      text);
	rc = mbox_write(e->out, all, strlen(all));
	g_free(all);
	g_free(text);
	g_object_unref(message);
	return rc;
}

static int write_post(void *arg, const struct store_archived *a)
{
	const struct export *e = arg;

	if (a->post.deleted || (a->post.hidden && !e->hidden))
		return 0;
	if (a->original)
		return mbox_write(e->out, a->original, a->original_size);
	return write_made(e, a);
}

/* ---- The command ---- */

static int export_board(struct store *s, struct export *e, const char *file, const char *name)
{
	struct store_board board;
	int rc = store_find_board(s, name, &board);

	if (rc == -ENOENT) {
		fprintf(stderr, "modus board: %s: no board %s\n", file, name);
		return 1;
	}
	rc = rc ? rc : store_name_posts(s, board.id);
	rc = rc ? rc : store_archive(s, board.id, write_post, e);
	if (ferror(e->out))
		return 1; /* the caller says it */
	return rc ? archive_failed(s, file, rc) : 0;
}

/* Ends what was written beside the file, and puts it in its place. */
static int settle(FILE *out, const char *part, const char *name, int status)
{
	bool written = !ferror(out) && !fflush(out) && !(name && fsync(fileno(out)));

	if (!written)
		fprintf(stderr, "modus board: %s: %s\n", name ? name : "standard output",
			strerror(errno));
	if (!name)
		return written ? status : 1;
	fclose(out);
	if (written && !status && !rename(part, name))
		return 0;
	if (written && !status)
		fprintf(stderr, "modus board: %s: %s\n", name, strerror(errno));
	unlink(part);
	return 1;
}

static int export(const char *file, const char *board, const char *name, bool hidden)
{
	struct store *s = archive_open(file, false);
	struct export e = { stdout, hidden };
	char *part = g_strdup_printf("%s.part", name ? name : "");
	int status = 1;

	if (s && name)
		e.out = fopen(part, "we");
	if (s && !e.out)
		fprintf(stderr, "modus board: %s: %s\n", part, strerror(errno));
	if (s && e.out) {
		g_mime_init();
		status = export_board(s, &e, file, board);
		status = settle(e.out, part, name, status);
		g_mime_shutdown();
	}
	store_close(s);
	g_free(part);
	return status;
}

int export_main(int argc, char **argv)
{
	static const struct option options[] = { { "board", required_argument, NULL, 'b' },
						 { "hidden", no_argument, NULL, 'a' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	const char *board = NULL;
	bool hidden = false;
	int o;

	while ((o = getopt_long(argc, argv, "b:ah", options, NULL)) != -1) {
		if (o == 'b')
			board = optarg;
		else if (o == 'a')
			hidden = true;
		else
			return archive_usage(usage, o);
	}
	if (!board || argc - optind < 1 || argc - optind > 2)
		return archive_usage(usage, 0);
	return export(argv[optind], board, argv[optind + 1], hidden);
}
