/** The host's agent: `join ...` once, `run --directory <folder>` for ever. Started by the host's supervisor. */
import { parseArgs } from "node:util";
import { createLog } from "@/adapters/log/log";
import { AppError, messageOf } from "@/domain/errors";
import { join } from "./join";
import { run } from "./run";

const text = { type: "string" } as const;
const options = { directory: text, relay: text, name: text, address: text, docker: text, "token-file": text };

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({ options, allowPositionals: true });
	const needed = (name: keyof typeof options): string => {
		const value = values[name];
		if (value === undefined) throw new AppError("invalid", `--${name} is missing.`);
		return value;
	};
	const [verb] = positionals;
	if (verb === "join") {
		const sentence = await join({
			directory: needed("directory"),
			relay: needed("relay"),
			name: needed("name"),
			address: needed("address"),
			docker: needed("docker"),
			tokenFile: needed("token-file"),
		});
		process.stdout.write(`${sentence}\n`);
		return;
	}
	if (verb !== "run") throw new AppError("invalid", "Usage: agents/main.ts join|run --directory <folder> ...");
	const log = createLog("agent");
	const stop = await run(needed("directory"), log);
	for (const signal of ["SIGTERM", "SIGINT"] as const) {
		process.once(signal, () => {
			void stop().finally(() => process.exit(0));
		});
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof AppError ? error.message : ((error as Error).stack ?? messageOf(error))}\n`);
	process.exit(1);
});
