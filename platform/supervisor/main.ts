import { messageOf } from "@/domain/errors";
import { Supervisor } from "./supervisor";

/** `tsx platform/supervisor/main.ts <spec file>` */
async function main(): Promise<void> {
	const [file] = process.argv.slice(2);
	if (file === undefined) throw new Error("Usage: main.ts <spec file>");
	const supervisor = await Supervisor.open(file);
	if (supervisor === null) {
		console.log("Another supervisor holds the lock; this one ends.");
		return;
	}
	process.on("SIGHUP", () => supervisor.reload());
	process.on("SIGTERM", () => supervisor.end());
	process.on("SIGINT", () => supervisor.end());
	await supervisor.run();
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(messageOf(error));
		process.exit(1);
	},
);
