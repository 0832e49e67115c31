/* SPDX-License-Identifier: MIT */
/*
 * modus board import.  The archive is read twice: first to see that all of it is there, and which
 * messages it has; then each is kept, after the one it answers, wherever that stands in the file.
 * Memory holds one message, and some bytes for each of the others.
 */
#include "../text.h"
#include "archive.h"
#include "mbox.h"
#include "message.h"
#include "progress.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

static const char usage[] =
	"modus board import --board NAME [--create TITLE] FILE.db ARCHIVE.mbox\n"
	"\n"
	"Takes the messages of an mbox file in as posts, all of them or, on a failure, none.\n"
	"A message that answers another one goes to its topic; those that are there are skipped.\n"
	"Who would write to a board of FILE.db meanwhile is told to try again later.\n"
	"  --board NAME     the board they go to\n"
	"  --create TITLE   make the board, and FILE.db, where there is none";

struct entry { /* a message of the archive */
	int64_t offset, line;
	bool begun;
};

struct import {
	struct mbox in;
	struct store *s;
	struct store_board board;
	GArray *entries;
	GHashTable *places; /* hash of an id -> its entry's number + 1 */
	struct progress progress;
	int64_t seen, imported, skipped, topics, mended;
};

/* Ids are known by a hash: one that hides another costs that one's answers their thread, not more.
 */
static gpointer key_of(const char *id)
{
	uint64_t h = 14695981039346656037u;

	for (; *id; id++)
		h = (h ^ (unsigned char)*id) * 1099511628211u;
	return (gpointer)(uintptr_t)(h ^ h >> 32);
}

/* ---- The first reading ---- */

static int note(struct import *im)
{
	struct entry e = { im->in.offset, im->in.line, false };
	struct message m;
	char *lacks, want[300];
	int rc = 0;

	message_open(&m, &im->in);
	g_array_append_val(im->entries, e);
	if (!g_hash_table_contains(im->places, key_of(m.id)))
		g_hash_table_insert(im->places, key_of(m.id), GUINT_TO_POINTER(im->entries->len));
	lacks = im->in.last ? message_lacks(&m) : NULL;
	if (lacks) {
		snprintf(want, sizeof(want), "\"%s\" to end the last message", lacks);
		rc = mbox_refuse(&im->in, im->in.next_line, want, "the end of the file");
	}
	g_free(lacks);
	message_close(&m);
	return rc;
}

/* 0, or a negative errno, said in im->in.why. */
static int survey(struct import *im, const char *archive)
{
	int rc = mbox_open(&im->in, archive);

	progress_begin(&im->progress, "reading  ");
	while (!rc && (rc = mbox_next(&im->in)) == 1) {
		rc = note(im);
		progress_show(&im->progress, im->in.next, im->in.size, im->entries->len);
	}
	progress_end(&im->progress);
	return rc;
}

/* ---- The second ---- */

static int same_board(void *arg, const struct store_post *p)
{
	const struct store_board *board = arg;

	return strcmp(p->board, board->name) != 0 ? -EXDEV : 0;
}

/* The post that the message answers, or 0; or in wait an entry that has to be kept before it. */
static int find_answered(struct import *im, const struct message *m, int64_t *post, guint *wait)
{
	*post = 0;
	*wait = 0;
	for (guint i = 0; i < m->answers->len; i++) {
		const char *id = m->answers->pdata[i];
		guint at = GPOINTER_TO_UINT(g_hash_table_lookup(im->places, key_of(id)));
		int rc = store_imported(im->s, id, post);

		rc = rc ? rc : store_post(im->s, *post, same_board, &im->board);
		if (rc != -ENOENT && rc != -EXDEV)
			return rc;
		*post = 0;
		if (at && !g_array_index(im->entries, struct entry, at - 1).begun) {
			*wait = at;
			return 0;
		}
	}
	return 0;
}

static int keep(struct import *im, struct message *m, int64_t answers)
{
	struct store_place place;
	struct store_draft draft = {
		.board = answers ? 0 : im->board.id,
		.reply_to = answers,
		.message_id = m->id,
		.original = im->in.data,
		.original_size = im->in.len,
	};
	int rc;

	message_decode(m, &im->in);
	draft.name = m->author;
	draft.subject = m->subject;
	draft.body = m->body;
	draft.created = m->created;
	rc = store_write(im->s, &draft, &place);
	if (rc)
		return rc;
	im->imported++;
	im->topics += !answers;
	im->mended += m->mended;
	return 0;
}

