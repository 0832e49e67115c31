// SPDX-License-Identifier: MIT
// node picture.js REPORT.html OUT.png [light|dark [WIDTH [HEIGHT [Y]]]]: a picture of the page, of
// HEIGHT (its own if not given) from Y down.
"use strict";

const { launch, open } = require("./browser.js");

const [, , report, out, colorScheme = "light", width = "1100", height, y = "0"] = process.argv;

async function main() {
	const browser = await launch();

	try {
		const { page } = await open(browser, report, { colorScheme, width: Number(width) });
		const whole = await page.evaluate(() => document.documentElement.scrollHeight);
		const clip = { x: 0, y: Number(y), width: Number(width), height: Number(height || whole) };

		await page.screenshot({ path: out, fullPage: true, clip });
	} finally {
		await browser.close();
	}
}

main().catch((error) => {
	console.error(error.message);
	process.exit(1);
});
