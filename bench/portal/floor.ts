import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "@playwright/test";
import { quantile } from "../support/quantile";
import { paint } from "./browser";
import type { BenchPortal } from "./portal";

/**
 * What the browser itself takes: the catalog's table as the portal wrote it, its styles inline, no script, from a server
 * that does nothing but send it. Returns the median of the largest paint, in milliseconds.
 */
export async function floorPage(browser: Browser, portal: BenchPortal, row: string, times: number): Promise<number> {
	const html = await copyOf(browser, portal, row);
	const server = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	try {
		const seen: number[] = [];
		for (let turn = 0; turn < times; turn++) {
			seen.push((await paint(browser, { ...portal, address: `http://127.0.0.1:${port}`, cookies: [] }, "/", row)).largestMs);
		}
		return quantile(seen, 0.5);
	} finally {
		server.close();
		server.closeAllConnections();
	}
}

async function copyOf(browser: Browser, portal: BenchPortal, row: string): Promise<string> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	try {
		await context.addCookies(portal.cookies.map((cookie) => ({ ...cookie, url: portal.address })));
		const page = await context.newPage();
		await page.goto(`${portal.address}/catalog`);
		await page.locator(row).first().waitFor();
		return await page.evaluate(() => {
			const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("\n");
			return `<!doctype html><html lang="en"><head><title>floor</title><style>${rules}</style></head><body>${document.querySelector("main")?.outerHTML ?? ""}</body></html>`;
		});
	} finally {
		await context.close();
	}
}
