import { commitsBetween, mostCommits, repositoryPath } from "@/adapters/git/bare";
import type { PinnedConfig } from "@/domain/config/model";
import { AppError } from "@/domain/errors";
import type { Manifest } from "@/domain/manifest/model";
import { packageDifferences } from "@/domain/provenance/difference";
import type { BuildRecord } from "@/domain/provenance/model";
import type { Actor } from "@/domain/roles";
import { differences } from "@/domain/rollout/changes";
import type { Deps } from "@/server/deps";
import type { Tx } from "@/server/store/client";
import { readConfigDiff } from "@/server/store/config-view";
import { releasesById } from "@/server/store/release-view";
import { rolloutRows } from "@/server/store/rollout-view";
import type { ReleaseComparison, ReleaseRow } from "@/server/views";

type ViewDeps = Pick<Deps, "database" | "env">;

interface Compared {
	readonly row: ReleaseRow;
	readonly manifest: Manifest;
	readonly build: BuildRecord | null;
}

const shownRollouts = 10;

/** Two releases of one service side by side, whichever is older. Throws `not-found`. */
export async function compareReleases(
	deps: ViewDeps,
	actor: Pick<Actor, "role" | "name">,
	{ service, from, to }: { readonly service: string; readonly from: number; readonly to: number },
): Promise<ReleaseComparison> {
	const { database } = deps;
	const [one, other] = [await readCompared(database, service, from), await readCompared(database, service, to)];
	return {
		service,
		from: one.row,
		to: other.row,
		added: await commitsOf(deps, one.row, other.row),
		removed: await commitsOf(deps, other.row, one.row),
		manifest: differences(one.manifest, other.manifest),
		config: await configOf(database, actor, service, one.row.config, other.row.config),
		build: buildOf(one, other),
		rollouts: { from: await rolloutsOf(database, one.row.id), to: await rolloutsOf(database, other.row.id) },
	};
}

async function readCompared(tx: Tx, service: string, number: number): Promise<Compared> {
	const row = await tx.release.findUnique({ where: { service_number: { service, number } } });
	const view = row && (await releasesById(tx, [row.id])).get(row.id);
	if (!row || !view) throw new AppError("not-found", `${service} has no release ${number}: the service's page lists them.`);
	const kept = row.pipelineId === null ? null : await tx.buildRecord.findUnique({ where: { pipelineId: row.pipelineId } });
	return { row: view, manifest: row.manifest as unknown as Manifest, build: (kept?.record as unknown as BuildRecord) ?? null };
}

/** What `to` has and `from` has not; null = not known. */
async function commitsOf({ env }: ViewDeps, from: ReleaseRow, to: ReleaseRow): Promise<ReleaseComparison["added"]> {
	if (!from.commit || !to.commit || from.repository !== to.repository) return null;
	if (from.commit === to.commit) return { commits: [], isCut: false };
	const commits = await commitsBetween(repositoryPath(env.paths.repositories, to.repository), from.commit, to.commit);
	return commits && { commits, isCut: commits.length >= mostCommits };
}

/** By environment; a version that a release does not name is the empty one. */
async function configOf(
	tx: Tx,
	actor: Pick<Actor, "role" | "name">,
	service: string,
	from: PinnedConfig,
	to: PinnedConfig,
): Promise<ReleaseComparison["config"]> {
	const environments = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
	return Promise.all(
		environments.map(async (environment) => {
			const versions = { from: from[environment] ?? null, to: to[environment] ?? null };
			const range = { from: versions.from ?? 0, to: versions.to ?? 0 };
			return { environment, ...versions, changes: await readConfigDiff(tx, actor, { service, environment, ...range }) };
		}),
	);
}

function buildOf({ build: from }: Compared, { build: to }: Compared): ReleaseComparison["build"] {
	if (!from || !to) return null;
	const bases = (build: BuildRecord) =>
		build.bases.map(({ reference, imageId }) => (imageId === null ? reference : `${reference} ${imageId.slice(0, 19)}`));
	return {
		bases: { from: bases(from), to: bases(to) },
		packages: packageDifferences(from.packages, to.packages),
		problems: [...new Set([from.problem, to.problem].filter((problem) => problem !== null))],
	};
}

async function rolloutsOf(tx: Tx, toReleaseId: string) {
	return rolloutRows(
		tx,
		await tx.rollout.findMany({ where: { toReleaseId }, orderBy: { createdAt: "desc" }, take: shownRollouts }),
	);
}
