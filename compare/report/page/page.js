// SPDX-License-Identifier: MIT
// The page, from the answer to the particulars.

function answers(chosen) {
	const part = (c, several) => (several ? [element("tr", { class: "part" },
		element("th", { colspan: 6, scope: "rowgroup" }, titleOf(c.comparison)))] : []);
	const row = ({ load, cell, why }) => element("tr", null,
		element("td", null, loadName(load)),
		element("td", { class: "model" }, cell ? cell.name : "none"),
		...["requests_per_second", "p99_us", "server_cpu_us_per_request"].map((key, i) => element("td",
			{ class: "number", "data-unit": ["req/s", "p99", "µs of CPU"][i] },
			cell ? (key === "p99_us" ? duration : number)(median(cell, key)) : "–")),
		element("td", { class: "why" }, why));

	return element("table", { class: "answers" },
		element("thead", null, element("tr", null,
			["load", "take", "req/s", "p99", "CPU µs", "because"].map((h, i) =>
				element("th", { scope: "col", class: i > 1 && i < 5 ? "number" : null }, h)))),
		chosen.map((c) => element("tbody", null, part(c, chosen.length > 1), c.choices.map(row))));
}

function method(comparison) {
	const { duration, warmup } = comparison.options;
	const rounds = comparison.cells.map((c) => c.samples[RATE].length).filter(Boolean);
	const [few, many] = [Math.min(...rounds), Math.max(...rounds)];

	return rounds.length ? `Medians of ${few === many ? "" : `${few} to `}${counted(many, "round")} of ` +
		`${number(duration)} s for each load, in random order, after ${number(warmup)} s of warm-up.` : "";
}

function header(chosen) {
	const [{ comparison }] = chosen;
	const when = comparison.written ? `, ${comparison.written.slice(0, 10)}` : "";

	return element("header", null,
		element("p", { class: "kicker" }, `modus compare: one service under several concurrency models${when}`),
		element("h1", null, headline(chosen)),
		element("p", { class: "muted" }, method(comparison),
			comparison.environment.server_cpu === null ? "" :
				" The server had one CPU: this says what a model costs, and nothing about how it scales over cores."));
}

const anchor = (comparison) => `part-${comparison.place}`;

// To the parts of a long page.
function contents(chosen) {
	if (chosen.length === 1)
		return "";
	const link = (to, text) => element("li", null, element("a", { href: `#${to}` }, text));

	return element("nav", { "aria-label": "On this page" }, element("ul", null,
		chosen.map(({ comparison }) => link(anchor(comparison), titleOf(comparison))),
		link("reading", "How to read this"), link("machine", "The machine and the run")));
}

function keys(names) {
	return element("ul", { class: "keys" }, names.map((name, i) => element("li", null, key(i), name)));
}

// What is said before the figures of a comparison.
function introduction(comparison, loads, several) {
	const { scenario } = comparison.options;

	return [
		element("h2", { id: anchor(comparison) }, titleOf(comparison)),
		scenario?.question ? element("p", null, scenario.question) : null,
		several && comparison.advice.choice && loads.length > 1 ? element("p", { class: "muted" },
			`One for all of these loads: ${comparison.advice.choice}.`) : null,
		comparison.interrupted ? element("p", { class: "problem" },
			"Interrupted: what is shown rests on the loads that were finished.") : null,
	];
}

function notes(comparison, loads) {
	return [
		"Latencies are in µs. ✓ is the one to take; bold, the best of the column among those that served all without an error." +
			(comparison.twin ? ` ${comparison.reference} took part twice: what it differs from itself is noise.` : ""),
		loads.some((l) => l.cells.some(clientBusy)) ? "* The client used more than 90 % of its CPU, so the server may be faster: " +
			"compare the CPU." : null,
	].filter(Boolean).map((text) => element("p", { class: "note" }, text)).concat(troubles(loads));
}

