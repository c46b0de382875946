import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "@/domain/errors";

const schema = z.strictObject({
	/** Networks that are not public and may be sent to all the same: `["10.20.0.0/16"]`. */
	networks: z.array(z.string()).default([]),
	/** Certificate authorities of those networks, a PEM file; null = the usual ones. */
	caFile: z.string().nullable().default(null),
});

export type WebhookSettings = z.infer<typeof schema>;

/** `webhook.json` in the installation's home, written by an operator on the machine; without it only the public internet is sent to. */
export function readWebhookSettings(home: string): WebhookSettings {
	const file = join(home, "webhook.json");
	try {
		return schema.parse(JSON.parse(readFileSync(file, "utf8")));
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") return { networks: [], caFile: null };
		throw new AppError("invalid", `${file} was not understood: write {"networks": ["10.20.0.0/16"], "caFile": null}.`, { cause });
	}
}
