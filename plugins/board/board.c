/* SPDX-License-Identifier: MIT */
/*
 * board: a bulletin board (PROTOCOL.md).  Its posts are in a file (store.h) that every place that
 * works opens for itself; what is only of now, who is here and who failed to log in, is in the
 * block that all processes of the service share; what is of one connection is in its session.
 * Nothing is anywhere else, so that all models serve it alike.
 */
#include "dialogue.h"
#include "text.h"
#include "watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TICK_MS = 1000 };

static const struct modus_setting board_of_row[] = {
	MODUS_TEXT(struct board_row, name, "name", NULL,
		   "Letters, digits, _ and -, at most 24, a letter first."),
	MODUS_TEXT(struct board_row, title, "title", "", "What it is about, in a line."), MODUS_END
};

static const struct modus_setting board_rows[] = {
	MODUS_TEXT(struct board_settings, file, "file", NULL,
		   "The SQLite file that holds all; made where there is none."),
	MODUS_TEXT(struct board_settings, title, "title", "modus board", "What the greeting says."),
	MODUS_LIST(struct board_settings, boards, "boards", 1000, board_of_row,
		   sizeof(struct board_row), "The boards; those that are not there are made."),
	MODUS_BOOL(struct board_settings, registration, "registration", true,
		   "Whether everybody may make an account."),
	MODUS_INT(struct board_settings, page, "page", 20, 1, 1000, "rows",
		  "How many topics, posts or finds a reply has at most."),
	MODUS_BYTES(struct board_settings, max_post, "max_post", 64 << 10, 1, 16 << 20,
		    "The size of a post."),
	MODUS_INT(struct board_settings, max_lines, "max_lines", 2000, 1, 1000000, "lines",
		  "The length of a post."),
	MODUS_INT(struct board_settings, password_cost, "password_cost", 5, 1, 11, "doublings",
		  "yescrypt's cost: one more takes twice the time and memory."),
	MODUS_END
};

static int misfit(char *why, size_t size, const char *what, const char *got, const char *want)
{
	snprintf(why, size, "%s: got \"%s\", want %s", what, got, want);
	return -EINVAL;
}

static int board_check(const void *settings, char *why, size_t size)
{
	const struct board_settings *set = settings;
	const struct board_row *rows = set->boards.items;

	if (!*set->file || *set->file == ':')
		return misfit(why, size, "file", set->file,
			      "the path of a file, for what is in memory others do not see");
	if (text_check(set->title, strlen(set->title), false))
		return misfit(why, size, "title", set->title, "a line of UTF-8");
	for (size_t i = 0; i < set->boards.count; i++) {
		if (!text_is_name(rows[i].name))
			return misfit(why, size, "boards.name", rows[i].name,
				      "1 to 24 letters, digits, _ and -, a letter first");
		if (strlen(rows[i].title) > STORE_TITLE ||
		    text_check(rows[i].title, strlen(rows[i].title), false))
			return misfit(why, size, "boards.title", rows[i].title,
				      "a line of at most 100 bytes of UTF-8");
	}
	return 0;
}

/* Makes the boards that the config names, and says what has been told of before. */
static int begin(const struct board_settings *set, struct board_shared *shared)
{
	const struct board_row *rows = set->boards.items;
	struct store *s;
	int rc = store_open(&s, set->file);

	for (size_t i = 0; !rc && i < set->boards.count; i++)
		rc = store_add_board(s, rows[i].name, rows[i].title);
	rc = rc ? rc : watch_start(shared, s);
	if (rc)
		modus_log(MODUS_ERROR, "%s: cannot be used: %s", set->file,
			  s ? store_why(s) : strerror(-rc));
	store_close(s);
	return rc;
}

static int board_start(struct modus_conn *task)
{
	const struct board_settings *set = modus_instance(task)->settings;
	char why[512];
	int rc = store_prepare(set->file, why, sizeof(why));

	if (rc) {
		modus_log(MODUS_ERROR, "%s", why);
		return rc;
	}
	return begin(set, modus_shared(task));
}

static int board_attach(struct modus_instance *i, void **worker)
{
	const struct board_settings *set = i->settings;
	struct store *s;
	int rc = store_open(&s, set->file);

	if (rc)
		modus_log(MODUS_ERROR, "%s: cannot be opened: %s", set->file, strerror(-rc));
	*worker = s;
	return rc;
}

static void board_detach(struct modus_instance *i, void *worker)
{
	store_close(worker);
}

MODUS_PLUGIN(.name = "board", .summary = "a bulletin board (PROTOCOL.md)",
	     .flags = MODUS_STREAM | MODUS_REENTRANT | MODUS_SPEAKS_FIRST, .settings = board_rows,
	     .settings_size = sizeof(struct board_settings), .session_size = sizeof(struct session),
	     .shared_size = sizeof(struct board_shared), .tick_ms = TICK_MS, .tick = watch_tick,
	     .check = board_check, .start = board_start, .attach = board_attach,
	     .detach = board_detach, .setup = dialogue_setup, .handle = dialogue_handle,
	     .finish = dialogue_finish);
