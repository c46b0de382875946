import { fileURLToPath } from "node:url";
import { readJson } from "@/platform/atomic-file";
import { waitReady, writeSpec } from "@/platform/supervisor/control";
import { type SupervisorSpec, specFile } from "@/platform/supervisor/spec";
import type { Bench } from "./sluice";

const program = fileURLToPath(new URL("./worker-without-drain.ts", import.meta.url));
const readyDeadlineMs = 60_000;

/** Runs `work` while the bench's worker is one whose drains end at once; puts the real worker back whatever happens. */
export async function withoutDrain<T>(bench: Bench, work: () => Promise<T>): Promise<T> {
	const real = readJson<SupervisorSpec>(specFile(bench.home, "installation"));
	if (!real) throw new Error("the bench's installation has no supervisor");
	const broken: SupervisorSpec = {
		...real,
		components: real.components.map((component) =>
			component.name === "worker"
				? {
						...component,
						argv: component.argv.map((word) => (word.endsWith("workflows/worker.ts") ? program : word)),
						fingerprint: "without drain",
					}
				: component,
		),
	};
	try {
		await swap(broken);
		return await work();
	} finally {
		await swap(real);
	}
}

async function swap(spec: SupervisorSpec): Promise<void> {
	writeSpec(spec);
	await waitReady(spec, readyDeadlineMs, ["worker"]);
}
