/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

enum { ROWS_MAX = 60, NO_LETTER = 256, HELP = 'h', COLUMN = 28, WIDTH = 96 };

void options_refuse(const struct options *o, const char *name, const char *got, const char *want)
{
	fprintf(stderr, "%s: --%s: got '%s', want %s\n", o->command, name, got, want);
	exit(2);
}

void options_misused(const struct options *o)
{
	fprintf(stderr, "usage: %s %s\nsee %s --help\n", o->command, o->usage, o->command);
	exit(2);
}

/* ---- Help ---- */

/* The words of text from column on, each further line indented likewise. */
static void print_wrapped(FILE *f, const char *text, int column)
{
	int at = column;

	while (*text) {
		int word = (int)strcspn(text, " ");

		if (at > column && at + 1 + word > WIDTH)
			at = fprintf(f, "\n%*s", column, "") - 1;
		at += fprintf(f, "%s%.*s", at > column ? " " : "", word, text);
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', f);
}

static void print_row(FILE *f, const struct option_row *row)
{
	char left[80];
	int n = row->letter ? snprintf(left, sizeof(left), "  -%c, --%s", row->letter, row->name)
			    : snprintf(left, sizeof(left), "      --%s", row->name);

	if (row->value)
		n += snprintf(left + n, sizeof(left) - (size_t)n, " %s", row->value);
	if (n > COLUMN - 2)
		fprintf(f, "%s\n%*s", left, COLUMN, "");
	else
		fprintf(f, "%-*s", COLUMN, left);
	print_wrapped(f, row->help, COLUMN);
}

static void print_rows(FILE *f, const struct option_row *rows)
{
	for (const struct option_row *row = rows; row->name; row++)
		if (row->kind == OPTION_ROWS)
			print_rows(f, row->rows);
		else
			print_row(f, row);
}

static void print_help(const struct options *o)
{
	static const struct option_row help = { .letter = HELP,
						.name = "help",
						.help = "print this" };

	printf("usage: %s %s\n%s\n", o->command, o->usage, o->about);
	print_rows(stdout, o->rows);
	print_row(stdout, &help);
	printf("\n%s", o->after);
}

/* ---- Values ---- */

static _Noreturn void refuse_number(const struct options *o, const struct option_row *row,
				    const char *got, const char *what)
{
	char want[96];

	if (row->most > 0)
		snprintf(want, sizeof(want), "%s from %.15g to %.15g", what, row->least, row->most);
	else
		snprintf(want, sizeof(want), "%s of at least %.15g", what, row->least);
	options_refuse(o, row->name, got, want);
}

static bool within(const struct option_row *row, double value)
{
	return value >= row->least && (row->most <= 0 || value <= row->most);
}

static size_t whole(const struct options *o, const struct option_row *row, const char *text)
{
	static const char letters[] = "KMG";
	bool bytes = row->kind == OPTION_BYTES;
	const char *what = bytes ? "bytes (K, M and G are units)" : "a whole number", *unit;
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || n > LONG_MAX >> 30)
		refuse_number(o, row, text, what);
	if (bytes && *end && (unit = strchr(letters, *end))) {
		n <<= 10 * (unit - letters + 1);
		end++;
	}
	if (*end || !within(row, (double)n))
		refuse_number(o, row, text, what);
	return n;
}

static double real(const struct options *o, const struct option_row *row, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !within(row, value))
		refuse_number(o, row, text, "a number");
	return value;
}

size_t options_number(const struct options *o, const char *name, const char *text, double least,
		      double most)
{
	const struct option_row row = {
		.name = name, .kind = OPTION_NUMBER, .least = least, .most = most
	};

	return whole(o, &row, text);
}

int options_choice(const struct options *o, const char *name, const char *text,
		   const char *const *names)
{
	char want[200] = "";
	size_t n = 0;

	for (int i = 0; names[i]; i++) {
		if (!strcmp(names[i], text))
			return i;
		if (n < sizeof(want))
			n += (size_t)snprintf(want + n, sizeof(want) - n, "%s%s",
					      i == 0         ? ""
					      : names[i + 1] ? ", "
							     : " or ",
					      names[i]);
	}
	options_refuse(o, name, text, want);
}

/* Calls set for each word between commas. */
static void words(const struct option_row *row, void *command, char *text)
{
	char *word;

	while ((word = strsep(&text, ",")))
		row->set(command, word);
}

static void take(const struct options *o, const struct option_row *row, void *command, char *text)
{
	void *at = (char *)command + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)at = true;
		break;
	case OPTION_NUMBER:
		*(unsigned *)at = (unsigned)whole(o, row, text);
		break;
	case OPTION_BYTES:
		*(size_t *)at = whole(o, row, text);
		break;
	case OPTION_REAL:
		*(double *)at = real(o, row, text);
		break;
	case OPTION_CHOICE:
		*(int *)at = options_choice(o, row->name, text, row->names);
		break;
	case OPTION_TEXT:
		*(const char **)at = text;
		break;
	case OPTION_CALL:
		row->set(command, text);
		break;
	case OPTION_WORDS:
		words(row, command, text);
		break;
	case OPTION_ROWS:
		break;
	}
}

/* ---- Reading ---- */

/* All rows and where their structs are, and what getopt_long() wants of them; each is known by its
 * place, whether it has a letter or not. */
struct wanted {
	const struct option_row *rows[ROWS_MAX];
	void *of[ROWS_MAX];
	size_t count;
	struct option longs[ROWS_MAX + 2];
	char letters[2 * ROWS_MAX + 4];
};

static void want(struct wanted *w, const struct option_row *row, void *of)
{
	size_t n = strlen(w->letters), i = w->count++;

	w->rows[i] = row;
	w->of[i] = of;
	w->longs[i] = (struct option) { row->name, row->value != NULL, NULL, (int)(NO_LETTER + i) };
	if (row->letter)
		w->letters[n++] = row->letter;
	if (row->letter && row->value)
		w->letters[n++] = ':';
}

static void want_all(struct wanted *w, const struct option_row *rows, void *of)
{
	for (const struct option_row *row = rows; row->name && w->count < ROWS_MAX; row++)
		if (row->kind == OPTION_ROWS)
			want_all(w, row->rows, (char *)of + row->offset);
		else
			want(w, row, of);
}

/* The place of an option among all; their count: it is none of them. */
static size_t place(const struct wanted *w, int option)
{
	size_t i = 0;

	if (option >= NO_LETTER)
		return (size_t)option - NO_LETTER;
	while (i < w->count && w->rows[i]->letter != option)
		i++;
	return i;
}

int options_read(const struct options *o, void *command, int argc, char **argv)
{
	struct wanted w = { 0 };
	int option;

	want_all(&w, o->rows, command);
	w.longs[w.count] = (struct option) { "help", 0, NULL, HELP };
	w.letters[strlen(w.letters)] = HELP;
	while ((option = getopt_long(argc, argv, w.letters, w.longs, NULL)) >= 0) {
		size_t i = place(&w, option);

		if (option == HELP) {
			print_help(o);
			exit(0);
		}
		if (i == w.count)
			options_misused(o);
		take(o, w.rows[i], w.of[i], optarg);
	}
	return optind;
}

int options_stop_fd(void)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	return signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
}
