// SPDX-License-Identifier: MIT
// node picture.js REPORT.html OUT.png [light|dark|grey [WIDTH [HEIGHT [Y]]]]: a picture of the page, of
// HEIGHT (its own if not given) from Y down; grey is as a printer has it.
"use strict";

const { launch, open } = require("./browser.js");

const [, , report, out, colorScheme = "light", width = "1100", height, y = "0"] = process.argv;

async function main() {
	const browser = await launch();

	try {
		const { page } = await open(browser, report, { colorScheme: colorScheme === "dark" ? "dark" : "light", width: Number(width) });
		const whole = await page.evaluate(() => document.documentElement.scrollHeight);
		const clip = { x: 0, y: Number(y), width: Number(width), height: Number(height || whole) };

		if (colorScheme === "grey")
			await page.addStyleTag({ content: "html { filter: grayscale(1); }" });
		await page.screenshot({ path: out, fullPage: true, clip });
	} finally {
		await browser.close();
	}
}

main().catch((error) => {
	console.error(error.message);
	process.exit(1);
});
