// SPDX-License-Identifier: MIT
// The rate sweep: how the p99 grows with the rate, and the knee of each model.

const middle = (values) => [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];

// A visit in which the client was late tells of the server only if the p99 was good even so.
const tells = (point) => point.requests_per_second > 0 && (point.under || !point.late);

// Rates in order, each once: { x: rate, y: the median of its p99s }.
function curve(model) {
	const byRate = new Map();

	for (const point of model.points.filter(tells)) {
		const rate = point.rate.toPrecision(6);

		byRate.set(rate, [...(byRate.get(rate) || []), point.p99_us]);
	}
	return [...byRate].map(([rate, p99s]) => ({ x: Number(rate), y: middle(p99s) })).sort((a, b) => a.x - b.x);
}

// One visit at the knee, or null.
const atKnee = (model) => model.points.findLast((p) => p.under && Math.abs(p.rate - model.knee) < p.rate * 1e-6) || null;

// The bound, and on each curve the knee: a filled marker, and a stroke from - to.
const kneeMarks = (bound) => ({
	id: "kneeMarks",
	beforeDatasetsDraw({ ctx, chartArea: area, scales: { y } }) {
		const at = y.getPixelForValue(bound);

		ctx.save();
		Object.assign(ctx, { strokeStyle: colour("text"), fillStyle: colour("text"), lineWidth: 1 });
		ctx.setLineDash([3, 3]);
		ctx.strokeRect(area.left, at, area.width, 0);
		ctx.font = `500 12px ${Chart.defaults.font.family}`;
		ctx.fillText(`p99 up to ${duration(bound)}`, area.left + 6, at - 6);
		ctx.restore();
	},
	afterDatasetsDraw({ ctx, data, scales: { x, y } }) {
		for (const { knee, borderColor, pointStyle } of data.datasets.filter((d) => d.knee)) {
			const at = y.getPixelForValue(knee.p99), point = x.getPixelForValue(knee.rate);

			ctx.save();
			Object.assign(ctx, { strokeStyle: borderColor, fillStyle: borderColor, lineWidth: 2.5 });
			ctx.beginPath();
			ctx.moveTo(x.getPixelForValue(knee.low), at);
			ctx.lineTo(x.getPixelForValue(knee.high ?? x.max), at);
			ctx.stroke();
			Chart.helpers.drawPoint(ctx, { pointStyle, radius: 7, borderWidth: 2.5 }, point, at);
			ctx.restore();
		}
	},
});

// Above ten times the bound a latency only tells how long the load was.
function sweepConfig(sweep, names) {
	const top = sweep.p99_bound_us * 10;
	const series = sweep.models.map((m) => ({ name: m.name, index: names.indexOf(m.name),
		points: curve(m).map((p) => ({ ...p, marked: p.y < top })) }));
	const rates = series.flatMap((s) => s.points.map((p) => p.x)), p99s = series.flatMap((s) => s.points.map((p) => p.y));
	const bound = sweep.p99_bound_us;
	const made = lines(series,
		{ ...logAxis("requests per second that come", compact), min: Math.min(...rates) / 1.1, max: Math.max(...rates) * 1.1 },
		{ ...logAxis("", duration), min: Math.min(bound, ...p99s) * 0.7, max: top },
		tooltipOf((i) => `${i.dataset.label}: ${duration(i.parsed.y)}`, (i) => `${number(Math.round(i.parsed.x))} per second`));

	made.data.datasets.forEach((set, i) => {
		const model = sweep.models[i], at = set.data.findLast((p) => p.x <= model.knee * 1.0001);

		set.knee = model.knee !== null && at && { rate: model.knee, low: model.low, high: model.high, p99: at.y };
	});
	made.plugins = [kneeMarks(bound)];
	made.options.layout.padding.right = 16;
	return made;
}

const rate = (x) => number(x === null ? null : Math.round(x));
const fromTo = ({ low, high }) => (low === null ? "–" : high === null ? `${rate(low)} and more` : `${rate(low)} – ${rate(high)}`);

const limits = { p99: "p99 above the bound", overload: "overload", errors: "errors", client: "the client's limit" };

