// SPDX-License-Identifier: MIT
// Which one for which load: what the record advises, in words.

const RULE = "The rule: 1. of the models that served all connections to the end, without an error, 2. the one with the least p99 " +
	"latency, and those with no worse; 3. of these likewise those with the least server CPU per request; 4. of these the one " +
	"with the least memory. Worse is, by the ratios to the least, round by round, what is so by more than the precision asked " +
	"for; or what cannot be told but is by more than 25 % in the median: then the choice is not sure.";

const RATE = "requests_per_second", CPU = "server_cpu_us_per_request";

function reason({ choice, decider, fates }, load) {
	const left = (fate) => load.cells.filter((c) => fates[c.name] === fate);
	const chosen = load.cells.find((c) => c.name === choice);
	const nearest = (fate, key) => left(fate).sort((a, b) => median(a, key) - median(b, key))[0];

	switch (decider) {
	case "slower": {
		const next = nearest("slower", "p99_us");

		return `the best p99; next is ${next.name} with ${duration(median(next, "p99_us"))}`;
	}
	case "dearer": {
		const next = nearest("dearer", CPU);

		return `${next.name} has as good a p99, for ${number(median(next, CPU))} µs of CPU, not ${number(median(chosen, CPU))}`;
	}
	case "bigger":
		return `p99 and CPU like ${listed(left("bigger").map((c) => c.name))}, but less memory`;
	case "chosen":
	case "no model":
		return "nobody else took part";
	default:
		return "it alone served all connections without errors";
	}
}

// [{ load, cell, why }] in the order of the loads; cell is null where none is fit for the load.
function choose(comparison, loads) {
	return loads.map((load) => {
		const advice = comparison.advice.loads.find((a) => a.mode === load.mode && a.connections === load.connections);
		const cell = load.cells.find((c) => c.name === advice.choice) || null;
		const why = cell ? reason(advice, load) : "none served all connections without errors";

		return { load, cell, why: advice.sure === false ? `${why} (not sure: take more rounds)` : why };
	});
}

// "iterative for 1 load and epoll for 3"
function ranked(names, what) {
	const won = new Map();

	for (const name of names)
		won.set(name, (won.get(name) || 0) + 1);
	return [...won].sort((a, b) => b[1] - a[1]).map(([name, count], i) => `${name} for ${i ? count : counted(count, what)}`);
}

// Of one comparison: one model for all its loads, where one is fit for all.
function headlineOf({ comparison, choices }) {
	const names = choices.filter((c) => c.cell).map((c) => c.cell.name), { choice } = comparison.advice;
	const won = names.filter((name) => name === choice).length;

	if (!names.length)
		return "None served all connections without errors.";
	if (!choice)
		return `Take ${listed(ranked(names, "load"))}.`;
	if (won < choices.length)
		return `Take ${choice}: fit for all ${choices.length} loads, and the best for ${won}.`;
	return `Take ${choice}${won > 1 ? `, for each of these ${won} loads` : ""}.`;
}

// Of several: who is to be taken for which.
function headline(chosen) {
	const fit = chosen.filter((c) => c.comparison.advice.choice);
	const names = [...new Set(fit.map((c) => c.comparison.advice.choice))];
	const titles = (name) => fit.filter((c) => c.comparison.advice.choice === name).map((c) => `“${titleOf(c.comparison)}”`);

	if (chosen.length === 1)
		return headlineOf(chosen[0]);
	if (!names.length)
		return "None was fit for all loads of any of these.";
	if (names.length === 1 && fit.length === chosen.length)
		return `Take ${names[0]}, for all of these.`;
	if (chosen.length > 4)
		return `Take ${listed(ranked(fit.map((c) => c.comparison.advice.choice), "scenario"))}.`;
	return `Take ${listed(names.map((name) => `${name} for ${listed(titles(name))}`))}.`;
}
