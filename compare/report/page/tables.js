// SPDX-License-Identifier: MIT
// What was measured, as tables; errors, and whatever went wrong.

function metricCell(cell, metric, best, format) {
	const busy = metric.key === RATE && clientBusy(cell) ? element("span", { class: "of" }, "*") : null;
	const rss = metric.key === "server_memory_mb" && cell.memory_kind === "rss" ? element("span", { class: "of" }, "r") : null;

	return element("td", { "data-metric": metric.key, class: best === cell ? "best" : null },
		format(median(cell, metric.key)), busy, rss);
}

// How many times the requests of the reference, in the same rounds.
function ratioCell(cell) {
	const ratio = cell.ratios[RATE];

	if (!ratio)
		return element("td", { class: "of" }, "–");
	return element("td", { title: `95 %: ${number(ratio.low)} to ${number(ratio.high)}`,
		class: ratio.verdict === "less" || ratio.verdict === "more" ? null : "of" }, formats[2].format(ratio.median),
	{ "no difference": " =", "cannot tell": " ?" }[ratio.verdict] || "");
}

function bestOf(load, metric) {
	const sound = load.cells.filter((c) => servesAll(c) && !errorsOf(c));

	return metric.better && sound.length > 1 && sound.reduce((a, b) =>
		((median(b, metric.key) - median(a, metric.key)) * metric.better > 0 ? b : a));
}

// Whom the rule chooses has a mark; who takes part twice stands below itself.
function nameCell(cell, { reference, twin }, chosen) {
	return element("th", { scope: "row" }, cell.name === twin ? element("span", { class: "of again", title: `${reference} once more` }, "again") : cell.name,
		cell === chosen ? element("span", { class: "chosen" }, " ✓", element("span", { class: "hidden" }, " the one to take")) : null);
}

function loadRows(load, shown, comparison, chosen) {
	const best = new Map(shown.map((m) => [m, bestOf(load, m)]));
	const format = new Map(shown.map((m) => [m, column(load.cells.map((c) => median(c, m.key)))]));
	const cells = (cell, metrics) => metrics.map((m) => metricCell(cell, m, best.get(m), format.get(m)));

	return load.cells.map((cell) => element("tr", { "data-name": cell.name },
		nameCell(cell, comparison, chosen), measured(cell) ? [
			...cells(cell, shown.slice(0, 1)),
			element("td", { class: "of" }, number(uncertainty(cell, RATE) === null ? null : Math.round(uncertainty(cell, RATE)))),
			ratioCell(cell),
			...cells(cell, shown.slice(1)),
			element("td", null, number(least(cell, "served")),
				element("span", { class: "of" }, ` / ${number(cell.connections)}`)),
			element("td", { "data-errors": true }, number(errorsOf(cell))),
		] : element("td", { colspan: shown.length + 4, class: "of" }, cell.failure ? "failed" : "not measured")));
}

// One table of all loads, so that a metric stands in one column.
function mediansTable(comparison, loads, choices) {
	const shown = metrics.filter((m) => loads.some((l) => l.cells.some((c) => m.key in c.medians)));
	const head = (m) => element("th", { scope: "col", title: m.name }, m.head);

	return scrolled("All medians", element("table", { class: "medians" },
		element("thead", null, element("tr", null, element("th", { scope: "col" }, ""),
			shown.slice(0, 1).map(head), ["± %", `to ${comparison.reference}`].map((h) => element("th", { scope: "col" }, h)), shown.slice(1).map(head),
			["served", "errors"].map((h) => element("th", { scope: "col" }, h)))),
		loads.map((load, i) => element("tbody", { "data-load": `${load.mode} ${load.connections}` },
			element("tr", { class: "part" }, element("th", { colspan: shown.length + 5, scope: "rowgroup" }, loadName(load))),
			loadRows(load, shown, comparison, choices[i].cell)))));
}

function labelTable(load) {
	const labels = Object.keys(load.cells.find((c) => c.labels)?.labels || {});

	if (!labels.length || !load.cells.some(measured))
		return null;
	return scrolled("Latencies of each kind of request", table("Latencies of each kind of request, 50 and 99 %",
		["", ...labels.flatMap((l) => [`${l} 50 %`, "99 %"])],
		load.cells.map((c) => [c.name, ...labels.flatMap((l) =>
			[50, 99].map((p) => (c.labels[l].count ? duration(percentile(c.labels[l], p)) : "–")))])));
}

// Whatever else was measured, in the words of the record.
function otherTable(load) {
	const shown = [...metrics.map((m) => m.key), "served", "errors"];
	const others = [...new Set(load.cells.flatMap((c) => Object.keys(c.medians)))].filter((k) =>
		!shown.includes(k) && load.cells.some((c) => median(c, k) !== null));
	const format = (k) => column(load.cells.map((c) => median(c, k)));

	return others.length ? table(loadName(load), ["", ...load.cells.map((c) => c.name)],
		others.map((k) => [words(k), ...load.cells.map((c) => format(k)(median(c, k)))])) : null;
}

// ---- Errors -----------------------------------------------------------------------------------

function errorFigure(loads, names) {
	const bad = loads.flatMap((load) => load.cells.filter(errorsOf).map((cell) => ({ load, cell })));
	const kinds = [...new Set(bad.flatMap(({ cell }) => Object.keys(cell.errors_by_kind)))];
	const rows = bad.map(({ load, cell }) => ({ name: `${cell.name}, ${loadName(load)}`,
		index: names.indexOf(cell.name), value: errorsOf(cell), range: null }));

	if (!bad.length)
		return element("p", null, "None: every reply was what it should be, and every connection was opened.");
	return figure("Errors", "of all rounds, the warm-up included",
		`Errors: ${listed(rows.map((r) => `${r.name}: ${number(r.value)}`))}.`,
		{ head: ["", ...kinds], rows: bad.map(({ cell }, i) =>
			[rows[i].name, ...kinds.map((k) => number(cell.errors_by_kind[k] || 0))]) },
		() => bars(rows, { ...linearAxis("", number), display: false },
			tooltipOf((i) => number(i.parsed.x), (i) => i.label), number),
		{ class: "rows", style: `--rows: ${rows.length}` });
}

function troubles(loads) {
	return loads.flatMap((load) => load.cells.flatMap((cell) => [
		cell.failure && `failed: ${cell.failure}`,
		cell.wrong && `the first wrong line: ${cell.wrong}`,
		cell.late_rounds && `invalid: the client sent too late in ${cell.late_rounds} of ${counted(cell.samples[RATE].length, "round")}.`,
		cell.overloaded_rounds && "overload: more came than was served, so latencies tell how long the rounds were.",
		cell.killed && `SIGTERM did not end the server, ${counted(cell.killed, "time")}; it was killed.`,
		measured(cell) && !servesAll(cell) && (cell.takes_turns ?
			`served ${number(least(cell, "served"))} of ${counted(cell.connections, "connection")}: it serves one at a time, ` +
			"and the others waited in the listen queue. Its figures are those of the served." :
			`${number(cell.connections - least(cell, "served"))} connections got no reply within the measured time.`),
	].filter(Boolean).map((text) => element("p", { class: "note" }, `${cell.name}, ${loadName(load)}: ${text}`))));
}
