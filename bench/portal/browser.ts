import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import type { BenchPortal } from "./portal";

export function openBrowser(): Promise<Browser> {
	return chromium.launch({
		executablePath: process.env.SLUICE_CHROMIUM ?? "/usr/bin/chromium",
		args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
	});
}

/** A browser of somebody who is signed in, with an empty cache. */
async function openSession(browser: Browser, portal: BenchPortal): Promise<BrowserContext> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	await context.addCookies(portal.cookies.map((cookie) => ({ ...cookie, url: portal.address })));
	return context;
}

export interface Weight {
	/** Over the wire until the page was loaded and quiet, compressed as the server sends it. */
	readonly scripts: number;
	readonly styles: number;
	readonly fonts: number;
	readonly document: number;
}

const kinds: Readonly<Record<string, keyof Weight>> = {
	Script: "scripts",
	Stylesheet: "styles",
	Font: "fonts",
	Document: "document",
};

/** What the first load of a page takes from the network, as the browser's own network log counts it. */
export async function weigh(browser: Browser, portal: BenchPortal, path: string): Promise<Weight> {
	const context = await openSession(browser, portal);
	try {
		const page = await context.newPage();
		const network = await context.newCDPSession(page);
		await network.send("Network.enable");
		const weight = { scripts: 0, styles: 0, fonts: 0, document: 0 };
		const kindOf = new Map<string, keyof Weight>();
		let lastAt = performance.now();
		network.on("Network.responseReceived", ({ requestId, type }) => {
			const kind = kinds[type];
			if (kind) kindOf.set(requestId, kind);
		});
		network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
			const kind = kindOf.get(requestId);
			if (!kind) return;
			weight[kind] += encodedDataLength;
			lastAt = performance.now();
		});
		const answer = await page.goto(`${portal.address}${path}`, { waitUntil: "load" });
		if (answer?.status() !== 200) throw new Error(`${path} was answered ${answer?.status()}.`);
		await page.locator("h1").first().waitFor();
		// What a part of the page brings with it comes when its data has: until then it holds its place.
		await page.waitForTimeout(500);
		await page.locator("main .animate-pulse").first().waitFor({ state: "detached" });
		// A page with a stream is never idle: quiet is when no script or style has come for a second.
		while (performance.now() - lastAt < 1_000) await page.waitForTimeout(100);
		return weight;
	} finally {
		await context.close();
	}
}

export interface Paint {
	/** The largest contentful paint by then, and the element that it was. */
	readonly largestMs: number;
	readonly element: string;
	/** When the first row of the table was on the screen. */
	readonly rowMs: number;
}

/** From the beginning of the navigation to what a person waits for, with nothing in the cache. */
export async function paint(browser: Browser, portal: BenchPortal, path: string, row: string): Promise<Paint> {
	const context = await openSession(browser, portal);
	try {
		const page = await context.newPage();
		await page.addInitScript({ content: watchPaint(row) });
		await page.goto(`${portal.address}${path}`, { waitUntil: "load" });
		await page.locator(row).first().waitFor();
		// Until nothing larger has been painted for a second; the page's own policy forbids to wait for it inside.
		for (const endsAt = performance.now() + 60_000; performance.now() < endsAt; ) {
			const seen = await page.evaluate(() => {
				const { sluicePaint } = window as unknown as { sluicePaint: Paint & { at: number } };
				return { ...sluicePaint, quietMs: performance.now() - Math.max(sluicePaint.at, sluicePaint.rowMs) };
			});
			if (seen.rowMs > 0 && seen.quietMs > 1_000) return seen;
			await page.waitForTimeout(100);
		}
		throw new Error(`${path} was not painted within a minute.`);
	} finally {
		await context.close();
	}
}

/** Runs in the page before anything of it does; as text, since what a compiler adds to a function is not there. */
const watchPaint = (row: string) => `{
	const seen = { largestMs: 0, element: "", rowMs: 0, at: 0 };
	window.sluicePaint = seen;
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) {
			seen.largestMs = entry.startTime;
			seen.element = (entry.element?.tagName ?? "gone").toLowerCase() + " “" + (entry.element?.textContent ?? "").slice(0, 40) + "”";
			seen.at = performance.now();
		}
	}).observe({ type: "largest-contentful-paint", buffered: true });
	const look = () => {
		// The frame that has it is painted before the next one begins.
		if (document.querySelector(${JSON.stringify(row)})) requestAnimationFrame(() => { seen.rowMs = performance.now(); });
		else requestAnimationFrame(look);
	};
	look();
}`;
