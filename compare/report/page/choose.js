// SPDX-License-Identifier: MIT
// Which one for which load.  The rule stands on the page in the words of RULE.

const RULE = "Of those that served every connection and made no error, the one with most requests per second. " +
	"Who is as fast counts as equal: the intervals of the two overlap, or the client was the limit of both. " +
	"Of equals, the one that needs the least server CPU per request; if their intervals overlap in that, too, " +
	"there is no difference, and the one that suits most of the loads is named.";

const RATE = "requests_per_second", CPU = "server_cpu_us_per_request";

const by = (key, order) => (a, b) => (median(a, key) - median(b, key)) * order;
const asFast = (cell, best) => (clientBusy(cell) && clientBusy(best)) || overlap(cell, best, RATE);
const percentLess = (less, than) => Math.round(100 * (1 - less / than));

// Those that may be chosen: sound (no error, all served), fast (as fast as the fastest), and of these
// equal (as cheap as the cheapest).  Empty lists, if none is sound.
function candidates(load) {
	const sound = load.cells.filter((c) => servesAll(c) && !c.failure && !c.late_rounds && !errorsOf(c) && median(c, RATE) > 0)
		.sort(by(RATE, -1));
	const fast = sound.filter((c) => c === sound[0] || asFast(c, sound[0])).sort(by(CPU, 1));

	return { load, sound, fast, equal: fast.filter((c) => c === fast[0] || overlap(c, fast[0], CPU)) };
}

function reason({ load, sound, fast, equal }, chosen) {
	const slower = sound.find((c) => !fast.includes(c));
	const dearer = fast.find((c) => !equal.includes(c));

	if (equal.length > 1)
		return `no difference from ${listed(equal.filter((c) => c !== chosen).map((c) => c.name))}`;
	if (dearer)
		return `${dearer.name} is as fast, for ${number(median(dearer, CPU))} µs of CPU, not ${number(median(chosen, CPU))}`;
	if (slower)
		return `the fastest; ${slower.name} does ${percentLess(median(slower, RATE), median(chosen, RATE))} % less`;
	return load.cells.length > 1 ? "the only one that served every connection without an error" : "the only one";
}

// Names one of the equal for each load: first whoever suits most loads, then whoever suits most of
// the rest.  [{ load, cell, why }], in the order of the loads; cell is null where none is sound.
function choose(loads) {
	const all = loads.map(candidates), open = new Set(all.filter((c) => c.sound.length)), chosen = new Map();

	while (open.size) {
		const suits = new Map();

		for (const { name } of [...open].flatMap((c) => c.equal))
			suits.set(name, (suits.get(name) || 0) + 1);
		const [most] = [...suits].reduce((a, b) => (b[1] > a[1] ? b : a));

		for (const c of [...open].filter((c) => c.equal.some((e) => e.name === most))) {
			chosen.set(c, c.equal.find((e) => e.name === most));
			open.delete(c);
		}
	}
	return all.map((c) => ({ load: c.load, cell: chosen.get(c) || null,
		why: chosen.has(c) ? reason(c, chosen.get(c)) : "none served every connection without an error" }));
}

// "Take epoll for 8 of 9 loads, iterative for 1."
function headline(choices) {
	const won = new Map();

	for (const { cell } of choices.filter((c) => c.cell))
		won.set(cell.name, (won.get(cell.name) || 0) + 1);
	const ranks = [...won].sort((a, b) => b[1] - a[1]);

	if (!ranks.length)
		return "No model served every connection without an error.";
	if (ranks[0][1] === choices.length)
		return `Take ${ranks[0][0]}${choices.length > 1 ? `, for each of these ${choices.length} loads` : ""}.`;
	return `Take ${listed(ranks.map(([name, count], i) =>
		`${name} for ${i ? number(count) : `${count} of ${choices.length} loads`}`))}.`;
}
