import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { problemCodes } from "@/server/rest/problem";

test("docs/errors.md explains every code at its own anchor, with its status and whether to try again", () => {
	const rows = readFileSync("docs/errors.md", "utf8").split("\n");
	for (const [code, { http, retryable }] of Object.entries(problemCodes)) {
		const row = rows.find((one) => one.startsWith(`| <a id="${code}"></a>\`${code}\` |`)) ?? "";
		expect([code, row.includes(`| ${http} |`), row.includes(`| ${retryable ? "yes" : "no"} |`)]).toEqual([code, true, true]);
	}
});
