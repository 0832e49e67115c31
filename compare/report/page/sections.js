// SPDX-License-Identifier: MIT
// The figures of one comparison: each a chart, what it says in words, and its numbers in a table.

let figures = 0;

// A figure whose chart configure() makes; head and rows are its numbers.
function figure(title, note, described, { head, rows }, configure, plot) {
	const canvas = element("canvas", { role: "img", "aria-label": described });
	const id = `figure-${++figures}`;
	const made = element("figure", { id },
		element("figcaption", null, element("b", null, title), note ? ` ${note}` : ""),
		element("div", { class: `plot ${plot.class || ""}`, style: plot.style }, canvas),
		element("details", null, element("summary", null, "The numbers"),
			element("div", { class: "wide" }, table(title, head, rows, "hidden"))));

	made.start = () => draw(canvas, configure);
	return made;
}

// rows: [[head, cell...]...]; a cell is a text or an element td.
function table(caption, head, rows, captionClass) {
	return element("table", null,
		element("caption", { class: captionClass }, caption),
		element("thead", null, element("tr", null, head.map((h) => element("th", { scope: "col" }, h)))),
		element("tbody", null, rows.map(([first, ...cells]) => element("tr", null,
			element("th", { scope: "row" }, first),
			cells.map((c) => (c instanceof Element ? c : element("td", null, c)))))));
}

const tooltipOf = (line, title) => ({
	callbacks: { label: (item) => line(item), title: (items) => (items.length ? title(items[0]) : "") },
});

// ---- Against connections ----------------------------------------------------------------------

const views = [
	{ key: "requests_per_second", title: "Throughput", unit: "requests per second", format: compact },
	{ key: "p99_us", title: "Latency, 99 %", unit: "of requests took no longer", format: duration, log: true },
	{ key: "server_cpu_us_per_request", title: "Server CPU", unit: "µs per request", format: number, log: true },
	{ key: "server_memory_mb", title: "Server memory", unit: "MB", format: number, log: true },
	{ key: "balance", title: "Balance over workers", unit: "1 is even", format: number, most: 1 },
];

function describe(view, at, cells) {
	return `${view.title}, ${view.unit}. ${at}: ` + listed(cells.filter(measured)
		.map((c) => `${c.name} ${view.format(median(c, view.key))}`)) + ".";
}

// Costs have the same axis in both modes, so that they can be compared.
function bounds(view, cells) {
	const known = extent(view, cells).filter((v) => v > 0);

	if (!known.length)
		return {};
	return view.log ? { min: Math.min(...known) * 0.8, max: Math.max(...known) * 1.25 } : {};
}

// What has to have room: medians and intervals, but for what reaches far beyond all medians.
function extent(view, cells) {
	const medians = cells.map((c) => median(c, view.key)).filter((v) => v > 0);
	const [from, to] = [Math.min(...medians) / 1.5, Math.max(...medians) * 1.5];
	const ends = cells.flatMap((c) => interval(c, view.key) || []);

	return [...medians, ...ends.map((v) => Math.min(Math.max(v, from), to))];
}

const roomFor = (view, loads) => (view.log ? {} :
	{ suggestedMax: view.most ?? Math.max(0, ...extent(view, loads.flatMap((l) => l.cells))) });

function lineFigure(view, mode, loads, names, all) {
	const counts = loads.map((l) => l.connections);
	const cellOf = (name, load) => load.cells.find((c) => c.name === name);
	const points = (name) => loads.map((l) => cellOf(name, l)).filter((c) => c && measured(c) && median(c, view.key) > 0)
		.map((c) => ({ x: c.connections, y: median(c, view.key), range: interval(c, view.key) }));
	const last = loads.at(-1);

	return figure(`${view.title}, ${modeNames[mode] || mode}:`, view.unit,
		describe(view, `With ${counted(last.connections, "connection")}, ${modeNames[mode]}`, last.cells),
		{ head: ["connections", ...names],
		  rows: loads.map((l) => [number(l.connections), ...names.map((n) => view.format(median(cellOf(n, l), view.key)))]) },
		() => lines(names.map((name, index) => ({ name, index, points: points(name) })),
			fixedAxis("connections", counts, number,
				{ type: "logarithmic", min: counts[0] / 1.15, max: last.connections * 1.15 }),
			{ ...(view.log ? logAxis : linearAxis)("", view.format), ...bounds(view, all), ...roomFor(view, loads) },
			tooltipOf((i) => `${i.dataset.label}: ${view.format(i.parsed.y)}`, (i) => counted(i.parsed.x, "connection"))),
		{});
}

