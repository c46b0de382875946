import { looksLikeReference, parseReference } from "@/domain/config/reference";
import type { PlacedProblem } from "@/domain/manifest/check";
import type { Documents, EnvironmentSettings, StrategySettings } from "@/domain/manifest/documents";
import { imageOf, parseImage } from "@/domain/manifest/image";
import { defaults } from "@/domain/manifest/resolve";
import { rollingOf } from "@/domain/manifest/resolve-strategy";
import { checkVolumes } from "@/domain/manifest/volumes";
import { isSlug } from "@/domain/names";

type Locate = (kind: keyof Documents, path: readonly string[]) => number;

/** What no schema can say: names that agree, ports that exist, numbers that leave room to move. */
export function checkMeaning(documents: Documents, locate: Locate): PlacedProblem[] {
	return [
		...names(documents, locate),
		...ports(documents, locate),
		...numbers(documents, locate),
		...variables(documents, locate),
		...references(documents, locate),
		...checkVolumes(documents, locate),
		...images(documents, locate),
	];
}

function names({ component, workload, delivery }: Documents, locate: Locate): PlacedProblem[] {
	const problems: PlacedProblem[] = [];
	const service = workload.metadata.name;
	if (!isSlug(service)) {
		const message = `"${service}" cannot be a service's name: 1 to 40 small letters, digits and single hyphens, beginning with a letter`;
		problems.push({ offset: locate("workload", ["metadata", "name"]), message });
	}
	for (const [kind, document] of [
		["component", component],
		["delivery", delivery],
	] as const) {
		if (!document || document.metadata.name === service) continue;
		const message = `the ${kind}'s name "${document.metadata.name}" differs from the workload's "${service}"`;
		problems.push({ offset: locate(kind, ["metadata", "name"]), message });
	}
	for (const environment of Object.keys(delivery?.environments ?? {})) {
		if (isSlug(environment)) continue;
		problems.push({
			offset: locate("delivery", ["environments", environment]),
			message: `"${environment}" cannot be an environment's name`,
		});
	}
	return problems;
}

function ports({ workload, delivery }: Documents, locate: Locate): PlacedProblem[] {
	const problems: PlacedProblem[] = [];
	const declared = workload.service?.ports ?? {};
	if (Object.keys(declared).length === 0) {
		problems.push({
			offset: locate("workload", ["service"]),
			message: "service.ports needs at least one port: it is how the service is reached and checked",
		});
	}
	const numbers = new Map<number, string>();
	for (const [name, { port }] of Object.entries(declared)) {
		const other = numbers.get(port);
		if (other)
			problems.push({ offset: locate("workload", ["service", "ports", name]), message: `port ${port} is taken by "${other}"` });
		numbers.set(port, name);
	}
	for (const name of Object.keys(delivery?.ports ?? {})) {
		if (!declared[name])
			problems.push({ offset: locate("delivery", ["ports", name]), message: `the workload has no port "${name}"` });
	}
	const [containerName = "", container] = Object.entries(workload.containers)[0] ?? [];
	for (const key of ["readinessProbe", "livenessProbe"] as const) {
		const port = container?.[key]?.httpGet.port;
		const isKnown = Object.values(declared).some((one) => (one.targetPort ?? one.port) === port);
		if (port !== undefined && !isKnown) {
			problems.push({
				offset: locate("workload", ["containers", containerName, key]),
				message: `${key}: no port of service.ports has the target port ${port}`,
			});
		}
	}
	const connected = delivery?.health?.tcp;
	if (connected !== undefined && !declared[connected]) {
		problems.push({ offset: locate("delivery", ["health", "tcp"]), message: `the workload has no port "${connected}"` });
	}
	if (connected !== undefined && (container?.readinessProbe ?? container?.livenessProbe)) {
		const message = "health.tcp asks nothing over HTTP, and the workload has a probe that does: keep one of them";
		problems.push({ offset: locate("delivery", ["health"]), message });
	}
	if (container?.args && !container.command) {
		problems.push({ offset: locate("workload", ["containers", containerName, "args"]), message: "args needs command beside it" });
	}
	return problems;
}

/** Either something is built, or an image is named. */
function images({ workload, delivery }: Documents, locate: Locate): PlacedProblem[] {
	const [container = "", settings] = Object.entries(workload.containers)[0] ?? [];
	const image = imageOf(workload, delivery);
	if (image === null) return [];
	if (parseImage(image) === null) {
		const message = `"${image.slice(0, 200)}" is no image: write name:tag or name@sha256:…, or "." for what this repository builds`;
		return [{ offset: locate("workload", ["containers", container, "image"]), message }];
	}
	if (!delivery?.test || settings === undefined) return [];
	const message = `${image} is not built here, so there is no stage "${delivery.test.target}" to test: remove \`test\`, or build it`;
	return [{ offset: locate("delivery", ["test"]), message }];
}

