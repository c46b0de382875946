import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "@/domain/errors";

const schema = z.strictObject({
	/** Where an image without a registry in its name comes from, as people name it, and where its API is. */
	hub: z.strictObject({ name: z.string(), api: z.string() }).default({ name: "docker.io", api: "registry-1.docker.io" }),
	/** Networks that are not public and may be copied from all the same: `["10.20.0.0/16"]`. */
	networks: z.array(z.string()).default([]),
	/** Registries (`host:port`) that speak HTTP without TLS. */
	plain: z.array(z.string()).default([]),
	/** Certificate authorities of those networks, a PEM file; null = the machine's own. */
	caFile: z.string().nullable().default(null),
});

export type MirrorSettings = z.infer<typeof schema>;

/** `images.json` in the installation's home, written by an operator on the machine; without it the usual hub and the public internet. */
export function readMirrorSettings(home: string): MirrorSettings {
	const file = join(home, "images.json");
	try {
		return schema.parse(JSON.parse(readFileSync(file, "utf8")));
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") return schema.parse({});
		throw new AppError(
			"invalid",
			`${file} was not understood: write {"networks": ["10.20.0.0/16"], "plain": [], "caFile": null}.`,
			{
				cause,
			},
		);
	}
}
