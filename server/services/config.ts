import { seal } from "@/adapters/secrets/cipher";
import { ensureSecretKeys, type SecretKeys } from "@/adapters/secrets/key-file";
import { whyNotConfigure } from "@/domain/config/gate";
import type { ConfigChange, ConfigEntries, ConfigEntry, ConfigIdentity } from "@/domain/config/model";
import { checkReferences, usesConfig } from "@/domain/config/reference";
import { checkChanges, checkEntries, effectiveChanges, hasLines as hasLineEnds } from "@/domain/config/rules";
import { AppError } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import type { PlannedRelease } from "@/domain/rollout/plan";
import type { Deps } from "@/server/deps";
import { reconfigure } from "@/server/services/configured-release";
import { recordAudit } from "@/server/store/audit";
import type { Tx } from "@/server/store/client";
import { insertConfigVersion, insertSecret, newestConfig, nextSecretVersion } from "@/server/store/config";
import { listEnvironments } from "@/server/store/environment";
import { getRelease, newestReleaseFor } from "@/server/store/release";
import { movingRollout } from "@/server/store/rollout";
import { hasService } from "@/server/store/service";
import { ensureServiceEnvironment, lockServiceEnvironment } from "@/server/store/traffic";

export interface ConfigWish extends ConfigIdentity {
	/** The version that the person saw; another one that came meanwhile is a conflict. */
	readonly base: number;
	readonly changes: readonly ConfigChange[];
	readonly comment: string;
}

export interface SavedConfig {
	readonly version: number;
	/** The release that runs with it, ready to be rolled out; null = there is none, and `reason` says why. */
	readonly release: number | null;
	readonly reason: string | null;
}

/**
 * A new version of an identity's configuration and, when something here uses it, the release of the same image that runs
 * with it. Nothing moves: rolling it out is another word. Throws `forbidden`, `invalid`, `conflict` or `not-found`.
 */
export async function setConfig(deps: Pick<Deps, "database" | "env">, actor: Actor, wish: ConfigWish): Promise<SavedConfig> {
	const { service, environment } = wish;
	await requireMayConfigure(deps, actor, wish);
	const keys = await ensureSecretKeys(deps.env.paths.configKey);
	return deps.database.$transaction(async (tx) => {
		if (!(await hasService(tx, service))) {
			throw new AppError("not-found", `There is no service ${service}: it is made by its first push or deploy.`);
		}
		await ensureServiceEnvironment(tx, service, environment);
		const row = await lockServiceEnvironment(tx, service, environment);
		const now = await newestConfig(tx, wish);
		if (now.version !== wish.base) {
			throw new AppError(
				"conflict",
				`The configuration of ${service} in ${environment} has version ${now.version} by now, and you changed version ${wish.base}: look at it and save again.`,
			);
		}
		const changes = effectiveChanges(wish.changes, now.entries);
		checkChanges(changes, now.entries);
		const entries = await applied(tx, keys, actor, wish, changes, now.entries);
		checkEntries(entries);
		const version = now.version + 1;
		await insertConfigVersion(tx, wish, { version, entries, comment: wish.comment, createdBy: actor.name });
		await auditChange(tx, actor, wish, version, changes);
		const base = await baseOf(tx, wish, row.stableReleaseId);
		return { version, ...(await releaseWith(tx, actor, base, wish, version, entries)) };
	});
}

async function requireMayConfigure(deps: Pick<Deps, "database">, actor: Actor, { environment }: ConfigWish): Promise<void> {
	const environments = await listEnvironments(deps.database);
	const found = environments.find(({ name }) => name === environment);
	if (!found) {
		const names = environments.map(({ name }) => name).join(", ");
		throw new AppError("invalid", `There is no environment ${environment}: choose one of ${names}.`);
	}
	const refusal = whyNotConfigure(actor, found);
	if (refusal) throw new AppError("forbidden", refusal);
}

async function applied(
	tx: Tx,
	keys: SecretKeys,
	actor: Actor,
	{ service, environment }: ConfigIdentity,
	changes: readonly ConfigChange[],
	now: ConfigEntries,
): Promise<ConfigEntries> {
	const entries = new Map<string, ConfigEntry>(Object.entries(now));
	for (const change of changes) {
		const { name } = change;
		if (change.kind === "remove") entries.delete(name);
		else if (change.kind === "plain") entries.set(name, { kind: "plain", value: change.value });
		else {
			const version = await nextSecretVersion(tx, { service, environment }, name);
			const place = { service, environment, name, version };
			const secretId = await insertSecret(tx, place, seal(keys, place, change.value), actor.name);
			entries.set(name, { kind: "secret", secretId, version, hasLines: hasLineEnds(change.value) });
		}
	}
	return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names only: an audit row is read by many. */
async function auditChange(
	tx: Tx,
	actor: Actor,
	{ service, environment, comment }: ConfigWish,
	version: number,
	changes: readonly ConfigChange[],
): Promise<void> {
	const named = (kind: ConfigChange["kind"]) => changes.filter((change) => change.kind === kind).map(({ name }) => name);
	const names = changes.map(({ name }) => name).join(", ");
	await recordAudit(tx, actor, {
		action: "config.set",
		subjectKind: "config",
		subject: `${service}/${environment}/${version}`,
		summary: `${actor.name} made version ${version} of the configuration of ${service} in ${environment}: ${names}`.slice(0, 500),
		data: { plain: named("plain"), secrets: named("secret"), removed: named("remove"), comment },
	});
}

/** What the new configuration is for: what comes here just now, else what serves, else what would be deployed first. */
async function baseOf(tx: Tx, { service, environment }: ConfigIdentity, stable: string | null): Promise<PlannedRelease | null> {
	const running = await movingRollout(tx, service, environment);
	const isComing = running?.state === "queued" || running?.state === "running";
	const id = isComing ? running.plan.to.id : stable;
	return id ? getRelease(tx, id) : newestReleaseFor(tx, service, environment);
}

async function releaseWith(
	tx: Tx,
	actor: Actor,
	base: PlannedRelease | null,
	{ service, environment }: ConfigIdentity,
	version: number,
	entries: ConfigEntries,
): Promise<Omit<SavedConfig, "version">> {
	const workload = base?.manifest.environments[environment];
	if (!base || !workload)
		return { release: null, reason: `${service} has no release for ${environment} yet: the first one will run with this.` };
	if (!usesConfig(workload)) {
		const reason = `Release ${base.number} uses no configuration: name entries in its sluice.yaml, under environments.${environment}.variables or files.`;
		return { release: null, reason };
	}
	try {
		checkReferences(workload, entries, { service, environment });
	} catch (error) {
		if (error instanceof AppError)
			return { release: null, reason: `Release ${base.number} cannot run with this: ${error.message}` };
		throw error;
	}
	return { release: (await reconfigure(tx, actor, base, environment, version)).number, reason: null };
}
