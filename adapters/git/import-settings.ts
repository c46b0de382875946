import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "@/domain/errors";

const schema = z.strictObject({
	/** Networks that are not public and may be imported from all the same: `["10.20.0.0/16"]`. */
	networks: z.array(z.string()).default([]),
	/** Certificate authorities of those networks, a PEM file; null = the machine's own. */
	caFile: z.string().nullable().default(null),
});

export type ImportSettings = z.infer<typeof schema>;

/** `import.json` in the installation's home, written by an operator on the machine; without it only the public internet is reached. */
export function readImportSettings(home: string): ImportSettings {
	const file = join(home, "import.json");
	try {
		return schema.parse(JSON.parse(readFileSync(file, "utf8")));
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") return { networks: [], caFile: null };
		throw new AppError("invalid", `${file} was not understood: write {"networks": ["10.20.0.0/16"], "caFile": null}.`, { cause });
	}
}
