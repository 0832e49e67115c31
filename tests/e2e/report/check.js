// SPDX-License-Identifier: MIT
// node check.js REPORT.html RECORD.json HOSTILE.html BESIDE.html: what is wrong ends it with status 1.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { launch, open } = require("./browser.js");

const [, , report, record, hostile, beside] = process.argv;

// Of each canvas: how many colours it shows, what is said of it, whether its numbers are in a table.
function canvases(page) {
	return page.$$eval("canvas", (all) => all.map((canvas) => {
		const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
		const pixels = new Uint32Array(data.buffer);

		return {
			colours: new Set(pixels).size,
			drawn: pixels.filter(Boolean).length,
			label: canvas.getAttribute("aria-label") || "",
			rows: canvas.closest("figure").querySelectorAll("details tbody tr").length,
		};
	}));
}

async function checkDrawn(page, least) {
	const all = await canvases(page);

	assert.ok(all.length >= least, `want at least ${least} charts, got ${all.length}`);
	for (const { colours, drawn, label, rows } of all) {
		assert.ok(colours > 10 && drawn > 500, `want a chart, got ${drawn} pixels in ${colours} colours: ${label}`);
		assert.ok(/\d/.test(label), `want the chart in words with numbers, got '${label}'`);
		assert.ok(rows > 0, `want the numbers in a table: ${label}`);
	}
}

// A text has so many digits after the point; the number is within half of the last.
function checkNumber(text, want, where) {
	const digits = text.replace(/[^0-9.]/g, ""), places = (digits.split(".")[1] || "").length;

	assert.ok(Math.abs(Number(digits) - want) <= 0.5 * 10 ** -places * 1.0001, `${where}: want ${want}, got '${text}'`);
}

async function checkNumbers(page) {
	let checked = 0;

	for (const { cells } of JSON.parse(fs.readFileSync(record)).comparisons)
		for (const cell of cells) {
			const row = page.locator(`tbody[data-load="${cell.mode} ${cell.connections}"] tr[data-name="${cell.name}"]`);

			for (const td of await row.locator("td[data-metric]").all()) {
				const metric = await td.getAttribute("data-metric");

				checkNumber(await td.innerText(), cell.medians[metric], `${cell.name}, ${metric}`);
				checked++;
			}
		}
	assert.ok(checked >= 80, `want the metrics of 8 cells in the table, got ${checked} numbers`);
}

const brightness = (page) => page.evaluate(() =>
	getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number).reduce((a, b) => a + b) / 3);

async function checkScheme(browser, colorScheme, width) {
	const { page, wrong } = await open(browser, report, { colorScheme, width });
	const bright = await brightness(page);

	await checkDrawn(page, 9);
	assert.ok(colorScheme === "light" ? bright > 200 : bright < 60, `${colorScheme}: the ground is ${bright} of 255`);
	const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	assert.ok(wider <= 0, `${width} wide: the page is ${wider} wider`);
	assert.deepEqual(wrong, []);
	return page;
}

// The choice of a load, and another scheme while it is open, draw anew.
async function checkRedrawn(page) {
	const latencies = "canvas[aria-label^='Latency by percentile']";
	const picture = () => page.$eval(latencies, (c) => c.toDataURL());
	const before = await picture();

	await page.locator("input[type=radio]:not(:checked)").first().check({ force: true });
	const chosen = await picture();
	assert.notEqual(chosen, before, "want another chart for another load");
	await page.emulateMedia({ colorScheme: "dark" });
	await page.waitForFunction(([where, was]) => document.querySelector(where).toDataURL() !== was, [latencies, chosen],
		{ timeout: 10000 }); // other colours in the dark
}

async function checkHostile(browser) {
	const { page, wrong } = await open(browser, hostile);
	const text = await page.innerText("main");

	await checkDrawn(page, 1);
	assert.ok(text.includes("</script><script>alert(1)</script>"), "want the name as it is");
	assert.ok(text.includes("<b>failed</b>"), "want the failure as it is");
	assert.ok(text.includes("7"), "want the errors counted");
	assert.deepEqual(wrong, []);
}

// How many pixels of the sweep's chart have the colour of a model: its line, and its filled mark.
function inked(page, series) {
	return page.$eval("canvas[aria-label^='The p99 at each rate']", (canvas, name) => {
		const wanted = getComputedStyle(document.documentElement).getPropertyValue(name).trim().match(/\w\w/g).map((h) => parseInt(h, 16));
		const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
		const context = copy.getContext("2d", { willReadFrequently: true });
		let count = 0;

		context.drawImage(canvas, 0, 0);
		const { data } = context.getImageData(0, 0, canvas.width, canvas.height);

		for (let i = 0; i < data.length; i += 4)
			count += wanted.every((w, k) => Math.abs(w - data[i + k]) < 3) && data[i + 3] > 250;
		return count;
	}, series);
}

// The knees stand in a table, in words and in the chart.
async function checkSweep(page) {
	const knees = await page.$$eval("td[data-knee]", (all) => all.map((td) => td.innerText));
	const label = await page.getAttribute("canvas[aria-label^='The p99 at each rate']", "aria-label");
	const text = await page.innerText("main");

	assert.deepEqual(knees, ["2,000", "64,000"]);
	assert.ok(label.includes("iterative 2,000 and epoll 64,000"), `want the knees in words, got '${label}'`);
	assert.ok(text.includes("Up to a p99 of 10 ms, epoll bears the most: 64,000 requests per second."), "want who bears the most");
	for (const series of ["--series-0", "--series-1"])
		assert.ok(await inked(page, series) > 100, `want the line and the knee of ${series}`);
}

async function checkBeside(browser) {
	const { page, wrong } = await open(browser, beside);
	const text = await page.innerText("main");

	await checkDrawn(page, 10);
	await checkSweep(page);
	assert.ok(/Bad company[^]*slow: asked much, read little\s+12\s+15\s+14\s+3\s+0/.test(text), "want the company of a round");
	assert.ok(/run of 2026-01-02, 03:04[^]*another machine[^]*1\.23 \(1\.10 – 1\.40\) >/.test(text), "want what has changed since the baseline");
	assert.deepEqual(wrong, []);
}

// With keys alone one comes to the choice of a load, to the tables, and opens one.
async function checkKeys(browser) {
	const { page } = await open(browser, report);
	const met = new Set();

	for (let i = 0; i < 40 && !met.has("SUMMARY"); i++) {
		await page.keyboard.press("Tab");
		met.add(await page.evaluate(() => document.activeElement.tagName + (document.activeElement.className && ".wide")));
	}
	assert.ok(met.has("DIV.wide") && met.has("SUMMARY"), `want tables and summaries in reach, got ${[...met]}`);
	await page.keyboard.press("Enter");
	assert.ok(await page.evaluate(() => document.activeElement.parentElement.open), "want the table opened");
	for (let i = 0; i < 40 && !met.has("INPUT"); i++) {
		await page.keyboard.press("Tab");
		met.add(await page.evaluate(() => document.activeElement.tagName));
	}
	assert.ok(met.has("INPUT"), "want the choice of a load in reach");
}

async function main() {
	const browser = await launch();

	try {
		const page = await checkScheme(browser, "light", 1100);
		await checkNumbers(page);
		await checkRedrawn(page);
		await checkScheme(browser, "dark", 1100);
		await checkScheme(browser, "light", 390);
		await checkHostile(browser);
		await checkBeside(browser);
		await checkKeys(browser);
	} finally {
		await browser.close();
	}
}

main().catch((error) => {
	console.error(error.message);
	process.exit(1);
});
