import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { homeOf } from "../home";
import { tell } from "../output";

interface UninstallOptions {
	readonly yes?: true;
	readonly withCache?: boolean;
	readonly withVolumes?: boolean;
	readonly orphan?: string;
}

export function register(program: Command): void {
	program
		.command("uninstall")
		.description("remove this installation with all its data; the machine's engine and packages stay")
		.option("--yes", "do not ask for the installation's id first")
		.option("--with-cache", "also the programs that were fetched, which other installations would fetch again")
		.option("--with-volumes", "also the data of services on this machine; without it their volumes stay, and are named")
		.option("--orphan <id>", "instead: what an installation left whose home is gone, as `sluice doctor` shows")
		.action(async ({ yes: isSure, withCache = false, withVolumes = false, orphan }: UninstallOptions) => {
			const { toUninstall, uninstall, uninstallOrphan } = await import("@/platform/uninstall");
			const { underHomeLock } = await import("@/platform/home-lock");
			const home = homeOf();
			const id = orphan ?? toUninstall(home)?.id;
			if (id === undefined) throw new AppError("not-found", `There is no installation in ${home}: nothing to do.`);
			if (!isSure) await confirm(id, orphan === undefined ? home : null);
			const left = await underHomeLock(home, async () => {
				if (orphan === undefined) return uninstall(home, { withCache, withVolumes });
				return uninstallOrphan(orphan, home, { withVolumes });
			});
			tell(`The installation ${id} is removed.`);
			for (const sentence of left) tell(sentence);
		});
}

/** `home` null = it is gone. */
async function confirm(id: string, home: string | null): Promise<void> {
	const what = home === null ? "what it left on this machine" : `its database, repositories, images and secrets in ${home}`;
	tell(`This removes the installation ${id}: ${what}. It cannot be undone; \`sluice backup <file>\` keeps a copy.`);
	const lines = createInterface({ input: process.stdin, output: process.stderr });
	try {
		const typed = await Promise.race([
			lines.question(`Type ${id} to go on: `),
			new Promise<string>((resolve) => lines.once("close", () => resolve(""))),
		]);
		if (typed.trim() !== id) throw new AppError("invalid", "That is not its id: nothing was removed. `--yes` asks nothing.");
	} finally {
		lines.close();
	}
}
