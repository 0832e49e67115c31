// SPDX-License-Identifier: MIT
// node page.js URL: what is wrong with the page there, as Chromium shows it, ends it with status 1.
"use strict";

const assert = require("node:assert/strict");
const { launch } = require("../../e2e/report/browser.js");

const url = process.argv[2];

// A page; wrong collects what it complained of, statuses those of responses that came from the server.
async function watched(browser) {
	const context = await browser.newContext(), page = await context.newPage();
	const session = await context.newCDPSession(page);
	const wrong = [], statuses = [];

	page.setDefaultTimeout(30000);
	page.on("console", (message) => wrong.push(`console: ${message.text()}`));
	page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
	page.on("requestfailed", (request) => wrong.push(`request: ${request.url()} ${request.failure().errorText}`));
	session.on("Network.responseReceivedExtraInfo", ({ statusCode }) => statuses.push(statusCode));
	await session.send("Network.enable");
	return { page, wrong, statuses };
}

async function checkDrawn(page) {
	await page.waitForSelector("html[data-ready]"); // the script sets it, once all is loaded
	const shown = await page.evaluate(() => ({
		width: document.querySelector("img").naturalWidth,
		colour: getComputedStyle(document.querySelector("h1")).color,
		title: document.title,
	}));

	assert.deepEqual(shown, { width: 64, colour: "rgb(1, 2, 3)", title: "A page" });
}

// It asks whether what it has is still right, and is told so.
async function checkReloaded({ page, statuses }) {
	assert.ok(statuses.length >= 4 && statuses.every((status) => status === 200), `at first: got ${statuses}`);
	statuses.length = 0;
	await page.reload();
	await checkDrawn(page);
	assert.ok(statuses.length >= 1 && statuses.every((status) => status === 304), `reloaded: want 304, got ${statuses}`);
}

async function submitted(page, form) {
	await Promise.all([page.waitForURL("**/probe/part"), page.click(`${form} button`)]);
	const lines = (await page.innerText("body")).split("\n").filter((line) => /^(part|filename|type|data)\b/.test(line));

	await page.goto(url);
	return lines;
}

const hex = (text) => Buffer.from(text, "utf8").toString("hex");

async function checkForms({ page }) {
	const word = "Grüße & <b>", text = "one\r\ntwo", bytes = Buffer.from([0, 255, 13, 10, 45, 45]);

	await page.fill("#parts [name=word]", word);
	await page.setInputFiles("#parts [name=file]", { name: "a.bin", mimeType: "image/png", buffer: bytes });
	assert.deepEqual(await submitted(page, "#parts"), [
		"part word", "filename (none)", "type text/plain", `data ${hex(word)}`,
		"part file", "filename a.bin", "type image/png", `data ${bytes.toString("hex")}`,
	]);
	await page.fill("#pairs [name=word]", word);
	await page.fill("#pairs [name=text]", text);
	assert.deepEqual((await submitted(page, "#pairs")).filter((line) => /^(part|data)/.test(line)), [
		"part word", `data ${hex(word)}`, "part text", `data ${hex(text)}`,
	]);
}

// More than a browser has connections.
async function checkFetched({ page }) {
	const lengths = await page.evaluate(() => Promise.all(Array.from({ length: 100 }, (_, i) =>
		fetch(`/pages/${i}.txt`).then((response) => response.text()).then((text) => text.length))));
	const echoed = await page.evaluate(() => fetch("/probe/echo", { method: "POST", body: "x".repeat(300000) })
		.then((response) => response.text()));

	assert.deepEqual(lengths, Array.from({ length: 100 }, (_, i) => (i + 1) * `page ${i}\n`.length));
	assert.match(echoed, /^body 300000 /m);
}

// From a listing one comes to what is listed, and to a page that says what is not there.
async function checkListed({ page, wrong }) {
	const names = new URL("/names/", url).href;

	await page.goto(names);
	await page.getByRole("link", { name: "<b>bold.txt" }).click();
	await page.waitForURL("**/names/*bold*");
	assert.equal((await page.innerText("body")).trim(), "<b>bold.txt");
	assert.deepEqual(wrong, []);
	const response = await page.goto(new URL("/nowhere", url).href);

	assert.equal(response.status(), 404);
	assert.equal(await page.title(), "404 Not Found");
	wrong.length = 0; // Chromium tells of the 404, too
}

async function main() {
	const browser = await launch();

	try {
		const all = await watched(browser);

		await all.page.goto(url);
		await checkDrawn(all.page);
		await checkReloaded(all);
		await checkForms(all);
		await checkFetched(all);
		await checkListed(all);
		assert.deepEqual(all.wrong, []);
	} finally {
		await browser.close();
	}
}

main().catch((error) => {
	console.error(error.message);
	process.exit(1);
});
