// SPDX-License-Identifier: MIT
// What stands in the records: comparisons, their loads, and what is known of each.

const metrics = [
	{ key: "requests_per_second", head: "req/s", name: "Requests per second", better: 1 },
	{ key: "p50_us", head: "p50", name: "Median latency, µs", better: -1 },
	{ key: "p90_us", head: "p90", name: "90 % latency, µs", better: -1 },
	{ key: "p99_us", head: "p99", name: "99 % latency, µs", better: -1 },
	{ key: "p99.9_us", head: "p99.9", name: "99.9 % latency, µs", better: -1 },
	{ key: "max_us", head: "max", name: "Greatest latency, µs", better: -1 },
	{ key: "server_cpu_us_per_request", head: "CPU µs", name: "Server CPU per request, µs", better: -1 },
	{ key: "server_memory_mb", head: "MB", name: "Server memory, MB", better: -1 },
	{ key: "server_processes", head: "proc", name: "Processes" },
	{ key: "server_threads", head: "thr", name: "Threads" },
];

const CLIENT_BUSY = 0.9;

function readRecords() {
	return [...document.querySelectorAll("script.record")].flatMap((e) => {
		const record = JSON.parse(e.textContent);

		if (record.format !== "modus-compare-1")
			throw new Error(`got a record of format ${record.format}, want modus-compare-1`);
		return record.comparisons.map((c) => ({ ...c, modus: record.modus, written: record.written }));
	});
}

function baseName(path) {
	return path.split("/").at(-1);
}

function titleOf(comparison) {
	const { script, http, reply, config, size, scenario } = comparison.options;

	if (scenario?.title)
		return scenario.title;
	if (script)
		return `Dialogue ${baseName(script)}${config ? ` with ${baseName(config)}` : ""}`;
	if (http || reply)
		return `${http || `Replies ${reply}`}${config ? ` of ${baseName(config)}` : ""}`;
	return `${config ? `Echo by ${baseName(config)}` : "Echo"}, messages of ${counted(size, "byte")}`;
}

const modeNames = { keep: "kept open", close: "one per request" };

function loadName(load) {
	return `${counted(load.connections, "connection")}, ${modeNames[load.mode] || load.mode}`;
}

// The loads of a comparison, each with its cells in the order of the names.
function loadsOf(comparison) {
	const loads = new Map();

	for (const cell of comparison.cells) {
		const key = `${cell.mode} ${cell.connections}`;

		if (!loads.has(key))
			loads.set(key, { mode: cell.mode, connections: cell.connections, cells: [] });
		loads.get(key).cells.push(cell);
	}
	return [...loads.values()];
}

// Who takes part, without the reference's twin, who is there for the noise.
const namesOf = (comparison) => comparison.options.names.filter((n) => n !== comparison.twin);

function withoutTwin(comparison, load) {
	return { ...load, cells: load.cells.filter((c) => c.name !== comparison.twin) };
}

// What is not known of a round is null.
const values = (cell, key) => (cell.samples[key] || []).filter((v) => v !== null);
const measured = (cell) => cell.samples.requests_per_second.length > 0;
const median = (cell, key) => (measured(cell) ? cell.medians[key] ?? null : null);
const least = (cell, key) => Math.min(...values(cell, key));

// Where the median lies, as far as the rounds tell: [low, high], or null.
function interval(cell, key) {
	const { low, high } = cell.intervals[key] || {};

	return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null;
}

// Half the interval, in percent of the median.
function uncertainty(cell, key) {
	const range = interval(cell, key);

	return range ? 50 * (range[1] - range[0]) / median(cell, key) : null;
}

const errorsOf = (cell) => Object.values(cell.errors_by_kind).reduce((a, b) => a + b, 0);
const clientBusy = (cell) => median(cell, "client_cpu") > CLIENT_BUSY;
const servesAll = (cell) => measured(cell) && least(cell, "served") >= cell.connections;

// Points of a distribution: at each share of requests, written as how often one in ten is left over
// (1 is 90 %, 2 is 99 %), the latency in µs that they do not exceed.  Some hundred, evenly spread.
function distribution(latency) {
	const points = [], step = 0.02;
	const end = Math.log10(latency.count);
	let seen = 0, last = -step;

	for (const [upper, count] of latency.buckets) {
		seen += count;
		const nines = -Math.log10(1 - seen / latency.count);

		if (nines - last < step || nines > end - step)
			continue;
		points.push({ x: nines, y: upper / 1e3 });
		last = nines;
	}
	return [...points, { x: end, y: latency.max_us }];
}

function percentile(latency, percent) {
	const want = Math.max(1, Math.ceil(latency.count * percent / 100 - 1e-9));
	let seen = 0;

	for (const [upper, count] of latency.buckets) {
		seen += count;
		if (seen >= want)
			return Math.min(upper / 1e3, latency.max_us);
	}
	return null;
}