function barFigure(view, load, alone) {
	const cells = load.cells;
	const most = view.most ?? Math.max(0, ...extent(view, cells));
	const rows = cells.map((c, index) => ({ name: c.name, index, value: median(c, view.key),
		range: interval(c, view.key) }));

	return figure(`${view.title}:`, alone ? view.unit : `${view.unit}; ${loadName(load)}`, describe(view, loadName(load), cells),
		{ head: ["", view.title], rows: cells.map((c) => [c.name, view.format(median(c, view.key))]) },
		() => bars(rows, { ...linearAxis("", view.format), display: false, max: most },
			tooltipOf((i) => view.format(i.parsed.x), (i) => i.label), view.format),
		{ class: "rows", style: `--rows: ${rows.length}` });
}

function viewFigures(loads, names) {
	const modes = [...new Set(loads.map((l) => l.mode))];
	const all = loads.flatMap((l) => l.cells);
	const made = [];

	for (const view of views.filter((v) => all.some((c) => median(c, v.key) !== null)))
		for (const mode of modes) {
			const these = loads.filter((l) => l.mode === mode).sort((a, b) => a.connections - b.connections);

			if (these.length > 1)
				made.push(lineFigure(view, mode, these, names, all));
			else
				made.push(barFigure(view, these[0], loads.length === 1));
		}
	return made;
}

// ---- The distribution of latencies ------------------------------------------------------------

const marks = [50, 90, 99, 99.9, 99.99];
const nines = (percent) => -Math.log10(1 - percent / 100);

function distributionPoints(cell) {
	const latency = cell.latency;
	const special = marks.filter((p) => latency.count * (1 - p / 100) > 1.1)
		.map((p) => ({ x: nines(p), y: percentile(latency, p) }));
	const curve = distribution(latency).filter((p) => !special.some((s) => Math.abs(s.x - p.x) < 0.01))
		.map((p) => ({ ...p, marked: false }));

	return [...curve, ...special].sort((a, b) => a.x - b.x || a.y - b.y);
}

function distributionConfig(load, names) {
	const cells = load.cells.filter((c) => c.latency.count);
	const furthest = Math.max(1, ...cells.map((c) => Math.log10(c.latency.count)));
	const label = (x) => (x === 0 ? "0" : x < 0.31 ? "50 %" : `${+(100 - 100 * 10 ** -x).toFixed(6)} %`);
	const most = Math.max(...cells.map((c) => c.latency.max_us));
	const ticks = [0, ...marks.map(nines), ...[5, 6, 7, 8]].filter((x) => x <= furthest);

	return lines(cells.map((c) => ({ name: c.name, index: names.indexOf(c.name), points: distributionPoints(c) })),
		fixedAxis("of the requests took no longer", ticks, label, { type: "linear", min: 0, max: furthest }),
		{ ...logAxis("", duration), suggestedMax: most * 1.3 },
		tooltipOf((i) => `${i.dataset.label}: ${duration(i.parsed.y)}`, (i) => label(i.parsed.x)));
}

function describeDistribution(load) {
	return `Latency by percentile with ${loadName(load)}. ` + load.cells.filter((c) => c.latency.count).map((c) =>
		`${c.name}: half of the requests took up to ${duration(percentile(c.latency, 50))}, ` +
		`99 % up to ${duration(percentile(c.latency, 99))}, the longest ${duration(c.latency.max_us)}`).join("; ") + ".";
}

