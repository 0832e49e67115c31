// SPDX-License-Identifier: MIT
// node check.js URL [PICTURE.png]: opens the start page, reads it, and asks the application behind its form.
"use strict";

const assert = require("node:assert/strict");
const { launch } = require("../report/browser.js");

const [, , url, picture] = process.argv;

async function main() {
	const browser = await launch(), wrong = [];

	for (const colorScheme of ["light", "dark"]) {
		const page = await browser.newPage({ viewport: { width: 900, height: 900 }, colorScheme });

		page.on("console", (message) => message.text().includes("favicon") || wrong.push(message.text()));
		page.on("pageerror", (error) => wrong.push(error.message));
		page.on("requestfailed", (request) => wrong.push(`failed: ${request.url()}`));
		await page.goto(url);
		assert.equal(await page.textContent("h1"), "modus serves.");
		if (picture && colorScheme === "light")
			await page.screenshot({ path: picture });
		await page.fill("input[name=name]", "Größe & Co");
		await page.click("button");
		await page.waitForURL("**/hello?name=*");
		assert.equal((await page.textContent("body")).trim(), "Hello, Größe & Co!");
		await page.close();
	}
	await browser.close();
	assert.deepEqual(wrong.filter((text) => !text.includes("404")), []);
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
