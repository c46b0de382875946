import { AppError } from "@/domain/errors";
import { baseImagesOf, basesOf } from "@/domain/import/bases";
import { readCatalogInfo } from "@/domain/import/catalog-info";
import { type ChosenBuild, chooseBuild } from "@/domain/import/choose-dockerfile";
import { type ComposeFacts, readCompose } from "@/domain/import/compose";
import { identityOf } from "@/domain/import/identity";
import { type KubernetesFacts, readKubernetes } from "@/domain/import/kubernetes";
import type {
	Answers,
	Facts,
	ImportSource,
	Place,
	Proposal,
	ProposedBase,
	ProposedValue,
	Question,
	VariableFact,
} from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import { type PackageHints, readPackageHints } from "@/domain/import/package-hints";
import { type PlannedPorts, planPorts } from "@/domain/import/ports";
import { firstSaid, healthSaid, inOrder, type Told } from "@/domain/import/precedence";
import { checkOf } from "@/domain/import/probe";
import { strategyOf } from "@/domain/import/release-strategy";
import type { Said } from "@/domain/import/said";
import { readScore } from "@/domain/import/score";
import { hasSecretLike } from "@/domain/import/secret-like";
import { planVolumes } from "@/domain/import/volumes";
import { type ManifestParts, writeManifest } from "@/domain/import/write-manifest";
import type { ManifestBuild } from "@/domain/manifest/model";
import { parseManifest } from "@/domain/manifest/parse";
import { defaults } from "@/domain/manifest/resolve";

const mostVariables = 200;
const mostNotes = 100;

/**
 * A `sluice.yaml` made of what a repository already says, where each value comes from, and what it does not say. Pure,
 * never throws: a file that makes no sense ends in a sentence. An answer takes the place of what was found.
 */
export function propose(source: ImportSource, answers: Answers = {}): Proposal {
	const read = readAll(source, answers);
	const { catalog, compose, score, kubernetes, build, hints } = read;
	const told: Told = { score, docker: build.facts, compose, kubernetes };
	const health = healthSaid(told);
	const planned = planPorts({ docker: build.facts, compose, score, kubernetes, hints, health }, answers);
	const values: ProposedValue[] = [];
	const questions: Question[] = [];
	const notes: string[] = [];
	const identity = identityOf(source, read, answers, { values, questions, notes });
	questions.push(...buildQuestions(build, answers));
	if (kubernetes.question !== null) questions.push(kubernetes.question);
	questions.push(...planned.questions);
	const check = checkOf(planned.ports, health, { source, hints, answers }, { values, questions, notes });
	const instances = firstSaid(told, "instances")?.value ?? 1;
	const volumes = planVolumes(told, notes);
	const strategy = strategyOf({ ports: planned.ports, volumes, instances }, answers, { values, questions, notes });
	const bases = basesOf(build);
	const baseImages: Pick<ManifestBuild, "baseImages"> =
		baseImagesOf(bases, answers, { values, questions, notes }) === "hub" ? { baseImages: "hub" } : {};
	const limits = limitsOf(told, notes);
	const parts: ManifestParts = {
		...identity,
		memory: limits.memory.value,
		cpu: limits.cpu.value,
		command: commandOf(told, notes)?.value ?? null,
		variables: withPort(variablesOf(told, notes), planned),
		...check,
		ports: planned.ports,
		build: { context: build.context, dockerfile: build.file?.path ?? "Dockerfile", target: build.target, ...baseImages },
		volumes,
		// A volume is held by one instance at a time.
		instances: volumes.length > 0 ? 1 : instances,
		strategy,
	};
	values.push(...valuesOf(parts, build, limits, told));
	notes.push(...planned.notes, ...build.notes, ...(build.facts?.notes ?? []));
	for (const facts of [catalog, score, compose, kubernetes]) notes.push(...(facts?.notes ?? []));
	return written(parts, source.repository, bases, { values, questions, notes });
}

