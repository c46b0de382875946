import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { mountTargets, unmountUnder } from "./unmount";

test("whatever is mounted at a folder and below goes, twice over each other and with a space in its name; a neighbour stays", async () => {
	const place = mkdtempSync(`${tmpdir()}/sluice-unmount-`);
	const folders = [`${place}/a`, `${place}/a/with space`, `${place}/ab`];
	const mount = (...argv: string[]) => execFileSync("mount", argv);
	const left = () => mountTargets(readFileSync("/proc/self/mountinfo", "utf8")).filter((target) => target.startsWith(place));
	for (const folder of folders) mkdirSync(folder);
	try {
		// As an engine does with its folder, each time that it starts.
		for (let time = 0; time < 2; time += 1) mount("--bind", `${place}/a`, `${place}/a`);
		mount("-t", "tmpfs", "tmpfs", `${place}/a/with space`);
		mount("-t", "tmpfs", "tmpfs", `${place}/ab`);
		expect(left()).toHaveLength(4);
		await unmountUnder(`${place}/a`);
		expect(left()).toEqual([`${place}/ab`]);
		rmdirSync(`${place}/a/with space`);
	} finally {
		await unmountUnder(place);
		rmSync(place, { recursive: true, force: true });
	}
});
