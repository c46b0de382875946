import type { Command } from "commander";
import { homeOf } from "../home";

export function register(program: Command): void {
	program
		.command("down")
		.description("stop everything of this installation and remove its containers; data and the machine's engine stay")
		.option("--keep-traffic", "end the control plane only: hosts and services go on, and `up` takes them over again")
		.action(async ({ keepTraffic: isKept }: { keepTraffic?: true }) => {
			const { takeDown } = await import("@/platform/down");
			const { requireRoot } = await import("@/platform/preflight");
			const { underHomeLock } = await import("@/platform/home-lock");
			const { say, step } = await import("@/platform/progress");
			requireRoot(process.getuid?.());
			const home = homeOf();
			if (isKept) {
				const { keepTraffic } = await import("@/platform/keep-traffic");
				const kept = await underHomeLock(home, () => step("The control plane ends", () => keepTraffic(home)));
				say(kept ? "The control plane is down; hosts and services go on." : `Nothing runs in ${home}: nothing to do.`);
				return;
			}
			const found = await underHomeLock(home, () => step("Everything of this installation ends", () => takeDown(home)));
			say(found ? "Sluice is down." : `There is no installation in ${home}: nothing to do.`);
		});
}
