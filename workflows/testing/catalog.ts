import type { WorkloadSpec } from "@/domain/manifest/model";
import { workload } from "@/domain/rollout/testing/fixtures";
import type { Database } from "@/server/store/client";
import { recordRelease } from "@/server/store/release";

/** A service with the environments of an installation, and as many releases as asked for; returns their ids in order. */
export async function seedReleases(
	database: Database,
	service: string,
	specs: readonly Partial<WorkloadSpec>[],
): Promise<string[]> {
	for (const [position, name] of ["staging", "production"].entries()) {
		const isPrimary = name === "production";
		await database.environment.upsert({ where: { name }, create: { name, isPrimary, position }, update: {} });
	}
	await database.service.upsert({ where: { name: service }, create: { name: service, createdBy: "mei" }, update: {} });
	const ids: string[] = [];
	for (const [index, spec] of specs.entries()) {
		const environments = { staging: workload(spec), production: workload(spec) };
		const manifest = { service, description: "", owner: "", build: null, test: null, environments };
		const digest = digestOf(index + 1);
		const release = await database.$transaction((tx) =>
			recordRelease(tx, { service, repository: service, digest, manifest, createdBy: "mei" }),
		);
		ids.push(release.id);
	}
	return ids;
}

/** Of the release with this number. */
export function digestOf(release: number): string {
	return `sha256:${String(release).padStart(64, "0")}`;
}