function numbers({ delivery }: Documents, locate: Locate): PlacedProblem[] {
	const environments = delivery?.environments ?? {};
	const rolled = Object.entries(environments).flatMap(([name, { instances = defaults.instances, strategy }]) => {
		const rolling = (strategy ?? delivery?.strategy)?.rolling;
		if (!rolling) return [];
		const path = strategy ? ["environments", name, "strategy", "rolling"] : ["strategy", "rolling"];
		const counts = rollingOf(rolling, instances);
		const tooMany = (["maxSurge", "maxUnavailable"] as const)
			.filter((key) => counts[key] > instances)
			.map((key) => ({
				offset: locate("delivery", [...path, key]),
				message: `${key} is ${counts[key]}, and ${name} has ${instances} instance${instances === 1 ? "" : "s"}: a batch is at most all of them`,
			}));
		if (counts.maxSurge + counts.maxUnavailable > 0) return tooMany;
		const message = `with maxSurge and maxUnavailable both 0 nothing could ever move in ${name}`;
		return [{ offset: locate("delivery", path), message }];
	});
	const stepped = [
		...steps(["strategy"], delivery?.strategy, delivery?.analysis !== undefined, locate),
		...Object.entries(environments).flatMap(([name, own]) =>
			steps(["environments", name, "strategy"], own.strategy, (own.analysis ?? delivery?.analysis) !== undefined, locate),
		),
	];
	return [...rolled, ...stepped, ...chains(environments, locate)];
}

/** Weights only rise: whoever was moved to the candidate is not moved back and forth. */
function steps(
	path: readonly string[],
	strategy: StrategySettings | undefined,
	isMeasured: boolean,
	locate: Locate,
): PlacedProblem[] {
	const problems: PlacedProblem[] = [];
	let last = 0;
	for (const [index, step] of (strategy?.canary?.steps ?? []).entries()) {
		const offset = locate("delivery", [...path, "canary", "steps", String(index)]);
		if (step.analysis && !isMeasured) {
			problems.push({
				offset,
				message: `step ${index + 1} is an analysis, and nothing says what to measure: add \`analysis\` with metrics`,
			});
		}
		if (step.setWeight === undefined) continue;
		if (step.setWeight < last) {
			problems.push({
				offset,
				message: `step ${index + 1} sets the weight to ${step.setWeight} after ${last}: weights only rise`,
			});
		}
		last = step.setWeight;
	}
	return problems;
}

/** An environment that follows another must not, in the end, follow itself. */
function chains(environments: Readonly<Record<string, EnvironmentSettings>>, locate: Locate): PlacedProblem[] {
	return Object.entries(environments).flatMap(([name, { after }]) => {
		if (after === undefined) return [];
		const offset = locate("delivery", ["environments", name, "after"]);
		if (!environments[after]) return [{ offset, message: `${name} follows ${after}, which is not one of the environments` }];
		const seen = new Set([name]);
		for (let at: string | undefined = after; at !== undefined; at = environments[at]?.after) {
			if (seen.has(at)) return [{ offset, message: `${name} follows ${after}, which follows ${name} in the end` }];
			seen.add(at);
		}
		return [];
	});
}

/** A NUL ends a variable for the kernel; a line end is what attacks on logs and env files are made of. */
function variables({ workload, delivery }: Documents, locate: Locate): PlacedProblem[] {
	const [containerName = "", container] = Object.entries(workload.containers)[0] ?? [];
	const check = (kind: keyof Documents, path: readonly string[], values: Readonly<Record<string, unknown>>) =>
		Object.entries(values).flatMap(([name, value]) =>
			hasControl(String(value))
				? [
						{
							offset: locate(kind, [...path, name]),
							message: `the variable ${name} has a line end or a NUL in it: put such a value into a file of the image`,
						},
					]
				: [],
		);
	return [
		...check("workload", ["containers", containerName, "variables"], container?.variables ?? {}),
		...Object.entries(delivery?.environments ?? {}).flatMap(([name, own]) =>
			check("delivery", ["environments", name, "variables"], own.variables ?? {}),
		),
	];
}

function hasControl(value: string): boolean {
	return ["\0", "\r", "\n"].some((character) => value.includes(character));
}

/** A reference is the whole value, in a Delivery's environment: each environment answers it with its own configuration. */
function references({ workload, delivery }: Documents, locate: Locate): PlacedProblem[] {
	const problems: PlacedProblem[] = [];
	const [containerName = "", container] = Object.entries(workload.containers)[0] ?? [];
	for (const [name, value] of Object.entries(container?.variables ?? {})) {
		if (!looksLikeReference(String(value))) continue;
		const message = `${name} names the configuration, which differs by environment: write it in the Delivery, under environments.<name>.variables`;
		problems.push({ offset: locate("workload", ["containers", containerName, "variables", name]), message });
	}
	for (const [environment, { variables: own = {}, files = {} }] of Object.entries(delivery?.environments ?? {})) {
		const path = ["environments", environment];
		for (const [name, value] of Object.entries(own)) {
			if (parseReference(String(value)) || !looksLikeReference(String(value))) continue;
			const message = `${name}: a reference is the whole value, as in \${config.LOG_LEVEL} or \${secret.API_KEY}`;
			problems.push({ offset: locate("delivery", [...path, "variables", name]), message });
		}
		for (const [file, value] of Object.entries(files)) {
			if (parseReference(value)) continue;
			const message = `${file}: a file's content is \${secret.NAME} or \${config.NAME}, never written here`;
			problems.push({ offset: locate("delivery", [...path, "files", file]), message });
		}
	}
	return problems;
}
