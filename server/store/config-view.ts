import { diffEntries } from "@/domain/config/diff";
import { maySeeValues, whyNotConfigure } from "@/domain/config/gate";
import type { ConfigEntries, ConfigEntry, ConfigIdentity, PinnedConfig } from "@/domain/config/model";
import { AppError } from "@/domain/errors";
import type { Manifest } from "@/domain/manifest/model";
import type { Actor } from "@/domain/roles";
import type { Tx } from "@/server/store/client";
import { getConfig, listConfigVersions, newestConfig, readSecretFacts } from "@/server/store/config";
import { isPrimaryEnvironment } from "@/server/store/environment-of";
import { newestReleaseFor } from "@/server/store/release";
import { hasService } from "@/server/store/service";
import type { ConfigDifference, ConfigEntryRow, ConfigPage, ConfigVersionRow } from "@/server/views";

const shownVersions = 50;

type Reader = Pick<Actor, "role" | "name">;
type RowOf = (name: string, entry: ConfigEntry) => ConfigEntryRow;

/** Throws `not-found`. */
export async function readConfig(tx: Tx, actor: Reader, { service, environment }: ConfigIdentity): Promise<ConfigPage> {
	await requireService(tx, service);
	const { version, entries } = await newestConfig(tx, { service, environment });
	const own = await tx.serviceEnvironment.findUnique({ where: { service_environment: { service, environment } } });
	const stable = own?.stableReleaseId ? await tx.release.findUnique({ where: { id: own.stableReleaseId } }) : null;
	const pinned = await releasesWith(tx, { service, environment }, version, stable?.digest);
	const manifest = stable
		? (stable.manifest as unknown as Manifest)
		: (await newestReleaseFor(tx, service, environment))?.manifest;
	const rowOf = await rowsFor(tx, actor, [entries]);
	return {
		service,
		environment,
		version,
		entries: Object.entries(entries).map(([name, entry]) => rowOf(name, entry)),
		serving: stable && { release: stable.number, version: (stable.config as PinnedConfig)[environment] ?? null },
		undeployed: version > 0 ? (pinned.find((number) => number !== stable?.number) ?? null) : null,
		used: usedNames(manifest, environment),
		verbs: {
			set: whyNotConfigure(actor, { name: environment, isPrimary: await isPrimaryEnvironment(tx, environment) }),
		},
	};
}

/** Newest first, each with what it changed. Throws `not-found`. */
export async function readConfigHistory(tx: Tx, actor: Reader, identity: ConfigIdentity): Promise<ConfigVersionRow[]> {
	await requireService(tx, identity.service);
	const versions = await listConfigVersions(tx, identity, shownVersions + 1);
	const rowOf = await rowsFor(
		tx,
		actor,
		versions.map(({ entries }) => entries),
	);
	return Promise.all(
		versions.slice(0, shownVersions).map(async ({ version, entries, comment, createdBy, createdAt }, index) => ({
			...{ version, comment, createdBy, createdAt },
			changes: differences(versions[index + 1]?.entries ?? {}, entries, rowOf),
			releases: await releasesWith(tx, identity, version),
		})),
	);
}

/** Throws `not-found`. */
export async function readConfigDiff(
	tx: Tx,
	actor: Reader,
	{ from, to, ...identity }: ConfigIdentity & { readonly from: number; readonly to: number },
): Promise<ConfigDifference[]> {
	await requireService(tx, identity.service);
	const before = await getConfig(tx, identity, from);
	const after = await getConfig(tx, identity, to);
	return differences(before.entries, after.entries, await rowsFor(tx, actor, [before.entries, after.entries]));
}

function differences(before: ConfigEntries, after: ConfigEntries, rowOf: RowOf): ConfigDifference[] {
	return diffEntries(before, after).map(({ name, change, ...sides }) => ({
		...{ name, change },
		before: sides.before && rowOf(name, sides.before),
		after: sides.after && rowOf(name, sides.after),
	}));
}

/** How entries are shown to this reader; the one place where a stored entry becomes an answer. */
async function rowsFor(tx: Tx, actor: Reader, all: readonly ConfigEntries[]): Promise<RowOf> {
	const entries = all.flatMap((one) => Object.values(one));
	const facts = await readSecretFacts(
		tx,
		entries.flatMap((entry) => (entry.kind === "secret" ? [entry.secretId] : [])),
	);
	return (name, entry) => {
		if (entry.kind === "plain") return { name, kind: "plain", value: maySeeValues(actor) ? entry.value : null, secret: null };
		const { setBy = "", setAt = new Date(0) } = facts.get(entry.secretId) ?? {};
		return { name, kind: "secret", value: null, secret: { version: entry.version, setBy, setAt } };
	};
}

/** Numbers, newest first; with a digest only those of that image. */
async function releasesWith(
	tx: Tx,
	{ service, environment }: ConfigIdentity,
	version: number,
	digest?: string,
): Promise<number[]> {
	const rows = await tx.release.findMany({
		where: { service, config: { path: [environment], equals: version }, ...(digest === undefined ? {} : { digest }) },
		orderBy: { number: "desc" },
		select: { number: true },
		take: 20,
	});
	return rows.map(({ number }) => number);
}

function usedNames(manifest: Manifest | undefined, environment: string): string[] {
	const references = manifest?.environments[environment]?.references;
	if (!references) return [];
	const all = [...Object.values(references.variables), ...Object.values(references.files)];
	return [...new Set(all.map(({ name }) => name))].sort();
}

async function requireService(tx: Tx, service: string): Promise<void> {
	if (!(await hasService(tx, service))) throw new AppError("not-found", `There is no service ${service}.`);
}
