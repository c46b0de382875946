import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withFileLock } from "@/adapters/builder/base-image-lock";
import { followLine, MadeOnce } from "@/adapters/builder/base-image-wait";

const folder = mkdtempSync(join(tmpdir(), "sluice-wait-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("all who ask for what is being made are told once that they wait, how far it is, and that it goes on", async () => {
	const made = new MadeOnce<string>();
	const [first, second, late]: [string[], string[], string[]] = [[], [], []];
	const end = Promise.withResolvers<void>();
	let count = 0;
	const make = (said: string[]) =>
		made.ask(
			"go",
			(line) => said.push(line),
			async (news) => {
				count += 1;
				news.wait("waits");
				news.progress("installing");
				await end.promise;
				news.wait("waits for something else");
				news.progress("importing");
				news.goOn("goes on");
				return "image";
			},
		);
	const asked = [make(first), make(second)];
	asked.push(make(late));
	end.resolve();
	expect(await Promise.all(asked)).toEqual(["image", "image", "image"]);
	for (const said of [first, second, late]) expect(said).toEqual(["waits", "installing", "importing", "goes on"]);
	expect(count).toBe(1);
});

test("who does not wait is told nothing, and what failed is tried again by the next one", async () => {
	const made = new MadeOnce<string>();
	const said: string[] = [];
	const say = (line: string) => said.push(line);
	await expect(made.ask("go", say, () => Promise.reject(new Error("no mirror")))).rejects.toThrow("no mirror");
	const there = made.ask("go", say, async (news) => {
		news.goOn("goes on");
		return "image";
	});
	expect(await there).toBe("image");
	expect(said).toEqual([]);
});

test("who waits for a lock of another hears what that one writes into it, and then has it", async () => {
	const lock = join(folder, "lock");
	const heard: string[] = [];
	const held = Promise.withResolvers<void>();
	const waiting = Promise.withResolvers<void>();
	const told = Promise.withResolvers<void>();
	const first = withFileLock(lock, async () => {
		held.resolve();
		await waiting.promise;
		writeFileSync(lock, "extracting archives...");
		await told.promise;
		heard.push("first ends");
	});
	await held.promise;
	const second = withFileLock(
		lock,
		async () => {
			heard.push("second has it");
		},
		() => {
			heard.push("waits");
			waiting.resolve();
			const say = (line: string): void => {
				heard.push(line);
				told.resolve();
			};
			return followLine(lock, say, 5);
		},
	);
	await Promise.all([first, second]);
	expect(heard).toEqual(["waits", "extracting archives...", "first ends", "second has it"]);
});

test("a free lock is taken without a word", async () => {
	const lock = join(folder, "free");
	const onHeld = () => {
		throw new Error("Nobody holds it.");
	};
	expect(await withFileLock(lock, async () => "done", onHeld)).toBe("done");
});
