// SPDX-License-Identifier: MIT
// Charts, and how they tell the contestants apart: by colour, line, marker and a name at the end of
// the line, so that they can be read in grey, too.

const styles = [
	{ dash: [], marker: "circle" },
	{ dash: [7, 4], marker: "rect" },
	{ dash: [2, 3], marker: "triangle" },
	{ dash: [10, 3, 2, 3], marker: "rectRot" },
	{ dash: [14, 4], marker: "crossRot" },
	{ dash: [4, 2], marker: "star" },
	{ dash: [1, 2], marker: "cross" },
	{ dash: [10, 3, 2, 3, 2, 3], marker: "circle" },
];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const styleOf = (index) => ({ ...styles[index % styles.length], colour: colour(`series-${index % styles.length}`) });

// Writes the name of each line at its end, moved apart where they would cover each other.
const endLabels = {
	id: "endLabels",
	afterDatasetsDraw(chart) {
		const { ctx, chartArea } = chart, apart = 14;
		const ends = chart.getSortedVisibleDatasetMetas().filter((m) => m.type === "line" && m.data.length)
			.map((m) => ({ y: m.data.at(-1).y, x: m.data.at(-1).x, set: chart.data.datasets[m.index] }))
			.filter((e) => Number.isFinite(e.y)).sort((a, b) => a.y - b.y);

		ends.forEach((e, i) => { e.at = Math.max(e.y, i ? ends[i - 1].at + apart : chartArea.top + 4); });
		for (let i = ends.length - 1, most = chartArea.bottom; i >= 0; i--, most -= apart)
			ends[i].at = Math.min(ends[i].at, most);
		ctx.save();
		ctx.font = `500 12px ${Chart.defaults.font.family}`;
		ctx.textBaseline = "middle";
		for (const e of ends) {
			ctx.fillStyle = e.set.borderColor;
			ctx.fillText(e.set.label, chartArea.right + 10, e.at);
		}
		ctx.restore();
	},
};

// A stroke over the interval of each median: below lines, a little beside each other; on bars.
const whiskers = {
	id: "whiskers",
	beforeDatasetsDraw(chart) {
		const metas = chart.getSortedVisibleDatasetMetas();

		if (chart.options.indexAxis !== "y")
			metas.forEach((meta, i) => this.strokes(chart, meta, (range, { x }) => [
				[x + 3 * (i - (metas.length - 1) / 2), range[0]], [x + 3 * (i - (metas.length - 1) / 2), range[1]]], 0.55, 2));
	},
	afterDatasetsDraw(chart) {
		if (chart.options.indexAxis === "y")
			this.strokes(chart, chart.getDatasetMeta(0), (range, { y }) => [[range[0], y], [range[1], y]], 0.8, 1.5);
	},
	strokes(chart, meta, ends, alpha, width) {
		const { ctx, chartArea: area } = chart, flat = chart.options.indexAxis === "y";
		const { ranges, borderColor } = chart.data.datasets[meta.index];

		ctx.save();
		ctx.beginPath();
		ctx.rect(area.left - 8, area.top, area.width + 16, area.height);
		ctx.clip();
		Object.assign(ctx, { globalAlpha: alpha, lineWidth: width, strokeStyle: flat ? colour("text") : borderColor });
		meta.data.forEach((element, i) => {
			if (!ranges[i])
				return;
			const pixels = ranges[i].map((v) => chart.scales[flat ? "x" : "y"].getPixelForValue(v));

			ctx.beginPath();
			ends(pixels, element).forEach((at) => ctx.lineTo(...at));
			ctx.stroke();
		});
		ctx.restore();
	},
};

function axis(title, more) {
	return {
		border: { display: false },
		grid: { color: colour("line"), drawBorder: false, drawTicks: false },
		ticks: { color: colour("muted"), padding: 6, ...more.ticks },
		title: { display: Boolean(title), text: title, color: colour("muted"), padding: { top: 2 } },
		...more.scale,
	};
}

// Ticks of a logarithmic axis: the powers of ten, and 2 and 5 times them where there are few.
function logTicks(scale) {
	const few = scale.max / scale.min < 300, ticks = [];

	for (let power = Math.floor(Math.log10(scale.min)); power <= Math.log10(scale.max); power++)
		for (const mantissa of few ? [1, 2, 5] : [1]) {
			const value = mantissa * 10 ** power;

			if (value >= scale.min * 0.999 && value <= scale.max * 1.001)
				ticks.push({ value });
		}
	if (ticks.length)
		scale.ticks = ticks;
}

// Vertical axes are equally wide, so that charts below each other begin at the same place.
const AXIS_WIDTH = 54;
const evenly = (scale) => { if (!scale.isHorizontal()) scale.width = AXIS_WIDTH; };

const logAxis = (title, format) => axis(title, {
	ticks: { callback: (v) => format(v) },
	scale: { type: "logarithmic", afterBuildTicks: logTicks, afterFit: evenly },
});

const linearAxis = (title, format) => axis(title, {
	ticks: { callback: (v) => format(v), maxTicksLimit: 6 },
	scale: { type: "linear", beginAtZero: true, afterFit: evenly },
});

