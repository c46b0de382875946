import type { Command } from "commander";
import { homeOf } from "../home";
import { tell } from "../output";

export function register(program: Command): void {
	const registry = program.command("registry").description("the platform's image registry on this machine");
	registry
		.command("clean")
		.description("free the disk of images that were removed; no image can be pushed meanwhile")
		.action(async () => {
			const [{ collectGarbage }, { underHomeLock }, { requireRoot }] = await Promise.all([
				import("@/platform/registry"),
				import("@/platform/home-lock"),
				import("@/platform/preflight"),
			]);
			requireRoot(process.getuid?.());
			await underHomeLock(homeOf(), () => collectGarbage(homeOf()));
			tell("The disk is free of images that nothing names.");
		});
}
