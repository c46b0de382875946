import type { ConfigEntries, ConfigEntry } from "@/domain/config/model";
import type { Manifest, Reference, References, WorkloadSpec } from "@/domain/manifest/model";
import { type ManifestProblem, manifestError } from "@/domain/manifest/problem";

/** `${config.NAME}` or `${secret.NAME}` as the whole of a value; null = it is something else. */
export function parseReference(value: string): Pick<Reference, "source" | "name"> | null {
	const [, source, name] = /^\$\{(config|secret)\.([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value) ?? [];
	return (source === "config" || source === "secret") && name ? { source, name } : null;
}

/** Something that was meant to be a reference. */
export function looksLikeReference(value: string): boolean {
	return /\$\{\s*(config|secret)s?\b/i.test(value);
}

export function usesConfig(workload: Pick<WorkloadSpec, "references">): boolean {
	const { references } = workload;
	return references !== undefined && Object.keys(references.variables).length + Object.keys(references.files).length > 0;
}

/** References without their places: what a release and a host need; a line that moved in the file makes no new release. */
export function withoutPlaces(references: References): References {
	const strip = (all: References["files"]) =>
		Object.fromEntries(Object.entries(all).map(([key, { source, name }]) => [key, { source, name }]));
	return { variables: strip(references.variables), files: strip(references.files) };
}

/** The manifest as it is hashed: the same release whatever lines its references stand on. */
export function withoutReferencePlaces(manifest: Manifest): Manifest {
	const environments = Object.entries(manifest.environments).map(([name, workload]) => [
		name,
		workload.references ? { ...workload, references: withoutPlaces(workload.references) } : workload,
	]);
	return { ...manifest, environments: Object.fromEntries(environments) };
}

/** Throws one `invalid` with file:line:column of each reference that the configuration cannot answer. */
export function checkReferences(
	{ references }: Pick<WorkloadSpec, "references">,
	entries: ConfigEntries,
	where: { readonly service: string; readonly environment: string },
): void {
	if (!references) return;
	const problems: ManifestProblem[] = [];
	const check = (reference: Reference, isVariable: boolean) => {
		const entry = Object.hasOwn(entries, reference.name) ? (entries[reference.name] ?? null) : null;
		const message = whyNotAnswered(reference, entry, isVariable, where);
		if (message !== null) problems.push({ ...(reference.at ?? { file: "sluice.yaml", line: 1, column: 1 }), message });
	};
	for (const reference of Object.values(references.variables)) check(reference, true);
	for (const reference of Object.values(references.files)) check(reference, false);
	// Stored JSON does not keep the order of its keys.
	problems.sort((a, b) => a.line - b.line || a.column - b.column);
	if (problems.length > 0) throw manifestError(problems);
}

function whyNotAnswered(
	{ source, name }: Reference,
	entry: ConfigEntry | null,
	isVariable: boolean,
	{ service, environment }: { readonly service: string; readonly environment: string },
): string | null {
	const what = source === "secret" ? "secret" : "plain value";
	if (!entry) {
		const option = source === "secret" ? " --secret" : "";
		return `the configuration of ${service} in ${environment} has no ${what} ${name}: set it with \`sluice config set ${service} ${name}${option} --env ${environment}\``;
	}
	if (source === "config" && entry.kind === "secret") return `${name} is a secret in ${environment}: write \${secret.${name}}`;
	if (source === "secret" && entry.kind === "plain")
		return `${name} is a plain value in ${environment}: write \${config.${name}}`;
	const isLong = entry.kind === "secret" ? entry.hasLines : /[\r\n]/.test(entry.value);
	if (isVariable && isLong) return `${name} has line ends, which a variable must not have: put it under files`;
	return null;
}
