// SPDX-License-Identifier: MIT
// What stood beside a comparison: bad company, and an earlier run.

// ---- Company ----------------------------------------------------------------------------------

const deeds = {
	silent: "connected and said nothing",
	trickle: "sent its requests a byte at a time",
	slow: "asked much, read little",
	reset: "broke off in the midst of a request",
	half: "ended its side after a request",
	herd: "had one reply and stayed, idle",
};

const counts = [["clients", "asked"], ["connections", "opened"], ["heard the server", "heard"],
	["thrown out", "thrown_out"], ["refused", "refused"]];

// Of one round, as the table of a load.
function companyTable(load) {
	const rows = load.cells.filter((c) => c.company && measured(c)).flatMap((cell) =>
		Object.entries(cell.company).map(([kind, count]) => [cell.name, `${kind}: ${deeds[kind] || ""}`,
			...counts.map(([, field]) => number(+(count[field] / cell.samples[RATE].length).toFixed(1)))]));

	return rows.length ? scrolled(`Company, ${loadName(load)}`, table(loadName(load),
		["", "who", ...counts.map(([head]) => head)], rows, null, "second-words")) : null;
}

function companyPart(comparison, loads) {
	const tables = loads.map(companyTable).filter(Boolean);
	const { company } = comparison.options.scenario || {};

	return tables.length ? [
		element("h3", null, "Bad company"),
		element("p", null, `Beside the clients of these loads were others (${company || "company"}). Nothing that they did is among the ` +
			"requests, latencies and errors; what the good clients still got is. How they fared themselves, in a round:"),
		...tables,
	] : null;
}

// ---- An earlier run -----------------------------------------------------------------------------

const compared = [RATE, "p99_us", CPU];
const signs = { less: "<", more: ">", "no difference": "=", "cannot tell": "?" };

function changeCell(ratio) {
	if (!ratio)
		return element("td", { class: "of" }, "–");
	const differs = ratio.verdict === "less" || ratio.verdict === "more";

	return element("td", { class: differs ? "best" : null, title: ratio.verdict }, formats[2].format(ratio.median),
		element("span", { class: "of" }, ` (${formats[2].format(ratio.low)} – ${formats[2].format(ratio.high)}) ${signs[ratio.verdict] || ""}`));
}

function changes(loads) {
	const known = loads.map((l) => ({ ...l, cells: l.cells.filter((c) => c.to_baseline) })).filter((l) => l.cells.length);

	return known.length ? scrolled("Changes since the baseline", element("table", { class: "changes" },
		element("thead", null, element("tr", null, ["", "req/s", "p99", "CPU per request"].map((h) => element("th", { scope: "col" }, h)))),
		known.map((load) => element("tbody", null,
			element("tr", { class: "part" }, element("th", { colspan: 4, scope: "rowgroup" }, loadName(load))),
			load.cells.map((c) => element("tr", { "data-name": c.name }, element("th", { scope: "row" }, c.name),
				compared.map((key) => changeCell(c.to_baseline[key])))))))) :
		element("p", null, "It has none of these loads.");
}

function baselinePart({ baseline, environment }, loads) {
	if (!baseline)
		return null;
	const elsewhere = ["kernel", "processor"].some((k) => baseline[k] !== environment[k]);

	return [
		element("h3", null, "Now and then"),
		element("p", null, `What has changed since the run${baseline.written ? ` of ${moment(baseline.written)}` : ""}: the medians of now, ` +
			"as so many times those of then. < less, > more, = no difference, ? cannot tell. The two runs were not measured in turn, " +
			"so whatever the machine did differently is in it."),
		elsewhere ? element("p", { class: "problem" },
			`It was measured on another machine: ${baseline.kernel}, ${baseline.processor}. That is in all ratios.`) : null,
		changes(loads),
	];
}
