import { AppError } from "@/domain/errors";
import { parseManifest } from "@/domain/manifest/parse";
import { nowhere, type Target } from "@/domain/policy/scope";

/**
 * What a call's input names, before any schema has read it. A manifest is about the service it describes; one
 * of another service than the input names beside it could be read either way, and is refused. Throws `invalid` for these,
 * and for a manifest that cannot be read.
 */
export function targetOf(input: unknown): Target {
	if (typeof input !== "object" || input === null) return nowhere;
	const environment = wordAt(input, "environment");
	const manifest = wordAt(input, "manifest");
	const service = wordAt(input, "service");
	if (manifest === null) return { service, environment };
	const described = parseManifest(manifest, wordAt(input, "file") ?? "sluice.yaml").service;
	if (service === null || service === described) return { service: described, environment };
	throw new AppError("invalid", `The manifest is of ${described}, and the request names ${service}: name one service.`);
}

function wordAt(input: object, key: string): string | null {
	const value: unknown = Object.hasOwn(input, key) ? Reflect.get(input, key) : null;
	return typeof value === "string" ? value : null;
}