interface ReadFiles {
	readonly catalog: Facts | null;
	readonly compose: ComposeFacts | null;
	readonly score: Facts | null;
	readonly kubernetes: KubernetesFacts;
	readonly build: ChosenBuild;
	readonly hints: PackageHints;
}

function readAll(source: ImportSource, answers: Answers): ReadFiles {
	const find = (pattern: RegExp) => source.files.find(({ path }) => pattern.test(path)) ?? null;
	const catalogFile = find(/^catalog-info\.ya?ml$/);
	const scoreFile = find(/^score\.ya?ml$/);
	const composeFile = find(/^compose\.ya?ml$/) ?? find(/^docker-compose\.ya?ml$/);
	const compose = composeFile && readCompose(composeFile, source.repository, source.paths);
	const build = chooseBuild(source, compose, answers.dockerfile);
	return {
		catalog: catalogFile && readCatalogInfo(catalogFile),
		score: scoreFile && readScore(scoreFile),
		compose,
		kubernetes: readKubernetes(source, build.file?.path ?? null, answers.workload),
		build,
		hints: readPackageHints(source),
	};
}

function buildQuestions(build: ChosenBuild, answers: Answers): Question[] {
	const { candidates, file } = build;
	if (file === null) {
		const sentence = "There is no Dockerfile in the repository, and Sluice builds from one: push one, then look again.";
		return [{ key: "dockerfile", sentence, proposed: "", choices: [], isOpen: true }];
	}
	if (candidates.length < 2 || build.from !== null) return [];
	const sentence = `There are ${candidates.length} Dockerfiles, and a repository makes one service. Which one is it built from?`;
	const isOpen = !candidates.includes(answers.dockerfile ?? "");
	return [{ key: "dockerfile", sentence, proposed: file.path, choices: candidates.slice(0, 50), isOpen }];
}

interface Limits {
	readonly memory: { readonly value: string; readonly from: Place | null };
	readonly cpu: { readonly value: string; readonly from: Place | null };
}

function limitsOf(told: Told, notes: string[]): Limits {
	const pick = (key: "memory" | "cpu", form: RegExp, other: string) => {
		for (const { [key]: found } of inOrder(told)) {
			if (!found) continue;
			if (form.test(found.value) && Number.parseFloat(found.value) > 0) return { value: found.value, from: found.at };
			notes.push(
				`${placeText(found.at)}: the ${key} limit "${found.value.slice(0, 20)}" is not one that Sluice knows; ${other} is proposed.`,
			);
		}
		return { value: other, from: null };
	};
	return {
		memory: pick("memory", /^\d{1,15}(\.\d{1,6})?(Ki|Mi|Gi|K|M|G)?$/, defaults.memory),
		cpu: pick("cpu", /^(\d{1,9}m|\d{1,6}(\.\d{1,6})?)$/, `${defaults.cpu * 1000}m`),
	};
}

function commandOf(told: Told, notes: string[]): Facts["command"] | null {
	const command = firstSaid(told, "command");
	if (!command || command.value.length === 0) return null;
	if (hasSecretLike(command.value)) {
		notes.push(
			`${placeText(command.at)}: the command holds what looks like a secret and is left out: let the service read it from a variable.`,
		);
		return null;
	}
	if (command.value.length <= 100 && command.value.every((word) => word.length <= 2_000)) return command;
	notes.push(`${placeText(command.at)}: the command is too long and is left out.`);
	return null;
}