function distributionTable(loads) {
	const head = ["", ...marks.map((p) => `${p} %`), "max"];

	return loads.map((load) => table(loadName(load), head, load.cells.filter((c) => c.latency.count).map((c) =>
		[c.name, ...marks.map((p) => duration(percentile(c.latency, p))), duration(c.latency.max_us)])));
}

// A row of buttons for each mode.
function choiceOfLoad(loads, chosen, name, choose) {
	const button = (load, i) => {
		const input = element("input", { type: "radio", name, value: i, checked: i === chosen, "aria-label": loadName(load) });

		input.addEventListener("change", () => choose(i));
		return element("label", null, input, number(load.connections));
	};

	return element("fieldset", null, element("legend", { class: "hidden" }, "Load"),
		[...new Set(loads.map((l) => l.mode))].map((mode) => element("div", null,
			element("span", null, `connections ${modeNames[mode] || mode}:`),
			loads.map((load, i) => (load.mode === mode ? button(load, i) : null)))));
}

// Begins with the load whose distribution says most: the most connections that were kept open.
function distributionFigure(loads, names) {
	const kept = loads.map((l, i) => [l, i]).filter(([l]) => l.mode === "keep");
	let chosen = kept.length ? kept.at(-1)[1] : 0;
	const canvas = element("canvas", { role: "img", "aria-label": describeDistribution(loads[chosen]) });
	const made = element("figure", null,
		element("figcaption", null, element("b", null, "Latency by percentile:"),
			" how long requests took, the slowest at the right"),
		element("div", { class: "plot large" }, canvas),
		element("details", null, element("summary", null, "The numbers"),
			element("div", { class: "wide" }, distributionTable(loads))));
	let drawn;

	if (loads.length > 1)
		made.prepend(choiceOfLoad(loads, chosen, `load-${++figures}`, (i) => {
			chosen = i;
			canvas.setAttribute("aria-label", describeDistribution(loads[i]));
			drawn.redraw();
		}));
	made.start = () => { drawn = draw(canvas, () => distributionConfig(loads[chosen], names)); };
	return made;
}

// ---- Tables -----------------------------------------------------------------------------------

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

function loadRows(load, shown) {
	const best = new Map(shown.map((m) => [m, bestOf(load, m)]));
	const format = new Map(shown.map((m) => [m, column(load.cells.map((c) => median(c, m.key)))]));
	const cells = (cell, metrics) => metrics.map((m) => metricCell(cell, m, best.get(m), format.get(m)));

	return load.cells.map((cell) => element("tr", { "data-name": cell.name },
		element("th", { scope: "row" }, cell.name), measured(cell) ? [
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
function mediansTable(loads, reference) {
	const shown = metrics.filter((m) => loads.some((l) => l.cells.some((c) => m.key in c.medians)));
	const head = (m) => element("th", { scope: "col", title: m.name }, m.head);

	return element("div", { class: "wide" }, element("table", { class: "medians" },
		element("thead", null, element("tr", null, element("th", { scope: "col" }, ""),
			shown.slice(0, 1).map(head), ["± %", `to ${reference}`].map((h) => element("th", { scope: "col" }, h)), shown.slice(1).map(head),
			["served", "errors"].map((h) => element("th", { scope: "col" }, h)))),
		loads.map((load) => element("tbody", { "data-load": `${load.mode} ${load.connections}` },
			element("tr", { class: "part" }, element("th", { colspan: shown.length + 5, scope: "rowgroup" }, loadName(load))),
			loadRows(load, shown)))));
}

function labelTable(load) {
	const labels = Object.keys(load.cells.find((c) => c.labels)?.labels || {});

	if (!labels.length || !load.cells.some(measured))
		return null;
	return element("div", { class: "wide" }, table("Latencies of each kind of request, 50 and 99 %",
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