function kneeRow(model, names, connections) {
	const point = atKnee(model);
	const served = point && point.served < connections ? `${number(point.served)} / ${number(connections)}` : point ? "all" : "–";
	const limit = model.failure ? "failed" : limits[model.limit] || (model.points.length ? "no rate was too much" : "not measured");

	return element("tr", { "data-name": model.name },
		element("th", { scope: "row" }, key(names.indexOf(model.name)), model.name),
		element("td", { "data-knee": true }, model.knee === null && model.points.length ? "none" : rate(model.knee)),
		element("td", { class: "of" }, fromTo(model)),
		...[point && duration(point.p50_us), point && duration(point.p99_us),
			point && number(point.server_cpu_us_per_request), served].map((text) => element("td", null, text ?? "–")),
		element("td", { class: "words" }, limit, model.searches || !model.points.length ? "" : ", not searched to the end"));
}

function kneeTable(sweep, names) {
	return scrolled("The knees", element("table", { class: "knees" },
		element("thead", null, element("tr", null, ["", "knee, req/s", "from – to", "p50 there", "p99 there", "CPU µs", "served",
			"above it"].map((h, i) => element("th", { scope: "col", class: i === 7 ? "words" : null }, h)))),
		element("tbody", null, sweep.models.map((m) => kneeRow(m, names, sweep.connections)))));
}

// Who bears the most; whoever's range meets that one's does not differ from it.
function kneeAnswer(sweep) {
	const ranks = sweep.models.filter((m) => m.knee !== null).sort((a, b) => b.knee - a.knee);
	const [best] = ranks, alike = ranks.slice(1).filter((m) => m.high === null || m.high > best.low);
	const bound = duration(sweep.p99_bound_us);

	if (!best)
		return `None had a p99 up to ${bound}, however few requests came.`;
	return `Up to a p99 of ${bound}, ${best.name} bears the most: ${rate(best.knee)} requests per second` +
		`${alike.length ? `; ${listed(alike.map((m) => m.name))} about as many.` : "."}`;
}

const verdictOf = (p) => (p.under ? (p.late ? "good, though the client was late" : "good") : p.errors ? counted(p.errors, "error") :
	p.late ? "cannot tell: the client was late" : p.overload ? "overload" : "p99 above the bound");

function pointTables(sweep) {
	return sweep.models.filter((m) => m.points.length).map((m) => table(m.name,
		["come per second", "search", "served per second", "p50", "p99", "CPU µs", "it was"],
		[...m.points].sort((a, b) => a.rate - b.rate).map((p) => [rate(p.rate), number(p.search), rate(p.requests_per_second),
			duration(p.p50_us), duration(p.p99_us), number(p.server_cpu_us_per_request), verdictOf(p)])));
}

function sweepFigure(sweep, names) {
	const said = sweep.models.map((m) => `${m.name} ${m.knee === null ? "none" : rate(m.knee)}`);
	const canvas = element("canvas", { role: "img",
		"aria-label": `The p99 at each rate of requests. The highest rates with a p99 up to ${duration(sweep.p99_bound_us)}: ${listed(said)}.` });
	const known = sweep.models.some((m) => m.points.some(tells));
	const made = element("figure", null, known ? [
		element("figcaption", null, element("b", null, "The 99 % latency at each rate:"),
			" a filled mark is the knee, the stroke through it where the searches ended"),
		element("div", { class: "plot large" }, canvas)] : null,
	kneeTable(sweep, names),
	folded("All rates that were measured", pointTables(sweep)));

	if (known)
		made.start = () => draw(canvas, () => sweepConfig(sweep, names));
	return made;
}

// What the page says of a sweep; the last of it is the figure.
function sweepPart({ sweep }, names) {
	if (!sweep)
		return null;
	return [
		element("h3", null, "How much may come"),
		element("p", null, kneeAnswer(sweep)),
		element("p", { class: "note" }, `An open loop over ${counted(sweep.connections, "connection")}, ${modeNames[sweep.mode] || sweep.mode}: ` +
			`requests come independently of each other (Poisson), whatever becomes of those before, ${number(sweep.duration)} s at each rate.`),
		...sweep.models.filter((m) => m.failure).map((m) => element("p", { class: "note" }, `${m.name}: ${m.failure}`)),
		sweepFigure(sweep, names),
	];
}
