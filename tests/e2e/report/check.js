// SPDX-License-Identifier: MIT
// node check.js REPORT.html RECORD.json HOSTILE.html: what is wrong ends it with status 1.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { launch, open } = require("./browser.js");

const [, , report, record, hostile] = process.argv;

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
	const picture = () => page.$eval("canvas", (c) => c.toDataURL());
	const before = await picture();

	await page.locator("input[type=radio]:not(:checked)").first().check({ force: true });
	const chosen = await picture();
	assert.notEqual(chosen, before, "want another chart for another load");
	await page.emulateMedia({ colorScheme: "dark" });
	await page.waitForFunction((was) => document.querySelector("canvas").toDataURL() !== was, chosen,
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

async function main() {
	const browser = await launch();

	try {
		const page = await checkScheme(browser, "light", 1100);
		await checkNumbers(page);
		await checkRedrawn(page);
		await checkScheme(browser, "dark", 1100);
		await checkScheme(browser, "light", 390);
		await checkHostile(browser);
	} finally {
		await browser.close();
	}
}

main().catch((error) => {
	console.error(error.message);
	process.exit(1);
});
