import type { Command } from "commander";
import { homeOf } from "../home";

export function register(program: Command): void {
	program
		.command("down")
		.description("stop everything of this installation and remove its containers; data and the machine's engine stay")
		.action(async () => {
			const { takeDown } = await import("@/platform/down");
			const { requireRoot } = await import("@/platform/preflight");
			const { underHomeLock } = await import("@/platform/home-lock");
			const { say, step } = await import("@/platform/progress");
			requireRoot(process.getuid?.());
			const home = homeOf();
			const found = await underHomeLock(home, () => step("Everything of this installation ends", () => takeDown(home)));
			say(found ? "Sluice is down." : `There is no installation in ${home}: nothing to do.`);
		});
}