// An axis with ticks at these values only.
const fixedAxis = (title, values, format, more) => axis(title, {
	ticks: { callback: (v) => format(v), autoSkip: true, maxRotation: 0 },
	scale: { afterBuildTicks: (scale) => { scale.ticks = values.map((value) => ({ value })); }, ...more },
});

function common(tooltip) {
	return {
		animation: false,
		responsive: true,
		maintainAspectRatio: false,
		interaction: { mode: "nearest", axis: "x", intersect: false },
		plugins: { legend: { display: false }, tooltip },
	};
}

function dataset(series) {
	const style = styleOf(series.index);

	return {
		label: series.name,
		data: series.points,
		ranges: series.points.map((p) => p.range),
		borderColor: style.colour,
		backgroundColor: colour("ground"),
		borderDash: style.dash,
		borderWidth: 2,
		pointStyle: style.marker,
		pointBorderWidth: 1.75,
		pointRadius: series.points.map((p) => (p.marked === false ? 0 : 4.5)),
		pointHoverRadius: 6,
		pointHitRadius: 8,
		tension: 0,
	};
}

function widest(words) {
	const ctx = document.createElement("canvas").getContext("2d");

	ctx.font = `500 12px ${Chart.defaults.font.family}`;
	return Math.max(0, ...words.map((w) => ctx.measureText(w).width));
}

// series: [{ name, index, points: [{ x, y, range, marked }] }]
function lines(series, x, y, tooltip) {
	return {
		type: "line",
		data: { datasets: series.map(dataset) },
		options: {
			...common(tooltip),
			layout: { padding: { top: 8, right: widest(series.map((s) => s.name)) + 14 } },
			scales: { x, y },
		},
		plugins: [whiskers, endLabels],
	};
}

// rows: [{ name, index, value, range }]; values are written at the end of the bars.
function bars(rows, x, tooltip, format) {
	const values = {
		id: "values",
		afterDatasetsDraw(chart) {
			const { ctx, scales } = chart;

			ctx.save();
			ctx.font = `12px ${Chart.defaults.font.family}`;
			ctx.fillStyle = colour("text");
			ctx.textBaseline = "middle";
			chart.getDatasetMeta(0).data.forEach((bar, i) => {
				const end = Math.max(bar.x, rows[i].range ? scales.x.getPixelForValue(rows[i].range[1]) : 0);
				const right = Math.min(end, scales.x.right);

				if (rows[i].value !== null)
					ctx.fillText(format(rows[i].value), right + 7, bar.y);
			});
			ctx.restore();
		},
	};

	return {
		type: "bar",
		data: {
			labels: rows.map((r) => r.name),
			datasets: [{
				data: rows.map((r) => r.value),
				ranges: rows.map((r) => r.range),
				backgroundColor: rows.map((r) => styleOf(r.index).colour),
				barPercentage: 0.55,
				categoryPercentage: 1,
			}],
		},
		options: {
			...common(tooltip),
			indexAxis: "y",
			interaction: { mode: "nearest", axis: "y", intersect: false },
			layout: { padding: { right: widest(rows.map((r) => format(r.value))) + 12 } },
			scales: {
				x,
				y: { grid: { display: false, drawBorder: false }, ticks: { color: colour("text"), font: { size: 13 } } },
			},
		},
		plugins: [whiskers, values],
	};
}

// All charts on the page; they are drawn anew when the scheme changes.
const charts = [];

function draw(canvas, configure) {
	const drawn = { canvas, configure, chart: new Chart(canvas, configure()) };

	charts.push(drawn);
	return {
		redraw() {
			drawn.chart.destroy();
			drawn.chart = new Chart(canvas, configure());
		},
	};
}

function redrawAll() {
	for (const drawn of charts) {
		drawn.chart.destroy();
		drawn.chart = new Chart(drawn.canvas, drawn.configure());
	}
}

// What stands before a name in the list of keys: its line and marker.
function key(index) {
	const { dash, marker } = styles[index % styles.length];
	const shapes = {
		circle: "M21 8a4 4 0 1 1-8 0a4 4 0 1 1 8 0z",
		rect: "M13.5 4.5h7v7h-7z",
		triangle: "M17 3.5l4.5 8h-9z",
		rectRot: "M17 3l5 5l-5 5l-5-5z",
		crossRot: "M13.5 4.5l7 7M20.5 4.5l-7 7",
		star: "M17 3v10M12 8h10M13.5 4.5l7 7M20.5 4.5l-7 7",
		cross: "M17 3v10M12 8h10",
	};
	const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");

	svg.setAttribute("viewBox", "0 0 34 16");
	svg.setAttribute("class", "key");
	svg.setAttribute("aria-hidden", "true");
	for (const [d, fill, dashes] of [["M0 8H34", "none", dash.join(" ")], [shapes[marker], "var(--ground)", ""]]) {
		const path = document.createElementNS(svg.namespaceURI, "path");

		path.setAttribute("d", d);
		path.setAttribute("stroke-dasharray", dashes);
		path.setAttribute("style", `fill: ${fill}; stroke: var(--series-${index % styles.length}); stroke-width: 2`);
		svg.append(path);
	}
	return svg;
}
