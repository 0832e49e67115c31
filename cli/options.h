/* SPDX-License-Identifier: MIT */
/*
 * The options of a command: a row for each says what is read, where it is put, and what the help
 * tells of it.  What does not fit ends the program with status 2 and "modus COMMAND: --NAME: got
 * 'X', want Y"; --help prints the help and ends it with 0.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>

enum option_kind {
	OPTION_FLAG,   /* bool, set */
	OPTION_NUMBER, /* unsigned, least to most */
	OPTION_BYTES,  /* size_t, likewise; "64K" and so on */
	OPTION_REAL,   /* double, likewise; seconds, or what the help says */
	OPTION_CHOICE, /* int, the place in names */
	OPTION_TEXT,   /* const char *, as given */
	OPTION_CALL,   /* by set(), at its place among the others */
	OPTION_WORDS,  /* by set(), for each word between commas */
	OPTION_ROWS,   /* no option but those of rows, of a struct at offset, which their set() gets
			*/
};

struct option_row {
	char letter; /* 0: none */
	const char *name, *value, *help;
	enum option_kind kind;
	unsigned offset;          /* within the command's struct */
	double least, most;       /* of numbers; most 0: no bound */
	const char *const *names; /* of a choice, ended by NULL */
	void (*set)(void *command, const char *text);
	const struct option_row *rows; /* that several commands have */
};

struct options {
	const char *command;           /* "modus load" */
	const char *usage;             /* "[OPTION]... TARGET" */
	const char *about;             /* before the rows, in lines */
	const char *after;             /* after them */
	const struct option_row *rows; /* ended by one without a name; --help is not among them */
};

/* Reads all options into command; the index of the first argument that is none. */
int options_read(const struct options *o, void *command, int argc, char **argv);

/* Ends the program: what is wrong with an option's value, or with the arguments. */
_Noreturn void options_refuse(const struct options *o, const char *name, const char *got,
			      const char *want);
_Noreturn void options_misused(const struct options *o);

/* For what reads words by itself: a whole number (most 0: no bound), the place of text in names. */
size_t options_number(const struct options *o, const char *name, const char *text, double least,
		      double most);
int options_choice(const struct options *o, const char *name, const char *text,
		   const char *const *names);

/* A descriptor that becomes readable on SIGINT and SIGTERM, which then do nothing else. */
int options_stop_fd(void);

#endif
