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
		folded("The numbers", [table(title, head, rows, "hidden")]));

	made.start = () => draw(canvas, configure);
	return made;
}

// What may be wider than the page is scrolled, by keys, too.
function scrolled(label, ...content) {
	return element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": label }, ...content);
}

const folded = (summary, tables) =>
	element("details", null, element("summary", null, summary), scrolled(summary, ...tables));

// rows: [[head, cell...]...]; a cell is a text or an element td.
function table(caption, head, rows, captionClass, className) {
	return element("table", { class: className },
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
		folded("The numbers", distributionTable(loads)));
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