/* Keeps the message that the archive is at; or tells which one has to be kept before it. */
static int take(struct import *im, guint *wait)
{
	struct message m;
	int64_t there, answers;
	int rc;

	message_open(&m, &im->in);
	*wait = 0;
	rc = store_imported(im->s, m.id, &there);
	if (!rc) {
		im->skipped++;
	} else if (rc == -ENOENT) {
		rc = find_answered(im, &m, &answers, wait);
		if (!rc && !*wait)
			rc = keep(im, &m, answers);
	}
	message_close(&m);
	return rc;
}

/* Keeps an entry, and before it, all those that it waits for. */
static int take_thread(struct import *im, guint first, GArray *waiting)
{
	g_array_append_val(waiting, first);
	while (waiting->len) {
		guint top = g_array_index(waiting, guint, waiting->len - 1), wait;
		struct entry *e = &g_array_index(im->entries, struct entry, top - 1);
		int rc = mbox_seek(&im->in, e->offset, e->line);

		e->begun = true;
		rc = rc ? rc : mbox_next(&im->in);
		rc = rc == 1 ? take(im, &wait) : rc ? rc : -EBADMSG;
		if (rc)
			return rc;
		if (wait)
			g_array_append_val(waiting, wait);
		else
			g_array_set_size(waiting, waiting->len - 1);
		im->seen += !wait;
	}
	return 0;
}

static int take_all(struct import *im)
{
	GArray *waiting = g_array_new(FALSE, FALSE, sizeof(guint));
	int rc = 0;

	progress_begin(&im->progress, "importing");
	for (guint i = 1; !rc && i <= im->entries->len; i++) {
		if (!g_array_index(im->entries, struct entry, i - 1).begun)
			rc = take_thread(im, i, waiting);
		progress_show(&im->progress, im->seen, im->entries->len, im->seen);
	}
	progress_end(&im->progress);
	g_array_unref(waiting);
	return rc;
}

/* ---- The command ---- */

struct wanted {
	const char *board, *title, *file, *archive;
};

static int import_into(struct import *im, const struct wanted *w)
{
	int rc = store_begin_long(im->s, STORE_IMPORT);

	if (rc)
		return archive_failed(im->s, w->file, rc);
	rc = archive_find_board(im->s, w->board, w->title, &im->board);
	if (rc == -ENOENT) {
		fprintf(stderr, "modus board: %s: no board %s, --create TITLE makes it\n", w->file,
			w->board);
		return store_end(im->s, rc) != 0;
	}
	im->in.why[0] = '\0';
	rc = store_end(im->s, rc ? rc : take_all(im));
	if (rc && *im->in.why)
		fprintf(stderr, "%s\n", im->in.why);
	else if (rc)
		archive_failed(im->s, w->file, rc);
	else
		printf("%lld imported, %lld skipped, %lld new topics, %lld mended\n",
		       (long long)im->imported, (long long)im->skipped, (long long)im->topics,
		       (long long)im->mended);
	return rc ? 1 : 0;
}

static int import(const struct wanted *w)
{
	struct import *im = g_new0(struct import, 1);
	int status = 1;

	g_mime_init();
	im->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
	im->places = g_hash_table_new(g_direct_hash, g_direct_equal);
	if (survey(im, w->archive))
		fprintf(stderr, "%s\n", im->in.why);
	else if ((im->s = archive_open(w->file, w->title != NULL)) != NULL)
		status = import_into(im, w);
	store_close(im->s);
	mbox_close(&im->in);
	g_hash_table_unref(im->places);
	g_array_unref(im->entries);
	g_free(im);
	g_mime_shutdown();
	return status;
}

static bool is_title(const char *title)
{
	return *title && strlen(title) <= STORE_TITLE && !text_check(title, strlen(title), false);
}

int import_main(int argc, char **argv)
{
	static const struct option options[] = { { "board", required_argument, NULL, 'b' },
						 { "create", required_argument, NULL, 'c' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct wanted w = { 0 };
	int o;

	while ((o = getopt_long(argc, argv, "b:c:h", options, NULL)) != -1) {
		if (o == 'b')
			w.board = optarg;
		else if (o == 'c')
			w.title = optarg;
		else
			return archive_usage(usage, o);
	}
	if (!w.board || optind + 2 != argc)
		return archive_usage(usage, 0);
	if (!text_is_name(w.board) || (w.title && !is_title(w.title))) {
		fprintf(stderr,
			"modus board: want --board of 1 to %d letters, digits, _ and -, "
			"and --create of 1 to %d bytes of UTF-8\n",
			STORE_NAME, STORE_TITLE);
		return 2;
	}
	w.file = argv[optind];
	w.archive = argv[optind + 1];
	return import(&w);
}
