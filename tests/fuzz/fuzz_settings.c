/* SPDX-License-Identifier: MIT */
/* Any text as the settings of rows of every kind.  What is accepted keeps to the rows' bounds. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/config_kit.h"

static void ignore(void *arg, const char *sentence)
{
	fuzz_expect(strchr(sentence, '\n') == NULL);
}

static void expect_within_bounds(const struct kit *k)
{
	const struct kit_item *items = k->items.items;
	const char *const *names = k->names.items;

	fuzz_expect(k->count >= -10 && k->count <= 1000);
	fuzz_expect(k->big >= 0);
	fuzz_expect(k->room >= 1 && k->room <= 1LL << 40);
	fuzz_expect(k->pause >= 1 && k->pause <= 3600000);
	fuzz_expect(k->mode >= 0 && k->mode <= 2);
	fuzz_expect(k->inner.depth >= 1 && k->inner.depth <= 5 && k->inner.label);
	fuzz_expect(k->text && k->must && k->names.count <= 3 && k->items.count <= 2);
	for (size_t i = 0; i < k->names.count; i++)
		fuzz_expect(strlen(names[i]) < SIZE_MAX);
	for (size_t i = 0; i < k->items.count; i++)
		fuzz_expect(items[i].path && items[i].weight >= 0 && items[i].weight <= 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct config_memory *memory;
	struct kit kit;

	if (config_read_settings("fuzz", text, kit_rows, &kit, NULL, &sources, &memory, ignore,
				 NULL) == 0) {
		expect_within_bounds(&kit);
		config_free_memory(memory);
	}
	free(text);
	return 0;
}
