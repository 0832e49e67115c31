// SPDX-License-Identifier: MIT
// Opens a report from disk in Debian's Chromium and notes whatever it should not do.
"use strict";

const { execFileSync } = require("node:child_process");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

function executable() {
	return execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser"], { encoding: "utf8" }).trim();
}

// Chromium's own sandbox wants namespaces, which containers may not give; the page is our own.
function launch() {
	return chromium.launch({ executablePath: executable(), args: ["--no-sandbox"] });
}

// The page, once it is drawn; wrong collects what it said, failed at, and wanted from a network.
async function open(browser, file, { colorScheme = "light", width = 1100, height = 900 } = {}) {
	const page = await browser.newPage({ viewport: { width, height }, colorScheme });
	const url = pathToFileURL(file).href, wrong = [];

	page.on("console", (message) => wrong.push(`console: ${message.text()}`));
	page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
	page.on("dialog", (dialog) => { wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
	page.on("request", (request) => request.url() === url || wrong.push(`request: ${request.url()}`));
	await page.goto(url);
	await page.waitForSelector("html[data-ready]", { timeout: 25000 });
	return { page, wrong };
}

module.exports = { launch, open };