function section({ comparison, loads, choices }, several) {
	const names = namesOf(comparison);
	const shown = loads.map((load) => withoutTwin(comparison, load));
	const swept = sweepPart(comparison, names), distribution = distributionFigure(shown, names), views = viewFigures(shown, names);
	const errors = errorFigure(loads, comparison.options.names);
	const others = loads.map(otherTable).filter(Boolean);
	const made = element("section", null,
		introduction(comparison, loads, several),
		mediansTable(comparison, loads, choices), loads.map(labelTable), notes(comparison, loads),
		others.length ? folded("All else that was measured", others) : null,
		keys(names),
		swept,
		element("h3", null, "How long requests take"), distribution,
		element("h3", null, "What is served, and what it costs"),
		element("p", { class: "note" }, "The strokes through the marks are where the medians lie, with 95 % confidence."),
		element("div", { class: "charts" }, views),
		element("h3", null, "Errors"), errors,
		companyPart(comparison, loads),
		baselinePart(comparison, loads));

	made.start = () => [swept && swept.at(-1), distribution, ...views, errors].forEach((f) => f && f.start && f.start());
	return made;
}

const plain = (value) => (value === null ? "none" : Array.isArray(value) ? value.map(plain).join(", ") :
	typeof value === "object" ? Object.entries(value).map(([k, v]) => `${words(k)} ${plain(v)}`).join(", ") : String(value));
const words = (name) => name.replaceAll("_", " ");

function particulars(chosen) {
	return chosen.flatMap(({ comparison }) => [
		chosen.length > 1 ? element("h3", null, titleOf(comparison)) : null,
		element("dl", { class: "facts" }, Object.entries({ modus: comparison.modus, written: comparison.written,
			...comparison.environment, ...comparison.options }).filter(([, value]) => value !== undefined)
			.map(([name, value]) => element("div", null, element("dt", null, words(name)), element("dd", null, plain(value)))))]);
}

const reading = [
	["latency", "From sending a request to the last byte of its reply; with one connection per request, from connect(). " +
		"The percentile chart stretches its right end: from 90 to 99 % is as wide as from 99 to 99.9 %."],
	["a closed loop", "Each connection sends, waits and sends again, so a server that stalls also stalls its clients. " +
		"Compare closed loops with closed loops only."],
	["± %", "Half the width of the 95 % interval of the median (bootstrap), in percent of it."],
	["to …", "How many times the requests of that one, in the same rounds; = no difference, ? cannot tell. " +
		"The interval shows when you point at it."],
	["CPU µs", "CPU time of all the server's processes for one request. It does not depend on the client, " +
		"so it is the fairest figure of all."],
	["MB, proc, thr", "Memory of the server's processes (what they share counts once, what the kernel holds is not in it), " +
		"their number and their threads, with all connections open."],
	["served", "How many connections got at least one reply in the measured time. A model that serves one " +
		"connection at a time leaves the others waiting: that is its nature."],
	["the knee", "The highest rate of requests, come when they may, with a p99 up to a bound. It was searched on one grid of rates, for all " +
		"in turns, and more than once: from – to is where the searches ended."],
	["over loopback", "Client and server are on one machine. There is no network here, with its delays and losses."],
];

function show() {
	const comparisons = readRecords().map((comparison, place) => ({ ...comparison, place }));
	const parts = comparisons.map((comparison) => ({ comparison, loads: loadsOf(comparison) }));
	const chosen = parts.map((p) => ({ ...p, choices: choose(p.comparison, p.loads) }));
	const sections = chosen.map((c) => section(c, chosen.length > 1));

	document.title = `modus compare: ${listed(comparisons.map(titleOf))}`;
	document.querySelector("main").replaceChildren(
		header(chosen), answers(chosen), element("p", { class: "note rule" }, RULE), contents(chosen), ...sections,
		element("h2", { id: "reading" }, "How to read this"),
		element("div", { class: "reading" }, element("dl", null,
			reading.flatMap(([name, text]) => [element("dt", null, name), element("dd", null, text)]))),
		element("h2", { id: "machine" }, "The machine and the run"), ...particulars(chosen).filter(Boolean));
	sections.forEach((s) => s.start());
}

function begin() {
	Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
	Chart.defaults.font.size = 12;
	try {
		show();
	} catch (problem) {
		document.querySelector("main").replaceChildren(element("h1", null, "This report cannot be read"),
			element("p", null, problem.message));
		throw problem;
	}
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
	document.documentElement.dataset.ready = "true";
}

begin();
