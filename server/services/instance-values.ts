import { open } from "@/adapters/secrets/cipher";
import type { SecretKeys } from "@/adapters/secrets/key-file";
import type { ConfigEntries } from "@/domain/config/model";
import { AppError } from "@/domain/errors";
import type { InstanceValues } from "@/domain/host/model";
import type { Reference } from "@/domain/manifest/model";
import type { Tx } from "@/server/store/client";
import { desiredInstanceOn, getConfig, readSealedSecrets } from "@/server/store/config";

/**
 * The values that one instance's references name, for the host that should run it now. Throws `forbidden` for any other
 * instance, there or not, with the same sentence: a host learns nothing about what others run.
 */
export async function instanceValues(tx: Tx, keys: SecretKeys, host: string, instance: string): Promise<InstanceValues> {
	const desired = await desiredInstanceOn(tx, host, instance);
	if (!desired) throw new AppError("forbidden", `Host ${host} gets values only of instances that it should run now.`);
	const { references, configVersion } = desired;
	if (!references) return { variables: {}, files: {} };
	const { entries } = await getConfig(tx, desired, configVersion);
	const wanted = [...Object.values(references.variables), ...Object.values(references.files)];
	const secrets = await openAll(tx, keys, wanted, entries);
	const valuesOf = (all: Readonly<Record<string, Reference>>) =>
		Object.fromEntries(Object.entries(all).map(([key, { name }]) => [key, entryValue(entries, secrets, name, instance)]));
	return { variables: valuesOf(references.variables), files: valuesOf(references.files) };
}

/** By id. */
async function openAll(
	tx: Tx,
	keys: SecretKeys,
	wanted: readonly Reference[],
	entries: ConfigEntries,
): Promise<Map<string, string>> {
	const ids = wanted.flatMap(({ name }) => {
		const entry = entries[name];
		return entry?.kind === "secret" ? [entry.secretId] : [];
	});
	return new Map((await readSealedSecrets(tx, ids)).map((sealed) => [sealed.id, open(keys, placeOf(sealed), sealed)]));
}

function placeOf({
	service,
	environment,
	name,
	version,
}: {
	service: string;
	environment: string;
	name: string;
	version: number;
}) {
	return { service, environment, name, version };
}

function entryValue(entries: ConfigEntries, secrets: ReadonlyMap<string, string>, name: string, instance: string): string {
	const entry = entries[name];
	const value = entry?.kind === "plain" ? entry.value : entry && secrets.get(entry.secretId);
	if (value !== undefined) return value;
	throw new AppError(
		"invalid",
		`The configuration of ${instance} has no ${name}: deploy a release whose references are all answered.`,
	);
}
