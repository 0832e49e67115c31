/* SPDX-License-Identifier: MIT */
/* Any text as a config.  What is accepted must say the same once it is shown and read again. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/config_kit.h"

static void ignore(void *arg, const char *sentence)
{
	fuzz_expect(strchr(sentence, '\n') == NULL);
}

static char *show(const struct plan *plan)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	config_show_plan(f, plan);
	fclose(f);
	return text;
}

/* Without comments, which name the line that a value came from. */
static void strip(char *text)
{
	char *to = text;
	bool quoted = false;

	for (; *text; text++) {
		if (*text == '"' && (to == text || text[-1] != '\\'))
			quoted = !quoted;
		if (*text == '#' && !quoted)
			text += strcspn(text, "\n");
		*to++ = *text;
	}
	*to = '\0';
}

static void read_again(char *shown)
{
	struct plan *plan;
	char *again;

	fuzz_expect(config_read_plan("shown", shown, &sources, &plan, ignore, NULL) == 0);
	again = show(plan);
	strip(shown);
	strip(again);
	fuzz_expect(strcmp(shown, again) == 0);
	free(again);
	config_free(plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *shown;
	struct plan *plan;

	if (config_read_plan("fuzz", text, &sources, &plan, ignore, NULL) == 0) {
		shown = show(plan);
		read_again(shown);
		free(shown);
		config_free(plan);
	}
	free(text);
	return 0;
}
