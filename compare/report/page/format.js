// SPDX-License-Identifier: MIT
// Elements, and numbers as people read them.

// element("td", { class: "best" }, "text", otherElement...)
function element(name, attributes, ...children) {
	const e = document.createElement(name);

	for (const [key, value] of Object.entries(attributes || {}))
		if (value !== undefined && value !== null && value !== false)
			e.setAttribute(key, value === true ? "" : value);
	e.append(...children.flat().filter((c) => c !== undefined && c !== null && c !== false));
	return e;
}

const grouped = (digits) =>
	new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const formats = [0, 1, 2, 3].map(grouped);

// With about as many digits as mean something: 124,914; 84.2; 7.81; 0.052.
function number(x) {
	const size = Math.abs(x);

	if (x === null || x === undefined || !Number.isFinite(x))
		return "–";
	return formats[Number.isInteger(x) ? 0 : digitsFor(size)].format(x);
}

const digitsFor = (size) => (size >= 1000 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);

// Numbers that stand below each other have the same digits after the point.
function column(values) {
	const known = values.filter(Number.isFinite);
	const digits = known.every(Number.isInteger) ? 0 : digitsFor(Math.max(...known.map(Math.abs)));

	return (x) => (Number.isFinite(x) ? formats[digits].format(x) : "–");
}

// A latency in the unit that suits it: 73.2 µs, 4.1 ms, 1.2 s.
function duration(us) {
	if (us === null || us === undefined)
		return "–";
	if (us < 1000)
		return `${us < 10 ? +us.toFixed(1) : Math.round(us)} µs`;
	if (us < 1e6)
		return `${+(us / 1e3).toFixed(us < 1e5 ? 1 : 0)} ms`;
	return `${+(us / 1e6).toFixed(1)} s`;
}

function compact(x) {
	return x >= 1e6 ? `${+(x / 1e6).toFixed(1)} M` : x >= 1e4 ? `${+(x / 1e3).toFixed(0)} k` : number(x);
}

const counted = (n, one, many) => `${number(n)} ${n === 1 ? one : many || one + "s"}`;

function listed(words) {
	return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

// 2026-11-24T01:24:00Z as people write it.
const moment = (written) => written.slice(0, 16).replace("T", ", ");
