import { defineConfig } from "@playwright/test";
import { portalAddress } from "./support/installation";

/** One installation, one browser, one test at a time: they share hosts and what runs on them. */
export default defineConfig({
	testDir: ".",
	testMatch: "*.spec.ts",
	outputDir: "../.sluice-test/e2e",
	workers: 1,
	fullyParallel: false,
	forbidOnly: true,
	retries: 0,
	timeout: 600_000,
	expect: { timeout: 15_000 },
	reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : [["list"]],
	use: {
		baseURL: portalAddress(),
		// What is not there by then is not coming: a wrong word must not cost a test's whole time.
		actionTimeout: 30_000,
		navigationTimeout: 30_000,
		viewport: { width: 1280, height: 900 },
		screenshot: "only-on-failure",
		trace: "retain-on-failure",
		launchOptions: {
			executablePath: process.env.SLUICE_CHROMIUM ?? "/usr/bin/chromium",
			args: [
				"--headless",
				"--no-sandbox",
				"--disable-gpu",
				"--disable-quic",
				"--no-first-run",
				"--disable-background-networking",
				"--disable-component-update",
				"--disable-sync",
			],
		},
	},
});