/** Each of the first file that names it. */
function variablesOf(told: Told, notes: string[]): VariableFact[] {
	const all = new Map<string, VariableFact>();
	for (const variable of inOrder(told).flatMap(({ variables = [] }) => variables)) {
		if (!all.has(variable.name)) all.set(variable.name, variable);
	}
	const kept = [...all.values()].slice(0, mostVariables);
	if (kept.length < all.size) notes.push(`Of ${all.size} variables the first ${mostVariables} are proposed.`);
	const unset = kept.filter(({ value }) => "source" in value);
	if (unset.length > 0) {
		const names = unset
			.map(({ name }) => name)
			.join(", ")
			.slice(0, 500);
		const them = unset.length === 1 ? "it" : "them";
		notes.push(
			`${names}: not copied, because a secret or the place of another service does not belong into a repository. The first pipeline ends before its rollout and says with which command to set ${them}; or take ${them} out of the manifest.`,
		);
	}
	return kept;
}

/** Many services listen where PORT says; the others do not mind it. */
function withPort(variables: readonly VariableFact[], { ports, isGuessed }: PlannedPorts): readonly VariableFact[] {
	const [port] = ports;
	if (!isGuessed || !port || variables.length >= mostVariables || variables.some(({ name }) => name === "PORT")) return variables;
	return [...variables, { name: "PORT", value: { literal: String(port.target) }, at: null }];
}

function valuesOf(parts: ManifestParts, build: ChosenBuild, limits: Limits, told: Told): ProposedValue[] {
	const instances = parts.volumes.length > 0 ? undefined : firstSaid(told, "instances");
	const first = build.file === null ? null : { file: build.file.path, line: 1 };
	return [
		{ key: "dockerfile", value: parts.build.dockerfile, from: build.from ?? first },
		{ key: "context", value: parts.build.context, from: build.from },
		...(parts.build.target === null ? [] : [{ key: "target", value: parts.build.target, from: build.from }]),
		...parts.ports.map(({ name, port, target, protocol, from }) => ({
			key: `port.${name}`,
			value: `${port === target ? port : `${port} -> ${target}`} ${protocol}`,
			from,
		})),
		{ key: "memory", value: parts.memory, from: limits.memory.from },
		{ key: "cpu", value: parts.cpu, from: limits.cpu.from },
		...(parts.command === null
			? []
			: [
					{
						key: "command",
						value: parts.command.join(" ").slice(0, 200),
						from: firstSaid(told, "command")?.at ?? null,
					},
				]),
		...(instances ? [{ key: "instances", value: String(parts.instances), from: instances.at }] : []),
		...parts.volumes.map(({ name, target, readOnly, at }) => ({
			key: `volume.${name}`,
			value: `${target}${readOnly ? ":ro" : ""}`,
			from: at,
		})),
		...parts.variables.map(({ name, value, at }) => ({
			key: `variable.${name}`,
			value: "literal" in value ? value.literal : `\${${value.source}.${name}}`,
			from: at,
		})),
	];
}

/** What is written is read back: if anything found cannot be in a manifest after all, it is left out and said. */
function written(
	parts: ManifestParts,
	repository: string,
	bases: readonly ProposedBase[],
	{ values, questions, notes }: Said,
): Proposal {
	const told = notes.length > mostNotes ? [...notes.slice(0, mostNotes), `And ${notes.length - mostNotes} more.`] : notes;
	const manifest = writeManifest(parts);
	const problem = problemOf(manifest);
	if (problem === null) return { service: parts.name, manifest, values, questions, bases, notes: told };
	const plain = {
		...parts,
		command: null,
		variables: [],
		volumes: [],
		probe: null,
		connection: null,
		description: "",
		owner: "",
		system: "",
		type: "service",
		lifecycle: "production",
	};
	const rest = { service: parts.name, manifest: writeManifest(plain), values: [], questions, bases };
	return {
		...rest,
		notes: [`What ${repository} says cannot all be in a manifest (${problem}): write the rest yourself.`, ...told],
	};
}

function problemOf(manifest: string): string | null {
	try {
		parseManifest(manifest, "sluice.yaml");
		return null;
	} catch (error) {
		if (error instanceof AppError) return error.message.split("\n")[0] ?? error.message;
		throw error;
	}
}
